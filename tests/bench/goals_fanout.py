"""Goal 8: one activity is stored for 2,000 inboxes."""

import tempfile
from typing import Final

from tests.bench.figures import Goal, Plan, Result, Rounds, judge
from tests.bench.processes import measured
from tests.bench.store import DURABLE

INBOXES: Final = 2000
#: A round is so many turns of each: what else the machine does then comes to both alike.
SLICES: Final = 40
TIMES: Final = 10
FAN_OUT: Final = Goal(8, "durable fan-out to 2,000 inboxes / raw executemany", 3.0, 0.3, is_price=True)
GOALS: Final = (FAN_OUT,)


async def measure(_wanted: frozenset[int], plan: Plan) -> list[Result]:
    """The result."""
    found: dict[str, list[float]] = {"own": [], "plain": []}
    times = plan.size(TIMES)
    with tempfile.TemporaryDirectory(prefix="manyhands-bench-") as folder:
        async with measured("fanout", {"folder": folder, "inboxes": INBOXES}) as process:
            for _ in range(plan.rounds + 1):
                spent = dict.fromkeys(found, 0.0)
                for _ in range(SLICES):
                    await process.ask("clear")
                    for name in found:
                        spent[name] += (await process.ask(name, times=times))["seconds"]
                for name, values in found.items():
                    values.append(spent[name] / (SLICES * times) * 1000)
    own, plain = (Rounds(name, tuple(values[1:])) for name, values in found.items())
    return [judge(FAN_OUT, own, plain, f"CPU milliseconds each, {DURABLE}")]
