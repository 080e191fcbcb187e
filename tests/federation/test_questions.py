"""Questions before an offer: asked and answered between two communities alone, and gone with the notice."""

import json

import pytest
from sqlalchemy import text

from node.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from node.domain.members import Role
from node.domain.peers import OwnActor
from node.domain.questions import MOST_SAID, TEXT_LIMIT
from node.domain.shares import Level, Share
from node.services import enquiries, forgetting, members, peers, questions, shares
from node.services.needs import Asked
from node.services.questions import Words
from schemas.activities import Create
from schemas.fields import dump
from tests.crashes import mortal, outlive, outlive_settling
from tests.engines import ON_EVERY_ENGINE
from tests.federation.outsider import Outsider
from tests.federation.test_strangers import note_by, post
from tests.links import Fault, roads
from tests.village import Village, befriend, get, key_of, settle, signed_get

SIZES = "Which sizes are still needed?"
FIVE = "Ages five to nine."


async def shared(north: Village, *others: Village, level: Level = Level.PEERS) -> tuple[Asked, Share]:
    for one in others:
        await befriend(one, north)
    asked = await north.ask()
    share = await north.share(asked, level)
    await settle(north, *others)
    return asked, share


async def ask(river: Village, words: str = SIZES) -> None:
    await questions.ask(river.community, (await river.only_item()).item.id, Words(words), river.dispatcher)


async def answer(north: Village, asked: Asked, words: str = FIVE) -> None:
    (thread,) = await questions.of_notice(north.community, asked.notice.id, north.dispatcher)
    await questions.answer(north.community, thread.id, Words(words), north.dispatcher)


async def said_at(
    north: Village, asked: Asked, river: Village
) -> tuple[list[tuple[bool, str]], list[tuple[bool, str]]]:
    """What stands at each side; whose words they are is told from the north."""
    threads = await questions.of_notice(north.community, asked.notice.id, north.dispatcher)
    here = [(one.is_ours, one.text) for thread in threads for one in thread.said]
    item = (await river.only_item()).item
    there = (await questions.of_item(river.community, item.id, river.dispatcher)).said
    return here, [(not one.is_ours, one.text) for one in there]


@ON_EVERY_ENGINE
async def test_asked_answered_and_asked_again(north: Village, river: Village) -> None:
    """The same conversation at both, in the same order; each queue says whose turn it is. Nothing is an enquiry."""
    asked, _ = await shared(north, river)
    await ask(river)
    await settle(north, river)
    assert [one.waits for one in await questions.waiting(north.community, north.dispatcher)] == [True]
    await answer(north, asked)
    await settle(north, river)
    assert await questions.waiting(north.community, north.dispatcher) == ()
    assert [one.waits for one in await questions.waiting(river.community, river.dispatcher)] == [True]
    await ask(river, "And colours?")
    await settle(north, river)
    here, there = await said_at(north, asked, river)
    assert here == there == [(False, SIZES), (True, FIVE), (False, "And colours?")]
    assert await enquiries.listing(north.community, north.dispatcher) == ()
    assert await enquiries.listing(river.community, river.dispatcher) == ()
    assert len(await river.feed()) == 1
    assert await north.feed() == ()


async def test_each_community_has_a_conversation_of_its_own(north: Village, river: Village, market: Village) -> None:
    asked, _ = await shared(north, river, market)
    for one, words in ((river, SIZES), (market, "Is it urgent?")):
        await ask(one, words)
        await settle(north, one)
    threads = await questions.of_notice(north.community, asked.notice.id, north.dispatcher)
    assert [len(thread.said) for thread in threads] == [1, 1]
    await questions.answer(north.community, threads[0].id, Words(FIVE), north.dispatcher)
    await settle(north, river, market)
    told = {one.community.host: await said_by(one) for one in (river, market)}
    assert sorted(len(words) for words in told.values()) == [1, 2]


async def said_by(one: Village) -> list[str]:
    item = (await one.only_item()).item
    return [each.text for each in (await questions.of_item(one.community, item.id, one.dispatcher)).said]


async def test_it_goes_to_its_addressee_alone(north: Village, river: Village, market: Village) -> None:
    """Not in an outbox, not at its own address, not for a third community, not even for a public notice."""
    await shared(north, river, market, level=Level.PUBLIC)
    await ask(river)
    await settle(north, river, market)
    async with river.community.database.reading() as work:
        bodies = [bytes(body) for body in await work.connection.scalars(text("SELECT body FROM activities"))]
    (create,) = [json.loads(body) for body in bodies if SIZES.encode() in body]
    note = create["object"]
    assert create["to"] == note["to"] == [f"{north.url}/actors/public"]
    for reader in (market, north):
        for own in (OwnActor.PUBLIC, OwnActor.PEERS):
            assert await signed_get(reader, note["id"], own) == 404
    for place in (
        "/actors/public/outbox?page=true",
        "/actors/peers/outbox?page=true",
        note["id"].removeprefix(river.url),
    ):
        assert SIZES.encode() not in (await get(f"{river.url}{place}", Accept="application/activity+json"))[1]


async def test_taking_the_share_back_erases_it_on_both_sides(north: Village, river: Village) -> None:
    asked, share = await shared(north, river)
    await ask(river)
    await settle(north, river)
    await answer(north, asked)
    await settle(north, river)
    await shares.withdraw(north.community, share.id, north.dispatcher)
    await settle(north, river)
    for one in (north, river):
        assert not await holds(one, SIZES)
        assert not await holds(one, FIVE)


@ON_EVERY_ENGINE
async def test_erasing_the_need_erases_it_on_both_sides(north: Village, river: Village) -> None:
    asked, _ = await shared(north, river)
    await ask(river)
    await settle(north, river)
    await answer(north, asked)
    await settle(north, river)
    await forgetting.erase_by_code(north.community, asked.code)
    await settle(north, river)
    for one in (north, river):
        assert not await holds(one, SIZES)
        assert not await holds(one, FIVE)


async def test_our_copy_ends_and_with_it_what_we_said_about_it(north: Village, river: Village) -> None:
    """No Delete came; the copy's own time is over."""
    await shared(north, river)
    await ask(river)
    await settle(north, river)
    river.clock.forward(days=38)
    await river.run_clocks()
    assert not await holds(river, SIZES)


async def holds(one: Village, words: str) -> bool:
    async with one.community.database.reading() as work:
        said = await work.connection.scalars(text("SELECT text FROM questions"))
        sent = await work.connection.scalars(text("SELECT body FROM activities"))
        return words in list(said) or any(words.encode() in bytes(body) for body in sent)


async def test_bounds(north: Village, river: Village) -> None:
    """Words, their number, and what looks like a telephone number unless it is ticked."""
    asked, _ = await shared(north, river)
    for wrong in ("", " ", "a" * (TEXT_LIMIT + 1), "Ring 555 0101 234"):
        with pytest.raises(Invalid):
            await ask(river, wrong)
    item = (await river.only_item()).item
    ticked = Words("Ring our office: 555 0101 234", with_details=True, form_id="one")
    for _ in range(2):
        await questions.ask(river.community, item.id, ticked, river.dispatcher)
    for number in range(MOST_SAID - 1):
        await ask(river, f"Question {number}")
    with pytest.raises(Conflict, match="telephone"):
        await ask(river, "One more")
    await settle(north, river)
    here, there = await said_at(north, asked, river)
    assert here == there
    assert len(here) == MOST_SAID


async def test_only_dispatchers(north: Village, river: Village) -> None:
    asked, _ = await shared(north, river)
    await ask(river)
    await settle(north, river)
    helper = await members.add(north.community, "Sol", frozenset({Role.HELPER}))
    (thread,) = await questions.of_notice(north.community, asked.notice.id, north.dispatcher)
    for forbidden in (
        lambda: questions.waiting(north.community, helper),
        lambda: questions.thread(north.community, thread.id, helper),
        lambda: questions.of_notice(north.community, asked.notice.id, helper),
        lambda: questions.answer(north.community, thread.id, Words(FIVE), helper),
    ):
        with pytest.raises(NotAllowed):
            await forbidden()


async def test_a_stranger_and_whoever_may_not_see_it_begin_nothing(
    north: Village, river: Village, market: Village, elsewhere: Outsider
) -> None:
    """A share for one named community: the other's question is passed over. A stranger's is an enquiry."""
    for one in (river, market):
        await befriend(one, north)
    asked = await north.ask()
    share = await north.share(asked, Level.NAMED, peers=((await north.peer(river)).peer.id,))
    await settle(north, river, market)
    author = f"{market.url}/actors/peers"
    note = note_by(author, market.url, in_reply_to=share.object_id)
    note = note.model_copy(update={"to": (f"{north.url}/actors/peers",), "cc": ()})
    create = Create(id=f"{market.url}/a/q1", actor=author, to=note.to, object=note)
    assert await post(market, north, dump(create), key_of(market, OwnActor.PEERS)) == 202
    await settle(north)
    assert await questions.of_notice(north.community, asked.notice.id, north.dispatcher) == ()


async def test_a_paused_or_unknown_community_is_not_asked(north: Village, river: Village) -> None:
    await shared(north, river)
    await peers.pause(river.community, (await river.peer(north)).peer.id, river.dispatcher)
    with pytest.raises(Conflict, match="paused"):
        await ask(river)
    with pytest.raises(NotFound):
        await questions.ask(river.community, "unknown", Words(SIZES), river.dispatcher)


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.TWICE, Fault.LATE])
async def test_on_a_bad_road_and_with_processes_that_end(north: Village, river: Village, fault: Fault) -> None:
    """Asked and answered once at both, however often it was sent."""
    async with roads() as road:
        await road.lead_to(north, river)
        asked, _ = await shared(north, river)
        async with mortal(north) as one, mortal(river) as other:
            for each in (north, river):
                road.plan(fault, from_=each, kind="Create")
            for each in (one, other):
                each.be_fragile()

            async def has_asked() -> bool:
                return len(await said_by(river)) > 0

            async def has_answered() -> bool:
                return len((await said_at(north, asked, river))[0]) > 1

            await outlive((one, other), lambda: ask(river), has_asked)
            await outlive_settling(one, other)
            for each in (one, other):
                each.be_fragile()
            await outlive((one, other), lambda: answer(north, asked), has_answered)
            await outlive_settling(one, other)
            await road.late_ones_arrive()
            await outlive_settling(one, other)
            here, there = await said_at(north, asked, river)
            assert here == there == [(False, SIZES), (True, FIVE)]
