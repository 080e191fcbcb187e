"""Calls about reaching the person behind a notice."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from node.api.v1.fields import Answer, Body, Instant, Text
from node.api.v1.lookup import notice_of
from node.api.v1.operations import Call, NoBody, NoQuery, Operation
from node.domain.contact_notes import WORDS_LIMIT, ContactNote, Reached
from node.domain.notices import Kind
from node.services import contact_notes
from node.services.contact_notes import Tried


class ContactNoteBody(Body):
    """How one try went. `call_back` is when somebody tries again; null or left out means that nobody has to."""

    reached: Reached
    words: Annotated[Text, Field(max_length=WORDS_LIMIT)] = ""
    call_back: Instant | None = None


class ContactNoteAnswer(Answer):
    """One try; `by` is who noted it down, null where nobody knows any more."""

    id: str
    reached: Reached
    words: str
    noted_at: datetime
    by: str | None


class ContactNoteList(Answer):
    """The newest fifty, newest first; `next` is always null."""

    items: tuple[ContactNoteAnswer, ...]
    next: str | None


async def listing(kind: Kind, call: Call[NoBody, NoQuery]) -> ContactNoteList:
    """How the tries to reach somebody went."""
    notice = await notice_of(kind, call)
    found = await contact_notes.listing(call.community, notice.id, call.member)
    return ContactNoteList(items=tuple(_answer(line.note, line.by_name) for line in found), next=None)


async def note(kind: Kind, call: Call[ContactNoteBody, NoQuery]) -> ContactNoteAnswer:
    """Note how one try went. Whoever was to be called back has been; `call_back` says when somebody tries again."""
    notice = await notice_of(kind, call)
    tried = Tried(call.body.reached, call.body.words, call.body.call_back, form_id=call.form_id)
    return _answer(await contact_notes.note(call.community, notice.id, tried, call.member), call.member.name)


OF_NOTICES = (
    Operation(
        "GET",
        "/{kind}s/{id}/contact-notes",
        "list_contact_notes_of_{kind}",
        "How the tries to reach the person behind one {kind} went",
        listing,
        ContactNoteList,
    ),
    Operation(
        "POST",
        "/{kind}s/{id}/contact-notes",
        "note_contact_of_{kind}",
        "Note how a try to reach the person behind one {kind} went",
        note,
        ContactNoteAnswer,
        201,
        body=ContactNoteBody,
        problems=(409,),
    ),
)


def _answer(found: ContactNote, by_name: str) -> ContactNoteAnswer:
    return ContactNoteAnswer(
        id=found.id, reached=found.reached, words=found.words, noted_at=found.noted_at, by=by_name or None
    )
