"""A peer's offer to meet a shared notice, the agreement it may become, and the lease that brings it home."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from node.domain.errors import Conflict

TEXT_LIMIT = 1000

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
HANDED_OFF = RUNNING | {ResponseState.MET, ResponseState.PARTLY, ResponseState.RETURNED}


@dataclass(frozen=True)
class Response:
    """One offer of help between two communities, seen from one `side`.

    At the origin `share_id` and `notice_id` are ours; at the helper `feed_item_id` is. `until` is when the offer
    lapses if nobody answers; `lease_until` when an agreed one comes home. `released` are sealed fields the origin lets
    the helper read. `coordination_url` is where the helper reads them with a signed GET.
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

    @property
    def is_running(self) -> bool:
        """Agreed and not ended: the lease holds."""
        return self.state in RUNNING

    @property
    def is_handoff(self) -> bool:
        """It was agreed at some time."""
        return self.agreement_id is not None


def agree(response: Response, agreement_id: str, released: tuple[str, ...], until: datetime, now: datetime) -> Response:
    """The offer accepted, with a lease until `until`. Raises Conflict unless it still waits for an answer."""
    if response.state != ResponseState.OFFERED:
        raise Conflict("This offer of help no longer waits for an answer.")
    return replace(
        response,
        state=ResponseState.AGREED,
        agreement_id=agreement_id,
        released=released,
        lease_until=until,
        updated_at=now,
    )


def end(response: Response, state: ResponseState, now: datetime, answer: str = "") -> Response:
    """The response ended as `state`; nothing stays released. Raises Conflict when it had ended otherwise before."""
    if response.state == state:
        return response
    if response.state not in RUNNING | {ResponseState.OFFERED}:
        raise Conflict("This has already ended.")
    return replace(response, state=state, released=(), answer=answer or response.answer, updated_at=now)


def progress(response: Response, state: ResponseState, brought: Decimal | None, now: datetime) -> Response:
    """An agreed response is under way, met or partly met. `brought` is how much was handed over.

    Raises Conflict when it was not agreed or has ended otherwise.
    """
    if response.state == state and (brought is None or brought == response.brought):
        return response
    if not response.is_running:
        raise Conflict("This is not an agreed task, or it has already ended.")
    if state == ResponseState.UNDER_WAY:
        return replace(response, state=state, updated_at=now)
    amount = response.quantity if brought is None else min(brought, response.quantity)
    ended = ResponseState.MET if amount == response.quantity else ResponseState.PARTLY
    return replace(response, state=ended, brought=amount, released=(), updated_at=now)
