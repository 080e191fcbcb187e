"""What a dispatcher writes back to a stranger, as a Note for that one person."""

import html

from node.domain.addresses import Addresses
from node.domain.peers import OwnActor
from node.domain.strangers import Answer
from node.translate.text import paragraphs
from schemas.activities import Create, Delete
from schemas.objects import Approval, InteractionPolicy, Mention, Note


def answer_to_note(answer: Answer, addresses: Addresses) -> Note:
    """The note: to its addressee alone, in reply to theirs, and naming them, which other servers tell them by."""
    author = addresses.actor(OwnActor(answer.own_actor))
    return Note(
        id=answer.object_id,
        attributed_to=author,
        to=(answer.actor,),
        in_reply_to=answer.in_reply_to,
        content=_content(answer),
        published=answer.written_at.replace(microsecond=0),
        tag=(Mention(href=answer.actor, name=answer.handle or None),),
        interaction_policy=InteractionPolicy(can_quote=Approval(automatic_approval=(author,))),
    )


def create(activity_id: str, note: Note) -> Create:
    """The Create that brings it."""
    return Create(id=activity_id, actor=note.attributed_to, published=note.published, to=note.to, object=note)


def delete(activity_id: str, answer: Answer, addresses: Addresses) -> Delete:
    """The Delete that takes it back."""
    author = addresses.actor(OwnActor(answer.own_actor))
    return Delete(id=activity_id, actor=author, to=(answer.actor,), object=answer.object_id)


def _content(answer: Answer) -> str:
    words = paragraphs(answer.text)
    name = answer.handle.removeprefix("@").partition("@")[0]
    if not name:
        return words
    named = f'<a href="{html.escape(answer.actor)}" class="u-url mention">@<span>{html.escape(name)}</span></a>'
    return f"<p>{named} {words.removeprefix('<p>')}"
