"""What other servers' clocks say beside ours, as they write it on their answers (RFC 9110, 6.6.1); in memory alone.

A signature counts for as long as its time is near the reader's own, so a clock that goes wrong shuts a community out.
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from statistics import median

from federation.retry import parse_http_date

MOST_HOSTS = 50
#: A server's clock is looked at so often, and forgotten so long after it was.
EVERY = timedelta(minutes=10)
FORGOTTEN_AFTER = timedelta(days=1)


class TheirClocks:
    """How far the clock of each server that answered lately was ahead of ours."""

    def __init__(self) -> None:
        self._ahead: OrderedDict[str, tuple[datetime, timedelta]] = OrderedDict()

    def note(self, host: str, written: str, now: datetime) -> None:
        """Remember what a server wrote as the time of its answer, which came `now`; what is no time says nothing."""
        known = self._ahead.get(host)
        if known is not None and timedelta() <= now - known[0] < EVERY:
            return
        there = parse_http_date(written)
        if there is None:
            return
        self._ahead[host] = now, there - now
        self._ahead.move_to_end(host)
        if len(self._ahead) > MOST_HOSTS:
            self._ahead.popitem(last=False)

    def ahead(self, now: datetime) -> timedelta | None:
        """How far they are ahead of ours, most of them taken together; None where nothing is known."""
        lately = [ahead.total_seconds() for at, ahead in self._ahead.values() if now - at < FORGOTTEN_AFTER]
        return timedelta(seconds=median(lately)) if lately else None
