from collections.abc import Mapping, Sequence

import pytest

from hub.application.intake.callers import Caller, HeldKey, Institution
from hub.application.intake.identify import ApiKeys, hashed, new_key
from hub.application.intake.refusals import NotAuthenticatedError

pytestmark = pytest.mark.unit
CALLER = Caller(institution="cpas-1", kind="cpas", language="fr", connectors=frozenset(), types=frozenset())


class FakeInstitutions:
    """One key; counts look-ups."""

    def __init__(self) -> None:
        self.handle, self.text, stored = new_key()
        self.keys: dict[str, HeldKey] = {self.handle: HeldKey(hash=stored, caller=CALLER)}
        self.asked = 0

    async def key(self, key: str) -> HeldKey | None:
        self.asked += 1
        return self.keys.get(key)

    async def add(self, institution: Institution) -> bool:
        raise NotImplementedError

    async def find(self, institution: str) -> Institution | None:
        raise NotImplementedError

    async def add_key(
        self, key: str, hashed: bytes, institution: str, connectors: Sequence[str], types: Sequence[str]
    ) -> None:
        raise NotImplementedError

    async def folder_caller(self, institution: str, connector: str) -> Caller | None:
        raise NotImplementedError

    async def revoke(self, name: str) -> bool:
        raise NotImplementedError

    async def listed(self) -> Sequence[Mapping[str, object]]:
        raise NotImplementedError


class Hand:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


async def test_key_is_looked_up_once_and_again_when_its_age_is_over() -> None:
    store, hand = FakeInstitutions(), Hand()
    keys = ApiKeys(store, now=hand)
    for _ in range(3):
        assert await keys.identify(f"Bearer {store.text}") == CALLER
    assert store.asked == 1
    store.keys.clear()
    hand.at = 5.0
    with pytest.raises(NotAuthenticatedError):
        await keys.identify(f"bearer {store.text}")


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer x", "Basic hub_x", "Bearer hub_0_A"])
async def test_header_that_holds_no_key_is_refused_without_a_look_up(header: str | None) -> None:
    store = FakeInstitutions()
    with pytest.raises(NotAuthenticatedError):
        await ApiKeys(store).identify(header)
    assert store.asked == 0


async def test_secret_of_another_key_does_not_open() -> None:
    store = FakeInstitutions()
    with pytest.raises(NotAuthenticatedError) as refusal:
        await ApiKeys(store).identify(f"Bearer hub_{store.handle}_{'A' * 43}")
    assert refusal.value.rule == "key-unknown"


def test_only_the_hash_of_a_secret_is_stored() -> None:
    handle, text, stored = new_key()
    secret = text[len(f"hub_{handle}_") :]
    assert (len(secret), stored) == (43, hashed(secret))
