"""A peer's offer to meet a shared notice, the agreement it may become, and the lease that brings it home."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from node.domain.errors import Conflict, Invalid
from node.domain.phrases import say

TEXT_LIMIT = 1000
MORE_TIME_TEXT_LIMIT = 300
LONGEST_LEASE = timedelta(days=60)
#: For how long an offer of help waits for an answer, where nobody says otherwise.
OFFER_LIFE = timedelta(hours=72)

#: The words with which a lease ends, at both sides.
LEASE_OVER = str(say("the agreed time has passed"))

#: What an origin may release to a helper: names of the sealed note's fields, in the order they are shown.
RELEASABLE = ("name", "contact", "address", "story", "arrival", "arrival_card")


class Side(StrEnum):
    """ORIGIN: they answered a notice of ours. HELPER: we answered a notice of theirs."""

    ORIGIN = "origin"
    HELPER = "helper"


class ResponseState(StrEnum):
    """`offered` waits for an answer; `agreed` and `under way` hold a lease; all others have ended."""

    OFFERED = "offered to help"
    AGREED = "agreed"
    UNDER_WAY = "under way"
    MET = "met"
    PARTLY = "partly"
    RETURNED = "returned"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


RUNNING = frozenset({ResponseState.AGREED, ResponseState.UNDER_WAY})


@dataclass(frozen=True)
class MoreTime:
    """The helping side asks to have it `until` then, in a few words or none; its own clock said `asked_at`."""

    until: datetime
    text: str
    asked_at: datetime


@dataclass(frozen=True)
class Response:
    """One offer of help between two communities, seen from one `side`.

    At the origin `share_id` and `notice_id` are ours; at the helper `feed_item_id` is. `until` is when the offer
    lapses if nobody answers; `lease_until` when an agreed one comes home. `released` are sealed fields the origin lets
    the helper read. `coordination_url` is where the helper reads them with a signed GET. `more_time` is what the helper
    asked for and the origin has not answered; it stands only while the task runs.
    """

    id: str
    side: Side
    offer_id: str
    object_id: str
    own_actor: str
    remote_actor: str
    quantity: Decimal
    unit: str
    state: ResponseState
    created_at: datetime
    updated_at: datetime
    text: str = ""
    until: datetime | None = None
    share_id: str | None = None
    notice_id: str | None = None
    feed_item_id: str | None = None
    agreement_id: str | None = None
    lease_until: datetime | None = None
    released: tuple[str, ...] = ()
    coordination_url: str | None = None
    brought: Decimal | None = None
    receipt_at: datetime | None = None
    answer: str = ""
    more_time: MoreTime | None = None

    @property
    def is_running(self) -> bool:
        """Agreed and not ended: the lease holds."""
        return self.state in RUNNING

    @property
    def is_said_late(self) -> bool:
        """At the origin: it had come home, and then they said that something was brought. Somebody has to look."""
        return self.state == ResponseState.RETURNED and self.brought is not None

    @property
    def is_handoff(self) -> bool:
        """It was agreed at some time."""
        return self.agreement_id is not None


def agree(response: Response, agreement_id: str, released: tuple[str, ...], until: datetime, now: datetime) -> Response:
    """The offer accepted, with a lease until `until`. Raises Conflict unless it still waits for an answer."""
    if response.state != ResponseState.OFFERED:
        raise Conflict(say("This offer of help no longer waits for an answer."))
    return replace(
        response,
        state=ResponseState.AGREED,
        agreement_id=agreement_id,
        released=released,
        lease_until=until,
        updated_at=now,
    )


def waits_until(now: datetime, resting_until: datetime | None) -> datetime:
    """When an offer of help lapses where nobody says otherwise: while they rest nobody may answer, so it waits longer.

    No longer than a lease may last, and OFFER_LIFE.
    """
    back = min(resting_until or now, now + LONGEST_LEASE)
    return max(now, back) + OFFER_LIFE


def end(response: Response, state: ResponseState, now: datetime, answer: str = "") -> Response:
    """The response ended as `state`; nothing stays released. Raises Conflict when it had ended otherwise before."""
    if response.state == state:
        return response
    if response.state not in RUNNING | {ResponseState.OFFERED}:
        raise Conflict(say("This has already ended."))
    return replace(response, state=state, released=(), more_time=None, answer=answer or response.answer, updated_at=now)


def progress(response: Response, state: ResponseState, brought: Decimal | None, now: datetime) -> Response:
    """An agreed response is under way, met or partly met. `brought` is how much was handed over.

    Raises Conflict when it was not agreed or has ended otherwise.
    """
    if response.state == state and (brought is None or brought == response.brought):
        return response
    if not response.is_running:
        raise Conflict(say("This is not an agreed task, or it has already ended."))
    if state == ResponseState.UNDER_WAY:
        return replace(response, state=state, updated_at=now)
    amount = _at_most(response, brought)
    ended = ResponseState.MET if amount == response.quantity else ResponseState.PARTLY
    return replace(response, state=ended, brought=amount, released=(), more_time=None, updated_at=now)


def extend(response: Response, until: datetime, now: datetime) -> Response:
    """The same task with a lease until `until`, later than before. Raises Invalid, and Conflict unless it runs."""
    if not response.is_running or response.lease_until is None or response.lease_until <= now:
        raise Conflict(say("Only a task that still runs can be given more time."))
    if not response.lease_until < until <= now + LONGEST_LEASE:
        raise Invalid({"until": say("Choose a time after the one agreed now, within 60 days.")})
    return replace(response, lease_until=until, more_time=None, updated_at=now)


def ask_more_time(response: Response, wish: MoreTime) -> Response:
    """At the helper: the same task with what we ask for. Raises Invalid, and Conflict unless it runs here."""
    lease = response.lease_until
    if response.side is not Side.HELPER:
        raise Conflict(say("This is ours. Give it more time yourselves."))
    if not response.is_running or lease is None or lease <= wish.asked_at:
        raise Conflict(say("More time can be asked for only while the task still runs."))
    if not lease < wish.until <= wish.asked_at + LONGEST_LEASE:
        raise Invalid({"until": say("Choose a time after the one agreed now, within 60 days.")})
    return replace(response, more_time=wish)


def asked_more_time(response: Response, wish: MoreTime, now: datetime) -> Response:
    """At the origin: what they ask for is kept until it is answered. What was given already, or is too much, is not."""
    lease = response.lease_until
    if not response.is_running or lease is None or not lease < wish.until <= now + LONGEST_LEASE:
        return response
    return replace(response, more_time=wish)


def extended_by_origin(response: Response, until: datetime, said_at: datetime, now: datetime) -> Response:
    """At the helper: the origin's word about the lease. It runs again if only our own clock had ended it.

    It answers what we asked for, unless it gives less and was said before we asked.
    """
    if response.is_running:
        wish = response.more_time
        stands = wish is not None and until < wish.until and said_at < wish.asked_at
        return replace(response, lease_until=until, more_time=wish if stands else None, updated_at=now)
    if response.state == ResponseState.RETURNED and response.answer == LEASE_OVER and until > now:
        return replace(response, state=ResponseState.AGREED, lease_until=until, answer="", updated_at=now)
    return response


def taken_home(response: Response, words: str, now: datetime) -> Response:
    """At the helper: the origin ended the task. What we said of how it went stands only with the origin's receipt."""
    if not response.is_handoff or response.receipt_at is not None:
        return response
    if response.state == ResponseState.RETURNED and not words:
        return response
    answer = words or response.answer
    return replace(response, state=ResponseState.RETURNED, released=(), more_time=None, answer=answer, updated_at=now)


def brought_after_all(response: Response, brought: Decimal | None, now: datetime) -> Response:
    """Something was brought although the task had come home; it stays returned until its origin confirms it.

    Raises Conflict for a task that was handed back on purpose, or never came home.
    """
    if response.state != ResponseState.RETURNED or (response.side == Side.HELPER and not response.answer):
        raise Conflict(say("This has already ended."))
    return replace(response, brought=_at_most(response, brought), updated_at=now)


def confirm_late(response: Response, brought: Decimal | None, now: datetime) -> Response:
    """At the origin: what they said after it had come home is so. Raises Conflict where they said nothing."""
    if not response.is_said_late:
        raise Conflict(say("This has already ended."))
    amount = _at_most(response, response.brought if brought is None else brought)
    ended = ResponseState.MET if amount == response.quantity else ResponseState.PARTLY
    return replace(response, state=ended, brought=amount, updated_at=now)


def _at_most(response: Response, brought: Decimal | None) -> Decimal:
    return response.quantity if brought is None else min(brought, response.quantity)
