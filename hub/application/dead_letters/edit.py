"""Edit and replay: what may be changed, and the new signed event that takes the letter's place (dead-letters §14)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any, Protocol
from uuid import UUID

from pydantic_core import from_json, to_json

from hub.application.consume.replay import Replay
from hub.application.consume.replay_ports import By, LetterClosedError, ReplayReport, StoredLetter, Treatment
from hub.application.dead_letters.body import may_be_told
from hub.application.dead_letters.job_ports import PlanRefusedError, Verb
from hub.application.dead_letters.rehearse import Rehearse
from hub.application.dead_letters.verdicts import Verdict
from hub.application.envelope import SEALED, decode, text_headers
from hub.application.intake.ports import Signer
from hub.application.ports import Record, Vault
from hub.domain.messaging.cloudevent import Sealed, event_id_of
from hub.domain.messaging.errors import HubError, UnreadableEventError
from schemas import EVENT_TYPES

LOCKED = frozenset(
    f"ce_{name}"
    for name in ("specversion", "id", "source", "partitionkey", "recordedtime", "correlationid", "causationid", "edits",
                 "traceparent")
)  # fmt: skip
"""Who it is, from whom, in which dossier: an edit never changes them."""
SENSITIVE = frozenset({"ce_type", "ce_subject", "ce_time"})
"""What happened, to whom, when: changed with open eyes; a second administrator sees it."""
_SOURCE = "/hub/edit"


@dataclass(frozen=True, kw_only=True, slots=True)
class Edited:
    """An edit as it is kept: the record that stands in the letter's place."""

    letter: UUID
    event: UUID
    record: Record
    who: str
    job: UUID | None


class Edits(Protocol):
    """Where edits are kept."""

    async def letter(self, letter: UUID) -> StoredLetter | None: ...
    async def edited(self, letter: UUID) -> UUID | None:
        """The job that edited a letter, if one did."""

    async def keep(self, edited: Edited) -> bool:
        """Keep an edit; False when another one stands."""


class EditLetter:
    """Edits of records of consumer groups, one letter at a time."""

    def __init__(self, edits: Edits, replay: Replay, rehearse: Rehearse, *, vault: Vault, signer: Signer) -> None:
        self._edits, self._replay, self._rehearse = edits, replay, rehearse
        self._vault, self._signer = vault, signer

    async def form(self, letter: UUID) -> dict[str, Any]:
        """What may be changed: the readable body, and each header with ``locked``, ``sensitive`` or ``free``.

        Raises:
            PlanRefusedError: no such letter, or it cannot be edited.
        """
        stored = await self._editable(letter)
        return {
            "letter": letter,
            "body": _body(stored.record),
            "headers": [
                {"name": name, "value": value.decode(errors="replace"), "kind": kind_of(name)}
                for name, value in stored.record.headers
                if may_be_told(name)
            ],
        }

    async def diff(self, letter: UUID, options: Mapping[str, Any]) -> list[str]:
        """Body and headers before and after, for whoever approves."""
        stored = await self._edits.letter(letter)
        if stored is None:
            return []
        headers = stored.record.headers
        before = {name: value.decode(errors="replace") for name, value in headers if may_be_told(name)}
        after = {**before, **(options.get("headers") or {})}
        pairs = ((before, after), (_body(stored.record), options.get("body") or {}))
        return [line for one, other in pairs for line in unified_diff(_lines(one), _lines(other), lineterm="", n=1)]

    async def verdicts(
        self, group: str, letters: Sequence[UUID], _verb: Verb, options: Mapping[str, Any]
    ) -> Sequence[Verdict]:
        """The edited record is validated and tried.

        Raises:
            PlanRefusedError: nothing of it can be used; the text says where.
        """
        if len(letters) != 1:
            raise PlanRefusedError("edit-one", "letters are edited one at a time")
        stored = await self._editable(letters[0])
        record, event = await self._made(stored, options)
        return await self._rehearse.verdicts(group, {stored.id: _in_place(record, event)})

    async def carry(
        self, group: str, letters: Sequence[UUID], _verb: Verb, by: By, *, options: Mapping[str, Any]
    ) -> tuple[Sequence[ReplayReport], Mapping[UUID, HubError]]:
        """Keep the edit, then handle it in the letter's place. A death between leaves the edit to the same job."""
        (letter,) = letters
        stored = await self._edits.letter(letter)
        if stored is None or stored.state != "waiting":
            treatment = Treatment(outcome="edited")  # dealt with: what waits behind it may still have to be released
            return await self._replay.letters(group, {letter: treatment}, by, limit=2000)
        record, event = await self._made(stored, options)
        if not await self._edits.keep(Edited(letter=letter, event=event, record=record, who=by.who, job=by.job)):
            return [], {letter: LetterClosedError("edit-exists", _SECOND)}
        return await self._replay.letters(group, {letter: _in_place(record, event)}, by, limit=2000)

    async def _editable(self, letter: UUID) -> StoredLetter:
        stored = await self._edits.letter(letter)
        if stored is None:
            raise PlanRefusedError("letter-unknown", f"no dead letter {letter}; see: hub dlq list")
        if stored.state != "waiting":
            raise PlanRefusedError(f"letter-{stored.state}", f"this letter is {stored.state}: it cannot be edited")
        if await self._edits.edited(letter):
            raise PlanRefusedError("edit-exists", _SECOND)
        return stored

    async def _made(self, stored: StoredLetter, options: Mapping[str, Any]) -> tuple[Record, UUID]:
        """The new record: a new id and source, linked to the original, its personal part sealed anew, signed."""
        headers = _headers(stored.record, options.get("headers") or {})
        event = event_id_of("edit", str(stored.id))
        body = options.get("body")
        if not isinstance(body, dict) or SEALED in body:
            raise PlanRefusedError("edit-body", f"/: a JSON object without {SEALED!r}, which is kept as it is")
        body = dict(body)
        box = await self._resealed(stored.record, headers, event)
        if box:
            body[SEALED] = box
        value = to_json(body)
        headers |= {"ce_id": str(event), "ce_source": _SOURCE, "ce_causationid": _id(stored.record)}
        headers["ce_edits"] = _id(stored.record)
        headers["hub_signature"] = self._signer.sign(
            {"jti": str(event), "edits": headers["ce_edits"], "sha256": hashlib.sha256(value).hexdigest()}
        )
        encoded = tuple((name, text.encode()) for name, text in headers.items())
        record = stored.record._replace(headers=encoded, value=value)
        _check(record)
        return record, event

    async def _resealed(self, record: Record, headers: Mapping[str, str], event: UUID) -> str | None:
        """The personal part under the new event's id."""
        box = _json(record).get(SEALED)
        subject = text_headers(record.headers).get("ce_subject")
        if not isinstance(box, str) or subject is None:
            return None
        if headers.get("ce_subject") != subject:
            raise PlanRefusedError("edit-subject", "/ce_subject: her sealed data goes with it; return it")
        try:
            sealed = Sealed(event=UUID(_id(record)), subject=subject, box=box)
        except ValueError:
            raise PlanRefusedError("edit-sealed", "its personal part cannot be carried over: it has no id") from None
        (plain,) = await self._vault.open_many([sealed])
        if plain is None:
            raise PlanRefusedError("letter-subject-erased", "its person was erased; skip it: hub dlq skip")
        (found,) = await self._vault.seal_many([(subject, event, plain)])
        return found


_SECOND = "this letter was edited before: an edit is never edited; skip it or return it to its sender"


def kind_of(header: str) -> str:
    """How free a header is."""
    if header in LOCKED or header == "hub_signature":
        return "locked"
    return "sensitive" if header in SENSITIVE else "free"


def _in_place(record: Record, event: UUID) -> Treatment:
    return Treatment(outcome="edited", record=record, event=event)


def _headers(record: Record, changed: Mapping[str, Any]) -> dict[str, str]:
    headers = {name: value.decode(errors="replace") for name, value in record.headers}
    for name, text in changed.items():
        if kind_of(name) == "locked" and headers.get(name) != text:
            raise PlanRefusedError("edit-locked", f"/{name}: this header is locked; an edit never changes it")
        if text is None:
            headers.pop(name, None)
        else:
            headers[name] = str(text)
    return headers


def _check(record: Record) -> None:
    """The new record is an event of the published language."""
    try:
        decode(record)
    except UnreadableEventError as error:
        raise PlanRefusedError("edit-invalid", f"the edited event is not valid: {error}") from error


def _body(record: Record) -> dict[str, Any]:
    """What the event's type says is readable: of another field nobody knows whether it tells of a person."""
    kind = EVENT_TYPES.get(text_headers(record.headers).get("ce_type", ""))
    known = set(kind.model_fields) - kind.personal_fields() if kind else set()
    return {name: value for name, value in _json(record).items() if name in known}


def _json(record: Record) -> dict[str, Any]:
    try:
        found = from_json(record.value or b"")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _lines(value: Mapping[str, Any]) -> list[str]:
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False).splitlines()


def _id(record: Record) -> str:
    return dict(record.headers).get("ce_id", b"").decode(errors="replace")
