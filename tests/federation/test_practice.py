"""A community practises before it opens: everything works, nothing leaves, and at the end nothing is left of it."""

from collections.abc import Awaitable
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import LargeBinary, select

from node.domain.checks import Standing
from node.domain.consent import Consent, Intake
from node.domain.errors import Conflict
from node.domain.members import Role
from node.domain.notices import Kind, Status, Wording
from node.domain.openings import Reason, Why
from node.domain.postings import Audience, Draft, PostingWords
from node.domain.practice import HAS_REAL, NOT_REAL, STAYS_HERE, Practice
from node.domain.sealed import Contact, SealedNote
from node.domain.shares import Level, ShareRequest
from node.services import (
    capacity,
    health,
    imports,
    matching,
    members,
    needs,
    noting,
    openings,
    postings,
    practice,
    questions,
    retention,
    shares,
    taking_on,
)
from node.services.community import profile
from node.services.needs import Entry, NoticeFilter
from node.services.questions import Words
from node.storage.tables import metadata
from tests.federation.test_capacity import boxes
from tests.village import Village, befriend, settle


async def names_it(one: Village, *words: str) -> set[str]:
    """The tables in which one of these words stands anywhere, boxes aside."""
    found = set()
    async with one.community.database.reading() as work:
        for table in metadata.sorted_tables:
            columns = [column for column in table.columns if not isinstance(column.type, LargeBinary)]
            rows = (await work.connection.execute(select(*columns))).all()
            if any(word in str(rows) for word in words):
                found.add(table.name)
    return found


async def stage(one: Village) -> Practice:
    return (await profile(one.community)).practice


async def test_practised_from_asking_to_taking_on_and_nothing_is_left(
    north: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    community, robin = north.community, north.dispatcher
    await practice.start(community, robin, with_samples=True)
    await practice.start(community, robin, with_samples=True)
    wanted = (await needs.listing(community, NoticeFilter(Kind.NEED))).items
    given = (await needs.listing(community, NoticeFilter(Kind.OFFER))).items
    assert (len(wanted), len(given)) == (5, 2), "once, however often it is pressed"
    lift = next(one for one in wanted if one.wording.category == "transport")
    ride = next(one for one in given if one.wording.category == "transport")
    match = await matching.propose(community, lift.id, ride.id, robin)
    await matching.agree_on(community, match.id, robin)
    note = await openings.open_note(community, lift.id, robin, Why(Reason.CALL))
    assert note.name == "Noor"
    reached = SealedNote("Ilse", (Contact("email", "ilse@mail.example"),))
    entry = Entry(Kind.NEED, Wording("A ladder", "goods"), reached, Consent(board=True), Intake(taken_on=True))
    asked = await needs.ask(community, entry)
    await needs.change_status(community, asked.notice.id, Status.OPEN, robin)
    amina = await members.add(community, "Amina", frozenset({Role.HELPER}))
    await taking_on.take_on(community, asked.notice.id, Decimal(1), amina)
    north.clock.forward(days=1)
    with_mail = community.settings.model_copy(update={"smtp_url": "smtp://mail.example"})
    await noting.note_due(replace(community, settings=with_mail))
    ids = tuple(one.id for one in (*wanted, *given, asked.notice))
    assert {"audit", "openings", "matches", "sealed_keys", "consents", "taken_parts"} <= await names_it(north, *ids)
    assert "tellings" not in await names_it(north, *ids), "nobody who asked is written to"

    erase, turns = practice.forgetting.remove_whole, iter(range(3))

    async def breaks(*about: object) -> None:
        if next(turns, None) is None:
            raise OSError("the power goes")
        await erase(*about)  # type: ignore[arg-type]

    with monkeypatch.context() as patched, pytest.raises(OSError, match="power"):
        patched.setattr(practice.forgetting, "remove_whole", breaks)
        await practice.end(community, robin)
    assert await stage(north) is Practice.ENDING
    with pytest.raises(Conflict):
        await practice.start(community, robin, with_samples=False)
    await north.run_clocks()
    assert await stage(north) is Practice.NOT
    assert await names_it(north, *ids, "Noor") == set()
    assert await retention.past(community) == (), "no number of it stays"
    await north.ask()
    with pytest.raises(Conflict) as refused:
        await practice.start(community, robin, with_samples=False)
    assert refused.value.message == HAS_REAL
    with pytest.raises(Conflict):
        await practice.end(community, robin)


async def test_nothing_leaves_while_we_practise(north: Village, river: Village) -> None:
    """What neighbours tell is read as ever."""
    community, robin = north.community, north.dispatcher
    await befriend(river, north)
    await practice.start(community, robin, with_samples=False)
    await river.share(await river.ask("A ladder for a day"), Level.PEERS)
    await settle(north, river)
    item = (await north.only_item()).item
    asked = await north.ask()
    shown = await shares.preview(community, asked.notice.id, ShareRequest(Level.PEERS), robin)
    told = await capacity.preview(community, boxes(north), robin)
    words = PostingWords("Open kitchen on Sunday", "Everybody is welcome.")
    draft = Draft(words, Audience.PUBLIC)
    assert {shown.blocked, told.blocked, (await postings.preview(community, draft, robin)).blocked} == {STAYS_HERE}
    ways_out: tuple[Awaitable[object], ...] = (
        north.share(asked, Level.PUBLIC),
        north.share(asked, Level.NAMED, peers=((await north.peer(river)).peer.id,)),
        capacity.tell(community, boxes(north), robin),
        postings.write(community, draft, robin),
        north.offer(),
        questions.ask(community, item.id, Words("Is it long?"), robin),
    )
    for way_out in ways_out:
        with pytest.raises(Conflict) as refused:
            await way_out
        assert refused.value.message == STAYS_HERE
    await settle(north, river)
    assert await river.feed() == ()
    with pytest.raises(Conflict) as refused:
        await imports.bring_in(community, imports.Reading(()), robin)
    assert refused.value.message == NOT_REAL
    found = {check.name: check.standing for check in await health.look_over(community, robin)}
    assert found["practice"] is Standing.OFF
    await practice.end(community, robin)
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    assert (await river.only_item()).item.title == "Winter coats for children"
