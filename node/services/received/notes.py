"""Notices and posts of communities we follow, their changes, and their end."""

from federation.origin import same_origin
from node.domain.peers import OwnActor, host_of
from node.domain.responses import Side
from node.services import homes, leases
from node.services.community import Community
from node.services.copies import forget, keep
from node.services.outgoing import Letter, known_actors, new_activity_id, post
from node.services.received.knowing import for_whom, is_own, is_related
from node.services.received.prepare import Fetched
from node.storage.unit_of_work import UnitOfWork
from node.translate import following
from schemas.activities import Announce, Create, Delete, Update
from schemas.fields import is_public
from schemas.marketplace import Agreement
from schemas.objects import Note


async def on_note(community: Community, work: UnitOfWork, create: Create | Update, note: Note) -> None:
    """Keep a copy of a followed actor's own notice, or of one it addressed to us; forget nothing newer for it."""
    if not is_own(community, note, create.actor):
        return
    own = await for_whom(community, work, create.actor, create.to + create.cc)
    if own is not None or await _is_held(work, note):
        await keep(community, work, note, own or OwnActor.PUBLIC)


async def on_fetched(community: Community, work: UnitOfWork, fetched: Fetched, said: Create | Update) -> None:
    """A note as its own server gives it, whatever copy of it was sent (protocol 90, 91, 109)."""
    posted = said.object
    if isinstance(posted, Note) and is_own(community, posted, said.actor) and await _is_held(work, posted):
        await on_note(community, work, said, posted)  # it came in while we asked
        return
    if fetched.note is None:
        await forget(community, work, fetched.wanted)
        return
    author = fetched.note.attributed_to
    addressed = said.to + said.cc if author == said.actor else fetched.note.to + fetched.note.cc
    own = await for_whom(community, work, author, addressed)
    if own is None or community.remote.boundaries.keeps_out(author):
        return
    if fetched.other is not None:
        await work.peers.put_actor(fetched.other)
    await keep(community, work, fetched.note, own, is_fetched=True)


async def on_shown(community: Community, work: UnitOfWork, announce: Announce, fetched: Fetched) -> None:
    """A followed actor shows another's note: kept if it is public and its author not kept out (protocol 100)."""
    note = fetched.note
    if note is None:
        await forget(community, work, fetched.wanted)
        return
    if not is_public(note.to + note.cc) or community.remote.boundaries.keeps_out(note.attributed_to):
        return
    own = await for_whom(community, work, announce.actor, ())
    if own is None:
        return
    if fetched.other is not None:
        await work.peers.put_actor(fetched.other)
    await keep(community, work, note, own, is_fetched=True)


async def on_update(community: Community, work: UnitOfWork, update: Update) -> None:
    """A newer wording or status of a notice that we hold (93, 109, 110), or a longer lease of an agreement."""
    match update.object:
        case Note() as note if await _is_held(work, note):
            await on_note(community, work, update, note)
        case Agreement() as agreement:
            await _extend_lease(community, work, update, agreement)
        case _:
            return


async def on_delete(community: Community, work: UnitOfWork, delete: Delete) -> None:
    """Erase our copy at once, remember the id, and tell a peer that it is done (protocol 107, 108, 2.13)."""
    if delete.object == delete.actor:
        await _forget_actor(work, delete.actor)
        return
    if not same_origin(delete.object, delete.actor, allow_http=community.remote.allow_http):
        return
    item = await work.feed.by_object(delete.object)
    if item is not None and item.actor != delete.actor:
        return
    await _forget_enquiry(work, delete)
    if item is None and not await is_related(work, delete.actor):
        return
    await work.feed.add_tombstone(delete.object, delete.actor, community.now())
    await forget(community, work, delete.object)
    if delete.id is not None and await work.peers.by_host(host_of(delete.actor)) is not None:
        meant = await for_whom(community, work, delete.actor, delete.to + delete.cc) or OwnActor.PUBLIC
        own = OwnActor(item.received_by) if item is not None else meant  # it answers for the copy that was sent to it
        community = await homes.towards(community, work, delete.actor)
        receipt = following.receipt(new_activity_id(community), community.addresses.actor(own), delete.id, delete.actor)
        actors = await known_actors(work, [delete.actor])
        await post(community, work, Letter(receipt, own, f"receipt {delete.id}", actors))


async def _is_held(work: UnitOfWork, note: Note) -> bool:
    item = await work.feed.by_object(note.id)
    return item is not None and item.actor == note.attributed_to


async def _forget_actor(work: UnitOfWork, actor: str) -> None:
    """Its own server says that the actor is gone (protocol 84)."""
    await work.feed.remove_by(actor)
    await work.enquiries.remove_of(actor)
    await work.peers.remove_actor(actor)
    peer = await work.peers.by_host(host_of(actor))
    if peer is not None and actor in {peer.public_actor, peer.peers_actor}:
        await work.heirs.let_go(peer.id)


async def _forget_enquiry(work: UnitOfWork, delete: Delete) -> None:
    enquiry = await work.enquiries.by_note(delete.object)
    if enquiry is not None and enquiry.actor == delete.actor:
        await work.enquiries.remove(enquiry.id)


async def _extend_lease(community: Community, work: UnitOfWork, update: Update, agreement: Agreement) -> None:
    response = await work.responses.by_agreement(agreement.id or "")
    if response is None or response.side is not Side.HELPER or response.remote_actor != update.actor:
        return
    if agreement.end_time is not None:
        await leases.on_more_time(community, work, response, agreement.end_time, update.published)
