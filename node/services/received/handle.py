"""One match for every kind of activity. Nothing here waits for the network."""

from typing import assert_never

import structlog

from federation.receive import is_farewell
from node.domain.peers import RemoteActor, host_of
from node.services import homes, more_time
from node.services.community import Community
from node.services.received import (
    answers,
    enquiries,
    following,
    forwarding,
    introductions,
    moves,
    naming,
    notes,
    offers,
    questions,
    reactions,
    resting,
)
from node.services.received.prepare import Prepared
from node.services.sending import heard_from
from node.storage.unit_of_work import UnitOfWork
from schemas.activities import (
    Accept,
    Announce,
    Block,
    Create,
    Delete,
    Flag,
    Follow,
    Introduction,
    Like,
    Move,
    Offer,
    Reaction,
    Reject,
    Undo,
    Unknown,
    Update,
)
from schemas.marketplace import EconomicEvent
from schemas.objects import Note

log = structlog.get_logger("received")


async def handle(community: Community, work: UnitOfWork, prepared: Prepared) -> None:
    """Do what the activity asks, if its actor may ask it; handling it twice is the same as once.

    Of a blocked actor only what ends something is heard, and its word about itself (protocol 99). Of a community
    whose link rests nothing new is taken in; what is under way goes on.
    """
    activity, actor = prepared.activity, prepared.actor
    community = homes.of_activity(community, activity)
    host = host_of(activity.actor)
    boundaries = community.remote.boundaries
    if boundaries.blocks(activity.actor) and not is_farewell(activity):
        return
    if boundaries.rests(activity.actor) and not await resting.goes_on(work, activity):
        return
    if actor is not None and prepared.is_new:
        await work.peers.put_actor(actor)
        await naming.on_renamed(community, work, actor)
    await heard_from(community, work, {host, host_of(actor.inbox)} if actor is not None else {host})
    await _dispatch(community, work, prepared)
    if not boundaries.keeps_out(activity.actor):
        await forwarding.forward(community, work, prepared)


async def _dispatch(community: Community, work: UnitOfWork, prepared: Prepared) -> None:
    match prepared.activity:
        case Follow() as follow:
            await following.on_follow(community, work, follow)
        case Accept() as accept:
            await answers.on_accept(community, work, accept)
        case Reject() as reject:
            await answers.on_reject(community, work, reject)
        case Undo() as undo:
            await answers.on_undo(community, work, undo)
            await introductions.on_undo(community, work, undo)
            await reactions.on_undo(community, work, undo)
        case Create() | Update() as said:
            await on_said(community, work, said, prepared)
        case Delete() as delete:
            await notes.on_delete(community, work, delete)
        case Offer() | Introduction() as offered:
            await on_offered(community, work, offered, prepared)
        case Unknown() as unknown:
            log.info("left alone", type=unknown.type)
        case Like() | Announce() | Flag() | Block() | Move() as reaction:
            await on_reaction(community, work, reaction, prepared)
        case _:
            assert_never(prepared.activity)


async def on_offered(community: Community, work: UnitOfWork, offered: Offer | Introduction, prepared: Prepared) -> None:
    """Help with a notice of ours, or few words about another community."""
    if isinstance(offered, Offer):
        await offers.on_offer(community, work, offered)
    else:
        await introductions.on_introduction(community, work, offered, prepared.fetched)


async def on_said(community: Community, work: UnitOfWork, said: Create | Update, prepared: Prepared) -> None:
    """Something new or changed; of what is not the sender's own to say, only what its own server gave counts."""
    if prepared.fetched is not None:
        await notes.on_fetched(community, work, prepared.fetched, said)
    elif isinstance(said, Create):
        await on_create(community, work, said, prepared.actor)
    elif not isinstance(said.object, Note) or not await enquiries.on_update(community, work, said, said.object):
        await notes.on_update(community, work, said)


async def on_create(community: Community, work: UnitOfWork, create: Create, actor: RemoteActor | None) -> None:
    """A notice or post to show, a message for us alone, or word of how a shared task goes."""
    match create.object:
        case Note() as note:
            if await more_time.on_note(community, work, create, note):
                return
            if await questions.on_note(community, work, create, note):
                return
            if not await enquiries.on_note(community, work, create, (note, actor)):
                await notes.on_note(community, work, create, note)
        case EconomicEvent() as event:
            await offers.on_event(community, work, create, event)
        case _:
            return


async def on_announce(community: Community, work: UnitOfWork, announce: Announce, prepared: Prepared) -> None:
    """Ours: counted. Another's, shown by somebody we follow: as its own server gives it."""
    if host_of(announce.object) in community.hosts:
        await reactions.on_announce(community, work, announce)
    elif prepared.fetched is not None:
        await notes.on_shown(community, work, announce, prepared.fetched)


async def on_reaction(community: Community, work: UnitOfWork, reaction: Reaction, prepared: Prepared) -> None:
    """What others do with what they read, or with themselves."""
    match reaction:
        case Announce():
            await on_announce(community, work, reaction, prepared)
        case Move():
            await moves.on_move(community, work, reaction, prepared.fetched)
        case Like():
            await reactions.on_like(community, work, reaction)
        case Flag():
            await reactions.on_flag(community, work, reaction)
        case Block():
            await reactions.on_block(community, work, reaction)
        case _:
            assert_never(reaction)
