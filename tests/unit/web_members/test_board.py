"""The helpers' board: what stands on it, taking on and handing back, and that nothing is promised twice or kept."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, select

from node.domain.consent import Channel, Consent, Question, Use
from node.domain.errors import Conflict, Invalid, NotFound
from node.domain.members import Member, Role
from node.domain.notices import Kind, Notice, Status, Wording
from node.domain.openings import Reason
from node.domain.responses import Response, ResponseState
from node.domain.taking_on import MOST_HANDS
from node.domain.ways import Ways
from node.services import (
    board,
    clocks,
    consents,
    handoffs,
    members,
    needs,
    openings,
    owners,
    responses,
    shares,
    taking_on,
    ways,
)
from node.services.community import Community
from node.services.consents import Said
from node.services.needs import Entry
from node.services.taking_on import Ending
from node.storage.tables import taken_by, taken_parts

HELPERS = Consent(board=True)


async def person(community: Community, name: str, role: Role = Role.HELPER) -> Member:
    return await members.add(community, name, frozenset({role}))


@pytest.fixture
async def bo(community: Community) -> Member:
    """A dispatcher."""
    return await person(community, "Bo the dispatcher", Role.DISPATCHER)


@pytest.fixture
async def shelf(ask: Any, community: Community, bo: Member) -> Notice:
    """A need that helpers may read and a dispatcher has read."""
    found: Notice = await ask(title="Carry a shelf upstairs", category="repairs", consent=HELPERS)
    return await needs.change_status(community, found.id, Status.OPEN, bo)


@pytest.fixture
async def coats(ask: Any, community: Community, bo: Member) -> Notice:
    """The same, in four pieces."""
    found: Notice = await ask(title="Coats for four children", quantity=Decimal(4), consent=HELPERS)
    return await needs.change_status(community, found.id, Status.OPEN, bo)


async def rows_of(community: Community) -> int:
    async with community.database.reading() as work:
        found = [row for table in (taken_parts, taken_by) for row in await work.connection.execute(select(table))]
    return len(found)


async def test_a_helper_takes_it_on_and_it_is_done(
    helper: Any, dispatcher: Any, shelf: Notice, community: Community
) -> None:
    front = await helper.get("/board")
    assert "Carry a shelf upstairs" in front.text
    assert "/board" in (await helper.get("/feed")).read.links
    page = await helper.get(f"/board/{shelf.id}")
    assert "I can do this" in page.text
    assert "Ruta" not in page.html
    went = await helper.post(f"/board/{shelf.id}/take-on")
    assert (went.status, went.location) == (303, f"/board/{shelf.id}?said=on")
    assert "It is done" in (await helper.get(f"/board/{shelf.id}")).text
    assert (await needs.get(community, shelf.id)).status == Status.TAKEN_ON
    assert "Cai" in (await dispatcher.get(f"/dispatch/{shelf.id}")).text
    done = await helper.post(f"/board/{shelf.id}/done")
    assert done.location == "/board?said=done"
    assert (await needs.get(community, shelf.id)).status == Status.MET
    assert await rows_of(community) == 0
    history = (await dispatcher.get(f"/dispatch/{shelf.id}")).text
    assert "A helper here took it on." in history
    assert "Cai" not in history  # nothing stays of who it was
    assert "Carry a shelf" not in (await helper.get("/board")).text


async def test_what_stands_on_the_board(ask: Any, community: Community, bo: Member, shelf: Notice) -> None:
    unread = await ask(title="Nobody has read this yet", consent=HELPERS)
    only_dispatchers = await ask(title="For few eyes", consent=Consent())
    offer = await ask(title="A table", kind=Kind.OFFER, consent=HELPERS)
    elsewhere = await ask(title="Somebody without an account does it", consent=HELPERS)
    paused = await ask(title="It rests", consent=HELPERS)
    for one in (only_dispatchers, offer, elsewhere, paused):
        await needs.change_status(community, one.id, Status.OPEN, bo)
    await needs.change_status(community, elsewhere.id, Status.TAKEN_ON, bo)
    await needs.change_status(community, paused.id, Status.PAUSED, bo)
    cai = await person(community, "Cai")
    assert [line.notice.id for line in (await board.board(community, cai)).open] == [shelf.id]
    for one in (unread, only_dispatchers, offer, elsewhere, paused):
        with pytest.raises(NotFound):
            await board.get(community, one.id, cai)
        with pytest.raises((NotFound, Conflict)):
            await taking_on.take_on(community, one.id, None, cai)
    assert (await board.board(community, cai, "repairs")).open
    found = await board.board(community, cai, "pets")
    assert (found.open, found.categories) == ((), ("repairs",))


async def test_a_longer_board_asks_the_database_nothing_more(
    ask: Any, community: Community, bo: Member, shelf: Notice
) -> None:
    cai, asked = await person(community, "Cai"), list[str]()
    event.listen(community.database.engine.sync_engine, "before_cursor_execute", lambda *all_: asked.append(all_[2]))
    assert len((await board.board(community, cai)).open) == 1
    few = len(asked)
    for number in range(3):
        further = await ask(title=f"Further {number}", consent=HELPERS)
        await needs.change_status(community, further.id, Status.OPEN, bo)
    asked.clear()
    assert len((await board.board(community, cai)).open) == 4
    assert len(asked) == few > 3


async def test_a_part_each_and_nothing_twice(helper: Any, coats: Notice, community: Community) -> None:
    dia = await person(community, "Dia")
    for wrong in ("0", "5", "1.5", "many"):
        page = await helper.post(f"/board/{coats.id}/take-on", quantity=wrong)
        assert page.status == 422, wrong
    await helper.post(f"/board/{coats.id}/take-on", quantity="3")
    await helper.post(f"/board/{coats.id}/take-on", quantity="1")  # once is enough
    assert (await needs.get(community, coats.id)).remaining == 1
    with pytest.raises(Invalid):
        await taking_on.take_on(community, coats.id, Decimal(2), dia)
    part = await taking_on.take_on(community, coats.id, None, dia)
    assert part.quantity == 1
    with pytest.raises(Conflict):
        await taking_on.take_on(community, coats.id, None, await person(community, "Eli"))
    page = await helper.post(f"/board/{coats.id}/done", how="partly", words="One was too small.")
    assert page.status == 422
    await helper.post(f"/board/{coats.id}/done", how="partly", quantity="2", words="One was too small.")
    notice = await needs.get(community, coats.id)
    assert (notice.status, notice.remaining) == (Status.PARTLY_MET, 1)
    met = await taking_on.finish(community, coats.id, Ending(), dia)
    assert (met.status, met.remaining) == (Status.PARTLY_MET, 1)
    met = await taking_on.take_on(community, coats.id, None, dia) and await taking_on.finish(
        community, coats.id, Ending(), dia
    )
    assert met.status == Status.MET


async def test_handed_back_without_a_word(helper: Any, dispatcher: Any, coats: Notice, community: Community) -> None:
    dia = await person(community, "Dia")
    await helper.post(f"/board/{coats.id}/take-on", quantity="3")
    await taking_on.take_on(community, coats.id, None, dia)
    assert (await helper.post(f"/board/{coats.id}/hand-back")).location == "/board?said=back"
    notice = await needs.get(community, coats.id)
    assert (notice.status, notice.remaining) == (Status.TAKEN_ON, 3)  # nothing was done yet, and one has a part of it
    assert [line.notice.id for line in (await board.board(community, await person(community, "Eli"))).open]
    await taking_on.give_back(community, coats.id, dia)
    notice = await needs.get(community, coats.id)
    assert (notice.status, notice.remaining) == (Status.OPEN, 4)
    with pytest.raises(Conflict):
        await taking_on.give_back(community, coats.id, dia)
    assert await rows_of(community) == 0
    history = (await dispatcher.get(f"/dispatch/{coats.id}")).text
    assert "A helper handed it back." in history
    assert "Dia" not in history


async def test_several_on_one_thing(helper: Any, shelf: Notice, community: Community, clock: Any) -> None:
    dia = await person(community, "Dia")
    part = await taking_on.take_on(community, shelf.id, None, dia)
    page = await helper.get(f"/board/{shelf.id}")
    assert "I come along" in page.text
    assert "I can do this" not in page.text
    clock.go_on(minutes=5)
    await helper.post(f"/board/{shelf.id}/come-along", part=part.id)
    assert "On this together: Dia, Cai" in (await helper.get(f"/board/{shelf.id}")).text
    await taking_on.give_back(community, shelf.id, dia)
    assert (await needs.get(community, shelf.id)).status == Status.TAKEN_ON  # one pair of hands is left
    for number in range(MOST_HANDS - 1):
        await taking_on.come_along(community, shelf.id, part.id, await person(community, f"Helper {number}"))
    with pytest.raises(Conflict, match="Enough people"):
        await taking_on.come_along(community, shelf.id, part.id, dia)


async def test_a_dispatcher_opens_it_again(dispatcher: Any, helper: Any, shelf: Notice, community: Community) -> None:
    await helper.post(f"/board/{shelf.id}/take-on")
    page = await dispatcher.get(f"/dispatch/{shelf.id}")
    part = page.form(f"/dispatch/{shelf.id}/hands")["part"]
    assert (await helper.post(f"/dispatch/{shelf.id}/hands", part=part)).status == 403
    assert (await dispatcher.post(f"/dispatch/{shelf.id}/hands", part=part)).status == 303
    assert (await dispatcher.post(f"/dispatch/{shelf.id}/hands", part=part)).status == 409
    assert (await needs.get(community, shelf.id)).status == Status.OPEN
    assert (await helper.post(f"/board/{shelf.id}/done")).status == 409


async def test_what_ends_otherwise_leaves_nothing_behind(
    ask: Any, shelf: Notice, coats: Notice, community: Community, bo: Member
) -> None:
    cai = await person(community, "Cai")
    await taking_on.take_on(community, shelf.id, None, cai)
    await needs.change_status(community, shelf.id, Status.NO_LONGER_NEEDED, bo)
    await taking_on.take_on(community, coats.id, Decimal(1), cai)
    no = Said((Question(Use.BOARD),), False, "May helpers see it?", Channel.PHONE, "en")
    await consents.record(community, coats.id, no, bo)
    assert (await needs.get(community, coats.id)).remaining == 4
    assert await rows_of(community) == 0
    with pytest.raises(NotFound):
        await board.get(community, coats.id, cai)


async def test_what_a_helper_here_has_is_not_promised_to_neighbours(
    offered: Response, community: Community, bo: Member
) -> None:
    cai = await person(community, "Cai")
    await needs.change_status(community, offered.notice_id or "", Status.OPEN, bo)
    await taking_on.take_on(community, offered.notice_id or "", None, cai)
    with pytest.raises(Conflict, match="more than is still open"):
        await responses.agree(community, offered.id, (), None, bo)


@pytest.mark.parametrize("is_withdrawn", [False, True])
async def test_what_comes_home_from_neighbours_is_still_with_the_helper_here(
    offered: Response, community: Community, bo: Member, is_withdrawn: bool
) -> None:
    """Each had one of two: nothing of it was met, so nobody is told that a part of it was."""
    notice_id, share_id = offered.notice_id or "", offered.share_id or ""
    async with community.database.unit_of_work() as work:
        await work.responses.put(replace(offered, quantity=Decimal(1)))
    await responses.agree(community, offered.id, (), None, bo)
    await taking_on.take_on(community, notice_id, None, await person(community, "Cai"))
    if is_withdrawn:
        await shares.withdraw(community, share_id, bo)
    else:
        await handoffs.set_status(community, offered.id, ResponseState.RETURNED, None, bo)
    notice = await needs.get(community, notice_id)
    assert (notice.status, notice.remaining) == (Status.TAKEN_ON, 1)


async def test_the_board_is_for_helpers(guest: Any, shelf: Notice, community: Community) -> None:
    assert (await guest.get("/board")).location.startswith("/sign-in")
    member = await person(community, "Mo", Role.MEMBER)
    for doing in (board.board(community, member), taking_on.take_on(community, shelf.id, None, member)):
        with pytest.raises(Exception, match="Only a helper"):
            await doing


async def agree_to_details(community: Community, notice_id: str, by: Member, is_given: bool = True) -> None:
    said = Said((Question(Use.DETAILS),), is_given, "May whoever takes it on call you?", Channel.PHONE, "en")
    await consents.record(community, notice_id, said, by)


async def test_the_task_card_is_there_while_the_task_is(
    helper: Any, dispatcher: Any, shelf: Notice, community: Community, bo: Member
) -> None:
    await agree_to_details(community, shelf.id, bo)
    path = f"/board/{shelf.id}"
    assert (await helper.post(f"{path}/details")).status == 409  # nobody reads what they have not taken on
    await helper.post(f"{path}/take-on")
    page = await helper.get(path)
    assert "Ruta" not in page.html
    card = await helper.post(f"{path}/details")
    assert card.status == 200
    assert all(one in card.text for one in ("Ruta", "555 0134", "Knock twice"))
    assert "the blue door" not in card.html
    (told,) = await owners.coming(community, shelf.id)
    assert told.meeting_phrase in page.text
    assert told.meeting_phrase in card.text
    (opened,) = await openings.openings_for_owner(community, shelf.id)
    assert (opened.role, opened.reader_name, opened.why.reason) == (Role.HELPER, "", Reason.TASK)
    assert opened.fields == ("name", "contact", "arrival")
    desk = await dispatcher.get(f"/dispatch/{shelf.id}")
    assert "Cai: for a task of theirs" in desk.text
    assert told.meeting_phrase in desk.text
    await helper.post(f"{path}/done")
    assert (await helper.get(path)).status == 404
    assert (await helper.post(f"{path}/details")).status in {404, 409}
    assert await owners.coming(community, shelf.id) == ()


async def test_without_a_yes_nothing_is_opened(helper: Any, shelf: Notice, community: Community, bo: Member) -> None:
    await helper.post(f"/board/{shelf.id}/take-on")
    page = await helper.get(f"/board/{shelf.id}")
    assert "A dispatcher brings you together" in page.text
    assert (await helper.post(f"/board/{shelf.id}/details")).status == 403
    await agree_to_details(community, shelf.id, bo)
    assert (await helper.post(f"/board/{shelf.id}/details")).status == 200
    await agree_to_details(community, shelf.id, bo, is_given=False)
    assert (await helper.post(f"/board/{shelf.id}/details")).status == 403
    assert len(await openings.openings(community, shelf.id)) == 1


async def test_the_brake_is_the_same_for_helpers(
    helper: Any, steward: Any, shelf: Notice, community: Community, bo: Member
) -> None:
    amina = await members.by_name(community, "Amina")
    await ways.change(community, Ways(openings_a_day=1), amina)
    await agree_to_details(community, shelf.id, bo)
    await helper.post(f"/board/{shelf.id}/take-on")
    assert (await helper.post(f"/board/{shelf.id}/details")).status == 200
    braked = await helper.post(f"/board/{shelf.id}/details")
    assert (braked.status, "Ruta" in braked.html) == (403, False)
    assert "Cai has opened" in (await steward.get("/dispatch")).text


async def test_its_owner_reads_that_it_is_with_somebody_and_not_with_whom(
    guest: Any, helper: Any, community: Community, bo: Member
) -> None:
    asked = await needs.ask(community, Entry(Kind.NEED, Wording("Carry a shelf", "repairs"), consent=HELPERS))
    path = f"/r/{asked.code}/everything"
    assert "With a helper" not in (await guest.get(path)).text
    await needs.change_status(community, asked.notice.id, Status.OPEN, bo)
    await helper.post(f"/board/{asked.notice.id}/take-on")
    page = await guest.get(path)
    assert "With a helper of this community" in page.text
    assert "Cai" not in page.html
    told = (await guest.get(f"{path}.json")).html
    assert '"how": "helper"' in told
    assert "Cai" not in told


async def test_silence_brings_it_home(helper: Any, shelf: Notice, community: Community, clock: Any) -> None:
    await helper.post(f"/board/{shelf.id}/take-on")
    clock.go_on(days=13)
    await clocks.run_due(community)
    assert (await needs.get(community, shelf.id)).status == Status.TAKEN_ON
    clock.go_on(days=1)
    await clocks.run_due(community)
    assert (await needs.get(community, shelf.id)).status == Status.OPEN
    assert await rows_of(community) == 0
