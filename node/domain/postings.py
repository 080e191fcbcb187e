"""What a community tells of itself, with no person in it: announcements. They are shared like needs and offers are."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from node.domain.errors import Conflict, Invalid
from node.domain.notices import AREA_LIMIT, TEXT_LIMIT, TITLE_LIMIT
from node.domain.shares import Level, Share

#: An announcement says until when it holds; this long if nobody said, and never longer than that.
DEFAULT_LIFE = timedelta(days=30)
LONGEST_LIFE = timedelta(days=366)
#: So long after its end what was written is still listed for dispatchers, with what became of each copy.
KEPT_AFTER_END = timedelta(days=90)
#: Of one kind so many may hold at once: a board that nobody can read to its end helps nobody.
MOST_CURRENT = 200
MOST_NAMED = 20


class PostingKind(StrEnum):
    """What is told."""

    ANNOUNCEMENT = "announcement"


class Audience(StrEnum):
    """Whom it is for. HERE never leaves this community."""

    HERE = "here"
    NAMED = "named"
    PEERS = "peers"
    PUBLIC = "public"

    @property
    def level(self) -> Level | None:
        """The level it is shared at; None where it is not."""
        return None if self is Audience.HERE else Level(self.value)


@dataclass(frozen=True)
class PostingWords:
    """What it says, in words written for everybody it is for. No names, no numbers, no addresses of people."""

    title: str
    text: str = ""
    area: str = ""
    language: str = ""


@dataclass(frozen=True)
class Posting:
    """Something the community tells. `named` holds the peers' ids where the audience is NAMED.

    `until` is when it ends by itself, `ended_at` when somebody took it back before. Nobody's name is in it: the
    community speaks.
    """

    id: str
    kind: PostingKind
    words: PostingWords
    audience: Audience
    created_at: datetime
    updated_at: datetime
    named: tuple[str, ...] = ()
    until: datetime | None = None
    ended_at: datetime | None = None

    def is_current(self, now: datetime) -> bool:
        """It still holds."""
        return self.ended_at is None and (self.until is None or self.until > now)

    def fits(self, share: Share) -> bool:
        """Whether this share is for exactly those whom it is for."""
        return share.level == self.audience.level and share.named == self.named


@dataclass(frozen=True)
class Draft:
    """What a dispatcher typed."""

    words: PostingWords
    audience: Audience
    peers: tuple[str, ...] = ()
    until: datetime | None = None


def check_draft(draft: Draft, now: datetime) -> Draft:
    """The draft with spaces trimmed and an end, or Invalid naming every field that cannot stand."""
    words = draft.words
    trimmed = replace(
        words, title=" ".join(words.title.split()), text=words.text.strip(), area=" ".join(words.area.split())
    )
    until = draft.until or now + DEFAULT_LIFE
    faults = _word_faults(trimmed) | {"until": _end_fault(until, now), "peers": _peers_fault(draft)}
    found = {name: fault for name, fault in faults.items() if fault}
    if found:
        raise Invalid(found)
    named = tuple(dict.fromkeys(draft.peers)) if draft.audience is Audience.NAMED else ()
    return replace(draft, words=trimmed, peers=named, until=until.replace(microsecond=0))


def changed_to(posting: Posting, draft: Draft, now: datetime) -> Posting:
    """The posting as the checked draft says it. Raises Conflict where it is over."""
    if not posting.is_current(now):
        raise Conflict("This is over. Write a new one instead.")
    return replace(
        posting, words=draft.words, audience=draft.audience, named=draft.peers, until=draft.until, updated_at=now
    )


def must_have_room(current: int) -> None:
    """Raise Conflict where so many hold already that one more would not be read."""
    if current >= MOST_CURRENT:
        raise Conflict(f"There are {MOST_CURRENT} of these already. Take one back that is no longer needed.")


def _word_faults(words: PostingWords) -> dict[str, str]:
    title = "" if words.title else "Say in a few words what it is about."
    return {
        "title": title or _length_fault(words.title, TITLE_LIMIT),
        "text": _length_fault(words.text, TEXT_LIMIT),
        "area": _length_fault(words.area, AREA_LIMIT),
    }


def _length_fault(text: str, limit: int) -> str:
    return "" if len(text) <= limit else f"Please use at most {limit} characters."


def _end_fault(until: datetime, now: datetime) -> str:
    if until <= now:
        return "Choose a day that is still to come."
    return "" if until <= now + LONGEST_LIFE else "Choose a day within the next year."


def _peers_fault(draft: Draft) -> str:
    if draft.audience is not Audience.NAMED:
        return ""
    if not draft.peers:
        return "Choose at least one community."
    return "" if len(draft.peers) <= MOST_NAMED else f"Choose at most {MOST_NAMED} communities."
