"""A place or service worth knowing: where it is, what they ask for at the door, and when somebody last looked."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from node.domain.categories import BY_KEY, OwnCategories
from node.domain.phrases import say

#: Older than this, a list says that it was checked long ago.
LONG_AGO = timedelta(days=90)
#: Other communities keep it for so long after it was last checked; then it is only here, until somebody looks again.
TOLD_FOR = timedelta(days=180)
LINE_LIMIT = 200


@dataclass(frozen=True)
class Facts:
    """What somebody needs who wants to go there. A public place or service, never anybody's home.

    `where` is its address, `reach` its own telephone number or page, `asks_for` what they ask for at the door.
    `checked_at` is when somebody last made sure that all this is so. `own_category` is as that of a need's words.
    """

    category: str
    where: str
    checked_at: datetime
    hours: str = ""
    reach: str = ""
    asks_for: str = ""
    no_id_needed: bool = False
    own_category: str = ""

    @property
    def category_here(self) -> str:
        """The key of the category as people of this community choose it. It means nothing anywhere else."""
        return self.own_category or self.category

    def about(self, key: str, own: OwnCategories) -> "Facts":
        """The same in the category with this key, as a need's words are."""
        return replace(self, category=own.like(key), own_category=own.own(key))

    def settled(self, own: OwnCategories) -> "Facts":
        """The same in its category as it is by now: since it was read it may have been mapped anew, or taken away."""
        key = self.category_here if own.knows(self.category_here) else self.category
        return self.about(key, own)

    def is_old(self, now: datetime) -> bool:
        """It was checked so long ago that people had better ask before they go."""
        return now - self.checked_at > LONG_AGO

    @property
    def told_until(self) -> datetime:
        """When the copies of others end, unless somebody looks again."""
        return self.checked_at + TOLD_FOR

    def trimmed(self) -> "Facts":
        """The same with spaces trimmed."""
        return replace(
            self,
            where=" ".join(self.where.split()),
            hours=" ".join(self.hours.split()),
            reach=" ".join(self.reach.split()),
            asks_for=" ".join(self.asks_for.split()),
            checked_at=self.checked_at.replace(microsecond=0),
        )


LINES = ("where", "hours", "reach", "asks_for")


def facts_faults(facts: Facts, now: datetime) -> dict[str, str]:
    """One sentence for each field that cannot stand, by name; empty ones for the others."""
    faults = {name: _line_fault(getattr(facts, name)) for name in LINES}
    faults["where"] = faults["where"] if facts.where else say("Say where it is, or how one gets there.")
    return faults | {
        "category": "" if facts.category in BY_KEY else say("Choose one of the categories."),
        "checked": "" if facts.checked_at <= now else say("Choose a day that is not still to come."),
    }


def _line_fault(text: str) -> str:
    return "" if len(text) <= LINE_LIMIT else say("Please use at most %(most)s characters.", most=LINE_LIMIT)
