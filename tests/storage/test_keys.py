"""Our actors' keys at rest, and what other hosts are known to understand."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from node.domain.peers import HostSkills, OwnActor
from node.storage.keys import ListedKey, StoredKey
from node.storage.tables import actor_keys
from node.storage.unit_of_work import UnitOfWork
from tests.unit.node.make import NORTH, NOW, RIVER, make_actor

PEM = b"-----BEGIN PRIVATE KEY-----"
FIRST = StoredKey(NORTH.rsa_key(OwnActor.PUBLIC), OwnActor.PUBLIC, "rsa", PEM, NOW)
SECOND = StoredKey(f"{FIRST.key_id}-2", OwnActor.PUBLIC, "rsa", PEM, NOW + timedelta(days=1))


# T-43
async def test_a_key_rests_wrapped_and_goes_for_good(work: UnitOfWork) -> None:
    for key in (FIRST, SECOND):
        await work.keys.add(key)
    assert set(await work.keys.all()) == {FIRST, SECOND}
    assert set(await work.keys.listing()) == {
        ListedKey(key.key_id, key.own_actor, key.kind, key.created_at) for key in (FIRST, SECOND)
    }
    for wrapped in await work.connection.scalars(select(actor_keys.c.private_pem_wrapped)):
        assert b"PRIVATE" not in wrapped
    await work.keys.remove([FIRST.key_id])
    assert await work.keys.all() == (SECOND,)


# C-8: only what all of a host's actors say of themselves is taken for true of the host
@pytest.mark.parametrize(
    ("said", "skills"),
    [
        ([(True, True), (True, True)], HostSkills(True, True)),
        ([(True, False), (False, True)], HostSkills(False, False)),
        ([(False, True)], HostSkills(False, True)),
        ([(True, True), (True, False)], HostSkills(True, False)),
    ],
)
async def test_what_a_host_understands(work: UnitOfWork, said: list[tuple[bool, bool]], skills: HostSkills) -> None:
    for number, (is_manyhands, takes_rfc9421) in enumerate(said):
        actor = make_actor(id=f"{RIVER}/actors/a{number}", is_manyhands=is_manyhands, takes_rfc9421=takes_rfc9421)
        await work.peers.put_actor(actor)
        assert await work.peers.actor(actor.id) == actor
    assert await work.peers.skills(["help.river.example", "nobody.example"]) == {"help.river.example": skills}
    assert await work.peers.skills([]) == {}
