"""What goes on for as long as the server does; every wait ends when there is something to do."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from node.services import backups, boundaries, catching_up, clocks, heirs, keys, synchronising
from node.services.community import Community
from node.storage.news import Topic
from node.storage.turns import Turn
from node.worker.delivering import Delivering
from node.worker.handling import Handling
from node.worker.telling import tell

IDLE = timedelta(seconds=1)
CLOCKS_EVERY = timedelta(seconds=5)
#: How often is looked whether the day's backups are due; a failed one is tried again then.
BACKUPS_EVERY = timedelta(minutes=10)

log = structlog.get_logger("worker")


class Worker:
    """Handles, delivers and watches for one community. `chance` spreads retries: a number from 0 to 1."""

    def __init__(self, community: Community, chance: Callable[[], float] = random.random) -> None:
        self._community = community
        self._delivering = Delivering(community, chance)
        self._handling = Handling(community)

    async def run(self) -> None:
        """Work for ever. Cancel to stop: what was claimed is claimed again later."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._repeat(self.handle_journal))
                group.create_task(self._repeat(self.deliver_outbox))
                group.create_task(self._repeat(self.catch_up))
                group.create_task(self._repeat(self.tell_people))
                group.create_task(self._watch_clocks())
                group.create_task(self._keep_in_mind())
                group.create_task(self._back_up())
        finally:
            self._delivering.stop()

    async def settle(self) -> None:
        """Work until nothing is left that is due now."""
        while await self.handle_journal() or await self.deliver_outbox() or await self.catch_up():
            pass

    async def handle_journal(self) -> bool:
        """Handle the oldest waiting activities in order; whether there were any."""
        return await self._handling.turn()

    async def deliver_outbox(self) -> bool:
        """Send what is due, and store what became of what was sent; whether there was any."""
        return await self._delivering.turn()

    async def catch_up(self) -> bool:
        """Read what newly followed communities showed before, and who they say follows them; whether there was any."""
        community = self._community
        if await catching_up.catch_up(community) or await synchronising.catch_up(community):
            return True
        return await heirs.refresh(community)

    async def tell_people(self) -> bool:
        """Send messages to people that are due; whether there were any."""
        return await tell(self._community)

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
        """One turn; a fault is logged and the next turn comes after a pause. A sealed node does nothing."""
        if self._community.database.vault.is_locked:
            return False
        try:
            return await turn()
        except Exception as error:  # the worker goes on whatever happens
            log.exception("a turn failed", error=type(error).__name__)
            return False

    async def _watch_clocks(self) -> None:
        async def turn() -> bool:
            async with self._community.database.keeping_out(Turn.CLOCKS) as is_ours:
                if is_ours:
                    await clocks.run_due(self._community)
            return False

        while True:
            await self._guarded(turn)
            await asyncio.sleep(CLOCKS_EVERY.total_seconds())

    async def _back_up(self) -> None:
        community = self._community

        async def turn() -> bool:
            async with community.database.keeping_out(Turn.BACK_UP) as is_ours:
                if is_ours:
                    await backups.create_due(community.database, community.settings, community.now())
            return False

        while True:
            await self._guarded(turn)
            await asyncio.sleep(BACKUPS_EVERY.total_seconds())

    async def _keep_in_mind(self) -> None:
        """What is kept in memory follows what any process stores."""
        changed = self._community.database.listen(Topic.PEERS, Topic.KEYS)

        async def turn() -> bool:
            await boundaries.refresh(self._community.database, self._community.remote.boundaries)
            await keys.refresh(self._community)
            return False

        while True:
            changed.clear()
            await self._guarded(turn)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLOCKS_EVERY.total_seconds()):
                    await changed.wait()
