"""Keys that an actor lists in `assertionMethod` (FEP-521a): found, kept and refetched like any other."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from federation.errors import BadSignature
from federation.keys import PrivateKey, PublicKey, generate_ed25519
from federation.resolve import KeyCache, find_key
from schemas.actors import Actor, Multikey
from schemas.actors import PublicKey as ListedKey

AS = "https://www.w3.org/ns/activitystreams"
ID = "http://hill.example/actors/public"
MAIN, EDWARDS = f"{ID}#main-key", f"{ID}#ed25519-key"


@pytest.fixture
def multikey(edwards_key: PrivateKey) -> dict[str, Any]:
    return {
        "id": EDWARDS,
        "type": "Multikey",
        "controller": ID,
        "publicKeyMultibase": edwards_key.public_multibase,
    }


@pytest.fixture
def actor(river_key: PrivateKey, multikey: dict[str, Any]) -> dict[str, Any]:
    return {
        "@context": [AS, "https://w3id.org/security/v1"],
        "id": ID,
        "type": "Organization",
        "inbox": f"{ID}/inbox",
        "publicKey": {"id": MAIN, "owner": ID, "publicKeyPem": river_key.public_pem},
        "assertionMethod": [multikey],
    }


# C-13, C-74
async def test_a_multikey_is_found_and_may_vouch(
    neighbours: Any, actor: dict[str, Any], now: datetime, edwards_key: PrivateKey
) -> None:
    neighbours.page(ID, actor)
    key, owner = await find_key(neighbours.transport(), EDWARDS, None, now)
    assert (key.id, key.owner, owner.id, key.kind, key.asserts) == (EDWARDS, ID, ID, "ed25519", True)
    assert key.verify(edwards_key.sign(b"x"), b"x")
    main, _ = await find_key(neighbours.transport(), MAIN, None, now)
    assert (main.kind, main.asserts) == ("rsa", False)


# C-13: an RSA key may stand there as well
async def test_an_rsa_multikey(
    neighbours: Any, actor: dict[str, Any], multikey: dict[str, Any], now: datetime, river_key: PrivateKey
) -> None:
    old = {**multikey, "id": f"{ID}#old-key", "publicKeyMultibase": river_key.public_multibase}
    neighbours.page(ID, {**actor, "assertionMethod": [multikey, old]})
    key, _ = await find_key(neighbours.transport(), f"{ID}#old-key", None, now)
    assert key.verify(river_key.sign(b"x"), b"x")


# C-76, C-77, C-86, T-3
@pytest.mark.parametrize(
    "change",
    [
        {"id": f"{ID}#other"},
        {"controller": "http://hill.example/actors/peers"},
        {"controller": "http://river.example/actors/public"},
        {"publicKeyMultibase": "z6Mk"},
        {"publicKeyMultibase": "uABCD"},
    ],
)
async def test_a_multikey_that_is_not_the_actors_own(
    neighbours: Any, actor: dict[str, Any], multikey: dict[str, Any], now: datetime, change: dict[str, str]
) -> None:
    neighbours.page(ID, {**actor, "assertionMethod": [{**multikey, **change}]})
    with pytest.raises(BadSignature):
        await find_key(neighbours.transport(), EDWARDS, None, now)


class Owner:
    """An actor whose keys can be fetched; `fetched` is what was asked for."""

    def __init__(self, rsa: PrivateKey, edwards: PrivateKey, now: datetime) -> None:
        self.rsa, self.edwards, self.now = rsa, edwards, now
        self.fetched: list[str] = []

    async def fetch(self, key_id: str) -> tuple[PublicKey, Actor]:
        self.fetched.append(key_id)
        listed = Multikey(id=self.edwards.id, controller=ID, public_key_multibase=self.edwards.public_multibase)
        main = ListedKey(id=MAIN, owner=ID, public_key_pem=self.rsa.public_pem)
        actor = Actor(id=ID, type="Organization", public_key=main, assertion_method=(listed,))
        key = {MAIN: self.rsa, self.edwards.id: self.edwards}.get(key_id)
        if key is None:
            raise BadSignature("No such key.")
        return PublicKey(key_id, ID, key.public_pem, asserts=key is self.edwards), actor


@pytest.fixture
def owner(river_key: PrivateKey, now: datetime) -> Owner:
    return Owner(river_key, generate_ed25519(EDWARDS), now)


# C-80: neither pushes the other out
async def test_both_kinds_are_kept_side_by_side(owner: Owner) -> None:
    cache = KeyCache(owner.fetch, lambda: owner.now)
    for key_id in (EDWARDS, MAIN, EDWARDS, MAIN):
        assert (await cache.find(key_id)).id == key_id
    assert owner.fetched == [EDWARDS, MAIN]


# C-80, C-81
async def test_a_multikey_is_refetched_once_in_five_minutes(owner: Owner) -> None:
    cache = KeyCache(owner.fetch, lambda: owner.now)
    old = (await cache.find(EDWARDS)).pem
    owner.edwards = generate_ed25519(EDWARDS)
    for _ in range(3):
        assert (await cache.refetch(EDWARDS)).pem != old
    assert owner.fetched == [EDWARDS, EDWARDS]
    owner.now += timedelta(minutes=5)
    await cache.refetch(EDWARDS)
    assert len(owner.fetched) == 3


# C-80
async def test_a_multikey_that_is_not_there_is_not_asked_for_again_at_once(owner: Owner) -> None:
    cache = KeyCache(owner.fetch, lambda: owner.now)
    for _ in range(3):
        with pytest.raises(BadSignature):
            await cache.find(f"{ID}#nothing")
    assert owner.fetched == [f"{ID}#nothing"]


# C-82
async def test_a_multikey_that_vanished_stops_working_when_its_owner_is_seen_again(owner: Owner) -> None:
    cache = KeyCache(owner.fetch, lambda: owner.now)
    await cache.find(EDWARDS)
    owner.edwards = generate_ed25519(f"{EDWARDS}-2")
    await cache.find(MAIN)
    with pytest.raises(BadSignature):
        await cache.find(EDWARDS)
