"""`make bench`: measure the goals of docs/performance.md, print a line for each, write build/bench.json.

`make bench ARGS="-n 1,5"` measures some. Exit status 1 when a valid figure misses its goal.
"""

import argparse
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import uvloop

from tests.bench import goals_delivery, goals_fanout, goals_inbox, goals_proofs, goals_queue
from tests.bench.figures import Goal, Plan, Result

ROOT: Final = Path(__file__).parents[2]
Measure = Callable[[frozenset[int], Plan], Awaitable[list[Result]]]
PARTS: Final[tuple[tuple[tuple[Goal, ...], Measure], ...]] = (
    (goals_inbox.GOALS, goals_inbox.measure),
    (goals_delivery.GOALS, goals_delivery.measure),
    (goals_queue.GOALS, goals_queue.measure),
    (goals_fanout.GOALS, goals_fanout.measure),
    (goals_proofs.GOALS, goals_proofs.measure),
)
ALL: Final = frozenset(goal.n for goals, _ in PARTS for goal in goals)


def plan_of(typed: list[str]) -> tuple[frozenset[int], Plan]:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("-n", default=ALL, type=_numbers, help="the goals to measure, such as 1,5 (default: all)")
    parser.add_argument("--rounds", default=5, type=int, help="interleaved rounds (default: 5; fewer prove nothing)")
    parser.add_argument("--quick", action="store_true", help="short rounds, to see that everything runs")
    found = parser.parse_args(typed)
    return found.n, Plan(max(found.rounds, 1), found.quick)


async def measure(wanted: frozenset[int], plan: Plan) -> list[Result]:
    """Every result that is wanted, each printed as soon as it is known."""
    results: list[Result] = []
    for goals, part in PARTS:
        mine = wanted & {goal.n for goal in goals}
        for result in await part(mine, plan) if mine else []:
            _say(result.as_line())
            results.append(result)
    return sorted(results, key=lambda result: result.goal.n)


def write(results: list[Result]) -> None:
    """Write build/bench.json."""
    file = ROOT / "build" / "bench.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"goals": [result.as_json() for result in results]}, indent=1) + "\n")


def _numbers(text: str) -> frozenset[int]:
    found = frozenset(int(part) for part in text.split(","))
    if not found <= ALL:
        raise argparse.ArgumentTypeError(f"the goals are {', '.join(map(str, sorted(ALL)))}")
    return found


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _missed(result: Result) -> bool:
    return result.valid and result.ratio is not None and not result.goal.reached(result.ratio, result.goal.at_least)


if __name__ == "__main__":
    found = uvloop.run(measure(*plan_of(sys.argv[1:])))
    write(found)
    sys.exit(any(map(_missed, found)))
