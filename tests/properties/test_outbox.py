"""The outbox keeps many inboxes in a row, and it must not show: beside it, a list with one entry for each delivery."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from node.domain.peers import OwnActor, host_of
from node.storage import outbox as storage
from node.storage.database import Database
from node.storage.outbox import CLAIM_TIME, DeliveryId, DeliveryOutcome, OutgoingActivity, WaitingDelivery
from node.storage.tables import activities
from node.storage.vault import Vault
from tests.engines import ENGINES
from tests.postgresql import Databases
from tests.shaped import put_shaped_database
from tests.unit.node.make import NORTH, NOW

INBOXES = [f"https://peer{number}.example/inbox" for number in range(4)]
KEYS = ["o1", "o2"]
EVERYTHING = 1_000

SOME = st.sets(st.sampled_from(INBOXES), min_size=1)
FATES = st.sampled_from(["delivered", "later", "given up", "put off"])
ADD = st.tuples(st.just("add"), st.sampled_from(KEYS), SOME)
CLAIM = st.tuples(st.just("claim"), st.one_of(st.just(set[str]()), SOME))
SETTLE = st.tuples(st.just("settle"), st.lists(FATES, min_size=1, max_size=9))
SELDOM = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from([timedelta(minutes=1), timedelta(minutes=6), timedelta(hours=2)])),
    st.tuples(st.just("drop"), SOME),
    st.tuples(st.just("cancel"), st.sampled_from(KEYS)),
    st.tuples(st.just("revive"), st.sampled_from(INBOXES)),
)
#: Something is said and sent, then some of it comes back; in between, now and then, something else happens.
STEPS = st.lists(st.tuples(ADD, CLAIM, SETTLE, ADD, CLAIM, st.one_of(SETTLE, SELDOM)), max_size=5)


@dataclass
class Entry:
    """One delivery that waits."""

    activity: str
    key: str
    inbox: str
    number: int
    due: datetime
    attempts: int = 0
    claimed_until: datetime = NOW

    @property
    def what(self) -> tuple[str, str, int]:
        """What can be seen of it."""
        return (self.activity, self.inbox, self.attempts)


@dataclass
class Play:
    """The outbox and the list, doing the same."""

    database: Database
    now: datetime = NOW
    entries: list[Entry] = field(default_factory=list)
    on_their_way: dict[DeliveryId, Entry] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)

    async def do(self, kind: str, *told: Any) -> None:
        """One step."""
        await getattr(self, f"_{kind}")(*told)

    async def end(self) -> None:
        """Whatever is left arrives, each delivery once, in its order."""
        for _ in range(EVERYTHING):
            await self._settle(["delivered"] * EVERYTHING)
            self.now += timedelta(hours=3)
            await self._claim(set())
            if not self.on_their_way:
                break
        assert self.entries == []
        async with self.database.reading() as work:
            assert await work.outbox.waiting(EVERYTHING) == ()

    async def _add(self, key: str, inboxes: set[str]) -> None:
        number = next(self.numbers)
        name = NORTH.activity(f"{key}-{number}")
        said = OutgoingActivity(name, OwnActor.PUBLIC, "Update", key, b"{}", NOW)
        async with self.database.unit_of_work() as work:
            await work.outbox.add(said, inboxes, self.now)
        self.entries += [Entry(name, key, inbox, number, self.now) for inbox in inboxes]

    async def _claim(self, busy: set[str]) -> None:
        async with self.database.queueing() as work:
            claimed = await work.outbox.claim(self.now, EVERYTHING, busy)
        expected = {one.what: one for one in self.entries if self._may_go(one, busy)}
        found = [(one.activity.id, one.inbox, one.attempts) for one in claimed]
        assert len(found) == len(set(found))
        assert set(found) <= set(expected)
        self._take(claimed, expected)
        for what in set(expected) - set(found):
            assert self._waits_a_moment(expected[what], busy)

    def _take(self, claimed: Iterable[WaitingDelivery], expected: dict[tuple[str, str, int], Entry]) -> None:
        for one in claimed:
            entry = expected[one.activity.id, one.inbox, one.attempts]
            entry.claimed_until = self.now + CLAIM_TIME
            self.on_their_way[one.id] = entry

    def _waits_a_moment(self, entry: Entry, busy: set[str]) -> bool:
        """Whether something that was said earlier about the same is on its way, or about to be, to whomever."""
        on_their_way = [one.what for one in self.on_their_way.values()]
        return any(
            other.key == entry.key
            and other.number < entry.number
            and (other.what in on_their_way or (other.inbox in busy and other.attempts == 0))
            for other in self.entries
        )

    def _may_go(self, entry: Entry, busy: set[str]) -> bool:
        is_behind = any(
            (other.key, other.inbox) == (entry.key, entry.inbox) and other.number < entry.number
            for other in self.entries
        )
        is_free = entry.due <= self.now and entry.claimed_until <= self.now
        return is_free and not is_behind and entry.inbox not in busy

    async def _settle(self, fates: list[str]) -> None:
        outcomes = list[DeliveryOutcome]()
        for (delivery, entry), fate in zip(sorted(self.on_their_way.items()), fates, strict=False):
            later = self.now + timedelta(hours=1) if fate in ("later", "put off") else None
            outcomes.append(DeliveryOutcome(delivery, fate == "delivered", later, counts=fate != "put off"))
            del self.on_their_way[delivery]
            if later is None:
                self.entries = [one for one in self.entries if one is not entry]
                continue
            entry.attempts += fate == "later"
            entry.due, entry.claimed_until = later, NOW
        async with self.database.unit_of_work() as work:
            await work.outbox.settle(outcomes)

    async def _wait(self, long: timedelta) -> None:
        self.now += long
        self._let_go(lambda entry: entry.claimed_until <= self.now)

    async def _drop(self, inboxes: set[str]) -> None:
        async with self.database.unit_of_work() as work:
            await work.outbox.drop_for(inboxes)
        self._forget(lambda entry: entry.inbox in inboxes)

    async def _cancel(self, key: str) -> None:
        async with self.database.unit_of_work() as work:
            await work.outbox.cancel(key)
        self._forget(lambda entry: entry.key == key)

    async def _revive(self, inbox: str) -> None:
        async with self.database.unit_of_work() as work:
            await work.outbox.revive_host(host_of(inbox), self.now)
        for entry in self.entries:
            if entry.inbox == inbox:
                entry.due = min(entry.due, self.now)

    def _forget(self, is_gone: Any) -> None:
        self.entries = [entry for entry in self.entries if not is_gone(entry)]

    def _let_go(self, is_free: Any) -> None:
        self.on_their_way = {name: entry for name, entry in self.on_their_way.items() if not is_free(entry)}


@contextmanager
def lent(request: pytest.FixtureRequest, engine: str) -> Iterator[str]:
    if engine == "sqlite":
        with TemporaryDirectory() as folder:
            yield f"sqlite+aiosqlite:///{put_shaped_database(Path(folder))}"
        return
    databases: Databases = request.getfixturevalue("databases")
    with databases.lend() as url:
        yield url


# C-46
@pytest.mark.parametrize("engine", ENGINES)
def test_a_row_of_many_inboxes_is_as_many_deliveries(
    engine: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is said, tried, put off, dropped and forgotten: nothing is lost, none goes twice, none out of turn."""
    monkeypatch.setattr(storage, "TOGETHER", 3)  # so that few inboxes make several rows

    with lent(request, engine) as url:

        @settings(suppress_health_check=list(HealthCheck))
        @given(STEPS)
        def play_out(rounds: list[tuple[tuple[Any, ...], ...]]) -> None:
            asyncio.run(play(url, [step for each in rounds for step in each]))

        play_out()


async def play(url: str, steps: list[tuple[Any, ...]]) -> None:
    database = Database(url, Vault(bytes(32)))
    try:
        async with database.unit_of_work() as work:
            await work.connection.execute(delete(activities))
        both = Play(database)
        for step in steps:
            await both.do(*step)
        await both.end()
    finally:
        await database.close()
