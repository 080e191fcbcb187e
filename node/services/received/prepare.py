"""Everything that has to be asked of other servers, before the transaction begins."""

from dataclasses import dataclass

from node.domain.errors import PeerTrouble
from node.domain.peers import RemoteActor
from node.services.community import Community
from schemas.activities import Activity, Create, Update, parse_activity
from schemas.fields import load


@dataclass(frozen=True)
class Prepared:
    """An activity with its actor as its own server shows it; `actor` is None when that could not be had."""

    activity: Activity
    actor: RemoteActor | None


async def prepare(community: Community, body: bytes) -> Prepared:
    """Read a journaled body and fetch what is missing: an unknown actor, an object given only by its id."""
    activity = parse_activity(load(body))
    return Prepared(await _whole(community, activity), await _actor(community, activity.actor))


async def _actor(community: Community, actor_id: str) -> RemoteActor | None:
    async with community.database.reading() as work:
        known = await work.peers.actor(actor_id)
    if known is not None:
        return known
    try:
        return await community.remote.actor(actor_id)
    except PeerTrouble:
        return None


async def _whole(community: Community, activity: Activity) -> Activity:
    """Of an object given only by its id, or said to be somebody else's, the origin's own copy counts (protocol 90)."""
    if not isinstance(activity, Create | Update) or not isinstance(activity.object, str):
        return activity
    try:
        note = await community.remote.note(activity.object)
    except PeerTrouble:
        return activity
    return activity.model_copy(update={"object": note})
