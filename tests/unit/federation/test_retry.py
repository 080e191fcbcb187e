from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.retry import MAX_RETRY_AFTER, RETRIES, next_try, parse_retry_after, verdict

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


# C-44
def test_the_waits_take_two_to_three_days_and_then_end() -> None:
    for jitter, days in ((0.0, 2.06), (1.0, 3.1)):
        moment: datetime = NOW
        for attempts in range(1, RETRIES + 1):
            due = next_try(moment, attempts, None, jitter)
            assert due is not None
            moment = due
        assert (moment - NOW) / timedelta(days=1) == pytest.approx(days, abs=0.01)
        assert moment - NOW > timedelta(hours=48)
    assert next_try(NOW, RETRIES + 1, None, 0.0) is None


# C-44
@given(attempts=st.integers(1, RETRIES - 1), jitter=st.floats(0, 1))
def test_waits_never_shrink(attempts: int, jitter: float) -> None:
    first, second = (next_try(NOW, number, None, jitter) for number in (attempts, attempts + 1))
    assert first is not None and second is not None and NOW < first <= second


# C-45
def test_retry_after_is_honoured_up_to_six_hours() -> None:
    assert next_try(NOW, 1, timedelta(hours=1), 0.0) == NOW + timedelta(hours=1)
    assert next_try(NOW, 1, timedelta(days=9), 0.0) == NOW + MAX_RETRY_AFTER
    assert next_try(NOW, 1, timedelta(seconds=1), 0.0) == NOW + timedelta(seconds=15)


# C-44
@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, "delivered"),
        (202, "delivered"),
        (204, "delivered"),
        (301, "final"),
        (400, "final"),
        (401, "retry"),
        (403, "final"),
        (404, "final"),
        (408, "retry"),
        (410, "final"),
        (413, "final"),
        (429, "retry"),
        (500, "retry"),
        (501, "final"),
        (503, "retry"),
        (599, "retry"),
    ],
)
def test_what_a_status_means(status: int, expected: str) -> None:
    assert verdict(status) == expected


# C-45
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("120", timedelta(seconds=120)),
        ("9" * 400, MAX_RETRY_AFTER),
        ("Fri, 20 Nov 2026 10:01:00 GMT", timedelta(minutes=1)),
        ("Fri, 20 Nov 2026 10:01:00 -0000", timedelta(minutes=1)),
        ("Fri, 20 Nov 2026 09:00:00 GMT", timedelta()),
        ("Fri, 20 Nov 2099 09:00:00 GMT", MAX_RETRY_AFTER),
        (f"Fri, {'6' * 60} Nov 2026 18:45:55 GMT", None),
    ],
)
def test_reading_retry_after(value: str | None, expected: timedelta | None) -> None:
    assert parse_retry_after(value, NOW) == expected
