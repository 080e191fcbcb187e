"""A neighbour introduces another community to us, or asks to be introduced. Stewards read it; nothing else happens."""

from node.domain.introductions import Introduced, Side, Sort
from node.domain.peers import Peer, host_of
from node.domain.responses import Side as OfHelp
from node.services.community import Community
from node.services.introducing import friend_behind, keep, take_back, would_show
from node.services.received.prepare import Fetched
from node.storage.unit_of_work import UnitOfWork
from node.translate import introductions
from schemas.activities import Introduction, Undo


async def on_introduction(
    community: Community, work: UnitOfWork, activity: Introduction, fetched: Fetched | None
) -> None:
    """Keep the words for our stewards, if a neighbour wrote them and they are wanted. Anything else is passed over."""
    friend = await friend_behind(work, activity.actor)
    if friend is None or activity.id is None or await work.feed.is_gone(activity.id, activity.actor):
        return
    about = await _about(community, work, activity, (friend, fetched))
    found = introductions.read(activity, about, community.new_id(), community.now()) if about is not None else None
    if found is not None:
        await keep(work, found)


async def on_undo(community: Community, work: UnitOfWork, undo: Undo) -> None:
    """Words are taken back by whoever wrote them (protocol 94), also where they have not arrived yet.

    With the wish to be introduced ends what we wrote because of it.
    """
    found = await work.introductions.by_activity(Side.RECEIVED, undo.object)
    if found is None:
        await _expect_no_more(community, work, undo)
    elif found.actor == undo.actor:
        await work.feed.add_tombstone(undo.object, undo.actor, community.now())
        await work.introductions.remove(found.id)
        if found.sort is Sort.ITSELF:
            written = await work.introductions.written_with(found.host)
            await take_back(community, work, [one for one in written if one.about.host == found.host])


async def _expect_no_more(community: Community, work: UnitOfWork, undo: Undo) -> None:
    """A neighbour takes back what is not here: it may still be on its way."""
    is_offer = undo.undone_type == "Offer" and await work.responses.by_offer(OfHelp.ORIGIN, undo.object) is None
    if is_offer and await work.peers.by_host(host_of(undo.actor)) is not None:
        await work.feed.add_tombstone(undo.object, undo.actor, community.now())


async def _about(
    community: Community, work: UnitOfWork, activity: Introduction, known: tuple[Peer, Fetched | None]
) -> Introduced | None:
    """Whom it is about: the neighbour itself, or another community as its own server showed it to us just now."""
    friend, fetched = known
    if activity.target is None:
        is_itself = activity.object in {friend.public_actor, friend.peers_actor}
        return Introduced(activity.object, friend.name, friend.address) if is_itself else None
    other = fetched.other if fetched is not None and fetched.wanted == activity.object else None
    if other is None or not await would_show(community, work, activity):
        return None
    return introductions.introduced(other)
