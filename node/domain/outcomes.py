"""What became of needs and offers, month by month: of the community and how long we took, of nobody in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from statistics import median

from node.domain.notices import CLOSED, Kind, Status
from node.domain.retention import HIDDEN_BELOW, Past, month_of


@dataclass(frozen=True)
class Outcome:
    """One need or offer, or a part of one, as far as the report looks at it.

    `changed_at` is when it was closed, once it is.
    """

    kind: Kind
    status: Status
    came_in_at: datetime
    changed_at: datetime


@dataclass(frozen=True)
class MonthOfOutcomes:
    """What came in during one month (such as `2031-05`), and what has become of that.

    `is_small` says that most of it was erased and that the numbers are too small to be told; they are 0 then. `days` is
    how long we took: half of what was met was met within so many days. None where nothing was met, or all was erased.
    """

    month: str
    kind: Kind
    asked: int
    met: int
    unmet: int
    waiting: int
    days: int | None
    is_small: bool = False


def together(parts: Sequence[Outcome]) -> Outcome:
    """What stands behind one code as one, however many parts: open while any of them is, and met once each is."""
    open_yet = [one for one in parts if one.status not in CLOSED]
    without = [one for one in parts if one.status is not Status.MET]
    shown = (open_yet or without or list(parts))[0]
    came_in, changed = min(one.came_in_at for one in parts), max(one.changed_at for one in parts)
    return Outcome(shown.kind, shown.status, came_in, changed)


def outcomes(kept: Iterable[Outcome], past: Iterable[Past], zone: tzinfo) -> tuple[MonthOfOutcomes, ...]:
    """Every month with anything in it, newest first, needs before offers; what was erased only as its numbers."""
    by_month: dict[tuple[str, Kind], list[Outcome]] = {}
    for one in kept:
        by_month.setdefault((month_of(one.came_in_at, zone), one.kind), []).append(one)
    gone: dict[tuple[str, Kind], list[Past]] = {}
    for line in past:
        gone.setdefault((line.month, line.kind), []).append(line)
    keys = sorted(by_month.keys() | gone.keys(), key=lambda key: key[1])
    newest_first = sorted(keys, key=lambda key: key[0], reverse=True)
    return tuple(_month(key, by_month.get(key, []), gone.get(key, [])) for key in newest_first)


def _month(key: tuple[str, Kind], kept: list[Outcome], gone: list[Past]) -> MonthOfOutcomes:
    month, kind = key
    erased = sum(line.how_many for line in gone)
    asked = len(kept) + erased
    if erased and asked < HIDDEN_BELOW:
        return MonthOfOutcomes(month, kind, 0, 0, 0, 0, None, is_small=True)
    took = [(one.changed_at - one.came_in_at).days for one in kept if one.status is Status.MET]
    met = len(took) + sum(line.met for line in gone)
    waiting = sum(one.status not in CLOSED for one in kept)
    return MonthOfOutcomes(month, kind, asked, met, asked - met - waiting, waiting, _half_within(took))


def _half_within(took: list[int]) -> int | None:
    return int(median(took) + 0.5) if took else None
