"""A peer offers to meet a notice of ours, and later says how it goes."""

from dataclasses import replace
from decimal import Decimal

from node.domain.notices import Notice, Status
from node.domain.peers import Direction, FollowState, OwnActor, host_of
from node.domain.phrases import say
from node.domain.responses import Response, ResponseState, Side, progress
from node.domain.shares import Level, Share
from node.services import handoffs, leases
from node.services.audience import is_meant
from node.services.community import Community
from node.services.outgoing import Letter, known_actors, new_activity_id, post
from node.storage.unit_of_work import UnitOfWork
from node.translate import agreements
from node.translate.agreements import Tasked
from node.translate.notices import sender
from node.translate.text import plain_text
from schemas.activities import Create, Offer
from schemas.marketplace import Commitment, EconomicEvent

NOT_OPEN = str(say("This is no longer open. Thank you for offering."))
NOT_SO = str(say("What was offered does not fit what is open. Please look at the notice again."))


async def on_offer(community: Community, work: UnitOfWork, offer: Offer) -> None:
    """Keep an offer of help for the dispatchers. It is refused in silence unless its sender could see the notice.

    What is closed, of another unit, or more than is open, is answered with a Reject (protocol 120 to 122).
    """
    promised = offer.object.stipulates
    published = await work.shares.by_object(promised.satisfies.partition("#")[0])
    if published is None or offer.id is None:
        return
    share = published.share
    if promised.satisfies != share.intent_id or not await may_see(work, share, offer.actor):
        return
    notice = await work.notices.get(share.notice_id)
    if notice is None or await work.responses.by_offer(Side.ORIGIN, offer.id) is not None:
        return
    response = _new_response(community, offer, share)
    reason = _refusal(notice, share, promised, community)
    if reason:
        told = agreements.reject(new_activity_id(community), Tasked(response, community.addresses), reason)
        letter = Letter(told, sender(share.level), offer.id, await known_actors(work, [offer.actor]))
        await post(community, work, letter)
        return
    await work.responses.add(response, None)


async def on_event(community: Community, work: UnitOfWork, create: Create, event: EconomicEvent) -> None:
    """Word of how an agreed task goes, from the other side of that very agreement."""
    response = await work.responses.by_agreement(event.fulfills.partition("#")[0])
    if response is None or response.remote_actor != create.actor or event.attributed_to != create.actor:
        return
    if response.side is Side.HELPER:
        await _on_receipt(community, work, response, event)
    elif response.is_running and event.finished:
        await handoffs.finish_at_origin(community, work, response, _amount(event))
    elif response.is_running:
        await work.responses.put(progress(response, ResponseState.UNDER_WAY, None, community.now()))
    elif response.state == ResponseState.RETURNED and event.finished:
        await leases.on_said_late(community, work, response, _amount(event))


async def may_see(work: UnitOfWork, share: Share, actor: str) -> bool:
    """Whether this actor's community may see a share: anyone a public one, peers what is theirs (protocol 24)."""
    host = host_of(actor)
    peer = await work.peers.by_host(host)
    if peer is not None and not peer.may_exchange:
        return False
    if share.level == Level.PUBLIC:
        return True
    if not is_meant(share, peer):
        return False
    return any(
        follow.direction is Direction.INCOMING
        and follow.own_actor is OwnActor.PEERS
        and follow.state is FollowState.ACCEPTED
        for follow in await work.peers.follows_with(peer.host if peer is not None else host)
    )


async def _on_receipt(community: Community, work: UnitOfWork, response: Response, event: EconomicEvent) -> None:
    """The origin's word is final."""
    if not event.finished:
        if response.is_running:
            await work.responses.put(progress(response, ResponseState.UNDER_WAY, None, community.now()))
        return
    amount = min(_amount(event) or response.quantity, response.quantity)
    state = ResponseState.MET if amount == response.quantity else ResponseState.PARTLY
    now = community.now()
    received = replace(response, state=state, brought=amount, receipt_at=now, more_time=None, updated_at=now)
    await work.responses.put(received)


def _new_response(community: Community, offer: Offer, share: Share) -> Response:
    promised = offer.object.stipulates.resource_quantity
    now = community.now()
    return Response(
        id=community.new_id(),
        side=Side.ORIGIN,
        offer_id=offer.id or "",
        object_id=share.object_id,
        own_actor=sender(share.level),
        remote_actor=offer.actor,
        quantity=promised.has_numerical_value if promised else Decimal(1),
        unit=promised.has_unit if promised else "one",
        state=ResponseState.OFFERED,
        created_at=now,
        updated_at=now,
        text=plain_text(offer.content or "")[:1000],
        until=offer.end_time,
        share_id=share.id,
        notice_id=share.notice_id,
    )


def _refusal(notice: Notice, share: Share, promised: Commitment, community: Community) -> str:
    """One sentence why the offer cannot stand; empty when it can."""
    if not share.is_shown or notice.is_closed or notice.status == Status.PAUSED or notice.remaining <= 0:
        return NOT_OPEN
    if share.ends_at <= community.now():
        return NOT_OPEN
    measure = promised.resource_quantity
    if measure is None:
        return "" if notice.wording.quantity == 1 else NOT_SO
    amount = measure.has_numerical_value
    is_piece = notice.wording.is_divisible and amount == amount.to_integral_value()
    fits = measure.has_unit == notice.wording.unit and amount <= notice.remaining
    return "" if fits and (is_piece or amount == notice.remaining) else NOT_SO


def _amount(event: EconomicEvent) -> Decimal | None:
    return event.resource_quantity.has_numerical_value if event.resource_quantity is not None else None
