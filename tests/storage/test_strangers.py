"""What is kept of strangers and of servers that fail: little, bounded, and not for long."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from node.domain.blocks import Block, BlockKind
from node.domain.hosts import HostHealth
from node.domain.peers import OwnActor
from node.domain.strangers import Answer, Enquiry, Reaction, Report
from node.storage.audit import AuditEntry
from node.storage.hosts import MOST_HOSTS
from node.storage.keys import ListedKey, StoredKey
from node.storage.outbox import DeliveryOutcome, OutgoingActivity
from node.storage.shares import Published
from node.storage.unit_of_work import UnitOfWork
from tests.unit.node.make import NORTH, NOW, RIVER, RIVER_PUBLIC, make_actor, make_item, make_notice, make_share

HOUR = timedelta(hours=1)
SOMEBODY = "https://social.example/users/somebody"
ENQUIRY = Enquiry(
    "e1", "https://social.example/notes/1", SOMEBODY, OwnActor.PUBLIC, "Is it still open?", NOW, thread="e1"
)
ANSWER = Answer(
    id="a1",
    thread="e1",
    object_id=NORTH.object("answer1"),
    in_reply_to=ENQUIRY.note_id,
    own_actor=OwnActor.PUBLIC,
    actor=SOMEBODY,
    handle="@somebody@social.example",
    inbox=f"{SOMEBODY}/inbox",
    text="Yes.",
    written_at=NOW + HOUR,
)
REPORT = Report("r1", "https://social.example/flags/1", SOMEBODY, (NORTH.object("a"), NORTH.object("b")), "Why", NOW)


async def test_an_enquiry_comes_back_as_it_was(work: UnitOfWork) -> None:
    about = replace(ENQUIRY, id="e2", note_id="n2", share_id="share1", received_at=NOW + HOUR)
    for enquiry in (ENQUIRY, about):
        await work.enquiries.add(enquiry)
    assert await work.enquiries.by_note(ENQUIRY.note_id) == ENQUIRY
    assert await work.enquiries.all(9) == (about, ENQUIRY)
    assert await work.enquiries.all(1) == (about,)
    assert await work.enquiries.by_note("unknown") is None
    assert await work.enquiries.get("e2") == about
    assert await work.enquiries.of_thread("e1") == (ENQUIRY, about)
    await work.enquiries.remove_thread("e1")
    assert await work.enquiries.get("e1") is None


async def test_one_note_is_one_enquiry_and_can_be_worded_anew(work: UnitOfWork) -> None:
    await work.enquiries.add(ENQUIRY)
    with pytest.raises(IntegrityError):
        async with work.savepoint():
            await work.enquiries.add(replace(ENQUIRY, id="e2"))
    await work.enquiries.put_text("e1", "Is it?")
    assert await work.enquiries.all(9) == (replace(ENQUIRY, text="Is it?"),)


async def test_enquiries_are_bounded_by_counting_and_forgotten(work: UnitOfWork) -> None:
    for number in range(3):
        await work.enquiries.add(
            replace(ENQUIRY, id=f"e{number}", note_id=f"n{number}", received_at=NOW + HOUR * number)
        )
    await work.enquiries.add(replace(ENQUIRY, id="other", note_id="other", actor=RIVER_PUBLIC))
    assert await work.enquiries.count() == 4
    assert await work.enquiries.count(SOMEBODY) == 3
    assert await work.enquiries.count(SOMEBODY, NOW) == 2
    await work.enquiries.remove("e2")
    await work.enquiries.forget_before(NOW + HOUR)
    assert [one.id for one in await work.enquiries.all(9)] == ["e1"]
    await work.enquiries.remove_of(SOMEBODY)
    assert await work.enquiries.count() == 0


async def test_a_server_is_counted_with_all_below_it(work: UnitOfWork) -> None:
    """Names below one that somebody registered are free, so they are one server."""
    hosts = ("social.example", "a.social.example", "b.a.social.example", "antisocial.example", "social.example.evil")
    for number, host in enumerate(hosts):
        one = replace(ENQUIRY, id=f"e{number}", note_id=f"n{number}", actor=f"https://{host}/u", thread=f"e{number}")
        await work.enquiries.add(one)
    assert await work.enquiries.count_below("social.example", NOW - HOUR) == 3
    assert await work.enquiries.count_below("social.example", NOW) == 0
    await work.enquiries.remove_from("social.example")
    assert await work.enquiries.count() == 4


async def test_an_answer_comes_back_as_it_was(work: UnitOfWork) -> None:
    await work.answers.add(ANSWER, "form")
    later = replace(ANSWER, id="a2", object_id="o2", written_at=NOW + 2 * HOUR)
    await work.answers.add(later, None)
    assert await work.answers.get("a1") == await work.answers.by_object(ANSWER.object_id) == ANSWER
    assert await work.answers.by_form("form") == ANSWER
    assert await work.answers.of_threads(["e1"]) == await work.answers.to(SOMEBODY) == (ANSWER, later)
    gone = replace(ANSWER, text="", taken_back=True)
    await work.answers.put(gone)
    assert await work.answers.get("a1") == gone
    assert await work.answers.by_form("form") == gone
    for missing in (work.answers.get("x"), work.answers.by_object("x"), work.answers.by_form("x")):
        assert await missing is None


async def test_answers_go_with_their_conversation_once_nothing_of_them_waits(work: UnitOfWork) -> None:
    """With what sent them: no words are left in the outbox either."""
    await work.enquiries.add(ENQUIRY)
    await work.answers.add(ANSWER, None)
    create = replace(_activity("create"), object_key=ANSWER.object_id)
    await work.outbox.add(create, [ANSWER.inbox], NOW)
    await work.outbox.add(_activity("other"), [ANSWER.inbox], NOW)
    await work.enquiries.remove("e1")
    await work.answers.forget_ended()
    assert await work.answers.get("a1") == ANSWER
    assert await work.outbox.undelivered([ANSWER.object_id]) == {ANSWER.object_id: "waiting"}
    (one, _) = await work.outbox.claim(NOW, 9)
    await work.outbox.settle([DeliveryOutcome(one.id, delivered=True)])
    assert await work.outbox.undelivered([ANSWER.object_id]) == {}
    await work.answers.forget_ended()
    assert await work.answers.get("a1") is None
    assert await work.outbox.activity(create.id) is None
    assert await work.outbox.activity(_activity("other").id) is not None


async def test_what_was_given_up_is_not_taken_for_delivered(work: UnitOfWork) -> None:
    create = replace(_activity("create"), object_key=ANSWER.object_id)
    await work.outbox.add(create, [ANSWER.inbox], NOW)
    (one,) = await work.outbox.claim(NOW, 9)
    await work.outbox.settle([DeliveryOutcome(one.id, False)])
    assert await work.outbox.undelivered([ANSWER.object_id]) == {ANSWER.object_id: "failed"}
    await work.outbox.forget_about(ANSWER.object_id)
    assert await work.outbox.activity(create.id) is None


async def test_a_block_comes_back_as_it_was(work: UnitOfWork) -> None:
    sender = Block("b1", BlockKind.SENDER, SOMEBODY, "@somebody@social.example", NOW)
    server = Block("b2", BlockKind.SERVER, "social.example", "social.example", NOW + HOUR)
    for block in (sender, server):
        await work.blocks.add(block)
    assert await work.blocks.all() == (server, sender)
    assert await work.blocks.get("b1") == await work.blocks.by_subject(SOMEBODY) == sender
    with pytest.raises(IntegrityError):
        async with work.savepoint():
            await work.blocks.add(replace(server, id="b3"))
    await work.blocks.remove("b1")
    assert await work.blocks.get("b1") is None
    assert await work.blocks.by_subject(SOMEBODY) is None


async def test_the_words_of_a_line_go_and_that_it_was_done_stays(work: UnitOfWork) -> None:
    """Also those that older lines have in brackets; other subjects and other actions keep theirs."""
    lines = (
        AuditEntry(NOW, "m", "set the status: open", "n1", "Spoke with her."),
        AuditEntry(NOW, "m", "set the status: paused (until Mon", "n1"),
        AuditEntry(NOW, "m", "shared a notice", "n1", "public"),
        AuditEntry(NOW, "m", "set the status: open", "n2", "Other words"),
    )
    for line in lines:
        await work.audit.add(line)
    assert await work.audit.of_subject("n1", {"shared a notice"}, 1) == (lines[1],)
    await work.audit.forget_words("n1", "set the status: ")
    assert await work.audit.of_subject("n1", (), 9) == (
        lines[2],
        replace(lines[1], action="set the status: paused"),
        replace(lines[0], detail=""),
    )
    assert await work.audit.of_subject("n2", (), 9) == (lines[3],)


# C-115
async def test_the_same_flag_twice_is_one_report(work: UnitOfWork) -> None:
    await work.reports.add(REPORT)
    await work.reports.add(replace(REPORT, id="r2"))
    assert await work.reports.all(9) == (REPORT,)
    assert await work.reports.count("social.example") == 1
    assert await work.reports.count("social.example", NOW) == await work.reports.count("river.example") == 0
    await work.reports.forget_before(NOW)
    assert await work.reports.count() == 1
    assert await work.reports.get("r1") == REPORT
    assert await work.reports.get("r2") is None
    for number, forget in enumerate((work.reports.remove_of(SOMEBODY), work.reports.remove_from("social.example"))):
        await work.reports.add(replace(REPORT, id=f"x{number}", activity_id=f"x{number}"))
        await forget
        assert await work.reports.count() == 0
        await work.reports.add(REPORT)
    await work.reports.remove("r1")
    assert await work.reports.all(9) == ()


async def test_somebody_is_counted_once_and_can_take_it_back(work: UnitOfWork) -> None:
    from_one = ("one", "activity 1")
    await work.notices.add(make_notice(), "code", None)
    await work.shares.add(_published(), None)
    for kind, (who, which) in (
        (Reaction.LIKE, from_one),
        (Reaction.LIKE, ("one", "activity 2")),
        (Reaction.LIKE, ("two", "activity 3")),
        (Reaction.ANNOUNCE, ("one", "activity 4")),
    ):
        await work.reactions.add("share1", kind, who, which)
    assert await work.reactions.counts("share1") == {Reaction.LIKE: 2, Reaction.ANNOUNCE: 1}
    await work.reactions.remove("activity 2")
    await work.reactions.remove("unknown")
    assert await work.reactions.counts("share1") == {Reaction.LIKE: 1, Reaction.ANNOUNCE: 1}
    assert await work.reactions.counts("share2") == {}


# C-47, C-48
async def test_a_host_is_remembered_while_it_fails(work: UnitOfWork) -> None:
    river = HostHealth("help.river.example", (NOW.date(), (NOW + timedelta(days=1)).date()), NOW + timedelta(days=1))
    market = HostHealth("market.example", (NOW.date(),), NOW)
    for health in (replace(river, failed_on=river.failed_on[:1]), river, market):
        await work.hosts.put(health)
    assert await work.hosts.these([river.host, "well.example"]) == {river.host: river}
    assert await work.hosts.are_well([river.host, "well.example"]) == {river.host}
    assert await work.hosts.are_well([river.host]) == frozenset()
    await work.hosts.forget_before(NOW)
    assert await work.hosts.these([market.host]) == {market.host: market}
    await work.hosts.forget_before(NOW + HOUR)
    assert await work.hosts.these([market.host]) == {}


# T-24
async def test_not_more_hosts_than_fit_are_remembered(work: UnitOfWork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("node.storage.hosts.MOST_HOSTS", 2)
    for number in range(4):
        await work.hosts.put(HostHealth(f"h{number}", (NOW.date(),), NOW + HOUR * number))
    await work.hosts.forget_before(NOW)
    assert set(await work.hosts.these(f"h{number}" for number in range(4))) == {"h2", "h3"}
    assert MOST_HOSTS >= 1000


async def test_keys_can_be_listed_without_opening_them_and_erased(work: UnitOfWork) -> None:
    old = StoredKey("key 1", OwnActor.PUBLIC, "rsa", b"secret", NOW)
    new = StoredKey("key 2", OwnActor.PUBLIC, "rsa", b"secret", NOW + HOUR)
    for key in (new, old):
        await work.keys.add(key)
    assert set(await work.keys.listing()) == {
        ListedKey(key.key_id, key.own_actor, key.kind, key.created_at) for key in (old, new)
    }
    await work.keys.remove(["key 1"])
    assert await work.keys.all() == (new,)


async def test_copies_go_by_their_author_or_when_they_were_not_for_everyone(work: UnitOfWork) -> None:
    await work.feed.add(make_item(id="for all", object_id="o1", public=True))
    await work.feed.add(make_item(id="for us", object_id="o2", checked_at=NOW))
    await work.feed.add(make_item(id="elsewhere", object_id="o3", actor=SOMEBODY))
    await work.feed.remove_not_public_of("help.river.example")
    assert set(await work.feed.these({"for all", "for us", "elsewhere"})) == {"for all", "elsewhere"}
    await work.feed.remove_by(SOMEBODY)
    assert set(await work.feed.these({"for all", "elsewhere"})) == {"for all"}


async def test_what_waits_for_a_host_that_is_heard_of_again_goes_at_once(work: UnitOfWork) -> None:
    """Of that very host: neither of one whose name ends like it, nor of another port."""
    later = NOW + 5 * HOUR
    inboxes = [
        f"{RIVER}/inbox",
        f"{RIVER}:8443/inbox",
        "https://not.help.river.example/inbox",
        f"{RIVER}.evil.example/i",
    ]
    await work.outbox.add(_activity("a"), inboxes, NOW)
    await work.outbox.settle([DeliveryOutcome(one.id, False, later) for one in await work.outbox.claim(NOW, 9)])
    await work.outbox.revive_host("help.river.example", NOW)
    assert [one.inbox for one in await work.outbox.claim(NOW, 9)] == [f"{RIVER}/inbox"]


# C-55, C-137
async def test_what_waits_for_an_inbox_goes_but_for_what_must_still_be_said(work: UnitOfWork) -> None:
    await work.outbox.add(_activity("create"), [f"{RIVER}/inbox"], NOW)
    await work.outbox.add(replace(_activity("delete"), type="Delete", object_key="o2"), [f"{RIVER}/inbox"], NOW)
    await work.outbox.drop_for([f"{RIVER}/inbox"], keeping=["Delete"])
    assert [one.activity.type for one in await work.outbox.claim(NOW, 9)] == ["Delete"]


async def test_a_delivery_that_was_only_put_off_was_no_try(work: UnitOfWork) -> None:
    sent = replace(_activity("a"), signed_with="an older key")
    await work.outbox.add(sent, [f"{RIVER}/inbox"], NOW)
    (one,) = await work.outbox.claim(NOW, 9)
    assert one.activity == sent
    await work.outbox.settle([DeliveryOutcome(one.id, False, NOW + HOUR, "paused", counts=False)])
    (again,) = await work.outbox.claim(NOW + HOUR, 9)
    assert again.attempts == 0


async def test_an_actor_says_what_its_server_takes(work: UnitOfWork) -> None:
    await work.peers.put_actor(make_actor(takes_rfc9421=True))
    assert await work.peers.actor(RIVER_PUBLIC) == make_actor(takes_rfc9421=True)


def _activity(name: str) -> OutgoingActivity:
    return OutgoingActivity(NORTH.activity(name), OwnActor.PUBLIC, "Create", "o1", b"{}", NOW)


def _published() -> Published:
    return Published(make_share(), b"{}")
