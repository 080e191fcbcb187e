"""A linked community asks about a notice of ours, or answers what we asked about one of theirs (protocol 2.13)."""

from dataclasses import replace

from node.domain.peers import host_of
from node.domain.questions import MOST_SAID, TEXT_LIMIT, Question, next_moment
from node.domain.responses import Side
from node.services.community import Community
from node.services.received.knowing import is_own
from node.services.received.reactions import visible_share
from node.storage.unit_of_work import UnitOfWork
from node.translate.notices import sender
from node.translate.text import plain_text
from schemas.activities import Create
from schemas.fields import is_public
from schemas.objects import Note


async def on_note(community: Community, work: UnitOfWork, create: Create, note: Note) -> bool:
    """Whether this belongs to a conversation between two linked communities, and is dealt with.

    What is too much is passed over in silence. A stranger's words about a public notice are an enquiry and not this.
    """
    if note.is_proposal or note.in_reply_to is None or not is_own(community, note, create.actor):
        return False
    if is_public(create.to + create.cc + note.to + note.cc):
        return False
    begun = await _goes_on(community, work, note) or await _begins(community, work, note)
    if begun is None:
        return False
    said = await work.questions.between(begun.object_id, begun.remote_actor)
    is_known = await work.questions.by_note(note.id) is not None
    if not is_known and len(said) < MOST_SAID and begun.text:
        thread = said[0].thread if said else begun.id
        await work.questions.add(replace(begun, thread=thread, said_at=next_moment(said, begun.said_at)))
    return True


async def _goes_on(community: Community, work: UnitOfWork, note: Note) -> Question | None:
    """In reply to something that we said to this very actor."""
    ours = await work.questions.by_note(note.in_reply_to or "")
    if ours is None or not ours.is_ours or ours.remote_actor != note.attributed_to:
        return None
    return replace(
        ours,
        id=community.new_id(),
        note_id=note.id,
        is_ours=False,
        text=_words(note),
        said_at=community.now(),
    )


async def _begins(community: Community, work: UnitOfWork, note: Note) -> Question | None:
    """In reply to a notice of ours that a linked community may see."""
    share = await visible_share(work, note.in_reply_to or "", note.attributed_to)
    peer = await work.peers.by_host(host_of(note.attributed_to))
    if share is None or not share.notice_id or not share.is_shown or peer is None or not peer.may_exchange:
        return None
    new_id = community.new_id()
    return Question(
        id=new_id,
        thread=new_id,
        side=Side.ORIGIN,
        object_id=share.object_id,
        own_actor=sender(share.level),
        remote_actor=note.attributed_to,
        note_id=note.id,
        is_ours=False,
        text=_words(note),
        said_at=community.now(),
        notice_id=share.notice_id,
        share_id=share.id,
    )


def _words(note: Note) -> str:
    said = (plain_text(part) for part in (note.summary or "", note.content))
    return "\n".join(part for part in said if part)[:TEXT_LIMIT]
