"""Processes that end in the middle of what they do, and are started again over the same database and files.

What is stored is the only thing that survives, so whatever happens between two things that are stored is the same as
nothing. A process therefore ends either right before something is stored for good, or right after; `Mortal` decides
which, and all that the process had in memory is thrown away with it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from node import app
from node.domain.errors import PeerTrouble
from node.storage.journal import Entry
from node.worker import Worker
from tests.village import Village, turn_of

MOST_TURNS = 400


class Crash(BaseException):
    """The process ends here. No `except Exception` of ours outlives it."""


class Mortal:
    """A village whose process can end whenever it stores something.

    From `be_fragile` on the first process ends before the first thing that it stores, the next one after it, the next
    before the second thing, and so on: each lives a little longer, so that whatever is done comes to its end, and by
    then a process has ended before and after each thing that was stored for it. With a `doom` it ends once, "before" or
    "after" the next thing that it stores.
    """

    def __init__(self, village: Village) -> None:
        self.village = village
        self.is_fragile = False
        self.is_dead = False
        self.doom: str | None = None
        self.ended = 0
        self._lives = 0
        self._stored = 0
        self._life = object()
        self._own: AsyncExitStack | None = None
        self._patch = pytest.MonkeyPatch()
        self._last_breath: asyncio.Task[None] | None = None
        self._watch()

    def be_fragile(self) -> None:
        """From here on, whatever is stored may be the last thing; counted anew."""
        self.is_fragile, self._lives, self._stored = True, 0, 0

    async def restart(self) -> None:
        """Start it again, as the machine would. What an earlier process had in memory is gone."""
        await self.end()
        self._own = AsyncExitStack()
        community = await self._own.enter_async_context(
            app.open_community(self.village.community.settings, self.village.clock)
        )
        self.village.community, self.village.worker = community, Worker(community, lambda: 0.0)
        self._watch()
        self._stored = 0
        self.is_dead = False
        await self.village.open_doors()

    async def end(self) -> None:
        """The process ends: nothing is stored from now on, and every connection breaks."""
        self.is_dead = True
        if self._last_breath is not None:
            await self._last_breath
        await self._break_down()
        self.village.worker._delivering.stop()
        self._patch.undo()
        if self._own is not None:
            await self._own.aclose()
            self._own = None

    def _watch(self) -> None:
        """Be there whenever the process that runs now stores something; none that ended stores anything any more."""
        life = self._life = object()
        database = self.village.community.database
        store_posts, wake = database.append_to_journal, database._wake

        has_written = False

        async def append(entries: Sequence[Entry]) -> None:
            nonlocal has_written
            has_written = True
            try:
                self._before(life)
                await store_posts(entries)
            except Crash:  # whoever writes on behalf of all doors must not keep them waiting for ever
                raise RuntimeError("The process has ended.") from None

        def woken(topics: Any) -> None:
            nonlocal has_written
            if has_written:
                has_written = False
                self._after(life)
            wake(topics)

        def executed(_connection: Any, cursor: Any, _said: str, _with: Any, context: Any, _many: bool) -> None:
            nonlocal has_written
            changes = context.isinsert or context.isupdate or context.isdelete
            has_written |= bool(changes and cursor.rowcount)

        def committing(_connection: Any) -> None:
            if has_written:
                self._before(life)

        event.listen(database.engine.sync_engine, "after_cursor_execute", executed)
        event.listen(database.engine.sync_engine, "commit", committing)
        self._patch.setattr(database, "_wake", woken)
        if database.is_sqlite:  # it has a way of its own to the file
            self._patch.setattr(database, "append_to_journal", append)

    def _before(self, life: object) -> None:
        if self.is_dead or life is not self._life:
            raise Crash
        if self.doom == "before" or (self.is_fragile and self._lives == 2 * self._stored):
            self._fall()

    def _after(self, life: object) -> None:
        if self.is_dead or life is not self._life:
            raise Crash
        self._stored += 1
        if self.doom == "after" or (self.is_fragile and self._lives == 2 * self._stored - 1):
            self._fall()

    def _fall(self) -> None:
        self.ended += 1
        self.doom = None
        self._lives += 1
        self.is_dead = True
        self.village.cut_connections()  # whoever waits for an answer gets none
        self._last_breath = asyncio.ensure_future(self._break_down())
        raise Crash

    async def _break_down(self) -> None:
        with contextlib.suppress(Crash):
            await self.village.break_down()


@asynccontextmanager
async def mortal(one: Village) -> AsyncIterator[Mortal]:
    """This village, mortal for as long as the block lasts; at its end its last process ends."""
    made = Mortal(one)
    try:
        yield made
    finally:
        await made.end()


async def outlive(
    mortals: Sequence[Mortal], deed: Callable[[], Awaitable[object]], is_done: Callable[[], Awaitable[bool]]
) -> None:
    """Somebody does this, and does it again whenever they find it undone after the process has ended."""
    for _ in range(MOST_TURNS):
        await revive(mortals)
        if await is_done():
            return
        try:
            await deed()
        except Crash:
            continue
        except PeerTrouble:  # later, then
            mortals[0].village.clock.forward(minutes=2)
    raise AssertionError("it was never done")


async def outlive_step(
    mortals: Sequence[Mortal], deed: Callable[[], Awaitable[object]], is_done: Callable[[], Awaitable[bool]]
) -> None:
    """Somebody does something, and everything that follows of it happens; who is fragile breaks anew each time."""
    for one in mortals:
        if one.is_fragile:
            one.be_fragile()
    await outlive(mortals, deed, is_done)
    await outlive_settling(*mortals)


async def outlive_settling(*mortals: Mortal) -> None:
    """Everything that was said arrives and is handled, however often a process ends; clocks move on for that."""
    for _ in range(MOST_TURNS):
        await revive(mortals)
        moved = [await _outlived_turn(one) for one in mortals]
        if any(moved):
            continue
        if not any([await has_work(one.village) for one in mortals]):
            return
        for clock in {id(one.village.clock): one.village.clock for one in mortals}.values():
            clock.forward(minutes=6)
    raise AssertionError("the villages never came to rest")


async def revive(mortals: Sequence[Mortal]) -> None:
    """Whoever has fallen stands up again."""
    for one in mortals:
        if one.is_dead:
            await one.restart()


async def has_work(one: Village) -> bool:
    """Whether anything waits to be sent, handled or read, now or later."""
    waiting = (
        "SELECT (SELECT count(*) FROM outbox WHERE state = 'waiting')"
        " + (SELECT count(*) FROM journal WHERE state = 'waiting')"
    )
    async with one.community.database.reading() as work:
        is_behind = await work.peers.behind(one.clock() + timedelta(days=999), 1)
        return bool(is_behind or await work.connection.scalar(text(waiting)))


async def _outlived_turn(one: Mortal) -> bool:
    try:
        return await turn_of(one.village.worker)
    except Crash:
        return True
