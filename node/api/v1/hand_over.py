"""Calls about what one shift leaves written for the next."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from node.api.v1.fields import Answer, Body, Text
from node.api.v1.operations import Call, NoBody, NoQuery, Operation
from node.domain.hand_over import TEXT_LIMIT, HandOverNote
from node.services import hand_over


class HandOverBody(Body):
    """A few words about the work."""

    text: Annotated[Text, Field(max_length=TEXT_LIMIT)]


class HandOverAnswer(Answer):
    """One note; `by` is who wrote it, null where nobody knows any more."""

    id: str
    text: str
    noted_at: datetime
    by: str | None


class HandOverList(Answer):
    """All of them, newest first; `next` is always null."""

    items: tuple[HandOverAnswer, ...]
    next: str | None


async def listing(call: Call[NoBody, NoQuery]) -> HandOverList:
    """What is on the board."""
    found = await hand_over.listing(call.community, call.member)
    return HandOverList(items=tuple(_answer(line.note, line.by_name) for line in found), next=None)


async def write(call: Call[HandOverBody, NoQuery]) -> HandOverAnswer:
    """Leave a note for the next shift. It goes by itself after 14 days."""
    made = await hand_over.write(call.community, call.body.text, call.member, call.form_id)
    return _answer(made, call.member.name)


async def take_off(call: Call[NoBody, NoQuery]) -> None:
    """It is done: the note is erased."""
    await hand_over.take_off(call.community, call.id, call.member)


OPERATIONS = (
    Operation("GET", "/hand-over", "list_hand_over", "What the last shift left written", listing, HandOverList),
    Operation(
        "POST",
        "/hand-over",
        "hand_over",
        "Leave a note for the next shift",
        write,
        HandOverAnswer,
        201,
        body=HandOverBody,
        problems=(409,),
    ),
    Operation("DELETE", "/hand-over/{id}", "take_hand_over_off", "Take a note off the board", take_off, None, 204),
)


def _answer(found: HandOverNote, by_name: str) -> HandOverAnswer:
    return HandOverAnswer(id=found.id, text=found.text, noted_at=found.noted_at, by=by_name or None)
