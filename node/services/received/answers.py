"""Yes, no, and taken back: answers to what we sent, and the end of what they sent."""

from dataclasses import replace

from federation.origin import same_origin
from node.domain.peers import Direction, Follow, FollowState
from node.domain.phrases import say
from node.domain.responses import Response, ResponseState, Side, agree, end, taken_home
from node.domain.shares import RecipientState
from node.services import handoffs, homes
from node.services.community import Community
from node.services.outgoing import new_activity_id
from node.services.responses import tell
from node.storage.shares import RecipientMark
from node.storage.unit_of_work import UnitOfWork
from node.translate import agreements
from node.translate.agreements import Tasked
from node.translate.text import plain_text
from schemas.activities import Accept, Reject, Undo
from schemas.marketplace import Agreement

NOT_WHAT_WE_OFFERED = str(
    say("Their answer says something else than we offered, so it does not count. Please ask them.")
)


async def on_accept(community: Community, work: UnitOfWork, accept: Accept) -> None:
    """Only of what we really sent, and only from whom we sent it to (protocol 95, 96)."""
    follow = await _our_follow(work, accept)
    if follow is not None:
        if follow.state is FollowState.ASKING:
            accepted = replace(follow, state=FollowState.ACCEPTED, updated_at=community.now())
            await work.peers.put_follow(accepted)
        return
    response = await work.responses.by_offer(Side.HELPER, accept.object)
    if response is not None and response.remote_actor == accept.actor:
        await _on_agreed(community, work, response, accept.result)
        return
    await _on_erased(community, work, accept)


async def on_reject(community: Community, work: UnitOfWork, reject: Reject) -> None:
    """A Follow of ours is declined or ended; an offer of ours is declined; a task goes back to its origin."""
    now = community.now()
    follow = await _our_follow(work, reject)
    if follow is not None:
        ended = FollowState.DECLINED if follow.state is FollowState.ASKING else FollowState.ENDED
        await work.peers.put_follow(replace(follow, state=ended, updated_at=now))
        return
    response = await work.responses.by_offer(Side.HELPER, reject.object)
    if response is None or response.remote_actor != reject.actor:
        return
    words = plain_text(reject.content or "")[:1000]
    if response.state == ResponseState.OFFERED:
        await work.responses.put(end(response, ResponseState.DECLINED, now, words))
    else:
        await work.responses.put(taken_home(response, words, now))


async def on_undo(community: Community, work: UnitOfWork, undo: Undo) -> None:
    """Only by the actor that did it (protocol 94): they follow no longer, or take their offer or task back."""
    follow = await _their_follow(community, work, undo)
    if follow is not None:
        await work.peers.remove_follow(follow)
        return
    response = await work.responses.by_offer(Side.ORIGIN, undo.object)
    if response is None or response.remote_actor != undo.actor:
        return
    if response.state == ResponseState.OFFERED:
        await work.responses.put(end(response, ResponseState.WITHDRAWN, community.now()))
    elif response.is_running:
        await handoffs.bring_back(community, work, response)


async def _our_follow(work: UnitOfWork, answer: Accept | Reject) -> Follow | None:
    follow = await work.peers.follow_by_activity(Direction.OUTGOING, answer.object)
    return follow if follow is not None and follow.remote_actor == answer.actor else None


async def _their_follow(community: Community, work: UnitOfWork, undo: Undo) -> Follow | None:
    follow = await work.peers.follow_by_activity(Direction.INCOMING, undo.object)
    if follow is None and undo.undone_type == "Follow" and undo.embedded is not None:
        own = community.addresses.own_actor(str(undo.embedded.object))
        follow = await work.peers.follow(Direction.INCOMING, own, undo.actor) if own else None
        if follow is not None and homes.of_follow(community, follow) is not community:
            return None  # they follow us at the new address by now
    return follow if follow is not None and follow.remote_actor == undo.actor else None


async def _on_agreed(community: Community, work: UnitOfWork, response: Response, result: Agreement | None) -> None:
    """An Accept counts only with a result that says what we offered; any other is shown as an error (124, 125)."""
    now = community.now()
    if result is None or result.id is None or not _matches(community, response, result):
        if response.state == ResponseState.OFFERED:
            await work.responses.put(replace(response, answer=NOT_WHAT_WE_OFFERED, updated_at=now))
        return
    if response.state in {ResponseState.LAPSED, ResponseState.WITHDRAWN}:
        late = agreements.undo(new_activity_id(community), Tasked(response, community.addresses))
        await tell(community, work, response, late)
        return
    if response.state != ResponseState.OFFERED:
        return
    lease = result.end_time or now
    agreed = agree(response, result.id, (), lease, now)
    url = result.url.href if result.url is not None and _is_theirs(community, response, result.url.href) else None
    await work.responses.put(replace(agreed, coordination_url=url))


def _is_theirs(community: Community, response: Response, address: str) -> bool:
    return same_origin(address, response.remote_actor, allow_http=community.remote.allow_http)


def _matches(community: Community, response: Response, result: Agreement) -> bool:
    """Of their own server, in their own name, and exactly what we offered (protocol 124, 125, T-36)."""
    promised = result.stipulates.resource_quantity
    if promised is None or result.attributed_to not in {None, response.remote_actor}:
        return False
    if not _is_theirs(community, response, result.id or ""):
        return False
    same_amount = promised.has_numerical_value == response.quantity and promised.has_unit == response.unit
    return same_amount and result.stipulates.satisfies.partition("#")[0] == response.object_id


async def _on_erased(community: Community, work: UnitOfWork, accept: Accept) -> None:
    """A peer erased its copy of something we took back (protocol 2.13)."""
    published = await work.shares.by_delete(accept.object)
    if published is not None:
        mark = RecipientMark(published.share.id, RecipientState.ERASED, actor=accept.actor)
        await work.shares.mark(mark, community.now())
    await work.shares.note_erased(accept.object, accept.actor, community.now())
