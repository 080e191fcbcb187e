"""Notices and posts of communities we follow, their changes, and their end."""

from dataclasses import replace

from federation.origin import same_origin
from node.domain.addresses import PUBLIC_COLLECTION
from node.domain.peers import Direction, FollowState, OwnActor, host_of
from node.domain.responses import ResponseState, Side, end
from node.services.community import Community
from node.services.outgoing import Letter, known_actors, new_activity_id, post
from node.storage.unit_of_work import UnitOfWork
from node.translate import following
from node.translate.feed import Reception, note_to_feed_item
from schemas.activities import Create, Delete, Update
from schemas.marketplace import Agreement
from schemas.objects import Note


async def on_note(community: Community, work: UnitOfWork, create: Create | Update, note: Note) -> None:
    """Keep a copy of a followed actor's own notice, or of one it addressed to us; forget nothing newer for it."""
    own = await _for_whom(community, work, create)
    if own is None or not _is_its_own(community, note, create.actor):
        return
    if await work.feed.is_gone(note.id, create.actor):
        return
    reception = Reception(community.new_id(), community.now(), own)
    fresh = note_to_feed_item(note, reception)
    earlier = await work.feed.by_object(note.id)
    if earlier is None:
        if fresh.forget_at() > community.now():
            await work.feed.add(fresh)
        return
    if earlier.actor != create.actor or fresh.updated_at <= earlier.updated_at:
        return
    await work.feed.put(replace(fresh, id=earlier.id, received_at=earlier.received_at, received_by=earlier.received_by))


async def on_update(community: Community, work: UnitOfWork, update: Update) -> None:
    """A newer wording or status of a notice (protocol 93, 109, 110), or a longer lease of an agreement."""
    match update.object:
        case Note() as note:
            await on_note(community, work, update, note)
        case Agreement() as agreement:
            await _extend_lease(work, update.actor, agreement)
        case _:
            return


async def on_delete(community: Community, work: UnitOfWork, delete: Delete) -> None:
    """Erase our copy at once, remember the id, and tell a peer that it is done (protocol 107, 2.13)."""
    if not same_origin(delete.object, delete.actor, allow_http=community.remote.allow_http):
        return
    now = community.now()
    item = await work.feed.by_object(delete.object)
    if item is not None and item.actor != delete.actor:
        return
    await work.feed.add_tombstone(delete.object, delete.actor, now)
    own = OwnActor.PUBLIC
    if item is not None:
        own = OwnActor(item.received_by)
        await work.feed.remove(item.id)
        for response in await work.responses.of_items({item.id}):
            if response.is_running or response.state == ResponseState.OFFERED:
                await work.responses.put(end(response, ResponseState.WITHDRAWN, now))
    if delete.id is not None and await work.peers.by_host(host_of(delete.actor)) is not None:
        receipt = following.receipt(new_activity_id(community), community.addresses.actor(own), delete.id, delete.actor)
        actors = await known_actors(work, [delete.actor])
        await post(community, work, Letter(receipt, own, f"receipt {delete.id}", actors))


async def _for_whom(community: Community, work: UnitOfWork, create: Create | Update) -> OwnActor | None:
    """Which of our actors may keep this: one that follows the author, or one it was addressed to by a peer of ours."""
    followed: list[OwnActor] = []
    for own in (OwnActor.PEERS, OwnActor.PUBLIC):
        ours = await work.peers.follow(Direction.OUTGOING, own, create.actor)
        if ours is not None and ours.state is FollowState.ACCEPTED:
            followed.append(own)
    if followed:
        return followed[0]
    addressed = [own for own in OwnActor if community.addresses.actor(own) in create.to + create.cc]
    if addressed and PUBLIC_COLLECTION not in create.to + create.cc and await _is_linked(work, create.actor):
        return addressed[0]
    return None


async def _is_linked(work: UnitOfWork, actor: str) -> bool:
    peer = await work.peers.by_host(host_of(actor))
    if peer is None or not peer.may_exchange:
        return False
    return any(
        follow.state is FollowState.ACCEPTED and follow.own_actor is OwnActor.PEERS
        for follow in await work.peers.follows_with(peer.host)
    )


def _is_its_own(community: Community, note: Note, actor: str) -> bool:
    """Author and id belong to the actor's own server (protocol 92)."""
    return note.attributed_to == actor and same_origin(note.id, actor, allow_http=community.remote.allow_http)


async def _extend_lease(work: UnitOfWork, actor: str, agreement: Agreement) -> None:
    response = await work.responses.by_agreement(agreement.id or "")
    if response is None or response.side is not Side.HELPER or response.remote_actor != actor:
        return
    if response.is_running and agreement.end_time is not None:
        await work.responses.put(replace(response, lease_until=agreement.end_time))
