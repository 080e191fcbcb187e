"""A friend's few words bring two communities together: asked for, written, read, and never acted on alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest

from node.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from node.domain.introductions import LONGEST, MOST_AT_ONCE, TEXT_LIMIT, Rule
from node.domain.members import Role
from node.domain.peers import OwnActor, PeerLevel
from node.services import blocks, introductions, members, peers
from node.services.introductions import Met, Wish
from node.translate.actors import PROFILE_1
from schemas.activities import Introduction, Undo
from tests.federation.outsider import Outsider
from tests.federation.pages import Browser
from tests.village import Clock, Village, befriend, key_of, settle

WORDS = "They cook on Thursdays and have a van. We have worked with them since the flood."
NEW_HERE = "We are new, cook for sixty, and would like to know who is near the river."


@pytest.fixture
async def friends(north: Village, river: Village, market: Village) -> None:
    """North knows both; river and market have never heard of each other."""
    await befriend(river, north)
    await befriend(market, north)


async def wish(newcomer: Village, friend: Village, text: str = NEW_HERE) -> None:
    """The newcomer asks its friend to be introduced."""
    peer = (await newcomer.peer(friend)).peer
    await introductions.ask_for(newcomer.community, peer.id, text, newcomer.dispatcher)
    await settle(newcomer, friend)


async def introduce(by: Village, about: Village, to: Village, text: str = WORDS, **more: bool) -> None:
    """The friend writes."""
    ids = [(await by.peer(one)).peer.id for one in (about, to)]
    await introductions.introduce(by.community, Wish(ids[0], (ids[1],), text, **more), by.dispatcher)
    await settle(by, about, to)


async def met(one: Village) -> tuple[Met, ...]:
    """Whom this community's stewards read about."""
    return (await introductions.overview(one.community, one.dispatcher)).met


def said(found: tuple[Met, ...]) -> list[tuple[str, list[str]]]:
    return [(one.about.name, [words.introduction.text for words in one.words]) for one in found]


async def raw(by: Village, to: Village, activity: Introduction | Undo) -> None:
    """One community's server says exactly this to another."""
    outside = Outsider(by.url, by.clock)
    outside.keys[activity.actor] = key_of(by, OwnActor.PEERS)
    assert await outside.say(to, activity) == 202
    await settle(by, to)


def words_about(about: str, by: Village, to: Village, name: str, **more: object) -> Introduction:
    """An introduction as its sender's server writes it."""
    target = f"{to.url}/actors/peers"
    actor = f"{by.url}/actors/peers"
    values: dict[str, object] = {"content": f"<p>{WORDS}</p>", "target": target, "object": about} | more
    return Introduction(id=f"{by.url}/a/{name}", actor=actor, to=(target,), **values)


# --- the good way ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("friends")
async def test_a_newcomer_with_one_friend_reaches_a_third_community(
    north: Village, river: Village, market: Village
) -> None:
    """Each side's records agree: what was written is what is read, and what was asked is what is answered."""
    await wish(market, north)
    (asking,) = (await introductions.overview(north.community, north.dispatcher)).asking
    assert (asking.friend, asking.introduction.text) == ("Market Hall Kitchen", NEW_HERE)
    assert await met(river) == ()  # nothing happened by itself
    await introduce(north, market, river)
    assert said(await met(river)) == [("Market Hall Kitchen", [WORDS])]
    (found,) = await met(river)
    assert [words.friend for words in found.words] == ["North Side Neighbours"]
    assert found.peer is None
    (written,) = (await introductions.overview(north.community, north.dispatcher)).written
    assert written.introduction.activity_id == found.words[0].introduction.activity_id
    assert written.introduction.ends_at == found.words[0].introduction.ends_at
    assert [one.peer.name for one in await peers.listing(market.community)] == ["North Side Neighbours"]

    await introductions.ask_them(river.community, found.id, river.dispatcher)
    await settle(river, market, north)
    asked = await market.peer(river)
    await peers.accept(market.community, asked.peer.id, market.dispatcher)
    await settle(river, market, north)
    assert (await river.peer(market)).outgoing == (await market.peer(river)).outgoing == "accepted"
    assert await met(river) == ()
    known = await introductions.known(river.community, (await river.peer(market)).peer, river.dispatcher)
    assert [one.introduction.text for one in known.words] == [WORDS]  # still to be read on the peer's page


@dataclass
class Hand:
    """Somebody's hand on the mouse: every link that is followed and every button that is pressed is a click."""

    browser: Browser
    page: str = ""
    clicks: int = 0

    async def look(self, path: str) -> None:
        """The page in front when somebody sits down."""
        self.page = await self.browser.open(path)

    async def follow(self, label: str) -> None:
        """Click on the link that says this."""
        before = self.page.partition(f">{label}</a>")[0]
        assert before != self.page, f"no link {label!r}"
        self.clicks += 1
        self.page = await self.browser.open(before.rpartition('href="')[2].partition('"')[0])

    async def press(self, label: str, **typed: str) -> None:
        """Fill in the form whose button says this, and press it."""
        before = next((form for form in self.page.split("<form ")[1:] if f">{label}<" in form), "")
        assert before, f"no button {label!r}"
        assert all(f'name="{name}"' in before for name in typed)
        self.clicks += 1
        action = before.partition('action="')[2].partition('"')[0]
        self.page = await self.browser.press(action, **typed)


@asynccontextmanager
async def hand(at: Village) -> AsyncIterator[Hand]:
    """A steward's."""
    async with Browser(at) as browser:
        await browser.walk_in(at.dispatcher)
        yield Hand(browser)


@pytest.mark.usefixtures("friends")
async def test_three_clicks_on_each_side(north: Village, river: Village, market: Village) -> None:
    """A newcomer begins at its friend's page, the others where they look what waits for them."""
    async with hand(market) as newcomer, hand(north) as friend, hand(river) as third:
        there = (await market.peer(north)).peer.id
        await newcomer.look(f"/peers/{there}")
        await newcomer.follow("Ask them to introduce us")
        await newcomer.press("Ask them", friend=there, text=NEW_HERE)
        assert "They have been asked" in newcomer.page
        await settle(north, river, market)

        await friend.look("/dispatch")
        await friend.follow("Read the introductions")
        assert NEW_HERE in friend.page
        await friend.follow("Introduce them")
        about, to = [(await north.peer(one)).peer.id for one in (market, river)]
        await friend.press("Introduce them", about=about, to=to, text=WORDS)
        assert "It is on its way" in friend.page
        await settle(north, river, market)

        await third.look("/dispatch")
        await third.follow("Read the introductions")
        assert WORDS in third.page and "Market Hall Kitchen" in third.page
        await third.press("Ask them")
        assert "We asked to receive what they share. They have not answered yet." in third.page
        assert WORDS in third.page
        await settle(north, river, market)

        await newcomer.look(f"/peers/{(await market.peer(river)).peer.id}")
        await newcomer.press("Accept")
        assert "You are linked" in newcomer.page
        await settle(north, river, market)
        assert [one.clicks for one in (newcomer, friend, third)] == [3, 3, 2]
    assert (await river.peer(market)).outgoing == (await market.peer(river)).incoming == "accepted"


@pytest.mark.usefixtures("friends")
async def test_both_to_each_other_at_once(north: Village, river: Village, market: Village) -> None:
    await wish(market, north)
    await wish(river, north, "We have room in our van.")
    await introduce(north, market, river, both=True)
    assert said(await met(river)) == [("Market Hall Kitchen", [WORDS])]
    assert said(await met(market)) == [("River Street Circle", [WORDS])]


# --- each community decides for itself ------------------------------------------------------------------------------


@pytest.mark.usefixtures("friends")
async def test_nobody_is_introduced_that_did_not_ask(north: Village, river: Village, market: Village) -> None:
    """Neither by the one who is introduced nor, the other way round, by the one who reads of it."""
    with pytest.raises(Conflict, match="has not asked to be introduced"):
        await introduce(north, market, river)
    await wish(market, north)
    with pytest.raises(Conflict, match="River Street Circle has not asked"):
        await introduce(north, market, river, both=True)
    assert await met(river) == await met(market) == ()
    north.clock.forward(days=91)
    with pytest.raises(Conflict, match="has not asked to be introduced"):
        await introduce(north, market, river)


@pytest.mark.usefixtures("friends")
async def test_who_asks_no_longer_is_introduced_no_longer(north: Village, river: Village, market: Village) -> None:
    """The wish is taken back: what the friend wrote because of it is taken back as well."""
    await wish(market, north)
    await introduce(north, market, river)
    (asked,) = (await introductions.overview(market.community, market.dispatcher)).asked
    await introductions.take_back(market.community, asked.introduction.id, market.dispatcher)
    await settle(north, river, market)
    seen = await introductions.overview(north.community, north.dispatcher)
    assert (seen.asking, seen.written) == ((), ())
    assert await met(river) == ()


@pytest.mark.usefixtures("friends")
async def test_words_are_taken_back_and_their_time_ends(north: Village, river: Village, market: Village) -> None:
    await wish(market, north)
    await introduce(north, market, river)
    (written,) = (await introductions.overview(north.community, north.dispatcher)).written
    for _ in range(2):
        await introductions.take_back(north.community, written.introduction.id, north.dispatcher)
    await settle(north, river)
    assert await met(river) == ()
    await introduce(north, market, river, "A second try")
    north.clock.forward(days=89)
    for one in (north, river):
        await one.run_clocks()
    assert said(await met(river)) == [("Market Hall Kitchen", ["A second try"])]
    north.clock.forward(days=2)
    for one in (north, river, market):
        await one.run_clocks()
        async with one.community.database.reading() as work:
            assert await work.introductions.ended(one.clock() + timedelta(days=999)) == ()


@pytest.mark.usefixtures("friends")
async def test_what_was_set_aside_does_not_come_again(north: Village, river: Village, market: Village) -> None:
    await wish(market, north)
    await introduce(north, market, river)
    (found,) = await met(river)
    for _ in range(2):
        await introductions.set_aside(river.community, found.id, river.dispatcher)
    await introduce(north, market, river, "Once more, please read this.")
    assert await met(river) == ()
    with pytest.raises(NotFound):
        await introductions.ask_them(river.community, found.id, river.dispatcher)


@pytest.mark.usefixtures("friends")
async def test_newer_words_stand_in_place_of_the_older(north: Village, river: Village, market: Village) -> None:
    """And the same words twice are one letter."""
    await wish(market, north)
    await introduce(north, market, river)
    await introduce(north, market, river)
    await introduce(north, market, river, "They now have two vans.")
    assert said(await met(river)) == [("Market Hall Kitchen", ["They now have two vans."])]


# --- each community's own rule --------------------------------------------------------------------------------------


def others(elsewhere: Outsider, *names: str) -> list[str]:
    """Communities of this kind on another server; each on a host of its own would be the same."""
    software = {"type": "Application", "implements": [{"type": "Link", "href": PROFILE_1}]}
    return [elsewhere.actor(name, type="Organization", generator=software) for name in names]


@pytest.mark.usefixtures("friends")
async def test_a_community_that_wants_none_sees_none(north: Village, river: Village, market: Village) -> None:
    """Nothing is even asked about who is introduced, and the friend notices nothing."""
    await introductions.change_rule(river.community, Rule(wanted=False), river.dispatcher)
    await wish(market, north)
    await introduce(north, market, river)
    assert await met(river) == ()
    assert len((await introductions.overview(north.community, north.dispatcher)).written) == 1
    await introductions.change_rule(river.community, Rule(), river.dispatcher)
    await introduce(north, market, river, "Again")
    assert said(await met(river)) == [("Market Hall Kitchen", ["Again"])]


@pytest.mark.parametrize("rule", [Rule(a_month=1), Rule(waiting=1)])
@pytest.mark.usefixtures("friends")
async def test_what_is_beyond_the_rule_is_passed_over(
    north: Village, river: Village, market: Village, elsewhere: Outsider, rule: Rule
) -> None:
    await introductions.change_rule(river.community, rule, river.dispatcher)
    (kitchen,) = others(elsewhere, "kitchen")
    await raw(north, river, words_about(f"{market.url}/actors/public", north, river, "one"))
    await raw(north, river, words_about(kitchen, north, river, "two"))
    assert said(await met(river)) == [("Market Hall Kitchen", [WORDS])]
    assert elsewhere.asked == []
    (found,) = await met(river)
    await introductions.set_aside(river.community, found.id, river.dispatcher)
    if rule.a_month == 1:
        await raw(north, river, words_about(kitchen, north, river, "three"))
        assert await met(river) == ()
        river.clock.forward(days=31)
    await raw(north, river, words_about(kitchen, north, river, "four"))
    assert said(await met(river)) == [("Kitchen", [WORDS])]


async def test_numbers_and_words_that_cannot_be(north: Village, river: Village) -> None:
    for wrong in (Rule(a_month=0), Rule(a_month=21), Rule(waiting=0), Rule(waiting=101)):
        with pytest.raises(Invalid):
            await introductions.change_rule(north.community, wrong, north.dispatcher)
    await befriend(river, north)
    there = (await north.peer(river)).peer.id
    for text in ("", " ", "x" * (TEXT_LIMIT + 1), "Call Sam, 020 7946 0188", "sam@river.example knows more"):
        with pytest.raises(Invalid):
            await introductions.ask_for(north.community, there, text, north.dispatcher)
        with pytest.raises(Invalid):
            await introductions.introduce(north.community, Wish(there, ("x",), text), north.dispatcher)
    for to in ((), (there,), tuple(str(number) for number in range(MOST_AT_ONCE + 1))):
        with pytest.raises(Invalid):
            await introductions.introduce(north.community, Wish(there, to, WORDS), north.dispatcher)
    with pytest.raises(NotFound):
        await introductions.ask_for(north.community, "nobody", WORDS, north.dispatcher)


async def test_only_stewards_read_and_write_them(north: Village) -> None:
    helper = await members.add(north.community, "Cai", frozenset({Role.DISPATCHER}))
    with pytest.raises(NotAllowed):
        await introductions.overview(north.community, helper)
    with pytest.raises(NotAllowed):
        await introductions.ask_for(north.community, "x", WORDS, helper)
    with pytest.raises(NotAllowed):
        await introductions.introduce(north.community, Wish("x", ("y",), WORDS), helper)
    with pytest.raises(NotAllowed):
        await introductions.change_rule(north.community, Rule(), helper)


# --- who may write any ----------------------------------------------------------------------------------------------


# T-40
async def test_a_strangers_words_are_not_read(north: Village, river: Village, market: Village) -> None:
    """Not before a peering was agreed, and not by one who only follows the public feed; nothing is asked for them."""
    await river.add_peer(north, PeerLevel.PUBLIC)
    await settle(north, river)
    await raw(river, north, words_about(f"{market.url}/actors/public", river, north, "one"))
    myself = f"{river.url}/actors/public"
    await raw(river, north, words_about(myself, river, north, "two", target=None))
    seen = await introductions.overview(north.community, north.dispatcher)
    assert (seen.met, seen.asking) == ((), ())


@pytest.mark.parametrize("deed", [peers.pause, peers.block])
@pytest.mark.usefixtures("friends")
async def test_of_a_paused_or_blocked_neighbour_no_words_are_taken(
    north: Village, river: Village, market: Village, deed: object
) -> None:
    await wish(market, north)
    peer = (await river.peer(north)).peer
    await deed(river.community, peer.id, river.dispatcher)  # type: ignore[operator]
    await introduce(north, market, river)
    assert await met(river) == ()


@pytest.mark.usefixtures("friends")
async def test_while_a_link_rests_words_are_still_taken_back(north: Village, river: Village, market: Village) -> None:
    await wish(market, north)
    await introduce(north, market, river)
    peer = (await river.peer(north)).peer
    await peers.pause(river.community, peer.id, river.dispatcher)
    (written,) = (await introductions.overview(north.community, north.dispatcher)).written
    await introductions.take_back(north.community, written.introduction.id, north.dispatcher)
    await settle(north, river)
    await peers.resume(river.community, peer.id, river.dispatcher)
    assert await met(river) == ()


@pytest.mark.usefixtures("friends")
async def test_who_is_known_or_kept_out_is_not_introduced(
    north: Village, river: Village, market: Village, elsewhere: Outsider
) -> None:
    await wish(market, north)
    await befriend(river, market)
    await introduce(north, market, river)
    assert await met(river) == ()  # they are neighbours already
    (kitchen,) = others(elsewhere, "kitchen")
    await raw(north, river, words_about(kitchen, north, river, "one"))
    assert said(await met(river)) == [("Kitchen", [WORDS])]
    host = elsewhere.url.removeprefix("http://")
    await blocks.block_server(river.community, host, river.dispatcher)
    assert await met(river) == ()
    await raw(north, river, words_about(kitchen, north, river, "two"))
    assert await met(river) == ()


@pytest.mark.parametrize(
    "more",
    [
        {"type": "Person"},
        {"type": "Organization", "generator": None},
        {"type": "Group"},
    ],
)
@pytest.mark.usefixtures("friends")
async def test_only_communities_of_this_kind_are_introduced(
    north: Village, river: Village, elsewhere: Outsider, more: dict[str, object]
) -> None:
    (community,) = others(elsewhere, "kitchen")
    elsewhere.document_of("kitchen").update(more)
    await raw(north, river, words_about(community, north, river, "one"))
    assert elsewhere.asked == ["/users/kitchen"]
    assert await met(river) == ()


@pytest.mark.usefixtures("friends")
async def test_what_cannot_be_meant_is_passed_over(north: Village, river: Village, market: Village) -> None:
    """About ourselves, about the writer, for somebody else, without words, over already, or in another's name."""
    theirs, public = f"{market.url}/actors/public", "actors/public"
    odd = {
        "a1": words_about(f"{river.url}/{public}", north, river, "a1"),
        "a2": words_about(f"{north.url}/{public}", north, river, "a2"),
        "a3": words_about(theirs, north, river, "a3", target=f"{market.url}/actors/peers"),
        "a4": words_about(theirs, north, river, "a4", content=None),
        "a5": words_about(theirs, north, river, "a5", end_time=north.clock() - timedelta(days=1)),
        "a6": words_about(theirs, north, river, "a6", target=None),
    }
    for activity in odd.values():
        await raw(north, river, activity)
    seen = await introductions.overview(river.community, river.dispatcher)
    assert (seen.met, seen.asking) == ((), ())


@pytest.mark.usefixtures("friends")
async def test_words_stand_for_ninety_days_at_most(
    north: Village, river: Village, market: Village, clock: Clock
) -> None:
    far = clock() + timedelta(days=2000)
    await raw(north, river, words_about(f"{market.url}/actors/public", north, river, "one", end_time=far))
    (found,) = await met(river)
    assert found.words[0].introduction.ends_at == clock() + LONGEST


# --- what can go otherwise ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("friends")
async def test_taken_back_before_it_arrived_it_never_shows(north: Village, river: Village, market: Village) -> None:
    """The two messages change places on the way."""
    words = words_about(f"{market.url}/actors/public", north, river, "one")
    undo = Undo(id=f"{north.url}/a/undo", actor=words.actor, to=words.to, object=words.id, embedded=None,
                undone_type="Offer", undone_actor=words.actor)  # fmt: skip
    await raw(north, river, undo)
    await raw(north, river, words)
    assert await met(river) == ()


@pytest.mark.usefixtures("friends")
async def test_nobody_takes_back_anothers_words(north: Village, river: Village, market: Village) -> None:
    await wish(market, north)
    (asking,) = (await introductions.overview(north.community, north.dispatcher)).asking
    actor = f"{river.url}/actors/peers"
    undo = Undo(id=f"{river.url}/a/undo", actor=actor, object=asking.introduction.activity_id, undone_type="Offer")
    await raw(river, north, undo)
    assert len((await introductions.overview(north.community, north.dispatcher)).asking) == 1


@pytest.mark.usefixtures("friends")
async def test_while_the_third_is_down_the_words_wait(north: Village, river: Village, market: Village) -> None:
    """The introduced community's own server is asked before anything is shown; until it answers, nothing is."""
    await wish(market, north)
    await market.close_doors()
    await introduce(north, market, river)
    assert await met(river) == ()
    await market.open_doors()
    river.clock.forward(minutes=1)
    await settle(north, river, market)
    assert said(await met(river)) == [("Market Hall Kitchen", [WORDS])]


@pytest.mark.usefixtures("friends")
async def test_with_a_link_end_its_words(north: Village, river: Village, market: Village) -> None:
    """The friend drops the newcomer: nobody vouches for it any more. A reader drops the friend: its words go."""
    await wish(market, north)
    await introduce(north, market, river)
    await peers.drop(north.community, (await north.peer(market)).peer.id, north.dispatcher)
    await settle(north, river, market)
    assert await met(river) == ()
    assert (await introductions.overview(north.community, north.dispatcher)).asking == ()
    await befriend(market, north)
    north.clock.forward(hours=1)
    await wish(market, north)
    await introduce(north, market, river)
    assert len(await met(river)) == 1
    await peers.drop(river.community, (await river.peer(north)).peer.id, river.dispatcher)
    await settle(north, river, market)
    assert await met(river) == ()
