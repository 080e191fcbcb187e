"""When to try again, and when to stop (C-44, C-45)."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Literal

Verdict = Literal["delivered", "retry", "final"]

RETRIES: Final = 16
MAX_RETRY_AFTER: Final = timedelta(hours=6)
_RETRIED: Final = frozenset({401, 408, 429})
_NOT_IMPLEMENTED: Final = 501


def verdict(status: int) -> Verdict:
    """Say what an inbox's HTTP status means: 2xx is delivered; 401, 408, 429 and 5xx but 501 deserve another try."""
    if 200 <= status < 300:
        return "delivered"
    if status in _RETRIED or (500 <= status < 600 and status != _NOT_IMPLEMENTED):
        return "retry"
    return "final"


def next_try(now: datetime, attempts: int, retry_after: timedelta | None, jitter: float) -> datetime | None:
    """Return when to try again after `attempts` tries that failed, or None when it is time to give up.

    The n-th wait is (n-1)^4 + 15 seconds, lengthened by up to half of itself as `jitter` goes from 0 to 1; 16 of them
    take two to three days. `retry_after`, what the other server asks for, is waited for up to 6 hours.
    """
    if attempts > RETRIES:
        return None
    seconds = (max(attempts, 1) - 1) ** 4 + 15
    delay = timedelta(seconds=seconds * (1 + min(max(jitter, 0.0), 1.0) / 2))
    return now + max(delay, min(retry_after or timedelta(), MAX_RETRY_AFTER))


def parse_retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Read a Retry-After header, seconds or an HTTP date; None when there is none, or none that can be read."""
    text = (value or "").strip()
    if text.isascii() and text.isdecimal():
        return min(timedelta(seconds=int(text[:9])), MAX_RETRY_AFTER)
    date = parse_http_date(text)
    return None if date is None else min(max(date - now, timedelta()), MAX_RETRY_AFTER)


def parse_http_date(text: str) -> datetime | None:
    """Read a moment as HTTP writes it (RFC 9110, 5.6.7); None where it is none that can be read."""
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
