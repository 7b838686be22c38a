"""Institutions and their keys, as the administrator sees them."""

import re
from collections.abc import Collection, Mapping, Sequence

from hub.application.intake.callers import Institution, Institutions
from hub.application.intake.identify import new_key
from hub.domain.messaging.errors import RefusalError
from hub.domain.messaging.topics import Topics

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
EVENTS_CONNECTOR = "events"
"""Documents that came as CloudEvents stand under this connector name; no key needs it granted."""


class InstitutionAdministration:
    """Adds institutions, makes and revokes keys. ``connectors``: kinds that may use each, by name."""

    def __init__(
        self, institutions: Institutions, *, connectors: Mapping[str, Collection[str]], topics: Topics
    ) -> None:
        self._institutions, self._connectors, self._topics = institutions, connectors, topics

    async def add(self, institution: Institution) -> None:
        """Add one.

        Raises:
            RefusalError: ``institution-id`` or ``institution-exists``.
        """
        if not _ID.fullmatch(institution.id):
            raise RefusalError(
                "institution-id", "an id begins with a letter or digit; then letters, digits, . _ -; 64 signs at most"
            )
        if not await self._institutions.add(institution):
            raise RefusalError(
                "institution-exists", f"{institution.id} exists already; make a key for it: hub institution key"
            )

    async def key(self, institution: str, connectors: Sequence[str], types: Sequence[str]) -> tuple[str, str]:
        """A new key: its id and its text, which nobody can read again.

        Raises:
            RefusalError: no such living institution; a connector or type that is unknown or not for its kind.
        """
        found = await self._institutions.find(institution)
        if found is None:
            raise _unknown(institution)
        for name in connectors:
            if found.kind not in self._connectors.get(name, ()):
                mine = sorted(one for one, kinds in self._connectors.items() if found.kind in kinds)
                raise RefusalError(
                    "connector-not-for-kind",
                    f"connector {name} is not for a {found.kind}; it may have: {', '.join(mine) or 'none'}",
                )
        for kind in types:
            topic = self._topics.by_type.get(kind)
            if topic is None or found.kind not in topic.publish:
                raise RefusalError("type-not-for-kind", f"a {found.kind} may not publish {kind}; see topics.yaml")
        handle, text, stored = new_key()
        await self._institutions.add_key(handle, stored, institution, connectors, types)
        return handle, text

    async def revoke(self, name: str) -> None:
        """Revoke a key by its id, or an institution with all its keys.

        Raises:
            RefusalError: neither lives under that name.
        """
        if not await self._institutions.revoke(name):
            raise _unknown(name)

    async def listed(self) -> Sequence[Mapping[str, object]]:
        """Everyone with their keys."""
        return await self._institutions.listed()


def _unknown(name: str) -> RefusalError:
    return RefusalError("institution-unknown", f"nothing living is called {name}; see: hub institution list")
