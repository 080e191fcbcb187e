"""The one who writes the journal on behalf of every door, many posts with one durable commit (group commit)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from node.storage.journal import Entry

BATCH = 500
#: For so many at most a commit waits while more of them are coming in.
TOGETHER = 64

Store = Callable[[Sequence[Entry]], Awaitable[None]]
"""Stores entries together and for good, or raises and stores none of them."""


class JournalWriter:
    """Whatever waits is committed together as soon as the last commit is back. Run `run()` beside the server."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[Entry, asyncio.Future[None]]] = []
        self._something = asyncio.Event()

    async def append(self, entry: Entry) -> None:
        """Return once the entry is stored for good. Raises what the database raised."""
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, stored))
        self._something.set()
        await stored

    async def run(self) -> None:
        """Commit whatever waits, together, for ever."""
        last = 1
        while True:
            await self._something.wait()
            self._something.clear()
            while self._waiting:
                if max(last, len(self._waiting)) > 1:
                    await self._gather()
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                await self._commit(batch)
                last = len(batch)

    async def _gather(self) -> None:
        """Let those come along that the doors are just reading: a commit of many costs little more than one of a few.

        Where posts come one by one nobody calls this, and none is kept waiting.
        """
        here = 0
        while here < len(self._waiting) < TOGETHER:
            here = len(self._waiting)
            await asyncio.sleep(0)

    async def _commit(self, batch: list[tuple[Entry, asyncio.Future[None]]]) -> None:
        try:
            await self._store([entry for entry, _ in batch])
        except Exception as error:  # each door is told, none waits for ever
            outcome: Exception | None = error
        else:
            outcome = None
        for _, stored in batch:
            if stored.cancelled():
                continue
            if outcome is None:
                stored.set_result(None)
            else:
                stored.set_exception(outcome)
