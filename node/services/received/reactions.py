"""What strangers do with what they read: likes and shares are counted, reports go to stewards, blocks are obeyed."""

from dataclasses import replace

from node.domain.peers import Direction, FollowState, host_of
from node.domain.shares import Share
from node.domain.strangers import (
    MOST_REPORTED,
    MOST_REPORTS,
    MOST_WAITING,
    TEXT_LIMIT,
    WINDOW,
    Reaction,
    Report,
)
from node.services.community import Community
from node.services.received.offers import may_see
from node.storage.unit_of_work import UnitOfWork
from node.translate.text import plain_text
from schemas.activities import Announce, Block, Flag, Like, Undo
from schemas.requests import Addressed


async def on_like(community: Community, work: UnitOfWork, like: Like) -> None:
    """Counted once per actor; of the actor nothing is kept but a fingerprint that only this server can make."""
    await count(community, work, like, like.object, Reaction.LIKE)


async def on_announce(community: Community, work: UnitOfWork, announce: Announce) -> None:
    """Somebody shows a notice of ours to others: counted as a Like is."""
    await count(community, work, announce, announce.object, Reaction.ANNOUNCE)


async def on_undo(community: Community, work: UnitOfWork, undo: Undo) -> None:
    """Taken back by the actor that did it: what was counted for this very activity is not counted any more."""
    await work.reactions.remove(_fingerprint(community, undo.actor, undo.object))


async def count(community: Community, work: UnitOfWork, activity: Addressed, object_id: str, kind: Reaction) -> None:
    """Count one reaction to a share that its actor may see; anything else is passed over in silence."""
    share = await visible_share(work, object_id, activity.actor)
    if share is None or not share.is_shown or activity.id is None:
        return
    who = _fingerprint(community, activity.actor, f"{kind} {share.id}")
    await work.reactions.add(share.id, kind, who, _fingerprint(community, activity.actor, activity.id))


async def on_flag(community: Community, work: UnitOfWork, flag: Flag) -> None:
    """Kept for the stewards if it is about something of ours that its sender can see; never answered (protocol 115)."""
    named = list(dict.fromkeys(flag.object))
    about = [one for one in named if await _is_ours(community, work, one, flag.actor)][:MOST_REPORTED]
    if not about or flag.id is None:
        return
    now, host = community.now(), host_of(flag.actor)
    if await work.reports.count(host, now - WINDOW) >= MOST_REPORTS or await work.reports.count() >= MOST_WAITING:
        return
    text = plain_text(flag.content or "")[:TEXT_LIMIT]
    await work.reports.add(Report(community.new_id(), flag.id, flag.actor, tuple(about), text, now))


async def on_block(community: Community, work: UnitOfWork, block: Block) -> None:
    """They want nothing more from us: both Follows end and nothing is answered (protocol 114)."""
    own = community.addresses.own_actor(block.object)
    if own is None:
        return
    for direction in Direction:
        follow = await work.peers.follow(direction, own, block.actor)
        if follow is not None:
            await work.peers.put_follow(replace(follow, state=FollowState.ENDED, updated_at=community.now()))
    actor = await work.peers.actor(block.actor)
    if actor is not None:
        await work.outbox.drop_for([actor.inbox], keeping=("Delete",))


async def visible_share(work: UnitOfWork, object_id: str, actor: str) -> Share | None:
    """The share with this object, if this actor may see it."""
    published = await work.shares.by_object(object_id)
    if published is None or not await may_see(work, published.share, actor):
        return None
    return published.share


async def _is_ours(community: Community, work: UnitOfWork, one: str, actor: str) -> bool:
    if community.addresses.own_actor(one) is not None:
        return True
    return await visible_share(work, one, actor) is not None


def _fingerprint(community: Community, actor: str, what: str) -> str:
    return community.database.vault.fingerprint(f"reaction {actor} {what}").hex()
