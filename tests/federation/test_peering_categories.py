"""What we send to a neighbour and what we take in from it, category by category: chosen by each side for itself."""

from decimal import Decimal

import pytest

from node.domain.errors import Conflict, Invalid, NotAllowed
from node.domain.exchange import EVERY, LEAST
from node.domain.members import Member, Role
from node.domain.notices import Wording
from node.domain.peers import OwnActor
from node.domain.responses import ResponseState
from node.domain.shares import Level, RecipientState, Share, ShareRequest
from node.services import exchange, handoffs, members, needs, peers, responses, shares
from node.services.exchange import Wish
from node.services.needs import Asked
from tests.village import Village, befriend, settle, signed_get


async def choose(one: Village, other: Village, **wish: frozenset[str]) -> None:
    await exchange.choose(one.community, (await one.peer(other)).peer.id, Wish(**wish), one.dispatcher)


async def titles(one: Village) -> set[str]:
    return {entry.item.title for entry in await one.feed()}


async def copies(one: Village, share: Share) -> list[RecipientState]:
    return [line.state for line in (await shares.get(one.community, share.id)).recipients]


async def shared(one: Village, title: str, category: str) -> Share:
    return await one.share(await one.ask(title, category=category), Level.PEERS)


async def helper_of(one: Village) -> Member:
    return await members.add(one.community, "Noor", frozenset({Role.DISPATCHER}))


async def test_a_new_link_starts_with_the_least(north: Village, river: Village) -> None:
    """What is delicate goes neither way before both sides have switched it on."""
    await befriend(river, north)
    for one, other in ((north, river), (river, north)):
        assert (await one.peer(other)).peer.exchange == exchange.Exchange(LEAST, LEAST)
    await shared(north, "Winter coats", "goods")
    rent = await shared(north, "Help with the rent", "money")
    await settle(north, river)
    assert await titles(river) == {"Winter coats"}
    assert await copies(north, rent) == []
    assert await signed_get(river, rent.object_id, OwnActor.PEERS) == 404
    await choose(north, river, sends=EVERY)
    await settle(north, river)
    assert await titles(river) == {"Winter coats"}  # river has not said that it wants it
    assert await copies(north, rent) == [RecipientState.SENT]
    await choose(river, north, receives=EVERY)
    await settle(north, river)
    assert await titles(river) == {"Winter coats", "Help with the rent"}
    assert await signed_get(river, rent.object_id, OwnActor.PEERS) == 200


async def test_the_two_directions_and_two_neighbours_are_separate(
    north: Village, river: Village, market: Village
) -> None:
    await befriend(river, north)
    await befriend(market, north)
    await choose(north, river, sends=frozenset({"meals"}), receives=frozenset())
    await shared(north, "Soup", "meals")
    await shared(north, "A desk", "goods")
    await shared(river, "A ladder", "goods")
    await settle(north, river, market)
    assert await titles(river) == {"Soup"}
    assert await titles(market) == {"Soup", "A desk"}
    assert await titles(north) == set()


async def test_turned_down_what_they_hold_is_erased_and_they_confirm_it(north: Village, river: Village) -> None:
    """The Delete goes to that neighbour alone, the share goes on, and turning it up again brings only what is new."""
    await befriend(river, north)
    soup, desk = await shared(north, "Soup", "meals"), await shared(north, "A desk", "goods")
    await settle(north, river)
    assert await titles(river) == {"Soup", "A desk"}
    await choose(north, river, sends=frozenset({"meals"}))
    later = await shared(north, "A lamp", "goods")
    await settle(north, river)
    assert await titles(river) == {"Soup"}
    assert (await copies(north, desk), await copies(north, soup)) == ([RecipientState.ERASED], [RecipientState.SENT])
    assert (await copies(north, later), (await shares.get(north.community, desk.id)).share.is_shown) == ([], True)
    assert await signed_get(river, desk.object_id, OwnActor.PEERS) == 404
    await choose(north, river, sends=LEAST)
    await settle(north, river)
    assert await titles(river) == {"Soup", "A lamp"}
    assert await copies(north, desk) == [RecipientState.ERASED]
    again = await north.share(await north.ask("A desk"), Level.PEERS)
    await settle(north, river)
    assert await titles(river) == {"Soup", "A lamp", "A desk"}
    assert again.object_id != desk.object_id


async def test_what_waited_to_be_sent_is_not_sent_any_more(north: Village, river: Village) -> None:
    """Their server was down when it was shared and when it was turned down; it comes back and never sees it."""
    await befriend(river, north)
    await river.close_doors()
    desk = await shared(north, "A desk", "goods")
    await settle(north)
    await choose(north, river, sends=frozenset())
    await settle(north)
    await river.open_doors()
    north.clock.forward(hours=2)
    await settle(north, river)
    assert await titles(river) == set()
    assert await copies(north, desk) == [RecipientState.ERASED]


async def test_what_is_not_taken_in_is_not_kept_at_all(north: Village, river: Village) -> None:
    """Turned down the copy goes, turned up it is read again; an Update about it brings nothing back by itself."""
    await befriend(river, north)
    asked = await north.ask("A desk")
    await north.share(asked, Level.PEERS)
    await settle(north, river)
    await choose(river, north, receives=frozenset({"meals"}))
    assert await titles(river) == set()
    await needs.correct(north.community, asked.notice.id, Wording("A large desk", category="goods"), north.dispatcher)
    await settle(north, river)
    assert await titles(river) == set()
    await choose(river, north, receives=frozenset({"goods"}))
    await settle(north, river)
    assert await titles(river) == {"A large desk"}


async def test_a_notice_that_changes_its_category_follows_what_was_chosen(north: Village, river: Village) -> None:
    await befriend(river, north)
    asked = await north.ask("A hundred crowns")
    share = await north.share(asked, Level.PEERS)
    await settle(north, river)
    await needs.correct(
        north.community, asked.notice.id, Wording("A hundred crowns", category="money"), north.dispatcher
    )
    await settle(north, river)
    assert await titles(river) == set()
    assert await copies(north, share) == [RecipientState.ERASED]


async def test_a_task_that_is_offered_or_under_way_goes_on(north: Village, river: Village) -> None:
    """At the origin and at the helper: neither side's turning down takes a task away."""
    await befriend(river, north)
    asked = await north.ask("A desk", quantity=Decimal(1))
    share = await north.share(asked, Level.PEERS)
    await settle(north, river)
    await river.offer(1)
    await settle(north, river)
    await choose(north, river, sends=frozenset())
    await choose(river, north, receives=frozenset())
    await settle(north, river)
    assert await titles(river) == {"A desk"}
    assert await copies(north, share) == [RecipientState.SENT]
    response = await north.response()
    await responses.agree(north.community, response.id, (), None, north.dispatcher)
    await settle(north, river)
    (task,) = await handoffs.listing(river.community)
    assert task.response.state is ResponseState.AGREED


async def test_only_a_steward_names_a_neighbour_for_what_is_switched_off(north: Village, river: Village) -> None:
    """A dispatcher reads why; a steward's word for one notice is enough, until the steward turns more down."""
    await befriend(river, north)
    peer = (await north.peer(river)).peer
    asked = await north.ask("Help with the rent", category="money")
    wanted, noor = ShareRequest(Level.NAMED, (peer.id,)), await helper_of(north)
    preview = await shares.preview(north.community, asked.notice.id, wanted, noor)
    assert "has not switched “Money” on for River" in preview.blocked
    with pytest.raises(Conflict, match="Ask a steward"):
        await shares.share(north.community, asked.notice.id, wanted, noor)
    assert not (await shares.preview(north.community, asked.notice.id, wanted, north.dispatcher)).blocked
    share = await north.share(asked, Level.NAMED, peers=(peer.id,))
    await choose(river, north, receives=EVERY)
    await settle(north, river)
    assert await titles(river) == {"Help with the rent"}
    await choose(north, river, sends=EVERY)
    await choose(north, river, sends=LEAST)
    await settle(north, river)
    assert await titles(river) == set()
    assert not (await shares.get(north.community, share.id)).share.is_shown  # it was named for nobody else


async def test_of_two_that_were_named_the_other_keeps_it(north: Village, river: Village, market: Village) -> None:
    await befriend(river, north)
    await befriend(market, north)
    both = tuple([(await north.peer(one)).peer.id for one in (river, market)])
    share = await north.share(await north.ask("A desk"), Level.NAMED, peers=both)
    await settle(north, river, market)
    await choose(north, river, sends=frozenset())
    await settle(north, river, market)
    assert (await titles(river), await titles(market)) == (set(), {"A desk"})
    assert (await shares.get(north.community, share.id)).share.named == both[1:]


async def test_the_preview_says_who_gets_it_and_who_does_not_and_why(
    north: Village, river: Village, market: Village
) -> None:
    await befriend(river, north)
    await befriend(market, north)
    asked: Asked = await north.ask("A desk")

    async def reasons(level: Level = Level.PEERS) -> dict[str, str]:
        found = await shares.preview(north.community, asked.notice.id, ShareRequest(level), north.dispatcher)
        return {reader.peer.host: reader.reason for reader in found.readers}

    there, far = river.community.host, market.community.host
    assert await reasons() == {there: "", far: ""}
    await choose(north, river, sends=frozenset({"meals"}))
    await peers.pause(north.community, (await north.peer(market)).peer.id, north.dispatcher)
    found = await reasons()
    assert "“Goods” on for" in found[there] and "rests" in found[far]
    assert await reasons(Level.PUBLIC) == {}
    await settle(north, river, market)


async def test_what_flows_is_chosen_by_stewards_from_known_categories(north: Village, river: Village) -> None:
    await befriend(river, north)
    peer = (await north.peer(river)).peer
    with pytest.raises(Invalid) as wrong:
        await choose(north, river, sends=frozenset({"weapons"}))
    assert set(wrong.value.fields) == {"sends"}
    with pytest.raises(NotAllowed):
        await exchange.choose(north.community, peer.id, Wish(sends=()), await helper_of(north))
    assert (await north.peer(river)).peer.exchange == peer.exchange


async def test_while_the_link_rests_nothing_moves_and_then_what_was_chosen_counts(
    north: Village, river: Village
) -> None:
    await befriend(river, north)
    await choose(north, river, sends=frozenset({"meals"}))
    desk = await shared(north, "A desk", "goods")
    peer_id = (await north.peer(river)).peer.id
    await peers.pause(north.community, peer_id, north.dispatcher)
    await choose(north, river, sends=LEAST)
    await settle(north, river)
    assert await copies(north, desk) == []
    await peers.resume(north.community, peer_id, north.dispatcher)
    await settle(north, river)
    assert await titles(river) == {"A desk"}
