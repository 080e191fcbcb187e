"""The locked copy on bad roads, and with processes that end in the middle of every step.

Whatever goes astray, the heir holds the newest copy or goes on holding the one before; both write down the same, and
once it has ended nothing is left of it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import orjson
import pytest
from sqlalchemy import select

from node.domain.heirs import EVERY, HeldCopy, tidy_words
from node.services import heirs
from node.storage import locked_copies
from node.storage.locked_copies import unlocked
from node.storage.tables import held_copies
from tests.crashes import Mortal, mortal, outlive_settling, outlive_step
from tests.links import Fault, Roads, roads
from tests.village import Village, befriend


@dataclass
class Story:
    """The north names the circle at the river as its heir."""

    named: Mortal
    heir: Mortal
    road: Roads
    words: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def mortals(self) -> tuple[Mortal, Mortal]:
        return (self.named, self.heir)

    @property
    def north(self) -> Village:
        return self.named.village

    @property
    def river(self) -> Village:
        return self.heir.village

    async def step(self, deed: Callable[[], Awaitable[object]], is_done: Callable[[], Awaitable[bool]]) -> None:
        """Somebody does something, and everything that follows of it happens."""
        await outlive_step(self.mortals, deed, is_done)

    async def hours_pass(self) -> None:
        """Six of them, and the heir asks again."""
        for clock in {id(one.village.clock): one.village.clock for one in self.mortals}.values():
            clock.forward(seconds=EVERY.total_seconds())
        await outlive_settling(*self.mortals)

    async def until(self, is_so: Callable[[HeldCopy | None], bool]) -> None:
        """Days pass; the heir asks and asks, however often a process ends over it."""
        for _ in range(20):
            await self.hours_pass()
            if is_so(await self.held()):
                return
        raise AssertionError(await self.held())

    async def held(self) -> HeldCopy | None:
        return await heirs.held(self.river.community, (await self.river.peer(self.north)).peer.id)

    async def body(self) -> bytes:
        async with self.river.community.database.reading() as work:
            return b"".join(await work.connection.scalars(select(held_copies.c.body)))

    async def agree(self, first: Fault | None = None) -> None:
        """North makes words, the river agrees; `first` happens to its first question."""
        if first is not None:
            self.road.plan(first, from_=self.river, to=self.north, kind="GET")
        await self.step(self._choose, self._has_words)
        await self.step(self._hold, self._is_held)

    async def _choose(self) -> None:
        peer_id = (await self.north.peer(self.river)).peer.id
        self.words.append(await heirs.choose(self.north.community, peer_id, 2, self.north.dispatcher))

    async def _has_words(self) -> bool:
        return bool(self.words)

    async def _hold(self) -> None:
        there = (await self.river.peer(self.north)).peer.id
        await heirs.hold(self.river.community, there, self.river.dispatcher)

    async def _is_held(self) -> bool:
        return await self.held() is not None

    async def ask(self) -> None:
        """Somebody in the north needs something."""
        asked: list[object] = []

        async def write() -> None:
            asked.append(await self.north.ask("Insulin needs a fridge"))

        async def is_written() -> bool:
            return bool(asked)

        await self.step(write, is_written)

    async def end(self) -> None:
        """The north names nobody any more; the copy goes when the river asks next."""
        await self.step(lambda: heirs.end(self.north.community, self.north.dispatcher), self._is_ended)
        await self.until(lambda copy: copy is None)
        assert await self.body() == b""

    async def _is_ended(self) -> bool:
        return (await heirs.standing(self.north.community, self.north.dispatcher)).heir is None

    async def titles(self) -> list[str]:
        """What two stewards would read in the copy."""
        first, second = self.words[-1]
        read = unlocked(await self.body(), (tidy_words(first), tidy_words(second)))
        return [one["title"] for one in orjson.loads(read)["needs"]]


@pytest.fixture
async def story(north: Village, river: Village, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Story]:
    for name, value in (("TIME_COST", 1), ("MEMORY_KIB", 8), ("LANES", 1)):
        monkeypatch.setattr(locked_copies, name, value)
    async with AsyncExitStack() as stack:
        road = await stack.enter_async_context(roads())
        await road.lead_to(north, river)
        await befriend(river, north)
        named, heir = [await stack.enter_async_context(mortal(one)) for one in (north, river)]
        yield Story(named, heir, road)


async def both_say_the_same(story: Story) -> None:
    copy, heir = await story.held(), (await heirs.standing(story.north.community, story.north.dispatcher)).heir
    assert copy is not None and heir is not None
    assert copy.fetched_at == heir.fetched_at
    assert copy.dark_since is None


async def test_processes_end_in_the_middle_of_every_step(story: Story) -> None:
    """Before and after each thing that either of them stores. Words that were lost with a process are made anew."""
    for one in story.mortals:
        one.be_fragile()
    await story.agree()
    await story.ask()
    await story.until(lambda copy: copy is not None and copy.fetched_at == story.north.clock())
    await both_say_the_same(story)
    assert set(await story.titles()) == {"Insulin needs a fridge"}
    await story.end()
    assert all(one.ended > 3 for one in story.mortals)


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.BUSY, Fault.ANSWER_LOST, Fault.TWICE, Fault.LATE])
async def test_a_question_goes_astray(story: Story, fault: Fault) -> None:
    """At every step. The copy before stays until there is a newer one; only the word that it has ended erases it."""
    await story.agree(fault)
    before = await story.body()
    await story.ask()
    story.road.plan(fault, from_=story.river, to=story.north, kind="GET")
    await story.hours_pass()
    assert await story.body() == before or await story.titles() == ["Insulin needs a fridge"]
    await story.hours_pass()
    await both_say_the_same(story)
    assert await story.titles() == ["Insulin needs a fridge"]
    story.road.plan(fault, from_=story.river, to=story.north, kind="GET")
    await story.end()
    await story.road.late_ones_arrive(newest_first=True)
    await outlive_settling(*story.mortals)
    assert await story.held() is None
