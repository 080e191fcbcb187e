"""The outbox goes out: claimed in batches, sent side by side, and what became of it stored together.

A slow server holds up nobody but itself: while its deliveries wait for an answer, the next ones are claimed and sent.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from federation.deliver import Delivery, Outcome, deliver, presign
from federation.retry import next_try
from federation.signing import Scheme
from node.domain.shares import RecipientState
from node.services import keys, sending, synchronising
from node.services.community import Community
from node.services.sending import Held
from node.storage.outbox import DeliveryId, DeliveryOutcome, WaitingDelivery
from node.storage.shares import RecipientMark
from node.storage.unit_of_work import UnitOfWork

BATCH = 200
#: How many may be on their way at once, and from how many on an inbox gets no more for now.
WINDOW = 400
BUSY = 8
#: How long the outcome of one waits for others to be stored with it.
TOGETHER = timedelta(milliseconds=50)
LOOK_AGAIN = timedelta(seconds=1)

log = structlog.get_logger("worker")


@dataclass(frozen=True)
class _Claimed:
    """What was claimed: whether anything was due, and what goes now, with its signature and what is said along."""

    any_due: bool = False
    going: tuple[WaitingDelivery, ...] = ()
    takes: Mapping[DeliveryId, Scheme] = field(default_factory=dict)
    said: Mapping[DeliveryId, str] = field(default_factory=dict)


class Delivering:
    """The outbox's end. `chance` spreads retries."""

    def __init__(self, community: Community, chance: Callable[[], float]) -> None:
        self._community = community
        self._chance = chance
        self._news = community.database.listen()
        self._going: dict[asyncio.Task[Outcome], WaitingDelivery] = {}

    async def turn(self) -> bool:
        """Store what became of what was sent, and with it claim what is due; whether anything is on its way or was."""
        self._news.clear()
        went = await self._back() if self._going else []
        has_room = len(self._going) <= WINDOW - BATCH
        database = self._community.database
        async with database.unit_of_work() if went else database.queueing() as work:
            await self._settle(work, went)
            claimed = await self._claim(work) if has_room else _Claimed()
        await self._send(claimed)
        return bool(self._going or went or claimed.any_due)

    def stop(self) -> None:
        """Let go of everything on its way: it is claimed again later."""
        for task in self._going:
            task.cancel()
        self._going.clear()

    async def _claim(self, work: UnitOfWork) -> _Claimed:
        """Take a batch of what is due, and decide what of it goes now."""
        community, now = self._community, self._community.now()
        on_their_way = Counter(delivery.inbox for delivery in self._going.values())
        busy = {inbox for inbox, many in on_their_way.items() if many >= BUSY}
        claimed = await work.outbox.claim(now, BATCH, busy)
        held = await sending.hold_back(community, work, claimed)
        put_off = _put_off(held)
        await work.outbox.settle(put_off)
        for mark in _marks(_given_up(claimed, put_off)):
            await work.shares.mark(mark, now)
        going = tuple(delivery for delivery in claimed if delivery.id not in held)
        schemes = await keys.schemes_of(work, going)
        return _Claimed(bool(claimed), going, schemes, await synchronising.headers(community, work, going))

    async def _send(self, claimed: _Claimed) -> None:
        if not claimed.going:
            return
        await keys.be_ready_for(self._community, claimed.going)
        remote, now = self._community.remote, self._community.now()
        packed = [
            (
                Delivery(one.inbox, one.activity.body, claimed.takes[one.id], claimed.said.get(one.id)),
                keys.signers(self._community, one.activity),
            )
            for one in claimed.going
        ]
        presigned = await presign(packed, now, remote.schemes, allow_http=remote.allow_http)
        for waiting, (delivery, signers), knock in zip(claimed.going, packed, presigned, strict=True):
            sent = deliver(remote.transport, delivery, signers, now, remote.schemes, knock)
            self._going[asyncio.create_task(sent)] = waiting

    async def _back(self) -> list[tuple[WaitingDelivery, Outcome]]:
        """What came back, as soon as something did or something new waits; what comes in the same moment with it."""
        news = asyncio.create_task(self._news.wait())
        try:
            await asyncio.wait(
                {*self._going, news}, timeout=LOOK_AGAIN.total_seconds(), return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            news.cancel()
        done, _ = await asyncio.wait(self._going, timeout=TOGETHER.total_seconds())
        return [(self._going.pop(task), _outcome_of(task)) for task in done]

    async def _settle(self, work: UnitOfWork, went: list[tuple[WaitingDelivery, Outcome]]) -> None:
        if not went:
            return
        community, now = self._community, self._community.now()
        outcomes = [self._outcome(delivery, outcome, now) for delivery, outcome in went]
        deliveries = [delivery for delivery, _ in went]
        await work.outbox.settle(outcomes)
        for mark in _marks(zip(deliveries, outcomes, strict=True)):
            await work.shares.mark(mark, now)
        await sending.note_health(community, work, went)

    def _outcome(self, delivery: WaitingDelivery, outcome: Outcome, now: datetime) -> DeliveryOutcome:
        if outcome.verdict == "delivered":
            return DeliveryOutcome(delivery.id, delivered=True)
        next_at = None
        if outcome.verdict == "retry" and not sending.as_final(self._community, delivery, outcome):
            next_at = next_try(now, delivery.attempts + 1, outcome.retry_after, self._chance())
        return DeliveryOutcome(delivery.id, False, next_at, outcome.reason)


def _outcome_of(task: asyncio.Task[Outcome]) -> Outcome:
    error = task.exception()
    if error is None:
        return task.result()
    log.error("a delivery failed by a fault of ours", error=type(error).__name__, exc_info=error)
    return Outcome("retry", reason="Something went wrong on our side.")


def _put_off(held: Mapping[DeliveryId, Held]) -> list[DeliveryOutcome]:
    return [
        DeliveryOutcome(delivery_id, False, one.until, one.reason, counts=False) for delivery_id, one in held.items()
    ]


def _given_up(
    claimed: Iterable[WaitingDelivery], put_off: Iterable[DeliveryOutcome]
) -> Iterable[tuple[WaitingDelivery, DeliveryOutcome]]:
    """Deletes that are not sent any more: whoever has the copy could not be told to erase it."""
    final = {outcome.id: outcome for outcome in put_off if outcome.next_at is None}
    return ((one, final[one.id]) for one in claimed if one.id in final and one.activity.type == "Delete")


def _marks(went: Iterable[tuple[WaitingDelivery, DeliveryOutcome]]) -> list[RecipientMark]:
    """What is known now of the copies of shares, one mark for many inboxes."""
    inboxes: dict[tuple[str, RecipientState, tuple[RecipientState, ...]], set[str]] = defaultdict(set)
    for delivery, outcome in went:
        activity = delivery.activity
        is_delete = activity.type == "Delete"
        if activity.share_id is None or outcome.next_at is not None or (is_delete and outcome.delivered):
            continue
        state = RecipientState.SENT if outcome.delivered else RecipientState.UNREACHABLE
        only = (RecipientState.ERASING,) if is_delete else sending.NOT_ERASED
        inboxes[activity.share_id, state, only].add(delivery.inbox)
    return [
        RecipientMark(share_id, state, inboxes=frozenset(places), only=only)
        for (share_id, state, only), places in inboxes.items()
    ]
