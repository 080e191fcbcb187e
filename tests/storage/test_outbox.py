"""Deliveries that wait: in order for each inbox and object, claimed once, never lost."""

from datetime import datetime, timedelta

from sqlalchemy import text

from node.domain.peers import OwnActor, host_of
from node.storage.database import Database
from node.storage.outbox import CLAIM_TIME, TOGETHER, DeliveryId, DeliveryOutcome, OutgoingActivity, WaitingDelivery
from node.storage.unit_of_work import UnitOfWork
from tests.unit.node.make import NORTH, NOW, RIVER

INBOX, OTHER_INBOX = f"{RIVER}/inbox", "https://market.example/inbox"


def activity(name: str, object_key: str = "o1", kind: str = "Create", share_id: str | None = None) -> OutgoingActivity:
    return OutgoingActivity(
        id=NORTH.activity(name),
        own_actor=OwnActor.PEERS,
        type=kind,
        object_key=object_key,
        body=b'{"bytes":"\\u00e9 as they are"}',
        published_at=NOW,
        share_id=share_id,
        sent_to=(f"{RIVER}/actors/peers",),
    )


def told(claimed: tuple[WaitingDelivery, ...]) -> list[tuple[str, str]]:
    return [(one.activity.id.rpartition("/")[2], one.inbox) for one in claimed]


async def claim(work: UnitOfWork, at: datetime = NOW, limit: int = 50) -> tuple[WaitingDelivery, ...]:
    return await work.outbox.claim(at, limit)


async def rows(work: UnitOfWork) -> int:
    return await work.connection.scalar(text("SELECT count(*) FROM outbox")) or 0


async def test_an_activity_comes_back_as_it_was(work: UnitOfWork) -> None:
    sent = activity("a", share_id="s1")
    await work.outbox.add(sent, [INBOX], NOW)
    assert await work.outbox.activity(sent.id) == sent
    assert await work.outbox.activity("unknown") is None
    (delivery,) = await claim(work)
    assert (delivery.activity, delivery.inbox, delivery.attempts) == (sent, INBOX, 0)


async def test_only_what_waits_is_work_for_the_worker(work: UnitOfWork) -> None:
    await work.outbox.add(activity("a"), [], NOW)
    assert not work.left_work
    await work.outbox.add(activity("b"), [INBOX], NOW)
    assert work.left_work


# C-46
async def test_of_one_object_only_the_oldest_goes_to_an_inbox(work: UnitOfWork) -> None:
    """A Create before its Update, and that before its Delete; other inboxes and other objects do not wait for it."""
    for name in ("create", "update", "delete"):
        await work.outbox.add(activity(name), [INBOX, OTHER_INBOX] if name == "create" else [INBOX], NOW)
    await work.outbox.add(activity("other", "o2"), [INBOX], NOW)
    first = await claim(work)
    assert told(first) == [("create", INBOX), ("create", OTHER_INBOX), ("other", INBOX)]
    assert await claim(work) == ()
    await work.outbox.settle([DeliveryOutcome(first[0].id, delivered=True)])
    (second,) = await claim(work)
    assert told((second,)) == [("update", INBOX)]
    await work.outbox.settle([DeliveryOutcome(second.id, delivered=True)])
    assert told(await claim(work)) == [("delete", INBOX)]


# C-46
async def test_what_waits_for_another_try_still_holds_back_what_comes_after_it(work: UnitOfWork) -> None:
    await work.outbox.add(activity("create"), [INBOX], NOW)
    await work.outbox.add(activity("update"), [INBOX], NOW)
    (first,) = await claim(work)
    later = NOW + timedelta(hours=1)
    await work.outbox.settle([DeliveryOutcome(first.id, False, later, "no answer")])
    assert await claim(work, later - timedelta(seconds=1)) == ()
    (again,) = await claim(work, later)
    assert (told((again,)), again.attempts) == ([("create", INBOX)], 1)


async def test_what_was_given_up_holds_nothing_back_and_is_not_tried_again(work: UnitOfWork) -> None:
    await work.outbox.add(activity("create"), [INBOX], NOW)
    await work.outbox.add(activity("delete"), [INBOX], NOW)
    (first,) = await claim(work)
    await work.outbox.settle([DeliveryOutcome(first.id, False, None, "x" * 999)])
    assert told(await claim(work)) == [("delete", INBOX)]
    await work.outbox.revive_host(host_of(INBOX), NOW + timedelta(days=1))
    assert await claim(work, NOW) == ()


async def test_a_claim_runs_out_by_itself(work: UnitOfWork) -> None:
    """A process that was killed half-way loses nothing."""
    await work.outbox.add(activity("a"), [INBOX], NOW)
    assert len(await claim(work)) == 1
    assert await claim(work, NOW + CLAIM_TIME - timedelta(seconds=1)) == ()
    (again,) = await claim(work, NOW + CLAIM_TIME)
    assert again.attempts == 0


async def test_nothing_goes_before_it_is_due_and_never_more_than_asked_for(work: UnitOfWork) -> None:
    for number in range(5):
        await work.outbox.add(activity(f"a{number}", f"o{number}"), [INBOX], NOW + timedelta(minutes=number))
    assert len(await claim(work, NOW - timedelta(seconds=1))) == 0
    assert len(await claim(work, NOW + timedelta(minutes=9), limit=2)) == 2
    assert len(await claim(work, NOW + timedelta(minutes=9))) == 3


async def test_what_was_due_longest_goes_first(work: UnitOfWork) -> None:
    await work.outbox.add(activity("late", "o1"), [INBOX], NOW)
    await work.outbox.add(activity("early", "o2"), [INBOX], NOW - timedelta(days=1))
    assert told(await claim(work, limit=1)) == [("early", INBOX)]


async def test_two_claims_never_give_the_same(database: Database) -> None:
    async with database.unit_of_work() as work:
        for number in range(10):
            await work.outbox.add(activity(f"a{number}", f"o{number}"), [INBOX], NOW)
    seen: list[DeliveryId] = []
    for _ in range(4):
        async with database.unit_of_work() as work:
            seen += [one.id for one in await claim(work, limit=3)]
    assert len(seen) == len(set(seen)) == 10


async def test_inboxes_of_which_nothing_is_known_share_a_row(work: UnitOfWork) -> None:
    """Two thousand servers hear of a need: that is stored, claimed and settled by the row, and nobody is left out."""
    inboxes = [f"https://peer{number}.example/inbox" for number in range(2000)]
    await work.outbox.add(activity("a"), inboxes, NOW)
    assert await rows(work) == 2000 / TOGETHER
    reached = list[str]()
    while claimed := await claim(work, limit=200):
        assert len(claimed) == 200
        reached += [one.inbox for one in claimed]
        await work.outbox.settle([DeliveryOutcome(one.id, delivered=True) for one in claimed])
    assert sorted(reached) == sorted(inboxes)
    assert await rows(work) == 0


async def test_a_row_is_claimed_whole(work: UnitOfWork) -> None:
    """However few are asked for, the first row comes; and no row is cut in two."""
    await work.outbox.add(activity("a"), [INBOX, OTHER_INBOX], NOW)
    await work.outbox.add(activity("b", "o2"), [INBOX, OTHER_INBOX], NOW)
    assert len(await claim(work, limit=1)) == 2
    await work.outbox.add(activity("c", "o3"), [INBOX], NOW)
    assert len(await claim(work, limit=2)) == 2
    assert told(await claim(work, limit=2)) == [("c", INBOX)]


async def test_of_a_row_only_the_rest_comes_again(work: UnitOfWork) -> None:
    """The process is killed when one of three was reached and one had to be put off."""
    third = "https://third.example/inbox"
    await work.outbox.add(activity("a"), [INBOX, OTHER_INBOX, third], NOW)
    first, second, _ = await claim(work)
    later = NOW + timedelta(days=1)
    await work.outbox.settle([DeliveryOutcome(first.id, True), DeliveryOutcome(second.id, False, later, "no answer")])
    (rest,) = await claim(work, NOW + CLAIM_TIME)
    assert told((rest,)) == [("a", third)]
    await work.outbox.settle([DeliveryOutcome(rest.id, True)])
    (again,) = await claim(work, later)
    assert (again.inbox, again.attempts) == (second.inbox, 1)


# C-46
async def test_nobody_waits_for_the_server_of_another(work: UnitOfWork) -> None:
    """One inbox of two cannot be reached. Its turn comes later, in order; the other hears at once what came before and
    what came after.
    """
    later = NOW + timedelta(hours=1)
    await work.outbox.add(activity("create"), [INBOX, OTHER_INBOX], NOW)
    await work.outbox.add(activity("update"), [INBOX, OTHER_INBOX], NOW)
    bad, good = await claim(work)
    assert told((bad, good)) == [("create", INBOX), ("create", OTHER_INBOX)]
    await work.outbox.settle([DeliveryOutcome(bad.id, False, later), DeliveryOutcome(good.id, True)])
    await work.outbox.add(activity("delete"), [INBOX, OTHER_INBOX], NOW)
    for expected in ("update", "delete"):
        (one,) = await claim(work)
        assert told((one,)) == [(expected, OTHER_INBOX)]
        await work.outbox.settle([DeliveryOutcome(one.id, True)])
    for expected in ("create", "update", "delete"):
        (one,) = await claim(work, later)
        assert told((one,)) == [(expected, INBOX)]
        await work.outbox.settle([DeliveryOutcome(one.id, True)])
    assert await rows(work) == 0


async def test_a_busy_inbox_keeps_none_of_its_row_waiting(work: UnitOfWork) -> None:
    await work.outbox.add(activity("a"), [INBOX, OTHER_INBOX], NOW)
    await work.outbox.add(activity("b", "o2"), [INBOX], NOW)
    assert told(await work.outbox.claim(NOW, 50, [INBOX])) == [("a", OTHER_INBOX)]
    assert await work.outbox.claim(NOW, 50, [INBOX]) == ()
    assert sorted(told(await claim(work))) == [("a", INBOX), ("b", INBOX)]


async def test_what_was_dropped_on_its_way_stays_dropped(work: UnitOfWork) -> None:
    await work.outbox.add(activity("a"), [INBOX, OTHER_INBOX], NOW)
    claimed = await claim(work)
    await work.outbox.drop_for([INBOX])
    await work.outbox.settle([DeliveryOutcome(one.id, False, NOW, "no answer") for one in claimed])
    assert told(await claim(work)) == [("a", OTHER_INBOX)]
    await work.outbox.cancel("o1")
    assert await rows(work) == 0


async def test_what_was_cancelled_on_its_way_is_taken_for_nothing_else(work: UnitOfWork) -> None:
    """Its row is gone; what is said next to the same inbox must not be taken for it when it comes back."""
    await work.outbox.add(activity("a"), [INBOX], NOW)
    (cancelled,) = await claim(work)
    await work.outbox.cancel("o1")
    await work.outbox.add(activity("b"), [INBOX], NOW)
    await work.outbox.settle([DeliveryOutcome(cancelled.id, True)])
    assert told(await claim(work)) == [("b", INBOX)]


async def test_who_was_given_up_is_told_apart_from_who_waits(work: UnitOfWork) -> None:
    third = "https://third.example/inbox"
    await work.outbox.add(activity("a"), [INBOX, OTHER_INBOX, third], NOW)
    first, second, _ = await claim(work)
    await work.outbox.settle([DeliveryOutcome(first.id, False), DeliveryOutcome(second.id, True)])
    found = {(one.inbox, one.waits, one.attempts) for one in await work.outbox.unsent(NOW)}
    assert found == {(first.inbox, False, 1), (third, True, 0)}


# C-55
async def test_cancelling_drops_what_waits_about_one_object_alone(work: UnitOfWork) -> None:
    await work.outbox.add(activity("a"), [INBOX, OTHER_INBOX], NOW)
    await work.outbox.add(activity("b", "o2"), [INBOX], NOW)
    await work.outbox.cancel("o1")
    assert told(await claim(work)) == [("b", INBOX)]
    assert await work.outbox.activity(NORTH.activity("a")) is not None


async def test_dropping_for_an_inbox_leaves_the_others(work: UnitOfWork) -> None:
    await work.outbox.add(activity("a"), [INBOX, OTHER_INBOX], NOW)
    await work.outbox.drop_for([INBOX])
    assert await work.outbox.waiting(9) == (OTHER_INBOX,)


async def test_who_is_heard_of_again_is_tried_at_once(work: UnitOfWork) -> None:
    later = NOW + timedelta(hours=5)
    await work.outbox.add(activity("a"), [INBOX, OTHER_INBOX], NOW)
    await work.outbox.settle([DeliveryOutcome(one.id, False, later, "no answer") for one in await claim(work)])
    assert await claim(work) == ()
    await work.outbox.revive_host(host_of(INBOX), NOW)
    assert told(await claim(work)) == [("a", INBOX)]


async def test_the_creates_of_shares(work: UnitOfWork) -> None:
    await work.outbox.add(activity("c", share_id="s1"), [INBOX], NOW)
    await work.outbox.add(activity("u", kind="Update", share_id="s1"), [INBOX], NOW)
    found = await work.outbox.creates(["s1", "s2"])
    assert {share: one.id for share, one in found.items()} == {"s1": NORTH.activity("c")}
