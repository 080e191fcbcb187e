"""Goal 10: a post carries a proof, and it is checked."""

from typing import Final

from tests.bench.figures import Goal, Plan, Result, Turns, judge
from tests.bench.processes import measured

#: A round is so many turns of each.
SLICES: Final = 60
TIMES: Final = 500
PROVEN: Final = Goal(10, "parse + JCS + Ed25519 proof check / bare Ed25519 verify", 0.80, 0.90)
GOALS: Final = (PROVEN,)


async def measure(_wanted: frozenset[int], plan: Plan) -> list[Result]:
    """The result. Reading the JSON strictly is in it, reading the activity into our types is not: goal 1 has that."""
    turns, times = Turns(plan.rounds), plan.size(TIMES)
    async with measured("proving", {}) as process:
        for name in ("checked", "bare"):
            await process.ask(name, times=times)
        for _ in range(plan.rounds * SLICES):
            for name in ("checked", "bare"):
                turns.add(name, (await process.ask(name, times=times))["seconds"])
        size = process.told["bytes"]
    setting = f"per cpu-s, an activity of {size} bytes, nothing is stored"
    return [judge(PROVEN, turns.rates("checked", times), turns.rates("bare", times), turns.drift("bare"), setting)]
