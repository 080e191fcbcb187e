import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from federation.errors import BadSignature, Gone, KeyUnreachable
from federation.keys import PrivateKey, PublicKey
from federation.resolve import KeyCache
from schemas.actors import Actor
from schemas.actors import PublicKey as ListedKey

OWNER = "https://help.river.example/actors/public"
MAIN, SECOND = f"{OWNER}#main-key", f"{OWNER}#second-key"


class Owner:
    """An actor whose keys can be fetched; `fetched` is what was asked for."""

    def __init__(self, pem: str, now: datetime) -> None:
        self.pem = pem
        self.keys = [MAIN]
        self.now = now
        self.error: Exception | None = None
        self.fetched: list[str] = []

    async def fetch(self, key_id: str) -> tuple[PublicKey, Actor]:
        self.fetched.append(key_id)
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        if key_id not in self.keys:
            raise BadSignature("No such key.")
        listed = [ListedKey(id=key, owner=OWNER, public_key_pem=self.pem) for key in self.keys]
        actor = Actor(id=OWNER, type="Organization", public_key=listed[0], other_public_keys=tuple(listed[1:]))
        return PublicKey(key_id, OWNER, self.pem), actor

    def after(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def owner(river_key: PrivateKey, now: datetime) -> Owner:
    return Owner(river_key.public_pem, now)


@pytest.fixture
def cache(owner: Owner) -> KeyCache:
    return KeyCache(owner.fetch, lambda: owner.now)


# C-80
async def test_a_key_is_kept_for_a_day(owner: Owner, cache: KeyCache) -> None:
    assert (await cache.find(MAIN)).id == MAIN
    owner.after(hours=23)
    await cache.find(MAIN)
    assert owner.fetched == [MAIN]
    owner.after(hours=1)
    await cache.find(MAIN)
    assert owner.fetched == [MAIN, MAIN]


# C-80
@pytest.mark.parametrize(
    ("error", "minutes"), [(lambda: BadSignature("No such key."), 5), (Gone, 5), (KeyUnreachable, 1)]
)
async def test_a_failure_is_kept_for_a_while(
    owner: Owner, cache: KeyCache, error: Callable[[], Exception], minutes: int
) -> None:
    owner.error = error()
    for _ in range(3):
        with pytest.raises(type(owner.error)) as raised:
            await cache.find(MAIN)
        assert str(raised.value) == str(owner.error)
    assert owner.fetched == [MAIN]
    owner.error = None
    owner.after(minutes=minutes)
    assert (await cache.find(MAIN)).id == MAIN


# C-81
async def test_a_key_is_fetched_anew_once_in_five_minutes(owner: Owner, cache: KeyCache, other_key: PrivateKey) -> None:
    old = owner.pem
    await cache.find(MAIN)
    owner.pem = other_key.public_pem
    assert (await cache.find(MAIN)).pem == old
    assert (await cache.refetch(MAIN)).pem == other_key.public_pem
    assert (await cache.find(MAIN)).pem == other_key.public_pem
    for _ in range(3):
        await cache.refetch(MAIN)
    assert owner.fetched == [MAIN, MAIN]
    owner.after(minutes=5)
    await cache.refetch(MAIN)
    assert len(owner.fetched) == 3


# C-82
async def test_a_key_that_vanished_stops_working_after_a_refetch(owner: Owner, cache: KeyCache) -> None:
    await cache.find(MAIN)
    owner.keys = []
    with pytest.raises(BadSignature):
        await cache.refetch(MAIN)
    with pytest.raises(BadSignature):
        await cache.find(MAIN)


# C-82
async def test_a_key_that_vanished_stops_working_when_its_owner_is_fetched_for_another(
    owner: Owner, cache: KeyCache
) -> None:
    await cache.find(MAIN)
    owner.keys = [SECOND]
    await cache.find(SECOND)
    with pytest.raises(BadSignature):
        await cache.find(MAIN)


async def test_the_keys_of_one_actor_can_be_forgotten(owner: Owner, cache: KeyCache) -> None:
    await cache.find(MAIN)
    cache.forget("https://somebody.example/else")
    await cache.find(MAIN)
    assert owner.fetched == [MAIN]
    cache.forget(OWNER)
    await cache.find(MAIN)
    assert owner.fetched == [MAIN, MAIN]


# T-22
async def test_many_requests_share_one_fetch(owner: Owner, cache: KeyCache) -> None:
    found = await asyncio.gather(*(cache.find(MAIN) for _ in range(20)))
    assert {key.id for key in found} == {MAIN}
    assert owner.fetched == [MAIN]


# T-22
async def test_a_storm_of_keys_is_cut_short(owner: Owner, cache: KeyCache) -> None:
    found = await asyncio.gather(*(cache.find(f"{OWNER}#{number}") for number in range(50)), return_exceptions=True)
    assert len(owner.fetched) == 32
    assert sum(isinstance(one, KeyUnreachable) for one in found) == 18


async def test_one_that_stops_waiting_does_not_stop_the_others(owner: Owner, cache: KeyCache) -> None:
    impatient = asyncio.create_task(cache.find(MAIN))
    patient = asyncio.create_task(cache.find(MAIN))
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await patient).id == MAIN
    assert impatient.cancelled()


# T-24
async def test_the_longest_unused_key_is_forgotten_first(owner: Owner) -> None:
    owner.keys = [MAIN, SECOND, f"{OWNER}#third-key"]
    cache = KeyCache(owner.fetch, lambda: owner.now, size=2)
    for key_id in (MAIN, SECOND, MAIN, f"{OWNER}#third-key"):
        await cache.find(key_id)
    owner.fetched.clear()
    await cache.find(MAIN)
    assert owner.fetched == []
    await cache.find(SECOND)
    assert owner.fetched == [SECOND]


async def test_an_endless_key_id_is_not_asked_for(owner: Owner, cache: KeyCache) -> None:
    with pytest.raises(KeyUnreachable):
        await cache.find(OWNER + "#" + "x" * 3000)
    assert owner.fetched == []
