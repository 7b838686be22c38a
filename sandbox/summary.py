"""The end of the story: ledgers beside the hub, mails and a dossier as their readers see them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.mailroom import Mail


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One count: what the ledgers say and what was found. ``where``: in the hub, a feed, a mailbox."""

    name: str
    where: str
    ledger: str
    found: str

    @property
    def ok(self) -> bool:
        """Whether both agree."""
        return self.ledger == self.found


@dataclass(frozen=True, kw_only=True, slots=True)
class DossierViews:
    """One dossier as its CPAS reads it, and as one of its offices does."""

    dossier: str
    cpas: str
    for_cpas: Mapping[str, Any]
    office: str
    for_office: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """Everything a reader of the demo is told. ``ok`` decides the exit code."""

    run: str
    checks: Sequence[Check]
    facts: Mapping[str, bool]
    mails: Sequence[Mail] = field(default_factory=tuple)
    dossier: DossierViews | None = None
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether every count agrees and every fact holds."""
        return all(check.ok for check in self.checks) and all(self.facts.values())

    def json(self) -> Mapping[str, Any]:
        """With stable names."""
        return {
            "ok": self.ok,
            "run": self.run,
            "seconds": round(self.seconds, 1),
            "checks": [{**asdict(check), "ok": check.ok} for check in self.checks],
            "facts": dict(self.facts),
            "mails": [asdict(mail) for mail in self.mails],
            "dossier": asdict(self.dossier) if self.dossier else None,
        }
