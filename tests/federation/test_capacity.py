"""What a community could give now: told to neighbours, replaced, taken back; and who could help, beside a need."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from node.domain.capacity import LONGEST_LIFE, Capacity, CapacityDraft, Reason
from node.domain.consent import Consent
from node.domain.errors import Invalid, NotAllowed, NotFound
from node.domain.members import Member, Role
from node.domain.notices import Status
from node.domain.peers import OwnActor, PeerLevel
from node.domain.shares import Level, RecipientState
from node.services import capacity, exchange, feed, members, needs, peers, rest
from node.services.exchange import Wish
from node.services.responses import HelpOffer, offer_help
from node.services.who_could_help import Candidate, who_could_help
from schemas.activities import Create
from schemas.fields import load
from schemas.objects import parse_note
from tests.federation.outsider import Outsider
from tests.federation.pages import Browser
from tests.village import Village, befriend, key_of, settle


def boxes(one: Village, title: str = "30 boxes Thursday", **more: Any) -> CapacityDraft:
    words = {"category": "goods", "quantity": Decimal(30), "until": one.clock() + timedelta(days=3)} | more
    return CapacityDraft(title, **words)


async def tell(one: Village, title: str = "30 boxes Thursday", **more: Any) -> Capacity:
    return await capacity.tell(one.community, boxes(one, title, **more), one.dispatcher)


async def heard(one: Village) -> list[str]:
    """What this community's dispatchers read that neighbours could give."""
    return [found.item.title for found in await capacity.theirs(one.community, one.dispatcher)]


async def told(one: Village) -> list[str]:
    return [found.capacity.title for found in await capacity.ours(one.community, one.dispatcher)]


async def helpers(one: Village, notice_id: str) -> tuple[Candidate, ...]:
    return await who_could_help(one.community, notice_id, one.dispatcher)


# --- told, replaced, taken back -------------------------------------------------------------------------------------


async def test_a_neighbour_reads_it_apart_from_the_feed(north: Village, river: Village) -> None:
    """Both records agree, and the copy is known to have arrived."""
    await befriend(river, north)
    made = await tell(river)
    await settle(north, river)
    (there,) = await capacity.theirs(north.community, north.dispatcher)
    assert (there.item.title, there.item.category, there.item.available) == ("30 boxes Thursday", "goods", Decimal(30))
    assert (there.item.ends_at, there.peer.name) == (made.until, "River Street Circle")
    assert await north.feed() == ()
    (ours,) = await capacity.ours(river.community, river.dispatcher)
    assert [one.state for one in ours.recipients] == [RecipientState.SENT]
    with pytest.raises(NotFound):
        await feed.get(north.community, there.item.id)
    with pytest.raises(NotFound):
        await offer_help(north.community, there.item.id, HelpOffer(Decimal(1), "Yes please"), north.dispatcher)


async def test_newer_words_of_a_category_replace_the_older(north: Village, river: Village) -> None:
    """At both ends, at once, whatever arrives first; another category stands beside it."""
    await befriend(river, north)
    await tell(river)
    await tell(river, "Two interpreters, evenings", category="translation", quantity=Decimal(2), unit="hour")
    await tell(river, "Only 12 boxes left", quantity=Decimal(12))
    await settle(north, river)
    assert sorted(await heard(north)) == sorted(await told(river)) == [
        "Only 12 boxes left", "Two interpreters, evenings",
    ]  # fmt: skip


async def test_a_lost_word_of_the_end_does_not_leave_two(north: Village, river: Village) -> None:
    """The Delete of the older words never arrives, or the older words arrive last: the newest still stands alone."""
    await befriend(river, north)
    old = await tell(river)
    new = await tell(river, "Only 12 boxes left", quantity=Decimal(12))
    async with river.community.database.reading() as work:
        older, newer = [(await work.shares.of_posting(one.id))[0] for one in (old, new)]
        note = parse_note(load(newer.document))
    await river.worker.deliver_outbox()
    await north.worker.handle_journal()
    again = note.model_copy(update={"id": f"{river.url}/o/older", "published": older.share.published_at})
    actor = f"{river.url}/actors/peers"
    outside = Outsider(river.url, river.clock)
    outside.keys[actor] = key_of(river, OwnActor.PEERS)
    late = Create(id=f"{river.url}/a/late", actor=actor, to=note.to, object=again)
    assert await outside.say(north, late) == 202
    await settle(north, river)
    assert await heard(north) == ["Only 12 boxes left"]


async def test_it_is_taken_back_and_erased(north: Village, river: Village) -> None:
    await befriend(river, north)
    made = await tell(river)
    await settle(north, river)
    for _ in range(2):
        await capacity.take_back(river.community, made.id, river.dispatcher)
    await settle(north, river)
    assert await heard(north) == await told(river) == []
    async with river.community.database.reading() as work:
        (share,) = await work.shares.of_posting(made.id)
        copies = await work.shares.recipients(share.share.id)
    assert [one.state for one in copies] == [RecipientState.ERASED]


async def test_its_time_ends_at_both_sides_even_apart(north: Village, river: Village) -> None:
    """The reader's machine is off at the end, and the copy is over there all the same."""
    await befriend(river, north)
    await tell(river)
    await settle(north, river)
    await river.close_doors()
    north.clock.forward(days=4)
    assert await heard(north) == await told(river) == []
    for one in (north, river):
        await one.run_clocks()
    await river.open_doors()
    await settle(north, river)
    assert await heard(north) == []


async def test_a_new_neighbour_reads_what_was_told_before(north: Village, river: Village) -> None:
    await tell(river)
    await befriend(north, river)
    await settle(north, river)
    assert await heard(north) == ["30 boxes Thursday"]


async def test_only_to_those_who_are_sent_this_category(north: Village, river: Village, market: Village) -> None:
    """Neither to a follower of the public feed nor where the category is off; a delicate one starts switched off."""
    await befriend(river, north)
    await market.add_peer(river, PeerLevel.PUBLIC)
    await settle(north, river, market)
    await tell(river, "Rent for one week", category="money", unit="one", quantity=Decimal(1))
    await tell(river)
    await settle(north, river, market)
    assert await heard(north) == ["30 boxes Thursday"]
    assert await heard(market) == []
    assert await market.feed() == ()


async def test_a_stranger_has_no_capacity(north: Village, elsewhere: Outsider) -> None:
    """Of an actor that is only followed, the same words are an ordinary offer; of others they are nothing."""
    actor = elsewhere.actor("robin", type="Organization")
    note = elsewhere.note(
        actor,
        purpose="offer",
        endTime="2026-12-01T10:00:00Z",
        publishes={"type": "Intent", "id": f"{elsewhere.url}/notes/1#primary", "action": "transfer", "name": "Boxes"},
        **{"aid:capacity": True},
    )
    create = {"id": f"{note['id']}/create", "type": "Create", "actor": actor, "to": note["to"], "object": note}
    assert await elsewhere.say(north, create) == 202
    await settle(north)
    assert await heard(north) == []
    assert await north.feed() == ()


@pytest.mark.parametrize("deed", [peers.pause, peers.block])
async def test_of_a_paused_or_blocked_neighbour_nothing_is_shown(north: Village, river: Village, deed: Any) -> None:
    await befriend(river, north)
    await tell(river)
    await settle(north, river)
    await deed(north.community, (await north.peer(river)).peer.id, north.dispatcher)
    assert await heard(north) == []


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("title", {"title": " "}),
        ("title", {"title": "x" * 121}),
        ("title", {"title": "30 boxes, call 020 7946 0188"}),
        ("category", {"category": "gold"}),
        ("quantity", {"quantity": Decimal(0)}),
        ("quantity", {"quantity": Decimal("NaN")}),
        ("quantity", {"quantity": Decimal("0.0000001")}),
        ("unit", {"unit": "mile"}),
        ("until", {"until": None}),
        ("until", {"until": timedelta(0)}),
        ("until", {"until": LONGEST_LIFE + timedelta(days=1)}),
    ],
)
async def test_what_cannot_be_told(river: Village, field: str, wrong: dict[str, Any]) -> None:
    if isinstance(wrong.get("until"), timedelta):
        wrong = {"until": river.clock() + wrong["until"]}
    with pytest.raises(Invalid) as found:
        await tell(river, **wrong)
    assert set(found.value.fields) == {field}
    assert await told(river) == []


async def test_the_preview_is_what_is_sent_and_a_form_tells_once(north: Village, river: Village) -> None:
    await befriend(river, north)
    shown = await capacity.preview(river.community, boxes(river), river.dispatcher, "form-1")
    made = [await capacity.tell(river.community, boxes(river), river.dispatcher, "form-1") for _ in range(2)]
    assert made[0] == made[1]
    async with river.community.database.reading() as work:
        (share,) = await work.shares.of_posting(made[0].id)
    assert load(share.document) == shown.document
    assert shown.document["aid:capacity"] is True


async def test_helpers_neither_tell_nor_read_it(north: Village) -> None:
    helper = await members.add(north.community, "Cai", frozenset({Role.HELPER}))
    for deed in (
        capacity.ours(north.community, helper),
        capacity.theirs(north.community, helper),
        capacity.tell(north.community, boxes(north), helper),
        who_could_help(north.community, "x", helper),
    ):
        with pytest.raises(NotAllowed):
            await deed


# --- who could help -------------------------------------------------------------------------------------------------


async def test_beside_a_need_stand_those_whose_capacity_fits(north: Village, river: Village, market: Village) -> None:
    """The reason is said, and orders them; another category, and what is over, are not there."""
    await befriend(river, north)
    await befriend(market, north)
    await tell(river, "2 coats", quantity=Decimal(2))
    await tell(river, "Soup", category="meals")
    await tell(market, "40 coats", quantity=Decimal(40), until=market.clock() + timedelta(days=9))
    await settle(north, river, market)
    asked = await north.ask()
    found = await helpers(north, asked.notice.id)
    assert [(one.peer.name, one.reason) for one in found] == [
        ("Market Hall Kitchen", Reason.ALL),
        ("River Street Circle", Reason.PART),
    ]
    north.clock.forward(days=4)
    assert [one.peer.name for one in await helpers(north, asked.notice.id)] == ["Market Hall Kitchen"]
    await tell(market, "A van full of coats", quantity=Decimal(20), unit="kilogram")
    await settle(north, river, market)
    assert [one.reason for one in await helpers(north, asked.notice.id)] == [Reason.OTHER_UNIT]
    await needs.change_status(north.community, asked.notice.id, Status.MET, north.dispatcher)
    assert await helpers(north, asked.notice.id) == ()
    with pytest.raises(NotFound):
        await helpers(north, "nothing")


async def test_what_is_in_the_way_is_said(north: Village, river: Village, market: Village) -> None:
    """Consent that is missing is asked for first; where the category is off, nobody is named; who rests is not here."""
    await befriend(river, north)
    await befriend(market, north)
    for one in (river, market):
        await tell(one)
    await settle(north, river, market)
    asked = await north.ask(consent=Consent(board=True))
    found = {one.peer.name: one for one in await helpers(north, asked.notice.id)}
    assert all("Ask the person first" in one.to_ask and not one.not_sent for one in found.values())
    await rest.declare(river.community, river.clock() + timedelta(days=5), river.dispatcher)
    there = (await north.peer(market)).peer.id
    await exchange.choose(north.community, there, Wish(sends=("meals",)), north.dispatcher)
    await settle(north, river, market)
    found = {one.peer.name: one for one in await helpers(north, asked.notice.id)}
    assert found.keys() == {"Market Hall Kitchen"}
    assert "has not switched" in found["Market Hall Kitchen"].not_sent


async def test_from_the_need_to_one_neighbour_and_no_other(north: Village, river: Village, market: Village) -> None:
    """On the pages: the need, who could help, the share form with that community ticked, shared with it alone."""
    await befriend(river, north)
    await befriend(market, north)
    await tell(river)
    await settle(north, river, market)
    asked = await north.ask()
    there = (await north.peer(river)).peer.id
    async with Browser(north) as browser:
        await browser.walk_in(north.dispatcher)
        page = await browser.open(f"/dispatch/{asked.notice.id}")
        assert "Who could help?" in page and "30 boxes Thursday" in page
        assert "enough for all of it" in page and f"/share?peer={there}" in page
        page = await browser.open(f"/dispatch/{asked.notice.id}/share?peer={there}")
        assert f'value="{there}" checked' in page
        form = {"level": "named", "peers": there, "lease_hours": "48", "step": "share"}
        await browser.press(f"/dispatch/{asked.notice.id}/share", **form)
    await settle(north, river, market)
    assert [entry.item.title for entry in await river.feed()] == ["Winter coats for children"]
    assert await market.feed() == ()


async def _dispatcher(one: Village) -> Member:
    return await members.add(one.community, "Dara", frozenset({Role.DISPATCHER}))


async def test_a_dispatcher_tells_it_on_the_page(north: Village, river: Village) -> None:
    """Written, looked at, told, and taken back again; what was typed stays where it cannot be taken."""
    await befriend(river, north)
    async with Browser(river) as browser:
        await browser.walk_in(await _dispatcher(river))
        await browser.open("/capacity")
        page = await browser.press("/capacity", title="30 boxes", category="goods", quantity="many", unit="one")
        assert "Write a number" in page and 'value="30 boxes"' in page
        typed = {"title": "30 boxes", "category": "goods", "quantity": "30", "unit": "one", "until": "2026-11-23"}
        page = await browser.press("/capacity", **typed)
        assert "Exactly this" in page
        form_id = page.partition('name="form_id" value="')[2].partition('"')[0]
        page = await browser.press("/capacity", **typed, form_id=form_id, step="tell")
        assert "Our neighbours are told" in page
        await settle(north, river)
        assert await heard(north) == ["30 boxes"]
        (made,) = await capacity.ours(river.community, river.dispatcher)
        assert "It is taken back" in await browser.press(f"/capacity/{made.capacity.id}/take-back")
    await settle(north, river)
    assert await heard(north) == []


async def test_it_does_not_stand_among_announcements(north: Village, river: Village) -> None:
    await befriend(river, north)
    made = await tell(river)
    async with Browser(river) as browser:
        await browser.walk_in(river.dispatcher)
        assert "30 boxes" not in await browser.open("/announcements")
        assert "30 boxes" not in await browser.open(f"/announcements/{made.id}")
    assert Level.PEERS in {share.share.level for share in await _shares(river, made)}


async def _shares(one: Village, made: Capacity) -> Any:
    async with one.community.database.reading() as work:
        return await work.shares.of_posting(made.id)
