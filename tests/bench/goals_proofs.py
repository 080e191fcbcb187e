"""Goal 10: a post carries a proof, and it is checked."""

from typing import Final

from tests.bench.figures import Goal, Plan, Result, Rounds, judge
from tests.bench.processes import measured

#: A round is so many turns of each: what else the machine does then comes to both alike.
SLICES: Final = 60
TIMES: Final = 500
PROVEN: Final = Goal(10, "parse + JCS + Ed25519 proof check / bare Ed25519 verify", 0.80, 0.90)
GOALS: Final = (PROVEN,)


async def measure(_wanted: frozenset[int], plan: Plan) -> list[Result]:
    """The result. Reading the JSON strictly is in it, reading the activity into our types is not: goal 1 has that."""
    found: dict[str, list[float]] = {"checked": [], "bare": []}
    times = plan.size(TIMES)
    async with measured("proving", {}) as process:
        for _ in range(plan.rounds + 1):
            spent = dict.fromkeys(found, 0.0)
            for _ in range(SLICES):
                for name in found:
                    spent[name] += (await process.ask(name, times=times))["seconds"]
            for name, values in found.items():
                values.append(SLICES * times / spent[name])
        size = process.told["bytes"]
    own, bare = (Rounds(name, tuple(values[1:])) for name, values in found.items())
    return [judge(PROVEN, own, bare, f"per cpu-s, an activity of {size} bytes, nothing is stored")]
