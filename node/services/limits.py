"""How much one source may ask of us, in memory: bounded, forgotten at a restart, never written down.

Every allowance fills up again steadily. A source is an address, a host, an actor or a registrable domain.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from node.domain.peers import host_of

#: Documents for peers that one community may read within an hour (protocol 41): more than its first look takes.
READS_PER_HOUR = 300
#: Keys of unknown actors fetched for one registrable domain within a minute (CVE-2022-46405).
DISCOVERIES_PER_MINUTE = 60
REMEMBERED = 10_000


class Allowance:
    """At most `most` within `window` for each source; the `remembered` most recent sources are known (T-24)."""

    def __init__(self, most: int, window: timedelta, remembered: int = REMEMBERED) -> None:
        self._most = float(most)
        self._seconds = window.total_seconds()
        self._remembered = remembered
        self._left: dict[str, tuple[float, float]] = {}  # who came last stands last

    def take(self, source: str, now: datetime, cost: int = 1) -> timedelta | None:
        """Use up `cost`; None where that was allowed, else how long to wait (and nothing is used up)."""
        moment, most = now.timestamp(), self._most
        left, at = self._left.pop(source, (most, moment))
        if moment > at:
            left = min(most, left + most * (moment - at) / self._seconds)
        missing = min(cost, most) - left
        self._left[source] = (left if missing > 0 else left - cost, moment)
        if len(self._left) > self._remembered:
            del self._left[next(iter(self._left))]
        return timedelta(seconds=self._seconds * missing / self._most) if missing > 0 else None


class Limits:
    """Every allowance of one community. `inbox_rate` deliveries a minute from one address, key's host, or actor."""

    def __init__(self, inbox_rate: int) -> None:
        minute = timedelta(minutes=1)
        self._addresses = Allowance(inbox_rate, minute)
        self._hosts = Allowance(inbox_rate, minute)
        self._actors = Allowance(inbox_rate, minute)
        self._reads = Allowance(READS_PER_HOUR, timedelta(hours=1))
        self._discoveries = Allowance(DISCOVERIES_PER_MINUTE, minute)

    def knock(self, address: str, now: datetime) -> timedelta | None:
        """Before anything is read: None, or how long this address has to wait (C-63)."""
        return self._addresses.take(_of_sender(address), now)

    def receive(self, key_id: str, actor: str, now: datetime) -> timedelta | None:
        """Once its sender is proven, so that nobody uses up what is another's: None, or how long to wait."""
        return self._hosts.take(host_of(key_id), now) or self._actors.take(actor, now)

    def read(self, host: str, now: datetime, cost: int) -> timedelta | None:
        """What is only for peers, read by one of them: None, or how long to wait (T-41)."""
        return self._reads.take(host, now, cost)

    def discover(self, key_id: str, now: datetime) -> timedelta | None:
        """The key of an actor we do not know yet: None, or how long to wait (C-63, T-22)."""
        return self._discoveries.take(registrable(urlsplit(key_id).hostname or ""), now)


def registrable(host: str) -> str:
    """The part of a host name that somebody had to register, so that a wildcard is one source.

    Guessed without a list: two labels, or three where the last two are short, as in `example.co.uk`.
    """
    labels = host.lower().split(".")
    if labels[-1].isdecimal() or ":" in host:
        return host
    is_below_a_country = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if is_below_a_country else labels[-2:])


def neighbourhood(address: str) -> str:
    """One customer of a network provider holds a whole /64 of IPv6 addresses."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else parsed)


#: Servers that send come again and again, so theirs are remembered; of people who type a code nothing is.
_of_sender = lru_cache(REMEMBERED)(neighbourhood)
