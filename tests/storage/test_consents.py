"""Answers and call-backs at rest, in the order in which they were said; and what the sealed note has in common."""

from datetime import timedelta

from node.domain.call_backs import CallBack
from node.domain.consent import Asking, Channel, ConsentEntry, Question, Use
from node.domain.notices import Status
from node.domain.redaction import Overlap
from node.domain.sealed import Contact, SealedNote
from node.storage.sealed_notes import SealedNotes
from node.storage.unit_of_work import UnitOfWork
from tests.unit.node.make import NOW, make_notice

HOUR = timedelta(hours=1)


def said(use: Use, yes: bool = True, peer: str = "", minutes: int = 0) -> ConsentEntry:
    asking = Asking(Channel.IN_PERSON, "ar", "member1")
    return ConsentEntry(Question(use, peer), yes, "¿Puede verlo? نعم", asking, NOW + timedelta(minutes=minutes))


def call_back(call_id: str, notice_id: str, due: timedelta) -> CallBack:
    return CallBack(call_id, notice_id, (Question(Use.NAMED, "p1"), Question(Use.NAMED, "p2")), NOW + due, NOW, None)


async def test_answers_come_back_whole_and_in_order(work: UnitOfWork) -> None:
    await work.notices.add(make_notice(), "code", None)
    rows = (said(Use.NAMED, peer="p1"), said(Use.PUBLIC, minutes=-5), said(Use.NAMED, False, "p1", minutes=1))
    for row in rows:
        await work.consents.add("notice1", [row])
    await work.consents.add("notice1", [])
    assert await work.consents.of_notice("notice1") == rows
    assert await work.consents.of_notice("another") == ()
    await work.consents.forget("notice1")
    assert await work.consents.of_notice("notice1") == ()


async def test_whom_to_ask_comes_soonest_first_and_only_for_what_is_open(work: UnitOfWork) -> None:
    for number, status in enumerate((Status.OPEN, Status.PAUSED, Status.MET)):
        await work.notices.add(make_notice(status, id=f"n{number}"), f"code{number}", None)
    later, sooner, closed = call_back("c0", "n0", 2 * HOUR), call_back("c1", "n1", HOUR), call_back("c2", "n2", HOUR)
    for one in (later, sooner, closed):
        await work.call_backs.add(one)
    assert await work.call_backs.due(10) == (sooner, later)
    assert await work.call_backs.due(1) == (sooner,)
    assert await work.call_backs.open_of("n2") == (closed,)
    settled = CallBack("c1", "n1", sooner.questions, sooner.due_at, NOW, None, settled_at=NOW + HOUR)
    await work.call_backs.put(settled)
    assert await work.call_backs.due(10) == (later,)
    assert await work.call_backs.get("c1") == settled
    assert await work.call_backs.get("unknown") is None
    await work.call_backs.forget("n0")
    assert await work.call_backs.due(10) == ()


async def test_only_the_notices_own_words_come_out_of_a_comparison(work: UnitOfWork) -> None:
    await work.notices.add(make_notice(), "code", None)
    contact = (Contact("phone", "555-0101"), Contact("through someone", "Noor at the bakery"))
    await SealedNotes(work).add("notice1", SealedNote("Amina", contact, "the blue door", "Knows Idris.", "Two bells"))
    found = await SealedNotes(work).also_in("notice1", "Idris and Noor need coats, by the blue door")
    assert found == Overlap(names=("Idris", "Noor"), phrases=("the blue door",))
    assert await SealedNotes(work).also_in("notice1", "") == Overlap()
    assert await SealedNotes(work).also_in("erased", "Idris") == Overlap()
