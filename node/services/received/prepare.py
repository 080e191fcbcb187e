"""Everything that has to be asked of other servers, before the transaction begins.

Of what is not the sender's own, nothing is believed but what its own server gives (protocol 90, 91). Nobody is asked on
behalf of a stranger: only for what a community that we follow or are linked with speaks of, and never further than one
note, its author, and the sender (T-22, protocol 152).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from federation.receive import is_about_itself
from node.domain.errors import ManyhandsError, PeerTrouble
from node.domain.peers import Direction, RemoteActor, host_of
from node.services.community import Community
from node.services.introducing import would_show
from node.services.received import knowing
from node.storage.unit_of_work import UnitOfWork
from schemas.activities import (
    Activity,
    Announce,
    Create,
    Follow,
    Introduction,
    Move,
    Offer,
    Update,
    parse_activity,
)
from schemas.actors import Actor
from schemas.errors import InvalidDocument
from schemas.fields import load
from schemas.objects import Note


@dataclass(frozen=True)
class Fetched:
    """What was asked for: `wanted` is the id. `note` None: its server says that there is none.

    `other` is the note's author, for a Move the actor at the new address, if it confirms the move, and the community
    that is introduced.
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


Trouble: TypeAlias = ManyhandsError | InvalidDocument
"""Why an activity cannot be handled: not now, or never because it cannot be read."""


async def prepare(community: Community, bodies: Iterable[bytes]) -> tuple[Prepared | Trouble, ...]:
    """Read journaled bodies and fetch what is missing: an unknown or changed actor, a note that is not the sender's.

    In the order given. InvalidDocument stands for what cannot be read, PeerTrouble for an activity whose actor, or what
    that actor moved to, cannot be had now.
    """
    read = [(body, _read(body)) for body in bodies]
    async with community.database.reading() as work:
        known = await work.peers.actors(one.actor for _, one in read if not isinstance(one, InvalidDocument))
    return tuple([await _prepare(community, body, activity, known) for body, activity in read])


def _read(body: bytes) -> Activity | InvalidDocument:
    try:
        return parse_activity(load(body))
    except InvalidDocument as error:
        return error


async def _prepare(
    community: Community, body: bytes, activity: Activity | InvalidDocument, known: Mapping[str, RemoteActor]
) -> Prepared | Trouble:
    if isinstance(activity, InvalidDocument):
        return activity
    actor = known.get(activity.actor)
    if actor is not None and is_own_note(community, activity):
        return Prepared(activity, actor, False, body)
    try:
        return await _complete(community, Prepared(activity, actor, False, body))
    except ManyhandsError as error:
        return error


def is_own_note(community: Community, activity: Activity) -> bool:
    """Whether it brings a note of its actor's own: nothing has to be asked of anybody for that."""
    if not isinstance(activity, Create) or not isinstance(activity.object, Note):
        return False
    return knowing.is_own(community, activity.object, activity.actor)


async def _complete(community: Community, found: Prepared) -> Prepared:
    """With everything that has to be asked of others. Raises PeerTrouble."""
    activity, actor = found.activity, found.actor
    async with community.database.reading() as work:
        is_close = isinstance(activity, Follow | Offer) or (
            actor is None and isinstance(activity, Create | Update) and await knowing.is_related(work, activity.actor)
        )
        wanted = await _wanted(community, work, activity)
    fetched = await _fetch(community, activity, wanted) if wanted is not None else None
    if actor is not None and _is_about_itself(activity):
        return replace(
            found, actor=await community.remote.actor(activity.actor, anew=True), is_new=True, fetched=fetched
        )
    if actor is None and is_close:
        return replace(found, actor=await community.remote.actor(activity.actor), is_new=True, fetched=fetched)
    if actor is None and isinstance(activity, Create):
        actor = await _stranger(community, activity.actor)
    return replace(found, actor=actor, fetched=fetched)


async def _stranger(community: Community, actor_id: str) -> RemoteActor | None:
    """Who writes to us, if that can be had: strangers are not remembered, only named beside what they wrote."""
    try:
        return await community.remote.actor(actor_id)
    except PeerTrouble:
        return None


def _is_about_itself(activity: Activity) -> bool:
    """An actor tells of its own change: its own document counts, not the posted copy (protocol 83)."""
    return is_about_itself(activity) or (isinstance(activity, Update) and isinstance(activity.object, Actor))


async def _wanted(community: Community, work: UnitOfWork, activity: Activity) -> str | None:
    """The id that has to be asked for, if any."""
    boundaries = community.remote.boundaries
    if boundaries.blocks(activity.actor) or (boundaries.rests(activity.actor) and not isinstance(activity, Move)):
        return None
    match activity:
        case Create() | Update():
            found = await _wanted_note(community, work, activity)
        case Announce() if await work.peers.accepted(Direction.OUTGOING, [activity.actor]):
            found = activity.object
        case Move() if activity.object == activity.actor and await knowing.is_related(work, activity.actor):
            found = activity.target
        case Introduction() if await would_show(community, work, activity):
            found = activity.object
        case _:
            found = None
    if found is None or host_of(found) in community.hosts or boundaries.keeps_out(found):
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
    if isinstance(activity, Introduction):
        return Fetched(wanted, other=await community.remote.actor(wanted, anew=True))
    try:
        note = await community.remote.note(wanted)
        if note is None or note.attributed_to == activity.actor:
            return Fetched(wanted, note)
        return Fetched(wanted, note, await community.remote.actor(note.attributed_to))
    except PeerTrouble:
        return None
