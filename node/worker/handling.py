"""What others sent is handled: in the order it came, many at once where that can be done."""

from datetime import datetime, timedelta
from itertools import groupby
from typing import TypeAlias

import structlog

from node.domain.errors import ManyhandsError
from node.services import received, sending
from node.services.community import Community
from node.services.received import Prepared, Trouble
from node.storage.journal import WaitingEntry
from node.storage.unit_of_work import UnitOfWork
from schemas.errors import InvalidDocument

BATCH = 100
TRIES = 6
PAUSE = timedelta(seconds=30)

log = structlog.get_logger("worker")

Read: TypeAlias = tuple[WaitingEntry, Prepared | Trouble]


class Handling:
    """The journal's end. The network is asked before the transaction, never within."""

    def __init__(self, community: Community) -> None:
        self._community = community

    async def turn(self) -> bool:
        """Handle the oldest waiting activities in order; whether there were any."""
        async with self._community.database.queueing() as work:
            waiting = await work.journal.claim(self._community.now(), BATCH)
        if not waiting:
            return False
        prepared = await received.prepare(self._community, (one.entry.body for one in waiting))
        handled: list[int] = []
        async with self._community.database.unit_of_work() as work:
            left = await work.journal.unhandled(waiting)
            read = [one for one in zip(waiting, prepared, strict=True) if one[0].id in left]
            for are_posts, run in groupby(read, self._is_post):
                handled += await (self._keep_posts if are_posts else self._handle_each)(work, list(run))
            await work.journal.handled(handled)
        return True

    def _is_post(self, read: Read) -> bool:
        return received.is_post(self._community, read[1])

    async def _keep_posts(self, work: UnitOfWork, posts: list[Read]) -> list[int]:
        """All at once as far as that can be done, the others each by itself; returns which were handled."""
        try:
            async with work.savepoint():
                ready = [prepared for _, prepared in posts if isinstance(prepared, Prepared)]
                kept = await received.keep_posts(self._community, work, ready)
        except Exception as error:  # one of them may be at fault: each by itself will tell
            log.exception("posts could not be kept together", error=type(error).__name__)
            return await self._handle_each(work, posts)
        others = [post for post, is_kept in zip(posts, kept, strict=True) if not is_kept]
        done = [waiting.id for (waiting, _), is_kept in zip(posts, kept, strict=True) if is_kept]
        return done + await self._handle_each(work, others)

    async def _handle_each(self, work: UnitOfWork, entries: list[Read]) -> list[int]:
        return [waiting.id for waiting, prepared in entries if await self._is_handled(work, waiting, prepared)]

    async def _is_handled(self, work: UnitOfWork, waiting: WaitingEntry, prepared: Prepared | Trouble) -> bool:
        if isinstance(prepared, InvalidDocument):
            await work.journal.failed(waiting, str(prepared), None)
            return False
        if isinstance(prepared, ManyhandsError):
            await work.journal.failed(waiting, prepared.message, self._next_handling(waiting))
            return False
        try:
            async with work.savepoint():
                await received.handle(self._community, work, prepared)
        except Exception as error:  # a fault of ours must not lose what a peer said, nor hold up the others
            kind = type(error).__name__
            log.exception("an activity could not be handled", type=waiting.entry.type, error=kind)
            await work.journal.failed(waiting, kind, self._next_handling(waiting))
            return False
        return True

    def _next_handling(self, waiting: WaitingEntry) -> datetime | None:
        """Half a minute after the first failure, then ever later; None after the last try.

        While federation is off nothing can be asked for, so what was received before waits.
        """
        if self._community.remote.is_off:
            return self._community.now() + sending.LOOK_AGAIN
        if waiting.attempts + 1 >= TRIES:
            return None
        return self._community.now() + PAUSE * (1 << 2 * waiting.attempts)
