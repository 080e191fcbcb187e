"""Goal 10: a post carries a proof, and it is checked."""

from typing import Final

from tests.bench.figures import Goal, Plan, Result, Turns, judge
from tests.bench.processes import measured

#: A round is so many turns of each.
SLICES: Final = 60
TIMES: Final = 500
WAYS: Final = ("checked", "bare", "sodium")
PROVEN: Final = Goal(10, "parse + JCS + Ed25519 proof check / bare Ed25519 verify", 0.80, 0.90)
GOALS: Final = (PROVEN,)


async def measure(_wanted: frozenset[int], plan: Plan) -> list[Result]:
    """The result. Reading the JSON strictly is in it, reading the activity into our types is not: goal 1 has that.

    What is bare is the check by the library that signs. The one by the library that checks is said besides.
    """
    turns, times = Turns(plan.rounds), plan.size(TIMES)
    async with measured("proving", {}) as process:
        for name in WAYS:
            await process.ask(name, times=times)
        for _ in range(plan.rounds * SLICES):
            for name in WAYS:
                turns.add(name, (await process.ask(name, times=times))["seconds"])
        size = process.told["bytes"]
    checked, bare = turns.rates("checked", times), turns.rates("bare", times)
    beside = checked.over(turns.rates("sodium", times)).middle
    setting = f"per cpu-s, an activity of {size} bytes, nothing is stored; / the bare check of libsodium: {beside:.2f}"
    return [judge(PROVEN, checked, bare, turns.drift("bare"), setting)]
