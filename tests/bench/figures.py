"""Figures of several rounds, what they say about a goal, and how that is written down."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

# A baseline that does not hold still says that something else was running, not how fast we are.
STEADY: Final = 0.10
#: Into so many parts a run is cut to say how far the machine's own speed went up and down meanwhile.
PARTS: Final = 5


@dataclass(frozen=True)
class Plan:
    """How much is measured: the number of interleaved rounds, and whether each is a short one."""

    rounds: int
    quick: bool

    def size(self, full: int) -> int:
        """How many operations make up one measurement."""
        return max(full // 10, 1) if self.quick else full


@dataclass(frozen=True)
class Goal:
    """One line of the table: `at_least` and `aim` are limits from above where `is_price` says that less is better."""

    n: int
    name: str
    at_least: float
    aim: float
    is_price: bool = False

    def reached(self, ratio: float, limit: float) -> bool:
        """Whether `ratio` is on the right side of `limit`."""
        return ratio <= limit if self.is_price else ratio >= limit


@dataclass(frozen=True)
class Rounds:
    """The same thing measured once in each round."""

    what: str
    values: tuple[float, ...]

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.values)

    @property
    def spread(self) -> float:
        """How far the farthest value is from the median, as a part of it."""
        return max(abs(value - self.middle) for value in self.values) / self.middle if self.middle else 0.0

    def over(self, other: "Rounds") -> "Rounds":
        """The ratio to `other`, round by round."""
        pairs = zip(self.values, other.values, strict=True)
        return Rounds(f"{self.what} / {other.what}", tuple(mine / theirs for mine, theirs in pairs))


@dataclass(frozen=True)
class Turns:
    """Costs measured turn by turn, in each turn once for everything that is compared.

    Rounds are interleaved like what is compared in them: of five rounds the first has the turns 1, 6, 11 and so on. So
    a shared machine that becomes faster or slower by the minute does so for all rounds alike; how far it did is said
    apart (`drift`).
    """

    rounds: int
    costs: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, cost: float) -> None:
        """What a turn's share of operations cost."""
        self.costs.setdefault(name, []).append(cost)

    def rates(self, name: str, done: int) -> Rounds:
        """Operations for a unit of cost, round by round; each turn did so many."""
        costs = self.costs[name]
        each = [costs[first :: self.rounds] for first in range(self.rounds)]
        return Rounds(name, tuple(done * len(part) / sum(part) for part in each))

    def prices(self, name: str, done: int) -> Rounds:
        """The cost of an operation, round by round; each turn did so many."""
        rates = self.rates(name, done)
        return Rounds(name, tuple(1 / rate for rate in rates.values))

    def drift(self, name: str) -> float:
        """How far the parts of the run, one after the other, lie from the middle one in what this cost."""
        costs = self.costs[name]
        length = max(len(costs) // PARTS, 1)
        parts = [costs[at : at + length] for at in range(0, length * (len(costs) // length), length)]
        return Rounds(name, tuple(sum(part) / len(part) for part in parts)).spread


@dataclass(frozen=True)
class Result:
    """What was found about one goal; `ratio` is None where it could not be measured, and `told` says why."""

    goal: Goal
    told: str
    ratio: float | None = None
    spread: float | None = None
    valid: bool = False

    def as_json(self) -> dict[str, Any]:
        """As it stands in build/bench.json."""
        goal = self.goal
        figures = {"ratio": _rounded(self.ratio), "spread": _rounded(self.spread)}
        return {"n": goal.n, "name": goal.name, **figures} | {
            "at_least": goal.at_least,
            "aim": goal.aim,
            "valid": self.valid,
        }

    def as_line(self) -> str:
        """As it is printed."""
        goal = self.goal
        head = f"{goal.n:>2}  {goal.name}: "
        if self.ratio is None or self.spread is None:
            return f"{head}not measured. {self.told}"
        limit = "at most" if goal.is_price else "at least"
        limits = f"({limit} {goal.at_least:g}, aim {goal.aim:g})"
        return f"{head}{self.ratio:.3g} ±{self.spread:.1%} {limits} {self._verdict(self.ratio)}. {self.told}"

    def _verdict(self, ratio: float) -> str:
        if not self.valid:
            return "INVALID, the baseline did not hold still"
        if self.goal.reached(ratio, self.goal.aim):
            return "aim reached"
        return "reached" if self.goal.reached(ratio, self.goal.at_least) else "MISSED"


def judge(goal: Goal, own: Rounds, baseline: Rounds, drift: float, setting: str) -> Result:
    """The median of the per-round ratios, and whether the baseline held still; `setting` says how durable it was.

    `drift` is how far the machine's speed went meanwhile, by what the baseline cost (`Turns.drift`).
    """
    ratios = own.over(baseline)
    told = f"{_figure(own)} against {_figure(baseline)}; {setting}; meanwhile the machine drifted by {drift:.0%}."
    return Result(goal, told, ratios.middle, ratios.spread, baseline.spread <= STEADY)


def not_measured(goals: Sequence[Goal], why: str) -> list[Result]:
    """The same sentence for each of these goals."""
    return [Result(goal, why) for goal in goals]


def _figure(rounds: Rounds) -> str:
    middle = rounds.middle
    shown = f"{middle:,.0f}" if middle >= 100 else f"{middle:.3g}"
    return f"{rounds.what} {shown} ±{rounds.spread:.1%}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
