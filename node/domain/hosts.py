"""How another server has been doing: who fails on seven different days is left in peace (protocol 47, 48)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

MANY_DAYS = 7
#: After so long without a new failure the old ones say nothing any more, and the host is tried again.
FORGOTTEN_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class HostHealth:
    """A host's failures since it was last heard of: the days, oldest first, and the last moment."""

    host: str
    failed_on: tuple[date, ...]
    failed_at: datetime

    def is_out_of_reach(self, now: datetime) -> bool:
        """Its last failure is not long ago, and nothing was heard of it since."""
        return now - self.failed_at < FORGOTTEN_AFTER

    def is_paused(self, now: datetime) -> bool:
        """Nothing is sent there until it is heard of again, somebody asks for it, or the failures are forgotten."""
        return len(self.failed_on) >= MANY_DAYS and self.is_out_of_reach(now)


def failed(earlier: HostHealth | None, host: str, now: datetime) -> HostHealth:
    """One more failure. Several on one day count as one."""
    if earlier is None or now - earlier.failed_at >= FORGOTTEN_AFTER:
        return HostHealth(host, (now.date(),), now)
    days = earlier.failed_on if now.date() in earlier.failed_on else (*earlier.failed_on, now.date())
    return HostHealth(host, days[-MANY_DAYS:], now)
