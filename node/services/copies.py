"""Our copies of other communities' notices: kept, asked about anew, forgotten."""

from dataclasses import replace

from node.domain.errors import PeerTrouble
from node.domain.peers import OwnActor
from node.domain.responses import ResponseState, end
from node.services.community import Community
from node.storage.unit_of_work import UnitOfWork
from node.translate.feed import Reception, note_to_feed_item
from schemas.objects import Note

NOT_ASKED = "Its community could not be asked whether this is still open. Please try again later."


async def keep(community: Community, work: UnitOfWork, note: Note, own: OwnActor, *, is_fetched: bool = False) -> None:
    """Store a note that is its author's own, unless we hold a newer one or it is gone for good (107, 110).

    Of two of one age the first stays, unless this one `is_fetched`: then it is what its own server says now.
    """
    if await work.feed.is_gone(note.id, note.attributed_to):
        return
    now = community.now()
    fresh = replace(note_to_feed_item(note, Reception(community.new_id(), now, own)), checked_at=now)
    earlier = await work.feed.by_object(note.id)
    if earlier is None:
        if fresh.forget_at() > now:
            await work.feed.add(fresh)
        return
    if earlier.actor != fresh.actor:
        return
    if fresh.updated_at > earlier.updated_at or (is_fetched and fresh.updated_at == earlier.updated_at):
        kept = replace(fresh, id=earlier.id, received_at=earlier.received_at, received_by=earlier.received_by)
        await work.feed.put(kept)


async def forget(community: Community, work: UnitOfWork, object_id: str) -> None:
    """Erase our copy of something that is gone, and end what we offered for it."""
    item = await work.feed.by_object(object_id)
    if item is None:
        return
    await work.feed.remove(item.id)
    for response in await work.responses.of_items({item.id}):
        if response.is_running or response.state == ResponseState.OFFERED:
            await work.responses.put(end(response, ResponseState.WITHDRAWN, community.now()))


async def refresh(community: Community, item_id: str) -> None:
    """Ask the origin again about a copy that is older than a day, before anything is offered (protocol 136).

    What is gone there goes here. Raises PeerTrouble where the origin cannot be asked now.
    """
    async with community.database.reading() as work:
        item = await work.feed.get(item_id)
    if item is None or not item.is_stale(community.now()):
        return
    try:
        note = await community.remote.note(item.object_id, OwnActor(item.received_by))
    except PeerTrouble as error:
        raise PeerTrouble(NOT_ASKED) from error
    async with community.database.unit_of_work() as work:
        if note is None or note.attributed_to != item.actor:
            await forget(community, work, item.object_id)
        else:
            await keep(community, work, note, OwnActor(item.received_by), is_fetched=True)
