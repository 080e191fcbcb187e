"""Sharing a notice with others: at which level, with whom, for how long."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum

from node.domain.categories import DELICATE
from node.domain.consent import Consent
from node.domain.days import end_of
from node.domain.errors import Conflict, ConsentMissing, Invalid
from node.domain.notices import Kind, Notice, Status
from node.domain.phrases import say

DEFAULT_LEASE = timedelta(hours=48)
SHORTEST_LEASE_HOURS = Decimal("0.01")
LONGEST_LEASE_HOURS = Decimal(24 * 60)
DEFAULT_LIFE = timedelta(days=30)
#: Two objects about one notice say times that are at least so far apart, and lie within the last hour (protocol 134).
APART = timedelta(minutes=5)
JITTER = timedelta(hours=1)


_SECOND = timedelta(seconds=1)
_WHO = {Kind.NEED: say("The person who asked this"), Kind.OFFER: say("The person who offered this")}


class Level(StrEnum):
    """Who may see a share. "Local" is having no share: it never leaves."""

    NAMED = "named"
    PEERS = "peers"
    PUBLIC = "public"


class ShareState(StrEnum):
    """SHOWN until somebody withdraws it or its time is over."""

    SHOWN = "shown"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class RecipientState(StrEnum):
    """What we know of one recipient's copy."""

    WAITING = "waiting"
    SENT = "sent"
    UNREACHABLE = "unreachable"
    ERASING = "erasing"
    ERASED = "erased"


@dataclass(frozen=True)
class Share:
    """One level's object, with an id of its own that is never used again.

    `named` holds the peers' ids for level NAMED. `text` replaces the notice's text where it is not empty. What is
    shared is the notice `notice_id`, or, where that is empty, the posting `posting_id`. `category` is the notice's as
    it was last shown; a posting has none.
    """

    id: str
    notice_id: str
    level: Level
    object_id: str
    published_at: datetime
    updated_at: datetime
    ends_at: datetime
    lease: timedelta = DEFAULT_LEASE
    reply_by: datetime | None = None
    text: str = ""
    named: tuple[str, ...] = ()
    state: ShareState = ShareState.SHOWN
    delete_activity_id: str | None = None
    category: str = ""
    posting_id: str = ""

    @property
    def subject_id(self) -> str:
        """The id of what is shared."""
        return self.notice_id or self.posting_id

    @property
    def intent_id(self) -> str:
        """What an Offer satisfies (protocol 118)."""
        return f"{self.object_id}#primary"

    @property
    def is_shown(self) -> bool:
        """Others may still see it."""
        return self.state == ShareState.SHOWN


@dataclass(frozen=True)
class Recipient:
    """One actor a share was sent to, or that fetched it with a signature; `sent_at`: when a copy first arrived."""

    share_id: str
    actor: str
    state: RecipientState
    changed_at: datetime
    sent_at: datetime | None = None


@dataclass(frozen=True)
class ShareRequest:
    """What a dispatcher decided. `override_category` is a steward's decision for this one notice."""

    level: Level
    peers: tuple[str, ...] = ()
    text: str = ""
    lease_hours: Decimal = Decimal(48)
    reply_by: datetime | None = None
    override_category: bool = False


def details_of(request: ShareRequest) -> dict[str, object]:
    """The request as it is kept until a second steward has said yes to the very same."""
    return {
        "level": request.level.value,
        "peers": sorted(request.peers),
        "text": request.text.strip(),
        "lease_hours": str(request.lease_hours.normalize()),
        "reply_by": request.reply_by.isoformat() if request.reply_by else None,
        "override_category": request.override_category,
    }


def check_request(request: ShareRequest, now: datetime) -> None:
    """Raise Invalid where the request cannot be meant."""
    faults: dict[str, str] = {}
    if not SHORTEST_LEASE_HOURS <= request.lease_hours <= LONGEST_LEASE_HOURS:
        faults["lease_hours"] = say("Write a number of hours from 0.01 to 1440.")
    if request.level == Level.NAMED and not request.peers:
        faults["peers"] = say("Choose at least one community.")
    if request.reply_by is not None and request.reply_by <= now:
        faults["reply_by"] = say("Choose a time that is still to come.")
    if faults:
        raise Invalid(faults)


def must_be_shareable(notice: Notice, request: ShareRequest) -> None:
    """Raise Conflict or ConsentMissing where this notice may not be shared in this way."""
    if notice.is_closed or notice.status == Status.PAUSED:
        raise Conflict(say("This is not open at the moment, so it cannot be shared. Open it first."))
    if request.level == Level.PUBLIC and notice.wording.category in DELICATE and not request.override_category:
        raise Conflict(
            say(
                "Notices about money, health, housing or safety are not shared publicly "
                "unless a steward decides so for this one."
            )
        )
    reason = consent_gap(notice.consent, notice.kind, request)
    if reason:
        raise ConsentMissing(reason, notice.kind, notice.id)


def consent_gap(consent: Consent, kind: Kind, request: ShareRequest) -> str:
    """One sentence saying which consent is missing, or an empty string."""
    who = _WHO[kind]
    if request.level == Level.PUBLIC and not consent.public:
        return say("%(who)s did not agree to everyone seeing it. Ask the person first.", who=who)
    if request.level == Level.PEERS and not consent.covers_all_peers:
        return say("%(who)s did not agree to every neighbouring community seeing it. Ask the person first.", who=who)
    if request.level == Level.NAMED and not all(consent.covers_peer(peer) for peer in request.peers):
        return say("%(who)s did not agree to each of these communities seeing it. Ask the person first.", who=who)
    return ""


def moment_apart(now: datetime, others: Iterable[datetime], chance: float, after: datetime | None = None) -> datetime:
    """A time to state that does not tie this object to the others about the same notice (protocol 134).

    `now` where there are no others. Else one of the last hour by `chance` (from 0 up to 1), five minutes from each of
    them, if there is one later than `after`; else any later than `after`, and none of theirs.
    """
    taken = tuple(others)
    if not taken:
        return now if after is None else max(now, after + _SECOND)
    backs = set(range(JITTER // _SECOND if after is None else _whole_up(min(JITTER, now - after))))
    for other in taken:
        backs -= set(range((now - other - APART) // _SECOND + 1, _whole_up(now - other + APART)))
    if backs:
        return now - _SECOND * sorted(backs)[int(chance * len(backs))]
    moment = (after or now) + _SECOND
    while moment in taken:
        moment += _SECOND
    return moment


def _whole_up(time: timedelta) -> int:
    """Its seconds, a begun one as a whole."""
    return -(-time // _SECOND)


def ends_at(notice: Notice, now: datetime, zone: tzinfo = UTC) -> datetime:
    """When the shared copy ends by itself: at the end of the needed-by day in this time zone, or after 30 days.

    Raises Conflict when that day is over.
    """
    if notice.wording.needed_by is None:
        return now + DEFAULT_LIFE
    end = end_of(notice.wording.needed_by, zone).astimezone(UTC)
    if end <= now:
        raise Conflict(say("The day it was needed by is over. Change the day first."))
    return end
