"""Ordinary people of the fediverse answer or write to us: a private queue, never published (protocol 2.11).

Nothing is fetched for them: neither the thread a note stands in, nor what it links to (protocol 152).
"""

from dataclasses import dataclass, replace

from node.domain.peers import OwnActor, RemoteActor, host_of
from node.domain.shares import Share
from node.domain.strangers import (
    MOST_ENQUIRIES,
    MOST_OF_SERVER,
    MOST_WAITING,
    TEXT_LIMIT,
    WINDOW,
    Enquiry,
    Reaction,
)
from node.services.community import Community
from node.services.limits import registrable
from node.services.received.knowing import addressed_actors, is_own, is_related
from node.services.received.reactions import count, visible_share
from node.storage.unit_of_work import UnitOfWork
from node.translate.notices import sender
from node.translate.text import plain_text
from schemas.activities import Create, Update
from schemas.fields import is_public
from schemas.objects import Note


@dataclass(frozen=True)
class _About:
    """What a message belongs to: a share it answers, or the conversation it goes on with."""

    own: OwnActor
    share_id: str | None = None
    thread: str | None = None


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
    about = await _belongs_to(community, work, (note, addressed), share)
    if about is None:
        return False
    await _keep(work, _enquiry(community, (note, author), about))
    return True


async def on_update(community: Community, work: UnitOfWork, update: Update, note: Note) -> bool:
    """Whether this was an enquiry's new wording."""
    enquiry = await work.enquiries.by_note(note.id)
    if enquiry is None or enquiry.actor != update.actor or not is_own(community, note, update.actor):
        return False
    await work.enquiries.put_text(enquiry.id, _words(note))
    return True


async def _belongs_to(
    community: Community, work: UnitOfWork, written: tuple[Note, tuple[str, ...]], share: Share | None
) -> _About | None:
    note, addressed = written
    if share is not None:
        return _About(sender(share.level), share.id)
    earlier = await _earlier(work, note)
    if earlier is not None:
        return _About(OwnActor(earlier.own_actor), earlier.share_id, earlier.thread)
    own = next(iter(addressed_actors(community, addressed)), None)
    return None if own is None or await is_related(work, note.attributed_to) else _About(own)


async def _earlier(work: UnitOfWork, note: Note) -> Enquiry | None:
    """The first message of the same sender's conversation that this note goes on with."""
    if note.in_reply_to is None:
        return None
    answer = await work.answers.by_object(note.in_reply_to)
    before = await work.enquiries.by_note(note.in_reply_to)
    found = answer or before
    if found is None or found.actor != note.attributed_to:
        return None
    return next(iter(await work.enquiries.of_thread(found.thread)), None)


async def _keep(work: UnitOfWork, enquiry: Enquiry) -> None:
    """Store it, unless it is here already, or its sender, its server, or all strangers together wrote too much (T-40).

    Names below one registered domain count as one server: they cost nothing.
    """
    if await work.enquiries.by_note(enquiry.note_id) is not None or await work.enquiries.count() >= MOST_WAITING:
        return
    since = enquiry.received_at - WINDOW
    if await work.enquiries.count(enquiry.actor, since) >= MOST_ENQUIRIES:
        return
    if await work.enquiries.count_below(registrable(host_of(enquiry.actor)), since) < MOST_OF_SERVER:
        await work.enquiries.add(enquiry)


def _enquiry(community: Community, written: tuple[Note, RemoteActor | None], about: _About) -> Enquiry:
    note, author = written
    new_id = community.new_id()
    bare = Enquiry(
        id=new_id,
        note_id=note.id,
        actor=note.attributed_to,
        own_actor=about.own,
        text=_words(note),
        received_at=community.now(),
        share_id=about.share_id,
        thread=about.thread or new_id,
    )
    return bare if author is None else replace(bare, name=author.name, handle=author.handle, url=author.url)


def _words(note: Note) -> str:
    """A warning above the words is part of what was written; pictures are not shown."""
    said = (plain_text(part) for part in (note.summary or "", note.content))
    return "\n".join(part for part in said if part)[:TEXT_LIMIT]
