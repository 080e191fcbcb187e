"""How often somebody may guess a code, or try names: counted in memory, bounded, and never written down.

What these numbers are worth against the number of codes is reckoned in docs/adr, "A code of four words", and held by a
test.
"""

import hashlib
import os
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from node.domain.codes import is_earlier
from node.domain.errors import NameTaken, TooManyTries
from node.services.limits import neighbourhood
from node.web.words import _

PER_CLIENT, PER_CLIENT_WITHIN = 10, timedelta(minutes=10)
IN_ALL, IN_ALL_WITHIN = 200, timedelta(hours=1)
EARLIER_IN_ALL, EARLIER_WITHIN = 50, timedelta(days=1)
#: Names that others have already: from one place, and with one invitation or of one member.
NAMES_PER_PLACE, NAMES_WITHIN = 10, timedelta(minutes=10)
NAMES_IN_ALL, NAMES_IN_ALL_WITHIN = 40, timedelta(hours=1)
REMEMBERED = 4096
KNOWN_FOR = timedelta(days=1)
_EVERYBODY = ""


class Tries:
    """Wrong guesses per place: at most `limit` within `window`; the `remembered` most recent places are known."""

    def __init__(self, limit: int, window: timedelta, remembered: int = REMEMBERED) -> None:
        self._limit = limit
        self._window = window
        self._remembered = remembered
        self._wrong: OrderedDict[str, tuple[datetime, ...]] = OrderedDict()

    def are_over(self, place: str, now: datetime) -> bool:
        """Whether there were too many wrong guesses from this place lately."""
        return len(self._recent(place, now)) >= self._limit

    def wrong(self, place: str, now: datetime) -> None:
        """Remember one wrong guess."""
        self._wrong[place] = (*self._recent(place, now), now)[-self._limit :]
        self._wrong.move_to_end(place)
        while len(self._wrong) > self._remembered:
            self._wrong.popitem(last=False)

    def _recent(self, place: str, now: datetime) -> tuple[datetime, ...]:
        return tuple(moment for moment in self._wrong.get(place, ()) if now - moment < self._window)


class NameTries:
    """Names tried that somebody here has already: each tells who is a member, and the members are no open list."""

    def __init__(self) -> None:
        self._of_place = Tries(NAMES_PER_PLACE, NAMES_WITHIN)
        self._in_all = Tries(NAMES_IN_ALL, NAMES_IN_ALL_WITHIN)

    @contextmanager
    def one(self, place: str, whose: str, now: datetime) -> Iterator[None]:
        """One name is tried inside, from a place and with what opens the way to trying: an invitation, an account.

        Raises TooManyTries before it.
        """
        if self._of_place.are_over(place, now) or self._in_all.are_over(whose, now):
            raise TooManyTries(_("That were many names that others have already. Please wait, or ask a steward."))
        try:
            yield
        except NameTaken:
            self._of_place.wrong(place, now)
            self._in_all.wrong(whose, now)
            raise


class CodeTries:
    """Guesses at codes: so many from one client, so many from all together, fewer of the first, shorter kind.

    Somebody who keeps on guessing from many places uses up what all have together. Whoever opened a code within the
    last day opens it again from the same place all the same.
    """

    def __init__(self) -> None:
        self._of_client = Tries(PER_CLIENT, PER_CLIENT_WITHIN)
        self._of_all = Tries(IN_ALL, IN_ALL_WITHIN)
        self._of_earlier = Tries(EARLIER_IN_ALL, EARLIER_WITHIN)
        self._known: OrderedDict[bytes, datetime] = OrderedDict()
        self._salt = os.urandom(16)

    def check(self, address: str, code: str, now: datetime) -> None:
        """Raise TooManyTries when no code (tidy) is taken from this address now, whether it is right or wrong."""
        if self._of_client.are_over(neighbourhood(address), now):
            raise TooManyTries(_("That were many tries. Please wait ten minutes, or call us."))
        opened = self._known.get(self._mark(address, code))
        if opened is not None and now - opened < KNOWN_FOR:
            return
        is_over = self._of_all.are_over(_EVERYBODY, now)
        if is_over or (is_earlier(code) and self._of_earlier.are_over(_EVERYBODY, now)):
            raise TooManyTries(_("Somebody is trying many wrong codes here. Please come back in an hour, or call us."))

    def wrong(self, address: str, code: str, now: datetime) -> None:
        """Remember one wrong guess."""
        self._of_client.wrong(neighbourhood(address), now)
        self._of_all.wrong(_EVERYBODY, now)
        if is_earlier(code):
            self._of_earlier.wrong(_EVERYBODY, now)

    def right(self, address: str, code: str, now: datetime) -> None:
        """Remember that this code was opened from here. Neither of them can be read from what is remembered."""
        mark = self._mark(address, code)
        self._known[mark] = now
        self._known.move_to_end(mark)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def _mark(self, address: str, code: str) -> bytes:
        words = f"{neighbourhood(address)} {code}".encode()
        return hashlib.blake2b(words, key=self._salt, digest_size=16).digest()
