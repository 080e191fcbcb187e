"""After a community said yes: read what it showed before (protocol 2.13, back-fill)."""

from dataclasses import replace

from node.domain.errors import PeerTrouble
from node.domain.peers import Follow
from node.services import homes
from node.services.community import Community
from node.services.received.notes import on_note
from node.storage.turns import Turn
from schemas.activities import Create, parse_activity
from schemas.context import AS
from schemas.errors import InvalidDocument
from schemas.fields import Document
from schemas.objects import Note

AT_ONCE = 3
MOST_NOTICES = 200


async def catch_up(community: Community) -> bool:
    """Read the outbox of newly followed communities, once each; whether there was any."""
    if not await _behind(community):
        return False
    async with community.database.keeping_out(Turn.CATCH_UP) as is_ours:
        behind = await _behind(community) if is_ours else ()
        for follow in behind:
            await _read(community, follow)
    return bool(behind)


async def _behind(community: Community) -> tuple[Follow, ...]:
    async with community.database.reading() as work:
        return await work.peers.behind(AT_ONCE)


async def _read(community: Community, follow: Follow) -> None:
    try:
        items = await homes.of_follow(community, follow).remote.outbox(follow.remote_actor, follow.own_actor)
    except PeerTrouble:
        items = ()  # what comes from now on is delivered; only older notices are missed
    async with community.database.unit_of_work() as work:
        for item in reversed(items[:MOST_NOTICES]):
            create = _create(item, follow)
            if create is not None and isinstance(create.object, Note):
                await on_note(community, work, create, create.object)
        current = await work.peers.follow(follow.direction, follow.own_actor, follow.remote_actor)
        if current is not None:
            await work.peers.put_follow(replace(current, caught_up=True))


def _create(item: Document, follow: Follow) -> Create | None:
    """A Create by the very actor whose outbox it stands in; anything else in it is passed over."""
    try:
        activity = parse_activity({"@context": AS, **item})
    except InvalidDocument:
        return None
    return activity if isinstance(activity, Create) and activity.actor == follow.remote_actor else None
