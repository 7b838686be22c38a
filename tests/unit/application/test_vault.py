from collections.abc import Mapping, Sequence
from uuid import UUID

from hub.adapters.crypto.cipher import MasterKey, Pseudonyms
from hub.application.ports import Cipher
from hub.application.vault import Vault
from hub.domain.messaging.cloudevent import Sealed

ANNA, BERT = "p" + "a" * 32, "p" + "b" * 32
FIRST, SECOND = UUID(int=1), UUID(int=2)


class FakePersonKeys:
    """Keys in a dict; counts how often it is asked."""

    def __init__(self) -> None:
        self.master = MasterKey(bytes(32))
        self.held: dict[str, list[Cipher | None]] = {}
        self.asked = 0

    async def current(self, subjects: Sequence[str]) -> Mapping[str, tuple[int, Cipher]]:
        self.asked += 1
        found: dict[str, tuple[int, Cipher]] = {}
        for subject in subjects:
            ciphers = self.held.setdefault(subject, [])
            if not ciphers or ciphers[-1] is None:
                ciphers.append(self.master.fresh(subject)[1])
            cipher = ciphers[-1]
            assert cipher is not None
            found[subject] = (len(ciphers), cipher)
        return found

    async def of(self, wanted: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], Cipher]:
        self.asked += 1
        found: dict[tuple[str, int], Cipher] = {}
        for subject, generation in wanted:
            held = self.held.get(subject, [])
            cipher = held[generation - 1] if 0 < generation <= len(held) else None
            if cipher is not None:
                found[subject, generation] = cipher
        return found

    def erase(self, subject: str) -> None:
        self.held[subject] = [None for _ in self.held[subject]]


class Hand:
    """A clock moved by hand, in seconds."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def made(keys: FakePersonKeys, hand: Hand | None = None, size: int = 100) -> Vault:
    return Vault(keys, Pseudonyms(bytes(32)), size=size, now=hand or Hand())


def sealed(subject: str, event: UUID, box: str) -> Sealed:
    return Sealed(event=event, subject=subject, box=box)


async def test_what_was_sealed_opens_again_in_order() -> None:
    vault = made(FakePersonKeys())
    boxes = await vault.seal_many([(ANNA, FIRST, b"one"), (BERT, SECOND, b"two")])
    opened = await vault.open_many([sealed(BERT, SECOND, boxes[1]), sealed(ANNA, FIRST, boxes[0])])
    assert opened == [b"two", b"one"]
    assert boxes[0].startswith("1.")


async def test_box_opens_only_for_its_person_and_its_event() -> None:
    vault = made(FakePersonKeys())
    (box,) = await vault.seal_many([(ANNA, FIRST, b"one")])
    await vault.seal_many([(BERT, FIRST, b"other")])
    assert await vault.open_many([sealed(BERT, FIRST, box), sealed(ANNA, SECOND, box)]) == [None, None]


async def test_box_that_was_changed_stays_closed() -> None:
    vault = made(FakePersonKeys())
    await vault.seal_many([(ANNA, FIRST, b"one")])
    broken = ["1.AAAA", "1.!", "AAAA", "", "x.AAAA", "1." + "A" * 45]
    assert await vault.open_many([sealed(ANNA, FIRST, box) for box in broken]) == [None] * 6


async def test_keys_are_asked_for_once_within_their_age() -> None:
    keys, hand = FakePersonKeys(), Hand()
    vault = made(keys, hand)
    (box,) = await vault.seal_many([(ANNA, FIRST, b"one")])
    await vault.open_many([sealed(ANNA, FIRST, box)])
    await vault.seal_many([(ANNA, SECOND, b"two")])
    assert keys.asked == 1
    hand.at = 60.0
    await vault.seal_many([(ANNA, SECOND, b"two")])
    assert keys.asked == 2


async def test_erased_person_is_closed_after_invalidation_and_at_the_latest_after_the_age() -> None:
    keys, hand = FakePersonKeys(), Hand()
    vault, other = made(keys, hand), made(keys, hand)
    (box,) = await vault.seal_many([(ANNA, FIRST, b"one")])
    assert await other.open_many([sealed(ANNA, FIRST, box)]) == [b"one"]
    keys.erase(ANNA)
    vault.invalidate(ANNA)
    assert await vault.open_many([sealed(ANNA, FIRST, box)]) == [None]
    hand.at = 60.0
    assert await other.open_many([sealed(ANNA, FIRST, box)]) == [None]


async def test_person_known_again_after_erasure_gets_a_new_generation() -> None:
    keys = FakePersonKeys()
    vault = made(keys)
    (old,) = await vault.seal_many([(ANNA, FIRST, b"one")])
    keys.erase(ANNA)
    vault.invalidate()
    (new,) = await vault.seal_many([(ANNA, SECOND, b"two")])
    assert new.startswith("2.")
    assert await vault.open_many([sealed(ANNA, FIRST, old), sealed(ANNA, SECOND, new)]) == [None, b"two"]


async def test_key_loaded_while_it_is_being_erased_is_not_kept() -> None:
    keys = FakePersonKeys()

    class ErasedMeanwhile(FakePersonKeys):
        async def current(self, subjects: Sequence[str]) -> Mapping[str, tuple[int, Cipher]]:
            found = await keys.current(subjects)
            keys.erase(ANNA)
            vault.invalidate(ANNA)
            return found

        async def of(self, wanted: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], Cipher]:
            return await keys.of(wanted)

    vault = made(ErasedMeanwhile())
    (box,) = await vault.seal_many([(ANNA, FIRST, b"one")])
    assert await vault.open_many([sealed(ANNA, FIRST, box)]) == [None]


async def test_no_more_persons_are_kept_than_the_size_allows() -> None:
    vault = made(FakePersonKeys(), size=10)
    for n in range(30):
        await vault.seal_many([(f"p{n:032x}", FIRST, b"one")])
    assert len(vault._persons) == 10
