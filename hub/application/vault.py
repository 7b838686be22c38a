"""Seals and opens personal data under persons' keys, many at a time, with keys kept for a bounded time.

A cached key could outlive its erasure: ``invalidate`` forgets it at once (the adapter calls it on the
notification of an erasure), and no key is kept longer than ``age`` whatever happens to notifications.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol
from uuid import UUID

from hub.application.ports import Cipher, PersonKeys
from hub.domain.messaging.cloudevent import Sealed
from hub.domain.messaging.errors import TransientError


class Pseudonyms(Protocol):
    """Stable pseudonyms of identifiers."""

    def of(self, identifier: str) -> str: ...


class Aliases(Protocol):
    """Pseudonyms of numbers that replaced others of the same person (ADR 0018)."""

    async def all(self) -> Mapping[str, str]:
        """Whose dossiers each leads to."""


class PersonRenumberedError(TransientError):
    """Somebody became known under another number in this moment: read again who it is."""


_ALIASES_AGE = 5.0


@dataclass(slots=True)
class _Person:
    """What is known of one person's keys until ``until`` (monotonic seconds); None: erased."""

    until: float
    newest: int | None = None
    ciphers: dict[int, Cipher | None] = field(default_factory=dict)


class Vault:
    """Persons' keys in use. ``age`` in seconds; ``size`` in persons."""

    def __init__(
        self,
        keys: PersonKeys,
        pseudonyms: Pseudonyms,
        *,
        aliases: Aliases | None = None,
        age: float = 60.0,
        size: int = 20_000,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._keys, self._pseudonyms, self._source = keys, pseudonyms, aliases
        self._aliases: Mapping[str, str] = {}
        self._renewed = float("-inf")
        self._age, self._size, self._now = age, size, now
        self._persons: dict[str, _Person] = {}
        self._invalidations = 0

    def subject_of(self, identifier: str) -> str:
        """The pseudonym of a person, by any of her numbers; call ``renew`` before."""
        own = self._pseudonyms.of(identifier)
        return self._aliases.get(own, own)

    def pseudonym_of(self, identifier: str) -> str:
        """The pseudonym of a number itself, whomever it leads to."""
        return self._pseudonyms.of(identifier)

    async def renew(self, *, age: float = _ALIASES_AGE) -> None:
        """Learn which numbers replaced others, unless that is known for less than ``age`` seconds.

        Whoever misses one that is newer cannot seal anything under its number: ``PersonRenumberedError``.
        """
        if self._source is not None and self._now() - self._renewed >= age:
            before = self._now()
            self._aliases = await self._source.all()
            self._renewed = before

    def invalidate(self, subject: str | None = None) -> None:
        """Forget one person's keys; all of them when None (notifications may have been missed)."""
        self._invalidations += 1
        if subject is None:
            self._persons.clear()
        else:
            self._persons.pop(subject, None)

    async def seal_many(self, items: Sequence[tuple[str, UUID, bytes]]) -> list[str]:
        """Boxes ``<generation>.<base64>`` for (subject, event id, plain bytes), in order."""
        return await self.seal_parts([(subject, event.bytes, plain) for subject, event, plain in items])

    async def seal_parts(self, items: Sequence[tuple[str, bytes, bytes]]) -> list[str]:
        """The same for any associated data: (subject, associated data, plain bytes)."""
        newest = await self._newest({subject for subject, _, _ in items})
        boxes = []
        for subject, associated, plain in items:
            generation, cipher = newest[subject]
            boxes.append(f"{generation}.{cipher.seal_text(plain, associated)}")
        return boxes

    async def open_many(self, items: Sequence[Sealed]) -> list[bytes | None]:
        """The plain bytes of sealed parts, in order; None where the key is erased or the box was changed."""
        return await self.open_parts([(item.subject, item.event.bytes, item.box) for item in items])

    async def open_parts(self, items: Sequence[tuple[str, bytes, str]]) -> list[bytes | None]:
        """The same for any associated data: (subject, associated data, box)."""
        split = [(subject, *_split(box), associated) for subject, associated, box in items]
        ciphers = await self._of({(subject, generation) for subject, generation, _, _ in split})
        return [
            _opened(ciphers.get((subject, generation)), box, associated)
            for subject, generation, box, associated in split
        ]

    async def _newest(self, subjects: set[str]) -> dict[str, tuple[int, Cipher]]:
        """The current key of each person, from the cache or from the store."""
        found: dict[str, tuple[int, Cipher]] = {}
        for subject in subjects:
            person = self._living(subject)
            if person and person.newest is not None and (cipher := person.ciphers[person.newest]):
                found[subject] = (person.newest, cipher)
        missing = subjects - found.keys()
        if missing:
            before = self._invalidations
            try:
                loaded = await self._keys.current(sorted(missing))
            except PersonRenumberedError:
                await self.renew(age=0)
                raise
            found.update(loaded)
            if before == self._invalidations:
                self._keep(
                    ((subject, generation, cipher) for subject, (generation, cipher) in loaded.items()), newest=True
                )
        return found

    async def _of(self, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], Cipher | None]:
        """The keys of these generations, from the cache or from the store."""
        found: dict[tuple[str, int], Cipher | None] = {}
        for subject, generation in wanted:
            person = self._living(subject)
            if person and generation in person.ciphers:
                found[subject, generation] = person.ciphers[generation]
        missing = wanted - found.keys()
        if missing:
            before = self._invalidations
            loaded = await self._keys.of(sorted(missing))
            found.update(loaded)
            if before == self._invalidations:
                self._keep((*key, loaded.get(key)) for key in missing)
        return found

    def _living(self, subject: str) -> _Person | None:
        """What is cached of a person and not too old."""
        person = self._persons.get(subject)
        if person and person.until <= self._now():
            del self._persons[subject]
            return None
        return person

    def _keep(self, loaded: Iterable[tuple[str, int, Cipher | None]], *, newest: bool = False) -> None:
        """Remember keys; the persons that came first leave when there are too many."""
        until = self._now() + self._age
        for subject, generation, cipher in loaded:
            person = self._persons.setdefault(subject, _Person(until))
            person.ciphers[generation] = cipher
            if newest:
                person.newest = generation
        while len(self._persons) > self._size:
            del self._persons[next(iter(self._persons))]


def _split(box: str) -> tuple[int, str]:
    """Generation and base64 of a box; generation 0 (which nobody has) when it has none."""
    generation, dot, rest = box.partition(".")
    return (int(generation), rest) if dot and generation.isdecimal() else (0, "")


def _opened(cipher: Cipher | None, box: str, associated: bytes) -> bytes | None:
    """The plain bytes; None without a key or when the box is no longer what was sealed."""
    if cipher is None:
        return None
    try:
        return cipher.open_text(box, associated)
    except ValueError:  # no base64: the box was changed
        return None
