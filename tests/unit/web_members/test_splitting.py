"""A need in two: one code, one sealed note and one word about who may know; what is promised stays where it is."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from node.domain import splitting as rules
from node.domain.consent import ALL, Channel, Consent, Question, Use
from node.domain.errors import Conflict, NotFound
from node.domain.members import Member, Role
from node.domain.notices import Kind, Notice, Status, Wording
from node.domain.responses import Side
from node.domain.retention import RECEIPT_KEPT
from node.domain.sealed import Contact, SealedNote
from node.domain.shares import Level, ShareRequest
from node.domain.splitting import Split
from node.services import (
    clocks,
    consents,
    correcting,
    forgetting,
    members,
    needs,
    openings,
    shares,
    splitting,
    taking_on,
)
from node.services.community import Community
from node.services.consents import Said
from node.services.needs import Asked, Entry
from node.storage.sealed_notes import SealedNotes

SHARED = {
    "stays_title": "Boxes for us",
    "stays_text": "By Friday.",
    "title": "Boxes for others",
    "text": "",
    "category": "goods",
    "quantity": "8",
    "form_id": "once",
}
REQUEST = Split("Boxes", "", "Blankets", "", "goods")


@pytest.fixture
async def bo(community: Community) -> Member:
    return await members.add(community, "Bo the dispatcher", frozenset({Role.DISPATCHER}))


@pytest.fixture
async def boxes(community: Community, bo: Member) -> Asked:
    """Twenty boxes, five of them with a helper."""
    note = SealedNote(name="Ruta", contact=(Contact("phone", "555 0134"),))
    wording = Wording("Twenty boxes", "organising", "By Friday.", quantity=Decimal(20))
    asked = await needs.ask(community, Entry(Kind.NEED, wording, note, Consent(board=True, peers=ALL)))
    await needs.change_status(community, asked.notice.id, Status.OPEN, bo)
    cai = await members.add(community, "Cai the helper", frozenset({Role.HELPER}))
    await taking_on.take_on(community, asked.notice.id, Decimal(5), cai)
    return asked


async def sealed(community: Community, notice_id: str) -> SealedNote | None:
    async with community.database.reading() as work:
        return await SealedNotes(work).open(notice_id)


async def test_what_is_promised_stays_and_one_code_opens_both(
    dispatcher: Any, guest: Any, community: Community, boxes: Asked, peer: Any, bo: Member
) -> None:
    path = f"/dispatch/{boxes.notice.id}"
    shared = await shares.share(community, boxes.notice.id, ShareRequest(Level.PEERS), bo)
    assert f"{path}/split" in (await dispatcher.get(path)).read.links
    assert "How many of the 15 that are open?" in (await dispatcher.get(f"{path}/split")).text
    went = await dispatcher.post(f"{path}/split", **SHARED)
    part_path = went.location.partition("?")[0]
    assert (await dispatcher.post(f"{path}/split", **SHARED)).location == went.location, "sent twice, split once"
    stays = await needs.get(community, boxes.notice.id)
    part = await needs.get(community, part_path.rpartition("/")[2])
    assert (stays.wording.title, stays.wording.quantity, stays.remaining) == ("Boxes for us", 12, 7)
    assert (part.wording.title, part.wording.quantity, part.remaining) == ("Boxes for others", 8, 8)
    assert (stays.status, part.status) == (Status.TAKEN_ON, Status.OPEN)
    assert (part.consent, part.created_at) == (stays.consent, stays.created_at)
    assert [one.id for one in await shares.shares_of(community, stays.id)] == [shared.id]
    assert await shares.shares_of(community, part.id) == ()
    assert "Boxes for us" in (await dispatcher.get(part_path)).text
    assert await sealed(community, part.id) == await sealed(community, stays.id)
    first = await guest.get(f"/r/{boxes.code}")
    assert "Your code opens all of them." in first.text
    assert f"/r/{boxes.code}-2" in first.read.links
    second = await guest.get(f"/r/{boxes.code}-2")
    assert "Boxes for others" in second.text
    assert f"/r/{boxes.code}" in second.read.links
    assert (await guest.get(f"/r/{boxes.code}-3")).status == 404


async def test_a_word_about_who_may_know_and_a_correction_are_about_both(
    community: Community, boxes: Asked, bo: Member
) -> None:
    first, code = boxes.notice.id, boxes.code
    part = (await splitting.split(community, first, REQUEST, bo)).id
    await consents.record_by_code(community, code, Said((Question(Use.BOARD),), False, channel=Channel.WEB))
    for one in (first, part):
        assert not (await needs.get(community, one)).consent.board
    before = await openings.filled_fields(community, part)
    await correcting.correct(community, part, SealedNote(name="Ruta", address="the green door"), bo)
    await correcting.correct_by_code(community, f"{code}-2", SealedNote(name="Ruta Maria", address="the green door"))
    assert before == ("name", "contact")
    for one in (first, part):
        note = await sealed(community, one)
        assert note is not None
        assert (note.name, note.address) == ("Ruta Maria", "the green door")
    await forgetting.erase_by_code(community, f"{code}-2")
    for one in (first, part):
        assert (await needs.get(community, one)).erased_at == community.now()


async def test_erasing_one_erases_all_and_the_code_lasts_as_long_as_any_part(
    community: Community, boxes: Asked, bo: Member, clock: Any
) -> None:
    first, code = boxes.notice.id, boxes.code
    part = await splitting.split(community, first, REQUEST, bo)
    await needs.change_status_by_code(community, code, Status.NO_LONGER_NEEDED)
    clock.go_on(days=100)
    await clocks.run_due(community)
    gone = await needs.get(community, first)
    assert gone.erased_at is not None
    assert await sealed(community, first) is None
    assert await sealed(community, part.id) is not None, "the other part is still open"
    await needs.renew_by_code(community, f"{code}-2")
    clock.at = gone.erased_at + RECEIPT_KEPT + timedelta(hours=1)
    await needs.renew_by_code(community, f"{code}-2")
    await clocks.run_due(community)
    assert (await needs.by_code(community, code)).id == first, "the receipt waits for the other part"
    await forgetting.erase_by_code(community, code)
    assert (await needs.get(community, part.id)).erased_at == community.now()
    assert await sealed(community, part.id) is None
    clock.go_on(days=RECEIPT_KEPT.days + 1)
    for _round in range(2):
        await clocks.run_due(community)
    with pytest.raises(NotFound):
        await needs.by_code(community, code)


async def test_what_cannot_be_split_says_why(
    dispatcher: Any, community: Community, boxes: Asked, ask: Any, put_response: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/dispatch/{boxes.notice.id}/split"
    for number in ("0", "16", "2.5", "lots"):
        page = await dispatcher.post(path, **(SHARED | {"quantity": number, "form_id": number}))
        assert (page.status, 'value="Boxes for others"' in page.html) == (422, True)
    same = {"title": "Twenty boxes", "text": "By Friday.", "quantity": "", "form_id": "same"}
    assert "needs words of its own" in (await dispatcher.post(path, **(SHARED | same))).text
    assert (await dispatcher.post(path, **(SHARED | {"title": "", "stays_title": ""}))).html.count('class="wrong"') == 2
    await put_response("resp1", Side.ORIGIN, notice_id=boxes.notice.id)
    page = await dispatcher.post(path, **SHARED)
    assert (page.status, "Answer that first" in page.text) == (409, True)
    offer = await ask(Kind.OFFER)
    assert (await dispatcher.get(f"/dispatch/{offer.id}/split")).status == 409
    assert len(await needs_of(community)) == 2
    monkeypatch.setattr("node.domain.splitting.MOST_PARTS", 1)
    need = await ask()
    with pytest.raises(Conflict, match="split into"):
        await splitting.split(community, need.id, REQUEST, await members.by_name(community, "Bo"))


async def needs_of(community: Community) -> tuple[str, ...]:
    async with community.database.reading() as work:
        return await work.notices.not_erased()


def test_what_is_with_somebody_stays_together(need: Notice, clock: Any) -> None:
    asked = replace(REQUEST, quantity=Decimal(2))
    taken = replace(need, remaining=Decimal(0), status=Status.TAKEN_ON)
    with pytest.raises(Conflict, match="All of it is with somebody"):
        rules.split(taken, asked, rules.Standing(Decimal(2)), "part", clock())
    with pytest.raises(Conflict, match="has ended"):
        rules.split(replace(need, status=Status.MET), asked, rules.Standing(), "part", clock())
    half = replace(need, wording=replace(need.wording, quantity=Decimal(4)), status=Status.PARTLY_MET)
    stays, part = rules.split(half, asked, rules.Standing(Decimal(2)), "part", clock())
    assert (stays.status, stays.remaining, stays.wording.quantity) == (Status.TAKEN_ON, 0, 2)
    assert (part.status, part.remaining) == (Status.OPEN, 2)


async def test_some_of_it_is_met_and_nobody_notes_over_another(
    dispatcher: Any, steward: Any, community: Community, ask: Any
) -> None:
    need = await ask(quantity=Decimal(20))
    path = f"/dispatch/{need.id}"
    mine, theirs = await dispatcher.get(path), await steward.get(path)
    assert (await dispatcher.post(f"{path}/met", quantity="12", **mine.form(f"{path}/met"))).status == 303
    now = await needs.get(community, need.id)
    assert (now.status, now.remaining) == (Status.PARTLY_MET, 8)
    page = await steward.post(f"{path}/met", quantity="5", **theirs.form(f"{path}/met"))
    assert (page.status, 'value="5"' in page.html) == (409, True)
    assert "8 of it is open now. You wrote: 5 is met." in page.text
    for wrong in ("9", "0", "-1", "1.5", "many"):
        assert (await steward.post(f"{path}/met", quantity=wrong, open="8")).status == 422
    assert (await steward.post(f"{path}/met", quantity="8", **page.form(f"{path}/met"))).status == 303
    assert (await needs.get(community, need.id)).status == Status.MET
    assert (await steward.post(f"{path}/met", quantity="1")).status == 409


async def test_one_tap_pauses_and_opens_again(
    dispatcher: Any, steward: Any, community: Community, need: Notice
) -> None:
    path = f"/dispatch/{need.id}"
    mine, theirs = await dispatcher.get(path), await steward.get(path)
    assert (await dispatcher.post(f"{path}/status", **mine.form(f"{path}/status"))).status == 303
    assert (await needs.get(community, need.id)).status == Status.PAUSED
    late = await steward.post(f"{path}/status", **(theirs.form(f"{path}/status") | {"status": "taken on"}))
    assert (late.status, "Somebody else noted meanwhile: paused." in late.text) == (409, True)
    row = (await dispatcher.get("/dispatch")).form(f"{path}/status")
    assert (await dispatcher.post(f"{path}/status", **row)).status == 303
    assert (await needs.get(community, need.id)).status == Status.OPEN
