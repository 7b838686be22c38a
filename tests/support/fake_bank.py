"""A Crossroads Bank with its own books, in a file: it outlives whoever asks it.

``next`` says what happens to the next calls: ``ok``, ``lost-before`` (silence, nothing done), ``lost-after`` (done,
then silence), ``away`` (no connection), ``die`` (done, then the asking process is killed), or a reason code.
"""

import json
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from hub.application.consult.ports import (
    AccessAnswer,
    AccessRequest,
    Days,
    FlowAnswer,
    FlowRequest,
    OtherPerson,
    Registration,
)
from hub.domain.messaging.errors import PartnerAwayError

OTHER_CPAS = "63023"


@dataclass
class FakeBank:
    """The books and the calls that reached the bank."""

    file: Path
    other: str | None = None
    """Number of somebody else the answers tell of."""
    filtered: tuple[str, ...] = ()

    def read(self) -> dict[str, Any]:
        if not self.file.exists():
            return {"next": [], "calls": [], "books": []}
        found: dict[str, Any] = json.loads(self.file.read_text())
        return found

    def plan(self, *fates: str) -> None:
        """What happens to the next calls."""
        self._write({**self.read(), "next": list(fates)})

    def calls(self, operation: str | None = None) -> list[dict[str, Any]]:
        """Calls that reached the bank, in order."""
        return [one for one in self.read()["calls"] if operation in {None, one["operation"]}]

    def book(self, code: int, begin: date, end: date, organisation: str = "own") -> None:
        """Somebody registered somebody, not through us."""
        known = self.read()
        row = {"code": code, "begin": begin.isoformat(), "end": end.isoformat(), "organisation": organisation}
        self._write({**known, "books": [*known["books"], row]})

    def forget(self) -> None:
        """Somebody took everything out of the books, not through us."""
        self._write({**self.read(), "books": []})

    async def access(self, request: AccessRequest) -> AccessAnswer:
        fate = self._arrived(request.operation, request)
        period = request.period
        known = self.read()
        if fate in {"ok", "lost-after", "die"} and period and period.end:
            row = {"code": request.code, "begin": period.begin.isoformat(), "end": period.end.isoformat()}
            books = [one for one in known["books"] if one["organisation"] != "own" or one["begin"] != row["begin"]]
            if request.operation == "register":
                books.append({**row, "organisation": "own"})
            self._write({**known, "books": books})
        self._fate(fate)
        shown = tuple(_registration(one) for one in self.read()["books"])
        done = fate in {"ok", "MSG00000"}
        reasons = () if done else (fate,)
        ticket = f"B{len(known['calls'])}"
        return AccessAnswer(done=done, reasons=reasons, registrations=shown, ticket_bcss=ticket, raw=b"<reply/>")

    async def consult(self, request: FlowRequest) -> FlowAnswer:
        fate = self._arrived(request.flow, request)
        self._fate(fate)
        done = fate == "ok"
        others: tuple[OtherPerson, ...] = ()
        if self.other and done:
            others = (OtherPerson(niss=self.other, role="spouse", content={"income": "1"}),)
        return FlowAnswer(
            status="DATA_FOUND" if done else "NO_RESULT",
            reasons=("MSG00000",) if done else (fate,),
            content={"niss": request.subject.niss, "context": request.legal_context},
            others=others,
            filtered=self.filtered,
            ticket_bcss=str(uuid4()),
            raw=f"<answer>{request.subject.niss}</answer>".encode(),
        )

    def _arrived(self, operation: str, request: AccessRequest | FlowRequest) -> str:
        known = self.read()
        fate = known["next"].pop(0) if known["next"] else "ok"
        if fate == "away":
            self._write(known)
            raise PartnerAwayError("connection-refused")
        known["calls"].append(
            {
                "operation": operation,
                "ticket": str(request.ticket),
                "consultation": request.consultation,
                "attempt": request.attempt,
                "niss": request.subject.niss,
            }
        )
        self._write(known)
        return str(fate)

    def _fate(self, fate: str) -> None:
        if fate == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if fate.startswith("lost-"):
            raise PartnerAwayError("no-answer", uncertain=True)

    def _write(self, known: Mapping[str, Any]) -> None:
        draft = self.file.with_suffix(".part")
        draft.write_text(json.dumps(known))
        draft.rename(self.file)


def _registration(row: Mapping[str, Any]) -> Registration:
    own = row["organisation"] == "own"
    return Registration(
        code=row["code"],
        period=Days(begin=date.fromisoformat(row["begin"]), end=date.fromisoformat(row["end"])),
        organisation=row["organisation"],
        own=own,
        register="SECONDARY",
    )
