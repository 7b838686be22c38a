"""A refused document, edited: its XML corrected by an administrator and taken as its sender's own (dead-letters §14).

What is opened is personal: only with the right, a purpose, and a line in the log. The edit is sealed under the
document's key wherever it waits; the refused bytes stay as they are.
"""

from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from difflib import unified_diff
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from hub.application.consume.replay_ports import By, LetterClosedError, ReplayReport
from hub.application.dead_letters import verdicts
from hub.application.dead_letters.job_ports import PlanRefusedError, Verb
from hub.application.dead_letters.verdicts import Verdict
from hub.application.intake.callers import Caller
from hub.application.intake.notations import BEGINS
from hub.application.intake.ports import DocumentKeys
from hub.application.intake.refusals import DocumentRefusedError, IntakeRefusalError
from hub.application.intake.spool import piece_name
from hub.application.intake.submission import Submission
from hub.application.intake.take_document import Intake
from hub.application.ports import Clock
from hub.application.reveal import RevealLog, RevealRefusedError
from hub.domain.messaging.errors import HubError, RefusalError

_EDIT = b"edit"


class Refused(NamedTuple):
    """A refused document with its letter; ``wrapped`` None: its retention is over."""

    letter: UUID
    letter_state: str
    document: UUID
    connector: str
    institution: str
    wrapped: bytes | None
    chunks: Sequence[bytes]


class RefusedDocuments(Protocol):
    """Refused documents behind letters."""

    async def of(self, letter: UUID) -> Refused | None: ...
    async def caller(self, institution: str, connector: str) -> Caller | None:
        """Its sender, if a living key lets it use the connector."""

    async def close(self, letter: UUID, document: UUID, by: By) -> bool:
        """The letter is edited: that document stands in its place; False when it was dealt with otherwise."""


class EditDocument:
    """Edits of refused documents."""

    def __init__(
        self, documents: RefusedDocuments, keys: DocumentKeys, intake: Intake, log: RevealLog, *, clock: Clock
    ) -> None:
        self._documents, self._keys, self._intake = documents, keys, intake
        self._log, self._clock = log, clock

    async def form(self, letter: UUID, *, who: str, purpose: str, allowed: bool) -> str:
        """The XML of a refused document, to be edited. Logged first: no log, no access.

        Raises:
            RevealRefusedError, PlanRefusedError: nothing was opened.
        """
        return self._opened(await self._seen(letter, who=who, purpose=purpose, allowed=allowed))

    async def diff(
        self, letter: UUID, options: Mapping[str, Any], *, who: str, purpose: str, allowed: bool
    ) -> list[str]:
        """What the edit of a plan changes, for whoever approves it. Logged first: no log, no access.

        Raises:
            RevealRefusedError, PlanRefusedError: nothing was opened.
        """
        found = await self._seen(letter, who=who, purpose=purpose, allowed=allowed)
        before, after = self._opened(found), self._xml(found, options).decode(errors="replace")
        return list(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1))

    async def sealed(self, letter: UUID, xml: str) -> dict[str, Any]:
        """The options of a plan with verb ``edit``: the edited XML, closed."""
        found = await self._editable(letter)
        cipher = self._keys.unwrap(found.document, found.wrapped or b"")
        return {"sealed": b64encode(cipher.seal(xml.encode(), found.document.bytes + _EDIT)).decode()}

    async def verdicts(
        self, _group: str, letters: Sequence[UUID], _verb: Verb, options: Mapping[str, Any]
    ) -> list[Verdict]:
        """The edited document is read as the door reads it; nothing is kept.

        Raises:
            PlanRefusedError: it is still refused; the text says where.
        """
        if len(letters) != 1:
            raise PlanRefusedError("edit-one", "letters are edited one at a time")
        found = await self._editable(letters[0])
        caller = await self._caller(found)
        try:
            self._intake.check(caller, found.connector, self._xml(found, options))
        except DocumentRefusedError as refusal:
            place = next((f"line {one.line}, {one.xpath}: " for one in refusal.findings), "")
            code = refusal.findings[0].code if refusal.findings else refusal.rule
            raise PlanRefusedError("edit-invalid", f"{place}{code}") from refusal
        except IntakeRefusalError as refusal:
            raise PlanRefusedError("edit-invalid", refusal.rule) from refusal
        return [Verdict(letter=found.letter, verdict=verdicts.SUCCEEDS)]

    async def carry(
        self, _group: str, letters: Sequence[UUID], _verb: Verb, by: By, *, options: Mapping[str, Any]
    ) -> tuple[list[ReplayReport], dict[UUID, HubError]]:
        """Take the edited document as its sender's. A death between taking and closing: the same bytes are known."""
        (letter,) = letters
        try:
            found = await self._editable(letter)
            caller = await self._caller(found)
            submission = Submission(
                caller=caller,
                connector=found.connector,
                content=_once(self._xml(found, options)),
                received=self._clock(),
                edited_by=by.who,
            )
            taken = await self._intake.take(submission)
        except RefusalError as refusal:
            return [], {letter: refusal}
        if not await self._documents.close(letter, taken.row.id, by):
            return [], {letter: LetterClosedError("letter-state")}
        return [ReplayReport(letter=letter, succeeded=True, released=0, parked=False)], {}

    async def _seen(self, letter: UUID, *, who: str, purpose: str, allowed: bool) -> Refused:
        """A document that may be opened now: that is in the log."""
        if not allowed:
            raise RevealRefusedError("reveal-not-allowed", "this account may not see personal data")
        if not purpose.strip():
            raise RevealRefusedError("reveal-without-purpose", "say what for")
        found = await self._editable(letter)
        await self._log.note(who, [f"document {found.document}"], purpose)
        return found

    def _opened(self, found: Refused) -> str:
        cipher = self._keys.unwrap(found.document, found.wrapped or b"")
        pieces = [cipher.open(one, piece_name(found.document, n)) for n, one in enumerate(found.chunks)]
        plain = b"".join(one or b"" for one in pieces)
        if plain.startswith(BEGINS):
            raise PlanRefusedError("edit-workbook", "a workbook is no text: return it, its sender corrects the cells")
        return plain.decode(errors="replace")

    async def _editable(self, letter: UUID) -> Refused:
        found = await self._documents.of(letter)
        if found is None:
            raise PlanRefusedError("letter-unknown", f"no letter {letter} of a refused document")
        if found.letter_state not in {"returned", "waiting"}:
            raise PlanRefusedError(f"letter-{found.letter_state}", "this letter is closed: it cannot be edited")
        if found.wrapped is None or not found.chunks:
            raise PlanRefusedError("edit-without-bytes", "the bytes of this document are gone; return it")
        return found

    async def _caller(self, found: Refused) -> Caller:
        caller = await self._documents.caller(found.institution, found.connector)
        if caller is None:
            raise PlanRefusedError("institution-revoked", "its sender may not use this connector any more")
        return caller

    def _xml(self, found: Refused, options: Mapping[str, Any]) -> bytes:
        cipher = self._keys.unwrap(found.document, found.wrapped or b"")
        try:
            box = b64decode(str(options.get("sealed", "")), validate=True)
            plain = cipher.open(box, found.document.bytes + _EDIT)
        except ValueError:
            plain = None
        if plain is None:
            raise PlanRefusedError("edit-body", "the edited XML is missing, or was sealed for another document")
        return plain


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
