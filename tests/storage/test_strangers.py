"""What is kept of strangers and of servers that fail: little, bounded, and not for long."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from node.domain.hosts import HostHealth
from node.domain.peers import OwnActor
from node.domain.strangers import Enquiry, Reaction, Report
from node.storage.hosts import MOST_HOSTS
from node.storage.keys import ListedKey, StoredKey
from node.storage.outbox import DeliveryOutcome, OutgoingActivity
from node.storage.shares import Published
from node.storage.unit_of_work import UnitOfWork
from tests.unit.node.make import NORTH, NOW, RIVER, RIVER_PUBLIC, make_actor, make_item, make_notice, make_share

HOUR = timedelta(hours=1)
SOMEBODY = "https://social.example/users/somebody"
ENQUIRY = Enquiry("e1", "https://social.example/notes/1", SOMEBODY, OwnActor.PUBLIC, "Is it still open?", NOW)
REPORT = Report("r1", "https://social.example/flags/1", SOMEBODY, (NORTH.object("a"), NORTH.object("b")), "Why", NOW)


async def test_an_enquiry_comes_back_as_it_was(work: UnitOfWork) -> None:
    about = replace(ENQUIRY, id="e2", note_id="n2", share_id="share1", received_at=NOW + HOUR)
    for enquiry in (ENQUIRY, about):
        await work.enquiries.add(enquiry)
    assert await work.enquiries.by_note(ENQUIRY.note_id) == ENQUIRY
    assert await work.enquiries.all(9) == (about, ENQUIRY)
    assert await work.enquiries.all(1) == (about,)
    assert await work.enquiries.by_note("unknown") is None


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


# C-115
async def test_the_same_flag_twice_is_one_report(work: UnitOfWork) -> None:
    await work.reports.add(REPORT)
    await work.reports.add(replace(REPORT, id="r2"))
    assert await work.reports.all(9) == (REPORT,)
    assert await work.reports.count("social.example") == 1
    assert await work.reports.count("social.example", NOW) == await work.reports.count("river.example") == 0
    await work.reports.forget_before(NOW)
    assert await work.reports.count() == 1
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
    await work.outbox.add(_activity("a"), inboxes, later)
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
