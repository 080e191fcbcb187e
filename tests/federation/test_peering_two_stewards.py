"""Two stewards for a link and for a share: the first yes waits, is seen, runs out, and nobody is both."""

from dataclasses import replace

import pytest

from node.domain.consent import Channel, Question, Use
from node.domain.errors import Conflict, NotAllowed
from node.domain.members import Member, Role
from node.domain.peers import FollowState, PeerLevel
from node.domain.second_yes import of_link, of_share
from node.domain.shares import Level, ShareRequest
from node.services import consents, members, peers, second_yes, shares
from node.services.consents import Said
from node.services.second_yes import Deed
from tests.village import EVERYTHING, Village, befriend, settle


async def noor_of(one: Village, *roles: Role) -> Member:
    return await members.add(one.community, "Noor", frozenset(roles or {Role.DISPATCHER, Role.STEWARD}))


async def two_for(one: Village, deed: Deed) -> None:
    await second_yes.require_two(one.community, deed, True, one.dispatcher)


async def test_an_accepted_link_takes_two_stewards(north: Village, river: Village) -> None:
    """The first yes says nothing to anybody outside; the same person twice is still one."""
    noor = await noor_of(north)
    await two_for(north, Deed.LINKS)
    await river.add_peer(north, PeerLevel.PEERS)
    await settle(north, river)
    peer_id = (await north.peer(river)).peer.id
    for _ in range(2):
        standing = await peers.accept(north.community, peer_id, north.dispatcher)
        assert standing.incoming is FollowState.ASKED
    await settle(north, river)
    assert (await river.peer(north)).outgoing is FollowState.ASKING
    waiting = await second_yes.waiting(north.community, of_link(peer_id), noor)
    assert waiting is not None
    assert (waiting.name, waiting.at, waiting.is_mine) == ("Robin", north.clock(), False)
    assert (await peers.accept(north.community, peer_id, noor)).incoming is FollowState.ACCEPTED
    await settle(north, river)
    assert (await river.peer(north)).outgoing is (await river.peer(north)).incoming is FollowState.ACCEPTED
    assert await second_yes.waiting(north.community, of_link(peer_id), noor) is None


async def test_asking_for_a_link_takes_two_as_well(north: Village, river: Village) -> None:
    """Otherwise one alone could link by asking first."""
    noor = await noor_of(river)
    await two_for(river, Deed.LINKS)
    standing = await river.add_peer(north, PeerLevel.PEERS)
    assert (standing.outgoing, standing.peer.level) == (None, PeerLevel.PUBLIC)
    await settle(north, river)
    assert await peers.listing(north.community) == ()
    second = await peers.change_level(river.community, standing.peer.id, PeerLevel.PEERS, noor)
    assert second.outgoing is FollowState.ASKING
    await settle(north, river)
    assert (await north.peer(river)).incoming is FollowState.ASKED


async def test_a_first_yes_runs_out_and_can_be_taken_back(north: Village, river: Village) -> None:
    noor = await noor_of(north)
    await two_for(north, Deed.LINKS)
    await river.add_peer(north, PeerLevel.PEERS)
    await settle(north, river)
    peer_id = (await north.peer(river)).peer.id
    await peers.accept(north.community, peer_id, north.dispatcher)
    north.clock.forward(days=7)
    assert await second_yes.waiting(north.community, of_link(peer_id), noor) is None
    assert (await peers.accept(north.community, peer_id, noor)).incoming is FollowState.ASKED
    await second_yes.take_back(north.community, of_link(peer_id), noor)
    assert (await peers.accept(north.community, peer_id, north.dispatcher)).incoming is FollowState.ASKED
    await second_yes.take_back(north.community, of_link(peer_id), noor)
    assert (await peers.accept(north.community, peer_id, None)).incoming is FollowState.ACCEPTED  # at the server itself


async def test_the_rule_is_a_stewards_to_set_and_not_one_stewards_to_end(north: Village) -> None:
    helper = await noor_of(north, Role.DISPATCHER)
    with pytest.raises(NotAllowed):
        await second_yes.require_two(north.community, Deed.SHARES, True, helper)
    await two_for(north, Deed.SHARES)
    with pytest.raises(Conflict, match="peer stewards shares 1"):
        await second_yes.require_two(north.community, Deed.SHARES, False, north.dispatcher)
    assert await second_yes.rules(north.community) == {Deed.SHARES}
    await second_yes.require_two(north.community, Deed.SHARES, False, None)
    assert await second_yes.rules(north.community) == frozenset()


async def test_a_share_waits_for_a_second_steward_who_says_yes_to_the_very_same(north: Village, river: Village) -> None:
    await befriend(river, north)
    wren = await members.add(north.community, "Wren", frozenset({Role.DISPATCHER}))
    noor = await noor_of(north)
    await two_for(north, Deed.SHARES)
    asked = await north.ask("A desk")
    wanted = ShareRequest(Level.PEERS, text="A desk for a child.")
    for who in (wren, wren):
        with pytest.raises(Conflict, match="waits for the yes of a steward"):
            await shares.share(north.community, asked.notice.id, wanted, who)
    await settle(north, river)
    assert await river.feed() == ()
    with pytest.raises(Conflict):  # other words: that is a first yes again
        await shares.share(north.community, asked.notice.id, replace(wanted, text="A small desk."), noor)
    with pytest.raises(Conflict):  # a second yes is a steward's
        await shares.share(north.community, asked.notice.id, replace(wanted, text="A small desk."), wren)
    again = await second_yes.details(north.community, of_share(asked.notice.id))
    assert again is not None
    assert again["text"] == "A small desk."
    with pytest.raises(Conflict):
        await shares.share(north.community, asked.notice.id, wanted, wren)
    made = await shares.share(north.community, asked.notice.id, wanted, noor)
    await settle(north, river)
    assert (await river.only_item()).item.object_id == made.object_id


async def test_consent_that_was_taken_back_meanwhile_counts(north: Village, river: Village) -> None:
    """The second yes is decided anew, like any share."""
    await befriend(river, north)
    noor = await noor_of(north)
    await two_for(north, Deed.SHARES)
    asked = await north.ask("A desk", consent=EVERYTHING)
    wanted = ShareRequest(Level.PEERS)
    with pytest.raises(Conflict):
        await shares.share(north.community, asked.notice.id, wanted, north.dispatcher)
    said = Said((Question(Use.PEERS),), False, "May they know?", Channel.PHONE, "en")
    await consents.record(north.community, asked.notice.id, said, north.dispatcher)
    with pytest.raises(Conflict, match="did not agree"):
        await shares.share(north.community, asked.notice.id, wanted, noor)
