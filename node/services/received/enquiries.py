"""Ordinary people of the fediverse answer or write to us: a private queue, never published (protocol 2.11).

Nothing is fetched for them: neither the thread a note stands in, nor what it links to (protocol 152).
"""

from dataclasses import replace

from node.domain.peers import OwnActor, RemoteActor
from node.domain.shares import Share
from node.domain.strangers import MOST_ENQUIRIES, MOST_WAITING, TEXT_LIMIT, WINDOW, Enquiry, Reaction
from node.services.community import Community
from node.services.received.knowing import addressed_actors, is_own, is_related
from node.services.received.reactions import count, visible_share
from node.storage.unit_of_work import UnitOfWork
from node.translate.notices import sender
from node.translate.text import plain_text
from schemas.activities import Create, Update
from schemas.fields import is_public
from schemas.objects import Note


async def on_note(
    community: Community, work: UnitOfWork, create: Create, written: tuple[Note, RemoteActor | None]
) -> bool:
    """Whether this was meant for us alone and is dealt with: an answer to a notice, or a stranger's message.

    A public answer is counted and not kept: it stands where it was written. A proposal is never an enquiry.
    """
    note, author = written
    if note.is_proposal or not is_own(community, note, create.actor):
        return False
    addressed = create.to + create.cc + note.to + note.cc
    share = await visible_share(work, note.in_reply_to, create.actor) if note.in_reply_to else None
    if share is not None and is_public(addressed):
        await count(community, work, create, share.object_id, Reaction.REPLY)
        return True
    own = _for_whom(community, addressed, share)
    if own is None or (share is None and await is_related(work, create.actor)):
        return False
    enquiry = _enquiry(community, note, (own, share))
    await _keep(work, enquiry if author is None else replace(enquiry, name=author.name, url=author.url))
    return True


async def on_update(community: Community, work: UnitOfWork, update: Update, note: Note) -> bool:
    """Whether this was an enquiry's new wording."""
    enquiry = await work.enquiries.by_note(note.id)
    if enquiry is None or enquiry.actor != update.actor or not is_own(community, note, update.actor):
        return False
    await work.enquiries.put_text(enquiry.id, _words(note))
    return True


def _for_whom(community: Community, addressed: tuple[str, ...], share: Share | None) -> OwnActor | None:
    if share is not None:
        return sender(share.level)
    return next(iter(addressed_actors(community, addressed)), None)


async def _keep(work: UnitOfWork, enquiry: Enquiry) -> None:
    """Store it, unless it is here already, or its sender or all strangers together wrote too much (T-40)."""
    if await work.enquiries.by_note(enquiry.note_id) is not None or await work.enquiries.count() >= MOST_WAITING:
        return
    if await work.enquiries.count(enquiry.actor, enquiry.received_at - WINDOW) < MOST_ENQUIRIES:
        await work.enquiries.add(enquiry)


def _enquiry(community: Community, note: Note, about: tuple[OwnActor, Share | None]) -> Enquiry:
    own, share = about
    return Enquiry(
        id=community.new_id(),
        note_id=note.id,
        actor=note.attributed_to,
        own_actor=own,
        text=_words(note),
        received_at=community.now(),
        share_id=share.id if share is not None else None,
    )


def _words(note: Note) -> str:
    return plain_text(note.content)[:TEXT_LIMIT]
