"""Personal data opened for a human: only with the right and a purpose, and never without a line in the log."""

from collections.abc import Sequence
from typing import Any, Protocol

from pydantic_core import from_json

from hub.application.ports import Vault
from hub.domain.messaging.cloudevent import Sealed
from hub.domain.messaging.errors import RefusalError


class RevealRefusedError(RefusalError):
    """No right to see personal data here, or no purpose given."""


class RevealLog(Protocol):
    """Who had what opened, why."""

    async def note(self, who: str, what: Sequence[str], purpose: str) -> None: ...


class Reveal:
    """Opens personal data for an administrator."""

    def __init__(self, vault: Vault, log: RevealLog, *, allowed: bool) -> None:
        self._vault = vault
        self._log = log
        self._allowed = allowed

    async def open(self, sealed: Sequence[Sealed], *, who: str, purpose: str) -> list[dict[str, Any] | None]:
        """The personal parts, in order; None where the person was erased. Logged first: no log, no access.

        Raises:
            RevealRefusedError: nothing was opened.
        """
        if not self._allowed:
            raise RevealRefusedError(
                "reveal-not-allowed", "this account may not see personal data (HUB_REVEAL__ALLOWED)"
            )
        if not purpose.strip():
            raise RevealRefusedError("reveal-without-purpose", "say what for: --purpose")
        await self._log.note(who, [f"event {one.event}" for one in sealed], purpose)
        return [from_json(text) if text is not None else None for text in await self._vault.open_many(sealed)]
