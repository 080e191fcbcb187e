"""Is it really them? Both ends see the same six words, and hear it when a key is another one."""

import pytest

from node.domain.errors import Conflict, NotAllowed
from node.domain.fingerprints import Keys, words_for
from node.domain.members import Role
from node.domain.peers import PeerLevel
from node.services import fingerprints, keys, members, peers
from node.services.fingerprints import Fingerprint
from tests.village import Village, befriend, settle


async def words(one: Village, other: Village) -> Fingerprint:
    return await fingerprints.fingerprint(one.community, (await one.peer(other)).peer.id)


async def compare(one: Village, other: Village) -> Fingerprint:
    peer_id = (await one.peer(other)).peer.id
    return await fingerprints.note_compared(one.community, peer_id, (await words(one, other)).words, one.dispatcher)


async def test_both_see_the_same_words_from_the_first_question_on(
    north: Village, river: Village, market: Village
) -> None:
    """Before anybody has said yes; another pair has other words."""
    await river.add_peer(north, PeerLevel.PEERS)
    await settle(north, river)
    seen = await words(river, north)
    assert len(seen.words.split()) == 6
    assert (await words(north, river)).words == seen.words
    await befriend(market, north)
    assert (await words(market, north)).words == (await words(north, market)).words != seen.words


async def test_changed_keys_change_the_words_at_both_ends_and_that_is_said(north: Village, river: Village) -> None:
    await befriend(river, north)
    before = await words(north, river)
    assert (before.compared_at, before.has_changed) == (None, False)
    for one, other in ((north, river), (river, north)):
        assert (await compare(one, other)).compared_at == one.clock()
    await keys.rotate(north.community)
    await settle(north, river)
    during = await words(north, river)
    assert during.words == (await words(river, north)).words != before.words
    assert during.has_changed and (await words(river, north)).has_changed
    assert not (await compare(river, north)).has_changed
    assert (await words(north, river)).has_changed  # each side says so for itself
    north.clock.forward(days=7)
    await keys.refresh(north.community)
    await settle(north, river)
    after = await words(river, north)
    assert after.words == (await words(north, river)).words != during.words
    assert not after.has_changed  # an old key is gone, nobody came in


async def test_whoever_missed_the_news_looks_again(north: Village, river: Village) -> None:
    await befriend(river, north)
    await river.close_doors()
    await keys.rotate(north.community, at_once=True)
    await settle(north)
    await river.open_doors()
    assert (await words(river, north)).words != (await words(north, river)).words
    peer = (await river.peer(north)).peer
    looked = await fingerprints.look_again(river.community, peer.id, river.dispatcher)
    assert looked.words == (await words(north, river)).words


async def test_only_the_words_that_stand_now_are_noted_and_by_a_steward(north: Village, river: Village) -> None:
    """Somebody reads the page, a key changes, and the button of the old page does not count for the new key."""
    await befriend(river, north)
    peer, seen = (await north.peer(river)).peer, (await words(north, river)).words
    await keys.rotate(river.community)
    await settle(north, river)
    with pytest.raises(Conflict, match="changed meanwhile"):
        await fingerprints.note_compared(north.community, peer.id, seen, north.dispatcher)
    assert (await words(north, river)).compared_at is None
    noor = await members.add(north.community, "Noor", frozenset({Role.DISPATCHER}))
    with pytest.raises(NotAllowed):
        await fingerprints.note_compared(north.community, peer.id, (await words(north, river)).words, noor)
    typed = (await words(north, river)).words.upper().replace(" ", "-")
    noted = await fingerprints.note_compared(north.community, peer.id, f" {typed} ", north.dispatcher)
    assert noted.compared_at == north.clock()


async def test_who_is_linked_anew_is_compared_anew(north: Village, river: Village) -> None:
    await befriend(river, north)
    await compare(north, river)
    await peers.drop(north.community, (await north.peer(river)).peer.id, north.dispatcher)
    await settle(north, river)
    await befriend(river, north)
    assert (await words(north, river)).compared_at is None


def test_any_other_key_or_address_gives_other_words() -> None:
    here = Keys("https://north.example/actors/peers", frozenset({"a", "b"}))
    there = Keys("https://river.example/actors/peers", frozenset({"c"}))
    same = {words_for(here, there), words_for(there, here)}
    others = [
        Keys(there.actor, frozenset({"c", "d"})),
        Keys(there.actor, frozenset({"d"})),
        Keys("https://river.example.net/actors/peers", there.marks),
    ]
    assert len(same) == 1
    assert len(same | {words_for(here, other) for other in others}) == 4
