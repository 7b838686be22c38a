"""What administrators say of letters that fail alike: who owns them, how far they are, what will mend them."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from hub.application.audit import Audit, Deed
from hub.application.dead_letters.selection import DIMENSIONS, Selection
from hub.domain.messaging.errors import RefusalError

GROUP_STATES = ("new", "acknowledged", "waiting for partner", "fix released", "replaying", "closed")
"""In the order of a group's life; an administrator may set any of them, for only she knows."""
_LONGEST = {"owner": 100, "release": 100, "note": 4000}


class GroupRefusedError(RefusalError):
    """A group of dead letters cannot be changed or counted in this way."""


class LetterGroups(Protocol):
    """Where groups are kept."""

    async def counted(self, selection: Selection, *, by: str, limit: int) -> Sequence[Mapping[str, Any]]: ...
    async def group(self, of: str) -> Mapping[str, Any] | None: ...
    async def notes(self, of: str) -> Sequence[Mapping[str, Any]]: ...
    async def change(self, of: str, values: Mapping[str, str | None]) -> None: ...
    async def note(self, of: str, who: str, text: str) -> None: ...


class Groups:
    """Groups of dead letters; what is said of them outlives a replay."""

    def __init__(self, groups: LetterGroups, audit: Audit) -> None:
        self._groups = groups
        self._audit = audit

    async def counted(
        self, selection: Selection, *, by: str = "fingerprint", limit: int = 200
    ) -> Sequence[Mapping[str, Any]]:
        """Letters counted together, the largest group first.

        Raises:
            GroupRefusedError: there is no such dimension.
        """
        if by not in DIMENSIONS:
            raise GroupRefusedError("group-by-unknown", f"letters are counted by one of: {', '.join(DIMENSIONS)}")
        return await self._groups.counted(selection, by=by, limit=limit)

    async def shown(self, fingerprint: str) -> dict[str, Any]:
        """A group with its trace and notes.

        Raises:
            GroupRefusedError: no letter ever had this fingerprint.
        """
        found = await self._groups.group(fingerprint)
        if found is None:
            raise GroupRefusedError("group-unknown", f"no group {fingerprint}; see: hub dlq groups")
        return {**found, "notes": await self._groups.notes(fingerprint)}

    async def change(
        self,
        fingerprint: str,
        *,
        who: str,
        owner: str | None = None,
        state: str | None = None,
        release: str | None = None,
        note: str | None = None,
    ) -> dict[str, Any]:
        """Set what is given (an empty owner or release takes it away), add a note; audited, refusals too.

        Raises:
            GroupRefusedError: nothing was changed.
        """
        values: dict[str, str | None] = {
            name: value or None for name, value in (("owner", owner), ("release", release)) if value is not None
        }
        if state is not None:
            values["state"] = state
        deed = Deed(who=who, verb="group", what=f"group {fingerprint}", detail=values, reason=note or "")
        try:
            _check(values, note)
            await self.shown(fingerprint)
        except GroupRefusedError as refusal:
            refused = Deed(
                who=who, verb="group", what=f"group {fingerprint[:64]}", outcome="refused", reason=refusal.rule
            )
            await self._audit.note([refused])
            raise
        if values:
            await self._groups.change(fingerprint, values)
        if note:
            await self._groups.note(fingerprint, who, note)
        await self._audit.note([deed])
        return await self.shown(fingerprint)


def _check(values: Mapping[str, str | None], note: str | None) -> None:
    state = values.get("state")
    if state is not None and state not in GROUP_STATES:
        raise GroupRefusedError("group-state-unknown", f"a group is one of: {', '.join(GROUP_STATES)}")
    if not values and not note:
        raise GroupRefusedError("group-nothing-said", "say what to change: owner, state, release or a note")
    for name, text in {**values, "note": note}.items():
        if text and len(text) > _LONGEST.get(name, 100):
            raise GroupRefusedError("group-text-long", f"{name} has {_LONGEST[name]} characters at most")
