"""A named heir: one neighbour that holds a locked copy of our open needs, for the day our node goes dark.

It cannot read it. Only two of our own stewards together can, each with words that were shown once.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from node.domain.consent import Consent
from node.domain.easy_words import DESCRIBING, THINGS
from node.domain.errors import Invalid
from node.domain.notices import Kind, Notice
from node.domain.phrases import say

FEWEST_STEWARDS, MOST_STEWARDS = 2, 12
#: Six words of two lists are more than 2^48 sets; whoever has one set still lacks the other.
WORDS = 6
#: More than these are not in the copy; the longest-waiting come first.
MOST_NEEDS = 200
MOST_BYTES = 600_000
#: How often the heir asks for the newest copy, and after what time without a word a community counts as gone dark.
EVERY = timedelta(hours=6)
DARK_AFTER = timedelta(hours=24)
#: Without a newer one a copy ends after this; where its community is dark, after the second.
KEPT = timedelta(days=7)
KEPT_IN_THE_DARK = timedelta(days=60)
TRIES_A_DAY = 5
_LONGEST = 300


@dataclass(frozen=True)
class Heir:
    """The neighbour we chose. `agreed_at` is when it first asked for the copy, `opened_at` when that was opened.

    `refused_at` is when it said that it cannot hold one, or no longer; a later yes counts all the same.
    """

    peer_id: str
    chosen_at: datetime
    stewards: int
    agreed_at: datetime | None = None
    fetched_at: datetime | None = None
    opened_at: datetime | None = None
    refused_at: datetime | None = None


@dataclass(frozen=True)
class HeldCopy:
    """What we hold for a neighbour: the newest copy alone.

    `dark_since` is the first try that failed since `fetched_at`. `tries` are wrong words since `tries_since`.
    `opened_at` is told to the community when it is back.
    """

    peer_id: str
    fetched_at: datetime
    tried_at: datetime
    dark_since: datetime | None = None
    opened_at: datetime | None = None
    tries: int = 0
    tries_since: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to ask for a newer one."""
        return now - self.tried_at >= EVERY

    def is_over(self, now: datetime) -> bool:
        """Whether it is kept no longer."""
        return now - self.fetched_at >= (KEPT_IN_THE_DARK if self.dark_since is not None else KEPT)

    def may_be_opened(self, now: datetime) -> bool:
        """Only while its community has been dark for a day."""
        return self.dark_since is not None and now - self.dark_since >= DARK_AFTER

    def may_try(self, now: datetime) -> bool:
        """Whether words may be typed now."""
        return self.tries < TRIES_A_DAY or self.tries_since is None or now - self.tries_since >= timedelta(days=1)


def check_stewards(number: int) -> int:
    """For how many stewards words are made. Raises Invalid."""
    if not FEWEST_STEWARDS <= number <= MOST_STEWARDS:
        raise Invalid(
            {
                "stewards": say(
                    "Choose a number from %(fewest)s to %(most)s.", fewest=FEWEST_STEWARDS, most=MOST_STEWARDS
                )
            }
        )
    return number


def is_covered(notice: Notice, consent: Consent, heir: Heir) -> bool:
    """Whether a need is in the copy: it is open, its owner agreed to this neighbour, and was told of the copy."""
    is_told = heir.agreed_at is not None and notice.created_at >= heir.agreed_at
    return notice.kind == Kind.NEED and not notice.is_closed and is_told and consent.covers_peer(heir.peer_id)


def words_from(chance: bytes) -> str:
    """One steward's words, from at least 16 random bytes."""
    rest = int.from_bytes(chance[:16], "big")
    words: list[str] = []
    for place in range(WORDS):
        choice = (DESCRIBING, THINGS)[place % 2]
        rest, chosen = divmod(rest, len(choice))
        words.append(choice[chosen])
    return " ".join(words)


def tidy_words(typed: str) -> str:
    """The words as they count, from how people type them: capitals, dashes, missing spaces."""
    return "".join(re.findall(r"[a-z]+", typed[:_LONGEST].lower()))
