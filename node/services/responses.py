"""Offers of help between communities: given, agreed with a lease, declined, taken back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from node.domain.errors import Conflict, Invalid, NotFound
from node.domain.feed import FeedItem, FeedKind
from node.domain.members import Member, must_be_dispatcher
from node.domain.notices import Notice, commit_quantity
from node.domain.peers import FollowState, OwnActor, host_of, name_among
from node.domain.phrases import say
from node.domain.responses import LONGEST_LEASE, RELEASABLE, TEXT_LIMIT, Response, ResponseState, Side, end, waits_until
from node.domain.responses import agree as agreed_to
from node.domain.rest import still_until
from node.domain.shares import Share
from node.services import copies, homes, publishing
from node.services.community import Community
from node.services.for_real import must_be_for_real
from node.services.outgoing import Letter, known_actors, new_activity_id, post
from node.services.rest import actor_must_be_awake
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork
from node.translate import agreements
from node.translate.agreements import Tasked

ALREADY = say("You have already offered to help with this. It waits for an answer.")


@dataclass(frozen=True)
class HelpOffer:
    """What is offered: how much, a few words for the dispatcher there, and until when the offer stands."""

    quantity: Decimal
    text: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class ResponseLine:
    """A response with what it is about. `is_known_peer` tells whether a steward linked us with that community.

    `resting_until` is until when that community said that it rests; it may be over.
    """

    response: Response
    peer_name: str
    is_known_peer: bool
    notice: Notice | None
    item: FeedItem | None
    share: Share | None
    resting_until: datetime | None = None


async def offer_help(
    community: Community, item_id: str, offer: HelpOffer, by: Member, form_id: str | None = None
) -> Response:
    """Offer to meet a notice of another community. The same `form_id` twice offers once.

    Raises Invalid, NotFound, NotAllowed, Conflict where it is no longer open, was offered before or we only practise,
    and PeerTrouble where our copy is older than a day and its community cannot be asked.
    """
    must_be_dispatcher(by)
    await copies.refresh(community, item_id)
    now = community.now()
    form = community.form_mark("offer", form_id)
    async with community.database.unit_of_work() as work:
        earlier = await work.responses.by_form(form) if form else None
        if earlier is not None:
            return earlier
        await must_be_for_real(work)
        item = await work.feed.get(item_id)
        if item is None or item.kind is FeedKind.CAPACITY:
            raise NotFound(say("This notice is not here any more. Its community may have taken it back."))
        await _must_be_free(work, item)
        _check_offer(item, offer, now)
        home = await homes.towards(community, work, item.actor)
        actor = await work.peers.actor(item.actor)
        rest = still_until(actor.resting_until, now) if actor is not None else None
        response = _new_response(home, item, offer, offer.until or waits_until(now, rest))
        await work.responses.add(response, form)
        activity = agreements.offer(Tasked(response, home.addresses), item.intent_id or "")
        await tell(community, work, response, activity)
        await work.audit.add(AuditEntry(now, by.id, "offered help", response.id, item.object_id))
    return response


async def listing(community: Community, notice_id: str | None = None) -> tuple[ResponseLine, ...]:
    """Offers of help for our notices: those that wait for an answer first, then the newest."""
    async with community.database.reading() as work:
        found = await work.responses.of_side(Side.ORIGIN, notice_id)
        waiting_first = sorted(found, key=lambda response: response.state != ResponseState.OFFERED)
        return await lines(work, tuple(waiting_first))


async def get(community: Community, response_id: str) -> ResponseLine:
    """One response, of either side. Raises NotFound."""
    async with community.database.reading() as work:
        return (await lines(work, (await found_response(work, response_id),)))[0]


async def agree(
    community: Community, response_id: str, release: tuple[str, ...], until: datetime | None, by: Member
) -> Response:
    """Say yes: the quantity is theirs until the lease ends, and they may read the released fields until then.

    Raises Invalid, NotFound, NotAllowed, and Conflict where it no longer waits or more was offered than is open.
    """
    must_be_dispatcher(by)
    now = community.now()
    async with community.database.unit_of_work() as work:
        response = await _at_origin(work, response_id)
        await actor_must_be_awake(community, work, response.remote_actor)
        community = homes.of_response(community, response)
        share, notice = await _shared(work, response)
        lease = _lease(until, now, share)
        if response.unit != notice.wording.unit:
            raise Conflict(
                say("The notice counts in another unit now. Decline this one, so that they can offer again.")
            )
        changed = commit_quantity(notice, response.quantity, now)
        agreement_id = community.addresses.agreement(community.new_id())
        agreed = agreed_to(response, agreement_id, _released(release), lease, now)
        await work.responses.put(agreed)
        await work.notices.put(changed)
        activity = agreements.accept(new_activity_id(community), Tasked(agreed, community.addresses))
        await tell(community, work, agreed, activity)
        await publishing.follow_notice(community, work, changed)
        detail = f"{response.remote_actor} may read: {', '.join(agreed.released) or 'nothing'}"
        await work.audit.add(AuditEntry(now, by.id, "agreed to an offer of help", notice.id, detail))
    return agreed


async def decline(community: Community, response_id: str, text: str, by: Member) -> Response:
    """Say no, with a few words if you like. Raises Invalid, NotFound, NotAllowed, Conflict."""
    must_be_dispatcher(by)
    if len(text) > TEXT_LIMIT:
        raise Invalid({"text": say("Please use at most %(most)s characters.", most=TEXT_LIMIT)})
    now = community.now()
    async with community.database.unit_of_work() as work:
        response = await _at_origin(work, response_id)
        if response.is_running:
            raise Conflict(say("This was agreed already. Hand the task back instead."))
        declined = end(response, ResponseState.DECLINED, now, text.strip())
        community = homes.of_response(community, response)
        await work.responses.put(declined)
        activity = agreements.reject(new_activity_id(community), Tasked(declined, community.addresses), text.strip())
        await tell(community, work, declined, activity)
        await work.audit.add(AuditEntry(now, by.id, "declined an offer of help", response.notice_id or ""))
    return declined


async def withdraw(community: Community, response_id: str, by: Member) -> Response:
    """Take our own offer back before it was answered. Raises NotFound, NotAllowed, Conflict."""
    must_be_dispatcher(by)
    now = community.now()
    async with community.database.unit_of_work() as work:
        response = await found_response(work, response_id)
        if response.side is not Side.HELPER or response.state != ResponseState.OFFERED:
            raise Conflict(say("Only an offer of ours that waits for an answer can be taken back."))
        withdrawn = end(response, ResponseState.WITHDRAWN, now)
        community = homes.of_response(community, response)
        await work.responses.put(withdrawn)
        activity = agreements.undo(new_activity_id(community), Tasked(withdrawn, community.addresses))
        await tell(community, work, withdrawn, activity)
        await work.audit.add(AuditEntry(now, by.id, "took an offer of help back", response.id))
    return withdrawn


async def found_response(work: UnitOfWork, response_id: str) -> Response:
    """The response with this id. Raises NotFound."""
    response = await work.responses.get(response_id)
    if response is None:
        raise NotFound(say("There is no such response."))
    return response


async def lines(work: UnitOfWork, found: tuple[Response, ...]) -> tuple[ResponseLine, ...]:
    """Responses with what each is about."""
    actors = await work.peers.actors(response.remote_actor for response in found)
    notices = await work.notices.these(response.notice_id for response in found if response.notice_id)
    items = await work.feed.these({response.feed_item_id for response in found if response.feed_item_id})
    shared = await work.shares.these(response.share_id for response in found if response.share_id)
    linked = await _linked_hosts(work)
    return tuple(
        ResponseLine(
            response,
            name_among(actors, response.remote_actor),
            host_of(response.remote_actor) in linked,
            notices.get(response.notice_id or ""),
            items.get(response.feed_item_id or ""),
            shared.get(response.share_id or ""),
            actors[response.remote_actor].resting_until if response.remote_actor in actors else None,
        )
        for response in found
    )


async def _linked_hosts(work: UnitOfWork) -> frozenset[str]:
    accepted = {follow.host for follow in await work.peers.all_follows() if follow.state is FollowState.ACCEPTED}
    linked = [peer for peer in await work.peers.all() if peer.may_exchange and peer.host in accepted]
    return frozenset(host for peer in linked for host in peer.hosts)


async def tell(community: Community, work: UnitOfWork, response: Response, activity: agreements.TaskActivity) -> None:
    """Put an activity about this response into the outbox, for the other side alone."""
    actors = await known_actors(work, [response.remote_actor])
    await post(community, work, Letter(activity, OwnActor(response.own_actor), response.offer_id, actors))


async def _must_be_free(work: UnitOfWork, item: FeedItem) -> None:
    peer = await work.peers.by_host(host_of(item.actor))
    if peer is not None and not peer.may_exchange:
        raise Conflict(say("This community is paused or blocked. Resume it first."))
    for response in await work.responses.of_items({item.id}):
        if response.state == ResponseState.OFFERED:
            raise Conflict(ALREADY)
        if response.is_running:
            raise Conflict(say("You have already agreed to help with this. See your shared tasks."))


def _check_offer(item: FeedItem, offer: HelpOffer, now: datetime) -> None:
    if not item.is_open:
        raise Conflict(say("This is no longer open. Its community will say if it opens again."))
    faults: dict[str, str] = {}
    available = item.available if item.available is not None else Decimal(1)
    if offer.quantity <= 0:
        faults["quantity"] = say("Write a number above 0.")
    elif offer.quantity > available:
        faults["quantity"] = say("At most %(most)s is asked for.", most=f"{available.normalize():f}")
    elif not item.unit_based and offer.quantity != available:
        faults["quantity"] = say("This can only be met as a whole: %(whole)s.", whole=f"{available.normalize():f}")
    elif offer.quantity not in {available, offer.quantity.to_integral_value()}:
        faults["quantity"] = say("Write a whole number.")
    if len(offer.text) > TEXT_LIMIT:
        faults["text"] = say("Please use at most %(most)s characters.", most=TEXT_LIMIT)
    if offer.until is not None and offer.until <= now:
        faults["until"] = say("Choose a time that is still to come.")
    if faults:
        raise Invalid(faults)


def _new_response(community: Community, item: FeedItem, offer: HelpOffer, until: datetime) -> Response:
    now = community.now().replace(microsecond=0)
    return Response(
        id=community.new_id(),
        side=Side.HELPER,
        offer_id=new_activity_id(community),
        object_id=item.object_id,
        own_actor=item.received_by,
        remote_actor=item.actor,
        quantity=offer.quantity,
        unit=item.unit,
        state=ResponseState.OFFERED,
        created_at=now,
        updated_at=now,
        text=offer.text.strip(),
        until=until.replace(microsecond=0),
        feed_item_id=item.id,
    )


async def _at_origin(work: UnitOfWork, response_id: str) -> Response:
    response = await found_response(work, response_id)
    if response.side is not Side.ORIGIN:
        raise Conflict(say("This is an offer of ours. The other community answers it."))
    return response


async def _shared(work: UnitOfWork, response: Response) -> tuple[Share, Notice]:
    published = await work.shares.get(response.share_id or "")
    notice = await work.notices.get(response.notice_id or "")
    if published is None or notice is None:
        raise NotFound(say("What this was about is gone."))
    return published.share, notice


def _lease(until: datetime | None, now: datetime, share: Share) -> datetime:
    chosen = until or now + share.lease
    if not now < chosen <= now + LONGEST_LEASE:
        raise Invalid({"until": say("Choose a time to come, within 60 days.")})
    return chosen.replace(microsecond=0) if until or share.lease >= timedelta(minutes=1) else chosen


def _released(release: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [name for name in release if name not in RELEASABLE]
    if unknown:
        raise Invalid({"release": say("Choose from: %(words)s.", words=", ".join(RELEASABLE))})
    return tuple(name for name in RELEASABLE if name in release)
