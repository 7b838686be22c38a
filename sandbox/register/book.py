"""What the register keeps: cases with their acts at its own moments, and its outages. Its own ledger of the story.

Its rules are few and its own: who may do what, what exists, when it is away. Terms and states are for its readers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from sandbox.register.export import ClaimKept, workbook

Role = Literal["court", "mediator", "creditor"]

MAY: Mapping[Role, frozenset[str]] = MappingProxyType(
    {
        "court": frozenset(
            {"petition-filed", "admitted", "declared-inadmissible", "avis-posted", "avis-updated", "avis-radiated",
             "admissibility-notified", "invited", "plan-homologated", "plan-rejected", "revoked", "ended-at-request",
             "access-blocked", "closed"}
        ),
        "mediator": frozenset(
            {"reminder-sent", "reminder-received", "claim-converted", "foreclosure-confirmed", "drafting-started",
             "plan-sent", "plan-agreed", "carence-recorded", "annual-report-filed"}
        ),
        "creditor": frozenset({"invitation-accepted", "claim-submitted", "objection-raised"}),
    }
)  # fmt: skip
"""Acts of the story by role (arts. 1675/4 to 1675/17 Judicial Code)."""

_STATES = MappingProxyType(
    {
        "petition-filed": "FILED",
        "admitted": "ADMITTED",
        "admissibility-notified": "CLAIMS_OPEN",
        "reminder-received": "CLAIMS_REMINDER",
        "ended-at-request": "ENDED_AT_DEBTOR_REQUEST",
        "drafting-started": "AMICABLE_DRAFTING",
    }
)
"""Where the acts of the story lead, as the register itself would say."""


class RefusedError(Exception):
    """The register refuses: an HTTP status, a rule, a sentence."""

    def __init__(self, status: int, rule: str, text: str) -> None:
        super().__init__(text)
        self.status, self.rule = status, rule


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """Somebody who acts in the register. ``institution``: as the hub knows it; ``party``: as which it acts."""

    name: str
    role: Role
    institution: str | None = None
    party: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """An act as the register recorded it; ``entered`` is later than ``at`` where it was caught up after an outage."""

    case: str
    reference: str
    act: str
    at: datetime
    entered: datetime
    said: Mapping[str, str] = field(default_factory=dict)


class Book:
    """Cases, accounts, outages; the register's moment comes from ``now``."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.acts: list[Act] = []
        self.places: dict[tuple[str, str], str] = {}
        """Who has the place of a creditor: who was invited or accepted first, or to whom it was ceded."""
        self.ceded: set[tuple[str, str]] = set()
        self._linked: set[tuple[str, str]] = set()
        self.claims: dict[tuple[str, str], ClaimKept] = {}
        self.exports = 0
        self.outages: dict[str, tuple[datetime, datetime | None]] = {}
        self._heard: list[Callable[[Act], None]] = []

    def on_act(self, hear: Callable[[Act], None]) -> None:
        """Call this with each act that is recorded."""
        self._heard.append(hear)

    @property
    def away(self) -> str | None:
        """The outage that lasts; None: the register is up."""
        return next((name for name, (_, end) in self.outages.items() if end is None), None)

    @property
    def cases(self) -> dict[str, list[Act]]:
        """Acts by case, by their legal dates."""
        found: dict[str, list[Act]] = {}
        for act in sorted(self.acts, key=lambda one: one.at):
            found.setdefault(act.case, []).append(act)
        return found

    def state(self, case: str) -> str:
        """How a case stands by its acts."""
        known = [_STATES[act.act] for act in self.cases[case] if act.act in _STATES]
        return known[-1]

    def act(self, account: Account, case: str, name: str, said: Mapping[str, str]) -> Act:
        """Record what somebody does now, or did during an outage that is over (royal decree 11-10-2023, art. 7).

        Raises:
            RefusedError: the register is away, or this account may not do that.
        """
        if self.away:
            raise RefusedError(503, "register-away", f"Le registre est indisponible (panne {self.away}); réessayez.")
        if name not in MAY[account.role]:
            raise RefusedError(403, "not-of-this-role", f"Un compte « {account.role} » ne fait pas « {name} ».")
        if name != "petition-filed" and case not in self.cases:
            raise RefusedError(404, "case-unknown", "Ce dossier n'existe pas.")
        if account.role == "creditor":
            self._place(account, case, name)
        if name == "invited":
            self.places[case, said["party"]] = said["institution"]
        own = {"institution": account.institution, "party": account.party} if account.role == "creditor" else {}
        kept = {**said, **{key: value for key, value in own.items() if value}}
        at = self._caught_up(kept) if "outage" in kept else self.now()
        kept.pop("at", None)
        amounts = {part: Decimal(kept.pop(part, "0")) for part in ("principal", "interest", "costs")}
        act = self._record(case, name, at, kept)
        if name == "claim-submitted":
            party = kept["party"]
            self.claims[case, party] = ClaimKept(
                case=case, reference=f"CR-{party}", party=party, on=at.date(), **amounts
            )
        return act

    def cede(self, account: Account, case: str, to: str) -> Act:
        """Put another account into a creditor's place; who ceded loses access (S1, §1.4).

        Raises:
            RefusedError: it is not the account's place, or nobody's to give.
        """
        if self.away:
            raise RefusedError(503, "register-away", f"Le registre est indisponible (panne {self.away}); réessayez.")
        if account.role != "creditor" or account.party is None or to == account.institution:
            raise RefusedError(409, "nothing-to-cede", "Cette invitation ne peut être cédée ainsi.")
        self._place(account, case, "cede")
        self.places[case, account.party] = to
        self.ceded.add((case, account.party))
        self._linked.add((case, account.party))
        said = {"party": account.party, "institution": account.institution or "", "target": to}
        return self._record(case, "invitation-ceded", self.now(), said)

    def _place(self, account: Account, case: str, name: str) -> None:
        """An account acts in its own place only; the first that accepts an invitation takes it."""
        key = (case, account.party or "")
        if name == "invitation-accepted":
            self.places.setdefault(key, account.institution or "")
        unanswered = key not in self._linked and name not in {"invitation-accepted", "cede"}
        if self.places.get(key) != account.institution or unanswered:
            raise RefusedError(403, "not-your-place", "Cette place dans le dossier n'est pas, ou plus, la vôtre.")
        if name == "invitation-accepted":
            self._linked.add(key)

    def export(self, account: Account, case: str) -> bytes:
        """The claims of a case as a workbook, for its mediator.

        Raises:
            RefusedError: the register is away, or somebody else asks.
        """
        if self.away:
            raise RefusedError(503, "register-away", f"Le registre est indisponible (panne {self.away}); réessayez.")
        named = [act.said.get("institution") for act in self.cases.get(case, ()) if act.act == "admitted"]
        if account.role != "mediator" or account.institution not in named:
            raise RefusedError(403, "not-of-this-role", "Seul le médiateur du dossier exporte ses créances.")
        self.exports += 1
        known = [claim for (one, _), claim in sorted(self.claims.items()) if one == case]
        return workbook(known, title=f"Export {self.exports}")

    def switch(self, *, away: bool) -> str:
        """The outage switch: the register goes away, or comes back; each of its cases records it."""
        name = self.away
        if away == (name is not None):
            raise RefusedError(409, "outage-as-is", "La panne est déjà dans cet état.")
        if name is None:
            name = f"P-{len(self.outages) + 1}"
            self.outages[name] = (self.now(), None)
        else:
            self.outages[name] = (self.outages[name][0], self.now())
        for case in list(self.cases):
            said = {} if away else {"outage": self._started(case, name)}
            self._record(case, "outage-started" if away else "outage-ended", self.now(), said, reference=name)
        return name

    def _caught_up(self, said: Mapping[str, str]) -> datetime:
        """The moment of an act that was done while the register was away: inside that outage, with evidence."""
        start, end = self.outages.get(said["outage"], (None, None))
        if "at" not in said or "evidence" not in said or start is None or end is None:
            raise RefusedError(409, "catch-up-incomplete", "Il faut la panne, le moment et la preuve.")
        at = datetime.fromisoformat(said["at"])
        if not start <= at <= end:
            raise RefusedError(409, "not-in-the-outage", "Ce moment n'est pas dans la panne.")
        return at

    def _started(self, case: str, outage: str) -> str:
        """The reference under which a case recorded the start of an outage."""
        return next(
            act.reference
            for act in self.cases[case]
            if act.act == "outage-started" and act.reference.endswith(f"-{outage}")
        )

    def _record(
        self, case: str, name: str, at: datetime, said: Mapping[str, str], *, reference: str | None = None
    ) -> Act:
        said = {**said, **({"outage": self._started(case, said["outage"])} if "evidence" in said else {})}
        number = f"J-{len(self.acts) + 1:05d}"
        kept = Act(
            case=case,
            reference=f"{number}-{reference}" if reference else number,
            act=name,
            at=at,
            entered=self.now(),
            said=said,
        )
        self.acts.append(kept)
        for hear in self._heard:
            hear(kept)
        return kept
