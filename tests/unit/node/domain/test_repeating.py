"""Which day follows which."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.repeating import AHEAD, SHORTEST, Repeat, Rounds

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
REPEATS = st.sampled_from([Repeat.WEEKLY, Repeat.TWO_WEEKLY, Repeat.MONTHLY])


@pytest.mark.parametrize(
    ("repeat", "first", "met_on", "following"),
    [
        (Repeat.WEEKLY, date(2031, 5, 6), date(2031, 5, 4), date(2031, 5, 13)),
        (Repeat.WEEKLY, date(2031, 5, 6), date(2031, 5, 20), date(2031, 5, 27)),
        (Repeat.TWO_WEEKLY, date(2031, 5, 6), date(2031, 5, 7), date(2031, 5, 20)),
        (Repeat.MONTHLY, date(2032, 1, 31), date(2032, 2, 3), date(2032, 2, 29)),
        (Repeat.MONTHLY, date(2032, 1, 31), date(2032, 2, 29), date(2032, 3, 31)),
        (Repeat.MONTHLY, date(2031, 12, 6), date(2031, 12, 6), date(2032, 1, 6)),
        (Repeat.ONCE, date(2031, 5, 6), date(2031, 5, 6), None),
    ],
)
def test_the_round_after(repeat: Repeat, first: date, met_on: date, following: date | None) -> None:
    assert Rounds(repeat, first, first).after(met_on) == following


def test_after_the_last_day_none_follows() -> None:
    rounds = Rounds(Repeat.WEEKLY, date(2031, 5, 6), date(2031, 5, 6), last=date(2031, 5, 13))
    assert rounds.after(date(2031, 5, 6)) == date(2031, 5, 13)
    assert rounds.after(date(2031, 5, 13)) is None


@given(REPEATS, DAYS, DAYS)
def test_the_round_that_has_begun_is_followed_by_none_that_has(repeat: Repeat, first: date, today: date) -> None:
    rounds = Rounds(repeat, first, first)
    begun = rounds.begun(today)
    if begun is None:
        assert (first - today).days > AHEAD[repeat]
        return
    assert (begun - today).days <= AHEAD[repeat]
    following = Rounds(repeat, first, begun).after(begun)
    assert following is not None and (following - today).days > AHEAD[repeat]
    assert (following - begun).days >= SHORTEST[repeat] > AHEAD[repeat]
