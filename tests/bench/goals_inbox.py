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

from tests.bench.figures import Goal, Plan, Result, Rounds, Turns, judge, not_measured
from tests.bench.load import Counted, send, taker
from tests.bench.posts import Author, authors, signed_posts
from tests.bench.processes import Broken, Measured, measured
from tests.bench.store import DURABLE

NORTH: Final = "http://127.0.0.1:8440"
AUTHORS: Final = 5
CONNECTIONS: Final = 32
#: A round is so many turns of each server, and a turn so many posts.
SLICES: Final = 45
POSTS: Final = 200
WARM_UP: Final = 320
#: Posts of a round for the latency, and of a turn.
ALONE: Final = 2000
ALONE_IN_TURN: Final = 20
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
    turns, posts = Turns(plan.rounds), plan.size(POSTS)
    async with _doors(names) as doors:
        await _take_turns(doors, turns, plan.rounds * SLICES, posts, handling=9 in wanted)
        await _check_stored(doors, WARM_UP + plan.rounds * SLICES * posts)
    setting = f"accepted posts/cpu-s, {DURABLE}, {CONNECTIONS} connections, bodies of 2 KiB"
    results = [] if has_raw or 1 not in wanted else not_measured([STORED], _NEEDS_HTTPTOOLS)
    own = turns.rates("own", posts)
    for goal in (STORED, USUAL, PRICE):
        if (kind := kinds[goal.n]) in names:
            results.append(judge(goal, own, turns.rates(kind, posts), turns.drift(kind), setting))
    if 9 in wanted:
        told = f"posts/cpu-s, {DURABLE}, no search index yet"
        results.append(judge(HANDLED, turns.rates("handled", posts), own, turns.drift("own"), told))
    return results


async def _take_turns(doors: Doors, turns: Turns, how_many: int, posts: int, *, handling: bool) -> None:
    """CPU seconds of each server for the same posts, sent to one after the other; and of handling them."""
    own = doors.by_name["own"]
    warm = doors.posts(WARM_UP)
    for door in doors.by_name.values():
        await send(door.told["port"], warm, CONNECTIONS)
    if handling:
        await own.ask("handle")
    for _ in range(how_many):
        sent = doors.posts(posts)
        for name, door in doors.by_name.items():
            before = door.cpu_seconds()
            await send(door.told["port"], sent, CONNECTIONS)
            turns.add(name, door.cpu_seconds() - before)
        if handling:
            before = own.cpu_seconds()
            await own.ask("handle")
            turns.add("handled", own.cpu_seconds() - before)


async def _check_stored(doors: Doors, expected: int) -> None:
    """No figure counts where a post was answered 202 and not stored."""
    for name, door in doors.by_name.items():
        stored = (await door.ask("count", table="journal"))["stored"]
        if name != "stubbed" and stored != expected:
            raise Broken(f"{name} answered 202 to {expected} posts and stored {stored}")


async def _latency(plan: Plan) -> Result:
    """Median wall time of a stored post less that of a forgotten one, beside one write of 4 KiB that is synced."""
    turns = Turns(plan.rounds)
    synced, forgotten, stored = ([list[float]() for _ in range(plan.rounds)] for _ in range(3))
    async with _doors(["own", "stubbed"]) as doors:
        for door in doors.by_name.values():
            await send(door.told["port"], doors.posts(WARM_UP), 1)
        for turn in range(plan.rounds * (plan.size(ALONE) // ALONE_IN_TURN)):
            posts, its_round = doors.posts(ALONE_IN_TURN), turn % plan.rounds
            waits = _synced_writes(ALONE_IN_TURN)
            turns.add("floor", median(waits))
            synced[its_round] += waits
            forgotten[its_round] += await send(doors.by_name["stubbed"].told["port"], posts, 1)
            stored[its_round] += await send(doors.by_name["own"].told["port"], posts, 1)
    added = [(median(mine) - median(less)) * 1e6 for mine, less in zip(stored, forgotten, strict=True)]
    own = Rounds("added", tuple(added))
    floor = Rounds("fdatasync of 4 KiB", tuple(median(waits) * 1e6 for waits in synced))
    setting = f"wall microseconds, {DURABLE}, one connection, bodies of 2 KiB"
    return judge(LATENCY, own, floor, turns.drift("floor"), setting)


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
