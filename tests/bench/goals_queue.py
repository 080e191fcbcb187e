"""Goal 7: the outbox as a queue, beside the fastest queue on PostgreSQL that was found."""

import importlib.util
import tempfile
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Final

from tests.bench.figures import Goal, Plan, Result, Rounds, judge, not_measured
from tests.bench.postgresql import DURABLE as POSTGRESQL
from tests.bench.postgresql import NoServer, postgresql
from tests.bench.processes import Broken, Measured, measured
from tests.bench.store import DURABLE as SQLITE

JOBS: Final = 3000
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
    socket = await stack.enter_async_context(postgresql())
    queues = {
        "SQLite": await stack.enter_async_context(_own(folder, f"sqlite+aiosqlite:///{folder}/manyhands.db")),
        "PostgreSQL": await stack.enter_async_context(
            _own(folder, f"postgresql+asyncpg://postgres@/postgres?host={socket}")
        ),
        "pgqueuer": await stack.enter_async_context(measured("queue_pgqueuer", {"socket": socket})),
    }
    found: dict[str, list[float]] = {name: [] for name in queues}
    for _ in range(plan.rounds + 1):
        for name, queue in queues.items():
            found[name].append(await _rate(queue, plan.size(JOBS)))
    rounds = {name: Rounds(name, tuple(values[1:])) for name, values in found.items()}
    own = sorted((rounds["SQLite"], rounds["PostgreSQL"]), key=lambda one: one.middle)
    other = f"{own[1].what} {own[1].middle / rounds['pgqueuer'].middle:.3g}"
    setting = f"jobs/cpu-s of the client; {other}; {SQLITE}; {POSTGRESQL} for both"
    return judge(QUEUE, own[0], rounds["pgqueuer"], setting)


def _own(folder: str, database_url: str) -> AbstractAsyncContextManager[Measured]:
    return measured("queue_own", {"folder": folder, "database_url": database_url})


async def _rate(queue: Measured, jobs: int) -> float:
    await queue.ask("fill", jobs=jobs)
    told = await queue.ask("empty")
    if told["done"] != jobs:
        raise Broken(f"{jobs} jobs were put in and {told['done']} came out")
    return float(jobs / told["seconds"])
