"""Everything that has to be asked of other servers, before the transaction begins.

Of what is not the sender's own, nothing is believed but what its own server gives (protocol 90, 91). Nobody is asked on
behalf of a stranger: only for what a community that we follow or are linked with speaks of, and never further than one
note, its author, and the sender (T-22, protocol 152).
"""

from dataclasses import dataclass

from federation.receive import is_farewell
from node.domain.errors import PeerTrouble
from node.domain.peers import Direction, RemoteActor, host_of
from node.services.community import Community
from node.services.received import knowing
from node.storage.unit_of_work import UnitOfWork
from schemas.activities import Activity, Announce, Create, Follow, Move, Offer, Update, parse_activity
from schemas.actors import Actor
from schemas.fields import load
from schemas.objects import Note


@dataclass(frozen=True)
class Fetched:
    """What was asked for: `wanted` is the id. `note` None: its server says that there is none.

    `other` is the note's author, or for a Move the actor at the new address, if it confirms the move.
    """

    wanted: str
    note: Note | None = None
    other: RemoteActor | None = None


@dataclass(frozen=True)
class Prepared:
    """An activity as it was received in `body`, and its actor as its own server shows it.

    The actor is None where nothing is known of it and nothing has to be; `is_new` where it is to be stored as it is
    here. `fetched` is None where nothing was asked for, or it could not be had.
    """

    activity: Activity
    actor: RemoteActor | None
    is_new: bool
    body: bytes = b""
    fetched: Fetched | None = None


async def prepare(community: Community, body: bytes) -> Prepared:
    """Read a journaled body and fetch what is missing: an unknown or changed actor, a note that is not the sender's.

    Raises InvalidDocument, and PeerTrouble where the actor, or what an actor moved to, cannot be had now.
    """
    activity = parse_activity(load(body))
    async with community.database.reading() as work:
        actor = await work.peers.actor(activity.actor)
        is_close = isinstance(activity, Follow | Offer) or (
            actor is None and isinstance(activity, Create | Update) and await knowing.is_related(work, activity.actor)
        )
        wanted = await _wanted(community, work, activity)
    fetched = await _fetch(community, activity, wanted) if wanted is not None else None
    if actor is not None and _is_about_itself(activity):
        return Prepared(activity, await community.remote.actor(activity.actor, anew=True), True, body, fetched)
    if actor is None and is_close:
        return Prepared(activity, await community.remote.actor(activity.actor), True, body, fetched)
    if actor is None and isinstance(activity, Create):
        actor = await _stranger(community, activity.actor)
    return Prepared(activity, actor, False, body, fetched)


async def _stranger(community: Community, actor_id: str) -> RemoteActor | None:
    """Who writes to us, if that can be had: strangers are not remembered, only named beside what they wrote."""
    try:
        return await community.remote.actor(actor_id)
    except PeerTrouble:
        return None


def _is_about_itself(activity: Activity) -> bool:
    """An actor tells of its own change: its own document counts, not the posted copy (protocol 83)."""
    if not isinstance(activity, Update):
        return False
    return isinstance(activity.object, Actor) or (is_farewell(activity) and activity.object == activity.actor)


async def _wanted(community: Community, work: UnitOfWork, activity: Activity) -> str | None:
    """The id that has to be asked for, if any."""
    if host_of(activity.actor) in community.remote.blocked_hosts:
        return None
    match activity:
        case Create() | Update():
            found = await _wanted_note(community, work, activity)
        case Announce() if await work.peers.accepted(Direction.OUTGOING, [activity.actor]):
            found = activity.object
        case Move() if activity.object == activity.actor and await knowing.is_related(work, activity.actor):
            found = activity.target
        case _:
            found = None
    if found is None or host_of(found) == community.host or host_of(found) in community.remote.blocked_hosts:
        return None
    return found


async def _wanted_note(community: Community, work: UnitOfWork, activity: Create | Update) -> str | None:
    """A note named by its id, somebody else's copied in, or changed without our having had it (protocol 90, 109)."""
    note = activity.object
    if isinstance(note, str):
        is_meant = note != activity.actor and await knowing.is_related(work, activity.actor)
        return note if is_meant else None
    if not isinstance(note, Note):
        return None
    if not knowing.is_own(community, note, activity.actor):
        return note.id if await work.peers.accepted(Direction.OUTGOING, [note.attributed_to]) else None
    if isinstance(activity, Create) or await work.feed.by_object(note.id) is not None:
        return None
    return note.id if await knowing.is_related(work, activity.actor) else None


async def _fetch(community: Community, activity: Activity, wanted: str) -> Fetched | None:
    if isinstance(activity, Move):
        return Fetched(wanted, other=await community.remote.moved_to(wanted, activity.actor))
    try:
        note = await community.remote.note(wanted)
        if note is None or note.attributed_to == activity.actor:
            return Fetched(wanted, note)
        return Fetched(wanted, note, await community.remote.actor(note.attributed_to))
    except PeerTrouble:
        return None
