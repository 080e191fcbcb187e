"""What two communities have written down about the same hand-offs, compared."""

from dataclasses import dataclass

from node.domain.feed import FeedItem
from node.domain.notices import Notice
from node.domain.peers import host_of
from node.domain.responses import Response, ResponseState, Side
from node.domain.shares import Level, RecipientState, Share
from node.translate.notices import STATUS_ON_WIRE
from tests.village import Village

#: What the origin may call it, with what the helper may call the same: at rest, with nothing on its way.
SAME = frozenset({(state.value, state.value) for state in ResponseState}) | {
    # The helper thought better of it, or its offer lapsed, while the yes was on its way: it goes back at once.
    (ResponseState.RETURNED, ResponseState.WITHDRAWN),
    (ResponseState.RETURNED, ResponseState.LAPSED),
    # The share was taken back: to the helper that is a no.
    (ResponseState.WITHDRAWN, ResponseState.DECLINED),
    # They said no to what we no longer offered.
    (ResponseState.DECLINED, ResponseState.WITHDRAWN),
    (ResponseState.DECLINED, ResponseState.LAPSED),
    (ResponseState.WITHDRAWN, ResponseState.LAPSED),
    # Each has a clock of its own.
    (ResponseState.LAPSED, ResponseState.WITHDRAWN),
}


@dataclass(frozen=True)
class Records:
    """One community's side of what it has with another."""

    responses: dict[str, Response]
    shares: dict[str, tuple[Share, Notice, bool]]
    items: dict[str, FeedItem]


async def differences(origin: Village, helper: Village) -> list[str]:
    """Everything in which the two disagree about notices of the first and what the second does with them."""
    here, there = await _at_origin(origin, helper), await _at_helper(origin, helper)
    found: list[str] = []
    for offer_id, theirs in there.responses.items():
        ours = here.responses.get(offer_id)
        if ours is not None:
            found += _about(ours, theirs)
        elif theirs.is_running or theirs.state in {ResponseState.MET, ResponseState.PARTLY}:
            found.append(f"the origin knows nothing of what the helper calls {theirs.state}")
    found += [
        f"the helper knows nothing of an offer: {offer_id}" for offer_id in here.responses.keys() - there.responses
    ]
    for object_id, (share, notice, was_sent) in here.shares.items():
        found += _shown(share, notice, there.items.get(object_id), was_sent=was_sent)
    return found + [f"the copy outlived its share: {object_id}" for object_id in there.items.keys() - here.shares]


def _about(ours: Response, theirs: Response) -> list[str]:
    found = []
    if (ours.state, theirs.state) not in SAME:
        found.append(f"the origin says {ours.state}, the helper {theirs.state}")
    names = ["object_id", "quantity", "unit"]
    if ours.state == theirs.state:
        names += ["agreement_id", "brought"]
    if ours.is_running and theirs.is_running:
        names += ["lease_until", "more_time"]
    found += [
        f"{name}: {getattr(ours, name)} at the origin, {getattr(theirs, name)} at the helper"
        for name in names
        if getattr(ours, name) != getattr(theirs, name)
    ]
    if (ours.receipt_at is None) != (theirs.receipt_at is None):
        found.append(f"a receipt: {ours.receipt_at} at the origin, {theirs.receipt_at} at the helper")
    if theirs.side is not Side.HELPER or (ours.released and not ours.is_running):
        found.append("something is still released")
    return found


def _shown(share: Share, notice: Notice, item: FeedItem | None, *, was_sent: bool) -> list[str]:
    if item is None:
        return ["a share that is shown did not arrive"] if was_sent else []
    left = 0 if notice.is_closed else notice.remaining
    found = [] if item.available == left else [f"{left} are wanted, but the copy says {item.available}"]
    said = STATUS_ON_WIRE[notice.status]
    is_partly = said == "matched" and item.status == "partly-met" and notice.remaining > 0
    return found if item.status == said or is_partly else [*found, f"it is {said}, but the copy says {item.status}"]


async def _at_origin(origin: Village, helper: Village) -> Records:
    async with origin.community.database.reading() as work:
        mine = await work.responses.of_side(Side.ORIGIN)
        shown = [one.share for one in await work.shares.shown(Level, 1000)]
        notices = await work.notices.these(one.notice_id for one in shown)
        sent = {one.id: await work.shares.recipients(one.id) for one in shown}
    arrived = {
        share.id
        for share in shown
        for line in sent[share.id]
        if host_of(line.actor) == helper.community.host and line.state is RecipientState.SENT
    }
    shares = {one.object_id: (one, notices[one.notice_id], one.id in arrived) for one in shown}
    theirs = {one.offer_id: one for one in mine if host_of(one.remote_actor) == helper.community.host}
    return Records(theirs, shares, {})


async def _at_helper(origin: Village, helper: Village) -> Records:
    async with helper.community.database.reading() as work:
        mine = await work.responses.of_side(Side.HELPER)
        items = await work.feed.page(None, origin.community.host, None, 1000)
    theirs = {one.offer_id: one for one in mine if host_of(one.remote_actor) == origin.community.host}
    return Records(theirs, {}, {item.object_id: item for item in items})
