"""Goal 7: the outbox as a queue, beside the fastest queue on PostgreSQL that was found."""

import importlib.util
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from tests.bench.figures import Goal, Plan, Result, Turns, judge, not_measured
from tests.bench.processes import Broken, Measured, cpu_seconds, measured
from tests.bench.store import DURABLE as SQLITE
from tests.postgresql import NoServer, Server, postgresql

POSTGRESQL: Final = "PostgreSQL synchronous_commit=on, fsync=on"
#: A round is so many turns of each.
SLICES: Final = 30
JOBS: Final = 1000
QUEUE: Final = Goal(7, "queue claim + acknowledge, batches of 50 / pgqueuer", 1.3, 3.0)
GOALS: Final = (QUEUE,)


async def measure(_wanted: frozenset[int], plan: Plan) -> list[Result]:
    """The result: the slower of our two engines counts."""
    missing = [name for name in ("asyncpg", "pgqueuer") if importlib.util.find_spec(name) is None]
    if missing:
        return not_measured(GOALS, f"Not installed here: {', '.join(missing)}.")
    try:
        async with AsyncExitStack() as stack:
            return [await _measure(stack, plan)]
    except NoServer as error:
        return not_measured(GOALS, str(error))


async def _measure(stack: AsyncExitStack, plan: Plan) -> Result:
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="manyhands-bench-"))
    server = stack.enter_context(postgresql())
    urls = {
        "SQLite": f"sqlite+aiosqlite:///{folder}/manyhands.db",
        "PostgreSQL": server.url(),
    }
    queues = {
        name: await stack.enter_async_context(measured("queue_own", {"folder": folder, "database_url": url}))
        for name, url in urls.items()
    }
    queues["pgqueuer"] = await stack.enter_async_context(measured("queue_pgqueuer", {"socket": server.socket}))
    turns, jobs = Turns(plan.rounds), plan.size(JOBS)
    for queue in queues.values():
        await _spent(queue, server, jobs)
    for _ in range(plan.rounds * SLICES):
        for name, queue in queues.items():
            turns.add(name, await _spent(queue, server, jobs))
    rounds = {name: turns.rates(name, jobs) for name in queues}
    slower, faster = sorted((rounds["SQLite"], rounds["PostgreSQL"]), key=lambda one: one.middle)
    other = f"{faster.what} {faster.over(rounds['pgqueuer']).middle:.3g}"
    setting = f"jobs/cpu-s of client and server together; {other}; {SQLITE}; {POSTGRESQL} for both"
    return judge(QUEUE, slower, rounds["pgqueuer"], turns.drift("pgqueuer"), setting)


async def _spent(queue: Measured, server: Server, jobs: int) -> float:
    await queue.ask("fill", jobs=jobs)
    before = queue.cpu_seconds() + _cpu_seconds(server)
    told = await queue.ask("empty")
    if told["done"] != jobs:
        raise Broken(f"{jobs} jobs were put in and {told['done']} came out")
    return queue.cpu_seconds() + _cpu_seconds(server) - before


def _cpu_seconds(server: Server) -> float:
    """CPU time so far of all processes of the server that are still there."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return sum(cpu_seconds(int(pid)) for pid in [server.pid, *children])
