"""Fields of one letter opened for an administrator: by right, for a purpose, for minutes (dead-letters §9)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hub.application.administer.ports import Administrator, Grant, Grants
from hub.application.audit import Audit, Deed, Outcome
from hub.application.dead_letters.body import RAW, Body
from hub.application.reveal import Reveal, RevealLog, RevealRefusedError

_LONGEST = 500
_TOLD = {
    "reveal-not-allowed": "this account may not see personal data; ask one that has the right to reveal",
    "reveal-without-purpose": "say what for: the purpose stands in the audit",
    "reveal-no-field": "name closed fields of this letter; the letter lists them as closed",
}


class RevealLetter:
    """Grants of sight, each an entry of the audit; each look through one is a line in the log of reveals."""

    def __init__(
        self,
        grants: Grants,
        reveal: Reveal,
        log: RevealLog,
        *,
        audit: Audit,
        lasts: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._grants, self._reveal, self._log = grants, reveal, log
        self._audit, self._lasts, self.now = audit, lasts, now

    async def grant(
        self,
        letter: UUID,
        body: Body,
        *,
        fields: Collection[str],
        purpose: str,
        session: bytes,
        who: Administrator,
    ) -> Grant:
        """Let a session see fields of a letter from now on.

        Raises:
            RevealRefusedError: ``reveal-not-allowed``, ``reveal-without-purpose``, ``reveal-no-field``; audited.
        """
        grant = await self._agreed(letter, body, fields=fields, purpose=purpose, who=who)
        await self._grants.grant(session, letter, grant)
        return grant

    async def once(
        self, letter: UUID, body: Body, *, fields: Collection[str], purpose: str, who: Administrator
    ) -> Mapping[str, Any] | None:
        """The values of these fields, for one look; None for them: the person was erased.

        Raises:
            RevealRefusedError: as :meth:`grant`.
        """
        grant = await self._agreed(letter, body, fields=fields, purpose=purpose, who=who)
        return await self._opened(letter, body, grant, who)

    async def _agreed(
        self, letter: UUID, body: Body, *, fields: Collection[str], purpose: str, who: Administrator
    ) -> Grant:
        wanted = tuple(sorted(set(fields) & set(body.closed)))
        rule = _fault(who, wanted, purpose)
        if rule:
            outcome: Outcome = "denied" if rule == "reveal-not-allowed" else "refused"
            await self._note(letter, who, Deed(who=who.name, verb="reveal", what="", outcome=outcome, reason=rule))
            raise RevealRefusedError(rule, _TOLD[rule])
        grant = Grant(fields=wanted, purpose=purpose.strip()[:_LONGEST], expires_at=self.now() + self._lasts)
        deed = Deed(who=who.name, verb="reveal", what="", reason=grant.purpose, detail={"fields": list(wanted)})
        await self._note(letter, who, deed)
        return grant

    async def _note(self, letter: UUID, who: Administrator, deed: Deed) -> None:
        noted = Deed(
            who=who.name,
            verb=deed.verb,
            what=f"letter {letter}",
            outcome=deed.outcome,
            reason=deed.reason,
            detail=deed.detail,
        )
        await self._audit.note([noted])

    async def seen(
        self, letter: UUID, body: Body, *, session: bytes, who: Administrator
    ) -> tuple[Grant | None, Mapping[str, Any] | None]:
        """What the session may see now, and the values of these fields; None for them: the person was erased."""
        grant = await self._grants.granted(session, letter, self.now())
        if grant is None or "reveal" not in who.rights:
            return None, None
        return grant, await self._opened(letter, body, grant, who)

    async def _opened(self, letter: UUID, body: Body, grant: Grant, who: Administrator) -> Mapping[str, Any] | None:
        if body.event is None or body.event.sealed is None:
            await self._log.note(who.name, [f"letter {letter}"], grant.purpose)
            return {RAW: body.raw}
        opened: Sequence[Mapping[str, Any] | None] = await self._reveal.open(
            [body.event.sealed], who=who.name, purpose=grant.purpose
        )
        if opened[0] is None:
            return None
        return {name: opened[0].get(name) for name in grant.fields}


def _fault(who: Administrator, wanted: Sequence[str], purpose: str) -> str | None:
    if "reveal" not in who.rights:
        return "reveal-not-allowed"
    if not purpose.strip():
        return "reveal-without-purpose"
    return None if wanted else "reveal-no-field"
