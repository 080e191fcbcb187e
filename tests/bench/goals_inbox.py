"""Goals 1, 2, 3, 4 and 9: posts come in, are stored for good, and are handled."""

import importlib.util
import os
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, Final

from tests.bench.figures import Goal, Plan, Result, Rounds, judge, not_measured
from tests.bench.load import Counted, send, taker
from tests.bench.posts import Author, authors, signed_posts
from tests.bench.processes import Broken, Measured, measured
from tests.bench.store import DURABLE

NORTH: Final = "http://127.0.0.1:8440"
AUTHORS: Final = 5
CONNECTIONS: Final = 32
POSTS: Final = 9000
#: So many go to one server before the next one's turn: what else the machine does then comes to all of them alike.
SLICE: Final = 200
WARM_UP: Final = 320
ALONE: Final = 2000
PAGE: Final = bytes(4096)

STORED: Final = Goal(1, "inbox posts verified, journaled, 202 after commit / raw protocol", 0.35, 0.50)
USUAL: Final = Goal(2, "the same / a per-request ORM transaction", 5, 8)
PRICE: Final = Goal(3, "the same / own handler with the store stubbed", 0.70, 0.80)
LATENCY: Final = Goal(4, "added latency of a durable accept, one connection / fdatasync", 1.5, 1.0, is_price=True)
HANDLED: Final = Goal(9, "journal handled / goal 1's figure", 0.5, 1.0)
GOALS: Final = (STORED, USUAL, PRICE, LATENCY, HANDLED)

_NEEDS_HTTPTOOLS: Final = "The baseline needs httptools, which is not installed here."


@dataclass(frozen=True)
class Doors:
    """The servers of one measurement, by name, and who writes to them."""

    by_name: dict[str, Measured]
    authors: list[Author]

    def posts(self, how_many: int) -> list[bytes]:
        """New signed posts."""
        return signed_posts(NORTH, self.authors, how_many, datetime.now(UTC))


async def measure(wanted: frozenset[int], plan: Plan) -> list[Result]:
    """The results of those of our goals that are wanted."""
    results: list[Result] = []
    if wanted & {1, 2, 3, 9}:
        results += await _throughput(wanted, plan)
    if 4 in wanted:
        results.append(await _latency(plan))
    return results


async def _throughput(wanted: frozenset[int], plan: Plan) -> list[Result]:
    has_raw = importlib.util.find_spec("httptools") is not None
    kinds = {1: "raw", 2: "orm", 3: "stubbed"}
    names = ["own", *(kind for n, kind in kinds.items() if n in wanted and (n != 1 or has_raw))]
    async with _doors(names) as doors:
        found = await _rounds(doors, plan, handling=9 in wanted)
        await _check_stored(doors, plan)
    setting = f"accepted posts/cpu-s, {DURABLE}, {CONNECTIONS} connections, bodies of 2 KiB"
    results = [] if has_raw or 1 not in wanted else not_measured([STORED], _NEEDS_HTTPTOOLS)
    for goal in (STORED, USUAL, PRICE):
        if kinds[goal.n] in found:
            results.append(judge(goal, found["own"], found[kinds[goal.n]], setting))
    if 9 in wanted:
        results.append(judge(HANDLED, found["handled"], found["own"], f"posts/cpu-s, {DURABLE}, no search index yet"))
    return results


async def _rounds(doors: Doors, plan: Plan, *, handling: bool) -> dict[str, Rounds]:
    rates: dict[str, list[float]] = {name: [] for name in [*doors.by_name, *(["handled"] if handling else [])]}
    size = plan.size(POSTS)
    warm = doors.posts(WARM_UP)
    for door in doors.by_name.values():
        await send(door.told["port"], warm, CONNECTIONS)
    if handling:
        await doors.by_name["own"].ask("handle")
    for _ in range(plan.rounds):
        for name, seconds in (await _spent(doors, doors.posts(size))).items():
            rates[name].append(size / seconds)
        if handling:
            own = doors.by_name["own"]
            before = own.cpu_seconds()
            await own.ask("handle")
            rates["handled"].append(size / (own.cpu_seconds() - before))
    return {name: Rounds(name, tuple(values)) for name, values in rates.items()}


async def _spent(doors: Doors, posts: list[bytes]) -> dict[str, float]:
    """CPU seconds of each server for all of these posts, sent to one after the other a few at a time."""
    spent = dict.fromkeys(doors.by_name, 0.0)
    for at in range(0, len(posts), SLICE):
        for name, door in doors.by_name.items():
            before = door.cpu_seconds()
            await send(door.told["port"], posts[at : at + SLICE], CONNECTIONS)
            spent[name] += door.cpu_seconds() - before
    return spent


async def _check_stored(doors: Doors, plan: Plan) -> None:
    """No figure counts where a post was answered 202 and not stored."""
    expected = WARM_UP + plan.rounds * plan.size(POSTS)
    for name, door in doors.by_name.items():
        stored = (await door.ask("count", table="journal"))["stored"]
        if name != "stubbed" and stored != expected:
            raise Broken(f"{name} answered 202 to {expected} posts and stored {stored}")


async def _latency(plan: Plan) -> Result:
    """Median wall time of a stored post less that of a forgotten one, beside one write of 4 KiB that is synced."""
    own, floor = [], []
    async with _doors(["own", "stubbed"]) as doors:
        for door in doors.by_name.values():
            await send(door.told["port"], doors.posts(WARM_UP), 1)
        for _ in range(plan.rounds):
            posts = doors.posts(plan.size(ALONE))
            synced, forgotten, stored = [], [], []
            for part in (posts[at : at + 20] for at in range(0, len(posts), 20)):
                synced += _synced_writes(len(part))
                forgotten += await send(doors.by_name["stubbed"].told["port"], part, 1)
                stored += await send(doors.by_name["own"].told["port"], part, 1)
            own.append((median(stored) - median(forgotten)) * 1e6)
            floor.append(median(synced) * 1e6)
    setting = f"wall microseconds, {DURABLE}, one connection, bodies of 2 KiB"
    return judge(LATENCY, Rounds("added", tuple(own)), Rounds("fdatasync of 4 KiB", tuple(floor)), setting)


def _synced_writes(how_many: int) -> list[float]:
    took = []
    with tempfile.TemporaryFile() as file:
        for _ in range(how_many):
            start = time.perf_counter()
            os.write(file.fileno(), PAGE)
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - start)
    return took


@asynccontextmanager
async def _doors(names: list[str]) -> AsyncIterator[Doors]:
    documents: dict[str, dict[str, Any]] = {}
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(taker(documents, Counted()))
        writing = authors(f"http://127.0.0.1:{port}", AUTHORS)
        documents |= {f"/actors/{n}": author.document for n, author in enumerate(writing)}
        opened = {name: await stack.enter_async_context(_door(name, writing)) for name in names}
        yield Doors(opened, writing)


@asynccontextmanager
async def _door(name: str, writing: list[Author]) -> AsyncIterator[Measured]:
    module = {"own": "door_own", "stubbed": "door_own", "raw": "door_raw", "orm": "door_orm"}[name]
    given = {"base_url": NORTH, "authors": [author.id for author in writing], "stubbed": name == "stubbed"}
    given["keys"] = {author.key.id: author.key.public_pem for author in writing}
    with tempfile.TemporaryDirectory(prefix="manyhands-bench-") as folder:
        Path(folder).chmod(0o700)
        async with measured(module, given | {"folder": folder}) as door:
            yield door
