"""Everything that has to be asked of other servers, before the transaction begins."""

from dataclasses import dataclass

from node.domain.errors import PeerTrouble
from node.domain.peers import RemoteActor
from node.services.community import Community
from schemas.activities import Activity, Create, Update, parse_activity
from schemas.actors import Actor
from schemas.fields import load


@dataclass(frozen=True)
class Prepared:
    """An activity, and its actor as its own server shows it; `is_new` where that is not stored yet."""

    activity: Activity
    actor: RemoteActor
    is_new: bool


async def prepare(community: Community, body: bytes) -> Prepared:
    """Read a journaled body and fetch what is missing: an unknown or changed actor, an object given only by its id.

    Raises InvalidDocument, and PeerTrouble where the actor cannot be had now.
    """
    activity = parse_activity(load(body))
    known = None if _is_about_itself(activity) else await _known(community, activity.actor)
    actor = known or await community.remote.actor(activity.actor, anew=_is_about_itself(activity))
    return Prepared(await _whole(community, activity), actor, known is None)


async def _known(community: Community, actor_id: str) -> RemoteActor | None:
    async with community.database.reading() as work:
        return await work.peers.actor(actor_id)


def _is_about_itself(activity: Activity) -> bool:
    """An actor tells of its own change: its own document counts, not the posted copy (protocol 83)."""
    return isinstance(activity, Update) and isinstance(activity.object, Actor)


async def _whole(community: Community, activity: Activity) -> Activity:
    """Of an object given only by its id, the origin's own copy counts (protocol 90)."""
    if not isinstance(activity, Create | Update) or not isinstance(activity.object, str):
        return activity
    try:
        note = await community.remote.note(activity.object)
    except PeerTrouble:
        return activity
    return activity.model_copy(update={"object": note})
