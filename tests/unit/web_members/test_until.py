"""Moments and spans in words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from node.web.until import end_of, left

NOW = datetime(2031, 5, 4, 12, 0, tzinfo=UTC)


def test_a_day_ends_with_its_last_minute() -> None:
    assert end_of(date(2031, 5, 4)) == datetime(2031, 5, 4, 23, 59, tzinfo=UTC)
    assert end_of(None) is None


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        (timedelta(hours=46), "in about 46 hours"),
        (timedelta(hours=71), "in about 71 hours"),
        (timedelta(days=3), "in about 3 days"),
        (timedelta(hours=2), "in about 2 hours"),
        (timedelta(hours=1), "in about 1 hour"),
        (timedelta(minutes=59), "in about 59 minutes"),
        (timedelta(seconds=20), "in about 1 minute"),
        (timedelta(minutes=30), "in about 30 minutes"),
        (timedelta(0), "that time is over"),
        (timedelta(hours=-1), "that time is over"),
    ],
)
def test_what_is_left_in_words(rest: timedelta, words: str) -> None:
    assert left(NOW + rest, NOW) == words
