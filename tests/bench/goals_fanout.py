"""Goal 8: one activity is stored for 2,000 inboxes."""

import tempfile
from typing import Final

from tests.bench.figures import Goal, Plan, Result, Turns, judge
from tests.bench.processes import measured
from tests.bench.store import DURABLE

INBOXES: Final = 2000
#: A round is so many turns of each.
SLICES: Final = 40
TIMES: Final = 10
FAN_OUT: Final = Goal(8, "durable fan-out to 2,000 inboxes / raw executemany", 3.0, 0.3, is_price=True)
GOALS: Final = (FAN_OUT,)


async def measure(_wanted: frozenset[int], plan: Plan) -> list[Result]:
    """The result."""
    turns, times = Turns(plan.rounds), plan.size(TIMES)
    with tempfile.TemporaryDirectory(prefix="manyhands-bench-") as folder:
        async with measured("fanout", {"folder": folder, "inboxes": INBOXES}) as process:
            for name in ("own", "plain"):
                await process.ask(name, times=times)
            for _ in range(plan.rounds * SLICES):
                await process.ask("clear")
                for name in ("own", "plain"):
                    turns.add(name, (await process.ask(name, times=times))["seconds"] * 1000)
    own, plain = (turns.prices(name, times) for name in ("own", "plain"))
    return [judge(FAN_OUT, own, plain, turns.drift("plain"), f"CPU milliseconds each, {DURABLE}")]
