"""The worker: handles the journal, delivers the outbox, and watches the clocks. It runs beside the doors.

Each turn claims a batch, lets go of the database while the network is slow, and stores every outcome together.
"""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog

from federation.deliver import Delivery, Outcome, deliver
from federation.retry import next_try
from federation.signing import Scheme
from node.domain.errors import ManyhandsError
from node.domain.shares import RecipientState
from node.services import catching_up, clocks, keys, peers, received, sending, synchronising
from node.services.community import Community
from node.services.received import Prepared
from node.services.sending import Held
from node.storage.journal import WaitingEntry
from node.storage.outbox import DeliveryOutcome, WaitingDelivery
from node.storage.shares import RecipientMark
from node.storage.unit_of_work import UnitOfWork
from schemas.errors import InvalidDocument

BATCH = 50
IDLE = timedelta(seconds=1)
CLOCKS_EVERY = timedelta(seconds=5)
HANDLING_TRIES = 6
HANDLING_PAUSE = timedelta(seconds=30)

log = structlog.get_logger("worker")


class Worker:
    """Runs for as long as the server does; every wait ends when there is something to do."""

    def __init__(self, community: Community, chance: Callable[[], float] = random.random) -> None:
        self._community = community
        self._chance = chance

    async def run(self) -> None:
        """Work for ever. Cancel to stop: what was claimed is claimed again later."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._repeat(self.handle_journal))
            group.create_task(self._repeat(self.deliver_outbox))
            group.create_task(self._repeat(self.catch_up))
            group.create_task(self._watch_clocks())

    async def settle(self) -> None:
        """Work until nothing is left that is due now."""
        while await self.handle_journal() or await self.deliver_outbox() or await self.catch_up():
            pass

    async def handle_journal(self) -> bool:
        """Handle the oldest waiting activities in order; whether there were any."""
        async with self._community.database.reading() as work:
            waiting = await work.journal.waiting(self._community.now(), BATCH)
        if not waiting:
            return False
        prepared = [(entry, await self._prepare(entry)) for entry in waiting]
        async with self._community.database.unit_of_work() as work:
            for entry, ready in prepared:
                await self._handle(work, entry, ready)
        return True

    async def deliver_outbox(self) -> bool:
        """Send a batch of what is due; whether there was any."""
        now = self._community.now()
        async with self._community.database.unit_of_work() as work:
            claimed = await work.outbox.claim(now, BATCH)
            held = await sending.hold_back(self._community, work, claimed)
            await self._put_off(work, held)
            going = tuple(delivery for delivery in claimed if delivery.id not in held)
            schemes = await keys.schemes_of(work, going)
            said = await synchronising.headers(self._community, work, going)
        if not going:
            return bool(claimed)
        await keys.be_ready_for(self._community, going)
        outcomes = await asyncio.gather(*(self._send(one, schemes[one.id], said.get(one.id)) for one in going))
        async with self._community.database.unit_of_work() as work:
            for delivery, outcome in zip(going, outcomes, strict=True):
                await self._settle(work, delivery, outcome)
            await sending.note_health(self._community, work, zip(going, outcomes, strict=True))
        return True

    async def catch_up(self) -> bool:
        """Read what newly followed communities showed before, and who they say follows them; whether there was any."""
        return await catching_up.catch_up(self._community) or await synchronising.catch_up(self._community)

    async def _prepare(self, waiting: WaitingEntry) -> Prepared | ManyhandsError | InvalidDocument:
        try:
            return await received.prepare(self._community, waiting.entry.body)
        except (InvalidDocument, ManyhandsError) as error:
            return error

    async def _handle(
        self, work: UnitOfWork, waiting: WaitingEntry, prepared: Prepared | ManyhandsError | InvalidDocument
    ) -> None:
        if isinstance(prepared, InvalidDocument):
            await work.journal.failed(waiting, str(prepared), None)
            return
        if isinstance(prepared, ManyhandsError):
            await work.journal.failed(waiting, prepared.message, self._next_handling(waiting))
            return
        try:
            async with work.savepoint():
                await received.handle(self._community, work, prepared)
        except Exception as error:  # a fault of ours must not lose what a peer said, nor hold up the others
            kind = type(error).__name__
            log.exception("an activity could not be handled", type=waiting.entry.type, error=kind)
            await work.journal.failed(waiting, kind, self._next_handling(waiting))
        else:
            await work.journal.handled(waiting.id)

    def _next_handling(self, waiting: WaitingEntry) -> datetime | None:
        """Half a minute after the first failure, then ever later; None after the last try.

        While federation is off nothing can be asked for, so what was received before waits.
        """
        if self._community.remote.is_off:
            return self._community.now() + sending.LOOK_AGAIN
        if waiting.attempts + 1 >= HANDLING_TRIES:
            return None
        return self._community.now() + HANDLING_PAUSE * (1 << 2 * waiting.attempts)

    async def _send(self, delivery: WaitingDelivery, takes: Scheme, synchronization: str | None) -> Outcome:
        activity = delivery.activity
        remote = self._community.remote
        packed = Delivery(str(delivery.id), delivery.inbox, activity.body, takes, synchronization)
        signers = keys.signers(remote, activity)
        return await deliver(remote.transport, packed, signers, self._community.now(), remote.schemes)

    async def _put_off(self, work: UnitOfWork, held: Mapping[int, Held]) -> None:
        await work.outbox.settle(
            DeliveryOutcome(delivery_id, False, one.until, one.reason, counts=False)
            for delivery_id, one in held.items()
        )

    async def _settle(self, work: UnitOfWork, delivery: WaitingDelivery, outcome: Outcome) -> None:
        now = self._community.now()
        if outcome.verdict == "delivered":
            await work.outbox.settle([DeliveryOutcome(delivery.id, delivered=True)])
            await self._mark(work, delivery, RecipientState.SENT)
            return
        next_at = None
        if outcome.verdict == "retry" and not sending.as_final(self._community, delivery, outcome):
            next_at = next_try(now, delivery.attempts + 1, outcome.retry_after, self._chance())
        await work.outbox.settle([DeliveryOutcome(delivery.id, False, next_at, outcome.reason)])
        if next_at is None:
            await self._mark(work, delivery, RecipientState.UNREACHABLE)

    async def _mark(self, work: UnitOfWork, delivery: WaitingDelivery, state: RecipientState) -> None:
        activity = delivery.activity
        if activity.share_id is None or (activity.type == "Delete" and state is RecipientState.SENT):
            return
        only = (RecipientState.ERASING,) if activity.type == "Delete" else _NOT_ERASED
        mark = RecipientMark(activity.share_id, state, inbox=delivery.inbox, only=only)
        await work.shares.mark(mark, self._community.now())

    async def _repeat(self, turn: Callable[[], Awaitable[bool]]) -> None:
        something = self._community.database.listen()
        while True:
            something.clear()
            if await self._guarded(turn):
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(IDLE.total_seconds()):
                    await something.wait()

    async def _guarded(self, turn: Callable[[], Awaitable[bool]]) -> bool:
        """One turn; a fault is logged and the next turn comes after a pause."""
        try:
            return await turn()
        except Exception as error:  # the worker goes on whatever happens
            log.exception("a turn failed", error=type(error).__name__)
            return False

    async def _watch_clocks(self) -> None:
        async def turn() -> bool:
            await clocks.run_due(self._community)
            await peers.refresh_blocked(self._community)
            await keys.refresh(self._community)
            return False

        while True:
            await self._guarded(turn)
            await asyncio.sleep(CLOCKS_EVERY.total_seconds())


_NOT_ERASED = (RecipientState.WAITING, RecipientState.SENT, RecipientState.UNREACHABLE)
