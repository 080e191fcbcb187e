"""The network at a glance: what goes each way between communities, by name, and no small number told."""

import re
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from node.domain.errors import NotAllowed
from node.domain.members import Role
from node.domain.network import Band, Flow, Flows, Link, Neighbour
from node.domain.peers import PeerLevel
from node.domain.shares import Level
from node.services import members, network, peers, rest
from node.web.network import ON_A_PAGE, places
from tests.federation.pages import Browser
from tests.federation.test_what_can_go_otherwise import agreed
from tests.village import Village, befriend, settle

SVG = re.compile(r"<svg.*</svg>", re.DOTALL)


async def seen(one: Village) -> tuple[Neighbour, ...]:
    return await network.at_a_glance(one.community, one.dispatcher)


async def test_what_went_each_way_this_month(north: Village, river: Village, market: Village) -> None:
    """Both ends tell the same from their own side; neighbours stand by name, however much or little goes there."""
    await befriend(market, north)
    await agreed(north, river)  # one need shown, one task
    for number in range(6):
        await river.share(await river.ask(f"Soup on day {number}"), Level.PEERS)
    await settle(north, river, market)
    at_north = await seen(north)
    assert [one.name for one in at_north] == ["Market Hall Kitchen", "River Street Circle"]
    street = at_north[1]
    assert (street.to_them.notices.band, street.to_them.notices.told) == (Band.FEW, None)
    assert (street.to_us.tasks, street.to_them.tasks) == (Flow.of(1), Flow.of(0))
    assert street.to_us.notices == Flow(Band.SOME, 6)
    (side,) = await seen(river)
    assert (side.to_them, side.to_us) == (street.to_us, street.to_them)
    assert at_north[0].to_them.notices.band is Band.FEW  # peers level reaches everybody
    assert at_north[0].to_us.band is Band.NONE


async def test_a_notice_shown_in_two_ways_is_one_and_a_new_month_begins_with_nothing(
    north: Village, river: Village
) -> None:
    await befriend(river, north)
    for number in range(5):
        asked = await north.ask(f"Chairs {number}")
        await north.share(asked, Level.PEERS)
        await north.share(asked, Level.PUBLIC)
    await settle(north, river)
    assert (await seen(north))[0].to_them.notices.told == 5
    north.clock.forward(days=11)  # the first of December
    assert (await seen(north))[0].to_them.band is Band.NONE


async def test_who_rests_who_is_out_of_reach_who_is_paused_and_blocked(
    north: Village, river: Village, market: Village
) -> None:
    await befriend(river, north)
    assert [one.link for one in await seen(north)] == [Link.LINKED]
    await market.add_peer(north, PeerLevel.PEERS)
    await settle(north, market)
    assert [one.link for one in await seen(north)] == [Link.ASKED, Link.LINKED]
    await rest.declare(river.community, north.clock() + timedelta(days=9), river.dispatcher)
    await settle(north, river)
    assert (await seen(north))[1].link is Link.RESTS
    await river.close_doors()
    await north.share(await north.ask(), Level.PEERS)
    await settle(north)
    assert (await seen(north))[1].link is Link.UNREACHABLE
    await river.open_doors()
    north.clock.forward(hours=1)
    await settle(north, river)
    assert (await seen(north))[1].link is Link.RESTS
    peer = (await north.peer(river)).peer
    await peers.pause(north.community, peer.id, north.dispatcher)
    assert (await seen(north))[1].link is Link.PAUSED
    await peers.block(north.community, peer.id, north.dispatcher)
    assert (await seen(north))[1].link is Link.BLOCKED


async def test_the_page_draws_it_escapes_it_and_says_it_in_words(north: Village, river: Village) -> None:
    """The picture is well-formed, has no script, style or address from elsewhere, and the same every time."""
    await befriend(river, north)
    async with north.community.database.unit_of_work() as work:
        peer = (await work.peers.all())[0]
        rogue = '</svg><script>alert("1")</script> & Söhne'
        await work.peers.put(type(peer)(**{**peer.__dict__, "name": rogue}))
    async with Browser(north) as robin:
        await robin.walk_in(north.dispatcher)
        async with robin._session.get("/network") as answer:  # as it was sent, entities and all
            page = await answer.text()
        async with robin._session.get("/network") as answer:
            assert SVG.search(await answer.text())[0] == SVG.search(page)[0]  # type: ignore[index]
        assert "Nothing" not in page and "They showed us" in page
    picture = SVG.search(page)[0]  # type: ignore[index]
    ElementTree.fromstring(picture)
    assert "<script" not in page.partition("<main")[2]
    assert not re.search(r"style=|href=|url\(", picture)
    assert picture.count("http") == 1  # the name of SVG itself


async def test_whom_it_is_for(north: Village) -> None:
    helper = await members.add(north.community, "Sol", frozenset({Role.HELPER}))
    with pytest.raises(NotAllowed):
        await network.at_a_glance(north.community, helper)
    async with Browser(north) as robin:
        await robin.walk_in(north.dispatcher)
        assert "nothing to draw" in await robin.open("/network?page=99x")


def test_small_numbers_are_a_few_and_long_names_find_room() -> None:
    assert [Flow.of(number).told for number in (0, 1, 4, 5, 12)] == [0, None, None, 5, 12]
    empty = Flow.of(0)
    one = Neighbour(
        "p", "A very long name of a community", "@a@b", Link.LINKED, Flows(empty, empty), Flows(empty, empty)
    )
    drawn = places((one,) * ON_A_PAGE)
    assert drawn[0].lines == ("A very long name", "of a community")
    assert (
        places((replace(one, name="The neighbours of the river between the two old bridges"),))[0].lines[1][-1] == "…"
    )
    assert len({place.top for place in drawn}) == ON_A_PAGE
