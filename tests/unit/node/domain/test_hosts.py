"""How long a server that fails is still tried, and when a copy has to be asked for again."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.feed import FRESH
from node.domain.hosts import FORGOTTEN_AFTER, MANY_DAYS, HostHealth, failed
from tests.unit.node.make import NOW, make_item

HOST = "help.river.example"
DAY = timedelta(days=1)


def after(*moments: datetime) -> HostHealth:
    """What is known after failures at these moments."""
    health = None
    for moment in moments:
        health = failed(health, HOST, moment)
    assert health is not None
    return health


# C-47
def test_seven_different_days_pause_a_host_and_six_do_not() -> None:
    days = [NOW + DAY * number for number in range(MANY_DAYS)]
    assert not after(*days[:-1]).is_paused(days[-2])
    assert after(*days).is_paused(days[-1])


# C-47
def test_many_failures_of_one_day_are_one() -> None:
    moments = [NOW + timedelta(minutes=number) for number in range(100)]
    assert after(*moments).failed_on == (NOW.date(),)
    assert after(*moments).failed_at == moments[-1]


# C-48
def test_old_failures_are_forgotten() -> None:
    days = [NOW + DAY * number for number in range(MANY_DAYS)]
    paused = after(*days)
    later = days[-1] + FORGOTTEN_AFTER
    assert paused.is_paused(later - timedelta(seconds=1))
    assert not paused.is_paused(later)
    assert failed(paused, HOST, later).failed_on == (later.date(),)


@given(st.lists(st.timedeltas(timedelta(0), timedelta(days=40)), min_size=1, max_size=20))
def test_whatever_happens_few_days_are_kept_in_their_order(pauses: list[timedelta]) -> None:
    moments = [NOW + sum(pauses[:number], timedelta(0)) for number in range(len(pauses))]
    health = after(*moments)
    assert len(health.failed_on) <= MANY_DAYS
    assert list(health.failed_on) == sorted(set(health.failed_on))
    assert health.failed_on[-1] == health.failed_at.date() == moments[-1].date()


# C-136
@pytest.mark.parametrize(("age", "is_stale"), [(timedelta(0), False), (FRESH, False), (FRESH + timedelta(1), True)])
def test_a_copy_is_asked_for_again_after_a_day(age: timedelta, is_stale: bool) -> None:
    assert make_item(received_at=NOW).is_stale(NOW + age) is is_stale
    assert make_item(received_at=NOW - 9 * DAY, checked_at=NOW).is_stale(NOW + age) is is_stale
