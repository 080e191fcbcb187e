"""One match for every kind of activity. Nothing here waits for the network."""

from typing import assert_never

from node.services.community import Community
from node.services.received import answers, following, notes, offers
from node.services.received.prepare import Prepared
from node.storage.unit_of_work import UnitOfWork
from schemas.activities import Accept, Activity, Create, Delete, Follow, Offer, Reject, Undo, Unknown, Update
from schemas.marketplace import EconomicEvent
from schemas.objects import Note


async def handle(community: Community, work: UnitOfWork, prepared: Prepared) -> None:
    """Do what the activity asks, if its actor may ask it; handling it twice is the same as once."""
    if prepared.actor.host in community.remote.blocked_hosts:
        return
    if prepared.is_new:
        await work.peers.put_actor(prepared.actor)
    await _dispatch(community, work, prepared.activity)


async def _dispatch(community: Community, work: UnitOfWork, activity: Activity) -> None:
    match activity:
        case Follow() as follow:
            await following.on_follow(community, work, follow)
        case Accept() as accept:
            await answers.on_accept(community, work, accept)
        case Reject() as reject:
            await answers.on_reject(community, work, reject)
        case Undo() as undo:
            await answers.on_undo(community, work, undo)
        case Create() as create:
            await on_create(community, work, create)
        case Update() as update:
            await notes.on_update(community, work, update)
        case Delete() as delete:
            await notes.on_delete(community, work, delete)
        case Offer() as offer:
            await offers.on_offer(community, work, offer)
        case Unknown():
            return
        case _:
            assert_never(activity)


async def on_create(community: Community, work: UnitOfWork, create: Create) -> None:
    """A notice or post to show, or word of how a shared task goes; anything else is left alone."""
    match create.object:
        case Note() as note:
            await notes.on_note(community, work, create, note)
        case EconomicEvent() as event:
            await offers.on_event(community, work, create, event)
        case _:
            return
