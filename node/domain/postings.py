"""What a community tells, with no person in it: announcements and resources. They are shared as notices are."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from node.domain.errors import Conflict, Invalid
from node.domain.notices import AREA_LIMIT, TEXT_LIMIT, TITLE_LIMIT
from node.domain.phrases import say
from node.domain.resources import Facts, facts_faults
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
    RESOURCE = "resource"
    CAPACITY = "capacity"


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
class Draft:
    """What a dispatcher typed."""

    words: PostingWords
    audience: Audience
    peers: tuple[str, ...] = ()
    until: datetime | None = None
    facts: Facts | None = None

    @property
    def kind(self) -> PostingKind:
        """A draft with facts is a resource."""
        return PostingKind.RESOURCE if self.facts is not None else PostingKind.ANNOUNCEMENT


@dataclass(frozen=True)
class Posting:
    """Something the community tells. `named` holds the peers' ids where the audience is NAMED.

    `until` is when it ends by itself, `ended_at` when somebody took it back before. Nobody's name is in it: the
    community speaks. `facts` are those of a resource, which has no end of its own; an announcement has none.
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
    facts: Facts | None = None

    @property
    def told_until(self) -> datetime | None:
        """When the copies of others end by themselves; None where nothing is said of that."""
        return self.facts.told_until if self.facts is not None else self.until

    @property
    def as_draft(self) -> Draft:
        """What somebody would type to write it again."""
        return Draft(self.words, self.audience, self.named, self.until, self.facts)

    def is_current(self, now: datetime) -> bool:
        """It still holds."""
        return self.ended_at is None and (self.until is None or self.until > now)

    def fits(self, share: Share) -> bool:
        """Whether this share is for exactly those whom it is for."""
        return share.level == self.audience.level and share.named == self.named


def check_draft(draft: Draft, now: datetime) -> Draft:
    """The draft with spaces trimmed and an end, or Invalid naming every field that cannot stand."""
    words = draft.words
    trimmed = replace(
        words, title=" ".join(words.title.split()), text=words.text.strip(), area=" ".join(words.area.split())
    )
    facts = draft.facts.trimmed() if draft.facts is not None else None
    until = None if facts is not None else (draft.until or now + DEFAULT_LIFE).replace(microsecond=0)
    faults = _word_faults(trimmed) | {"until": _end_fault(until, now), "peers": _peers_fault(draft)}
    if facts is not None:
        faults |= facts_faults(facts, now) | _age_fault(draft, facts, now)
    found = {name: fault for name, fault in faults.items() if fault}
    if found:
        raise Invalid(found)
    named = tuple(dict.fromkeys(draft.peers)) if draft.audience is Audience.NAMED else ()
    return replace(draft, words=trimmed, peers=named, until=until, facts=facts)


def changed_to(posting: Posting, draft: Draft, now: datetime) -> Posting:
    """The posting as the checked draft says it. Raises Conflict where it is over."""
    if not posting.is_current(now) or draft.kind is not posting.kind:
        raise Conflict(say("This is over. Write a new one instead."))
    return replace(
        posting,
        words=draft.words,
        audience=draft.audience,
        named=draft.peers,
        until=draft.until,
        facts=draft.facts,
        updated_at=now,
    )


def must_have_room(current: int) -> None:
    """Raise Conflict where so many hold already that one more would not be read."""
    if current >= MOST_CURRENT:
        raise Conflict(
            say("There are %(most)s of these already. Take one back that is no longer needed.", most=MOST_CURRENT)
        )


def _word_faults(words: PostingWords) -> dict[str, str]:
    title = "" if words.title else say("Say in a few words what it is about.")
    return {
        "title": title or _length_fault(words.title, TITLE_LIMIT),
        "text": _length_fault(words.text, TEXT_LIMIT),
        "area": _length_fault(words.area, AREA_LIMIT),
    }


def _length_fault(text: str, limit: int) -> str:
    return "" if len(text) <= limit else say("Please use at most %(most)s characters.", most=limit)


def _end_fault(until: datetime | None, now: datetime) -> str:
    if until is None:
        return ""
    if until <= now:
        return say("Choose a day that is still to come.")
    return "" if until <= now + LONGEST_LIFE else say("Choose a day within the next year.")


def _age_fault(draft: Draft, facts: Facts, now: datetime) -> dict[str, str]:
    if draft.audience is Audience.HERE or facts.told_until > now:
        return {}
    return {"checked": say("Make sure that it is still so before others are told: nobody looked for half a year.")}


def _peers_fault(draft: Draft) -> str:
    if draft.audience is not Audience.NAMED:
        return ""
    if not draft.peers:
        return say("Choose at least one community.")
    return "" if len(draft.peers) <= MOST_NAMED else say("Choose at most %(most)s communities.", most=MOST_NAMED)
