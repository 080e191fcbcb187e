"""Our copies of other communities' notices: kept, asked about anew, forgotten."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from node.domain.errors import PeerTrouble
from node.domain.feed import FeedItem, FeedKind
from node.domain.peers import OwnActor, Peer, host_of
from node.domain.phrases import say
from node.domain.responses import ResponseState, end
from node.services import homes
from node.services.community import Community
from node.storage.unit_of_work import UnitOfWork
from node.translate.feed import Reception, note_to_feed_item
from schemas.fields import is_public
from schemas.objects import Note

NOT_ASKED = say("Its community could not be asked whether this is still open. Please try again later.")


async def keep(community: Community, work: UnitOfWork, note: Note, own: OwnActor, *, is_fetched: bool = False) -> None:
    """Store a note that is its author's own, unless we hold a newer one or it is gone for good (107, 110).

    Of two of one age the first stays, unless this one `is_fetched`: then it is what its own server says now.
    """
    await keep_all(community, work, [(note, own)], is_fetched=is_fetched)


async def keep_all(
    community: Community, work: UnitOfWork, notes: Sequence[tuple[Note, OwnActor]], *, is_fetched: bool = False
) -> None:
    """The same for many notes, each with the actor of ours that it is for, in the order given."""
    ids = {note.id for note, _ in notes}
    gone, held = await work.feed.gone(ids), await work.feed.by_objects(ids)
    now = community.now()
    peers = await _neighbours(work, notes)
    kept: dict[str, FeedItem] = {}
    unwanted: set[str] = set()
    for note, own in notes:
        if (note.id, note.attributed_to) in gone:
            continue
        fresh = replace(note_to_feed_item(note, Reception(community.new_id(), now, own)), checked_at=now)
        earlier = kept.get(note.id) or held.get(note.id)
        if not is_taken_in(fresh, peers.get(host_of(fresh.actor))):
            unwanted.add(note.id)
            continue
        if earlier is None:
            chosen = fresh if fresh.forget_at() > now else None
        else:
            chosen = fresh.instead_of(earlier, is_fetched=is_fetched)
        if chosen is not None:
            kept[note.id] = chosen
    await work.feed.add_all(item for object_id, item in kept.items() if object_id not in held)
    for object_id in kept.keys() & held.keys():
        await work.feed.put(kept[object_id])
    for actor, category in {(one.actor, one.category) for one in kept.values() if one.kind is FeedKind.CAPACITY}:
        await work.feed.keep_newest_capacity(actor, category)
    for object_id in sorted(unwanted & held.keys()):
        await let_go(work, held[object_id])


async def _neighbours(work: UnitOfWork, notes: Sequence[tuple[Note, OwnActor]]) -> Mapping[str, Peer]:
    """By host, the peers of which some of these notes are for neighbours."""
    hosts = {host_of(note.attributed_to) for note, _ in notes if not is_public(note.to + note.cc)}
    return await work.peers.by_hosts(hosts) if hosts else {}


def is_taken_in(item: FeedItem, peer: Peer | None) -> bool:
    """Whether a community's notice is kept: what is for neighbours only in the categories that are taken in from it."""
    if item.public or item.kind in {FeedKind.ANNOUNCEMENT, FeedKind.RESOURCE} or peer is None:
        return True
    return peer.exchange.takes(item.category)


async def let_go(work: UnitOfWork, item: FeedItem) -> None:
    """A copy whose category is not taken in any more is erased, unless we offered to help with it."""
    answers = await work.responses.of_items({item.id})
    if not any(one.is_running or one.state is ResponseState.OFFERED for one in answers):
        await work.questions.forget(item.object_id)
        await work.feed.remove(item.id)


async def forget(community: Community, work: UnitOfWork, object_id: str) -> None:
    """Erase our copy of something that is gone, and end what we offered for it.

    What was agreed is not ended by that: its origin says so, or its time is over.
    """
    item = await work.feed.by_object(object_id)
    if item is None:
        return
    await work.questions.forget(object_id)
    await work.feed.remove(item.id)
    for response in await work.responses.of_items({item.id}):
        if response.state == ResponseState.OFFERED:
            await work.responses.put(end(response, ResponseState.WITHDRAWN, community.now()))


async def refresh(community: Community, item_id: str) -> None:
    """Ask the origin again about a copy that is older than a day, before anything is offered (protocol 136).

    What is gone there goes here. Raises PeerTrouble where the origin cannot be asked now.
    """
    async with community.database.reading() as work:
        item = await work.feed.get(item_id)
        home = await homes.towards(community, work, item.actor) if item is not None else community
    if item is None or not item.is_stale(community.now()):
        return
    try:
        note = await home.remote.note(item.object_id, OwnActor(item.received_by))
    except PeerTrouble as error:
        raise PeerTrouble(NOT_ASKED) from error
    async with community.database.unit_of_work() as work:
        if note is None or note.attributed_to != item.actor:
            await forget(community, work, item.object_id)
        else:
            await keep(community, work, note, OwnActor(item.received_by), is_fetched=True)
