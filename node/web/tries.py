"""How often somebody may guess: counted in memory, per address, bounded, and never written down."""

from collections import OrderedDict
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from node.domain.errors import TooManyTries
from node.web.words import _


class Tries:
    """Wrong guesses per address: at most `limit` within `window`; the `remembered` most recent addresses are known."""

    def __init__(self, limit: int = 10, window: timedelta = timedelta(minutes=10), remembered: int = 4096) -> None:
        self._limit = limit
        self._window = window
        self._remembered = remembered
        self._wrong: OrderedDict[str, tuple[datetime, ...]] = OrderedDict()

    def check(self, address: str, now: datetime) -> None:
        """Raise TooManyTries when this address guessed wrong too often lately."""
        if len(self._recent(_neighbourhood(address), now)) >= self._limit:
            raise TooManyTries(_("That were many tries. Please wait ten minutes, or call us."))

    def wrong(self, address: str, now: datetime) -> None:
        """Remember one wrong guess."""
        place = _neighbourhood(address)
        self._wrong[place] = (*self._recent(place, now), now)[-self._limit :]
        self._wrong.move_to_end(place)
        while len(self._wrong) > self._remembered:
            self._wrong.popitem(last=False)

    def _recent(self, place: str, now: datetime) -> tuple[datetime, ...]:
        return tuple(moment for moment in self._wrong.get(place, ()) if now - moment < self._window)


def _neighbourhood(address: str) -> str:
    """One customer of a network provider holds a whole /64 of IPv6 addresses."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else parsed)
