"""A question about a shared notice, or its answer, as a Note for the other community alone (protocol 2.13)."""

from node.domain.addresses import Addresses
from node.domain.peers import OwnActor
from node.domain.questions import Question
from node.translate.text import paragraphs
from schemas.activities import Create
from schemas.objects import Note


def create(activity_id: str, said: Question, in_reply_to: str, addresses: Addresses) -> Create:
    """The Create that brings it, in reply to the notice, or to what they said last."""
    author, at = addresses.actor(OwnActor(said.own_actor)), said.said_at.replace(microsecond=0)
    note = Note(
        id=said.note_id,
        attributed_to=author,
        to=(said.remote_actor,),
        in_reply_to=in_reply_to,
        content=paragraphs(said.text),
        published=at,
    )
    return Create(id=activity_id, actor=author, published=at, to=note.to, object=note)
