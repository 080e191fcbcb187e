"""Calls about the helpers' board: what is open, taking it on, handing it back, and how it went."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from node.api.v1.fields import Amount, Answer, Body, Number, Text
from node.api.v1.notice_models import ArrivalCardAnswer, ContactAnswer
from node.api.v1.operations import Access, Call, NoBody, NoQuery, Operation
from node.domain.notices import NOTE_LIMIT, Notice, Status, Urgency
from node.domain.taking_on import Part
from node.services import board, openings, taking_on
from node.services.taking_on import Ending


class Went(StrEnum):
    """How it went."""

    MET = "met"
    PARTLY = "partly"


class TakeOnBody(Body):
    """`quantity` is how much of it; left out, all that is open."""

    quantity: Amount | None = None


class ComeAlongBody(Body):
    """`part` is what somebody else has taken on."""

    part: Annotated[Text, Field(max_length=64)]


class DoneBody(Body):
    """`quantity` is how much is done where a part of it is; `text` is for the dispatchers."""

    status: Went
    quantity: Amount | None = None
    text: Annotated[Text, Field(max_length=NOTE_LIMIT)] = ""


class NeedOnBoard(Answer):
    """A need as helpers see it. `remaining` is with nobody; `yours` is what you have taken on."""

    id: str
    status: Status
    title: str
    text: str
    category: str
    area: str
    urgency: Urgency
    needed_by: date | None
    unit: str
    languages: tuple[str, ...]
    remaining: Number
    yours: Number | None


class PartAnswer(Answer):
    """A part that somebody has: on it one more may come along."""

    id: str
    quantity: Number
    names: tuple[str, ...]


class NeedOnBoardRecord(NeedOnBoard):
    """The same with every part that somebody has."""

    parts: tuple[PartAnswer, ...]


class BoardAnswer(Answer):
    """What you have taken on comes first; `next` is always null."""

    items: tuple[NeedOnBoard, ...]
    next: str | None


class TaskCardAnswer(Answer):
    """How to reach the person, and what you say at the door. Their address they tell you themselves."""

    name: str
    contact: tuple[ContactAnswer, ...]
    arrival: str
    arrival_card: ArrivalCardAnswer
    meeting_phrase: str


class DoneAnswer(Answer):
    """Where the need stands now."""

    id: str
    status: Status
    remaining: Number


async def listing(call: Call[NoBody, NoQuery]) -> BoardAnswer:
    """The whole board."""
    found = await board.board(call.community, call.member)
    return BoardAnswer(items=tuple(_need(one.notice, one.part) for one in (*found.own, *found.open)), next=None)


async def read(call: Call[NoBody, NoQuery]) -> NeedOnBoardRecord:
    """One need on it."""
    return await _record(call)


async def take_on(call: Call[TakeOnBody, NoQuery]) -> NeedOnBoardRecord:
    """Take a need on. Twice is as good as once."""
    await taking_on.take_on(call.community, call.id, call.body.quantity, call.member)
    return await _record(call)


async def come_along(call: Call[ComeAlongBody, NoQuery]) -> NeedOnBoardRecord:
    """One more hand on what somebody else has."""
    await taking_on.come_along(call.community, call.id, call.body.part, call.member)
    return await _record(call)


async def hand_back(call: Call[NoBody, NoQuery]) -> None:
    """Hand a need back."""
    await taking_on.give_back(call.community, call.id, call.member)


async def open_card(call: Call[NoBody, NoQuery]) -> TaskCardAnswer:
    """The task card of what is with you; that you read it is logged."""
    note = await openings.open_task_card(call.community, call.id, call.member)
    found = await board.get(call.community, call.id, call.member)
    contact = tuple(ContactAnswer(**vars(way)) for way in note.contact)
    card = ArrivalCardAnswer(**vars(note.arrival_card))
    return TaskCardAnswer(
        name=note.name, contact=contact, arrival=note.arrival, arrival_card=card, meeting_phrase=found.phrase
    )


async def done(call: Call[DoneBody, NoQuery]) -> DoneAnswer:
    """Say how it went."""
    body = call.body
    ending = Ending(body.status is Went.MET, body.quantity, body.text)
    notice = await taking_on.finish(call.community, call.id, ending, call.member)
    return DoneAnswer(id=notice.id, status=notice.status, remaining=notice.remaining)


OPERATIONS = (
    Operation(
        "GET", "/board", "list_board", "What helpers could do, and what you have taken on", listing, BoardAnswer,
        access=Access.HELPER,
    ),
    Operation(
        "GET", "/board/{id}", "get_need_on_board", "Read one need on the board", read, NeedOnBoardRecord,
        access=Access.HELPER,
    ),
    Operation(
        "POST", "/board/{id}/take-on", "take_on", "Take a need on, or a part of it", take_on, NeedOnBoardRecord,
        body=TakeOnBody, access=Access.HELPER, problems=(409,),
    ),
    Operation(
        "GET", "/board/{id}/card", "open_task_card", "How to reach the person; that you read it is logged", open_card,
        TaskCardAnswer, access=Access.HELPER, problems=(409,),
    ),
    Operation(
        "POST", "/board/{id}/come-along", "come_along", "Come along where somebody is on it", come_along,
        NeedOnBoardRecord, body=ComeAlongBody, access=Access.HELPER, problems=(409,),
    ),
    Operation(
        "POST", "/board/{id}/hand-back", "hand_back", "Hand a need back; no reason is asked for", hand_back, None, 204,
        access=Access.HELPER, problems=(409,),
    ),
    Operation(
        "POST", "/board/{id}/done", "finish_need", "Say that it is done, or a part of it", done, DoneAnswer,
        body=DoneBody, access=Access.HELPER, problems=(409,),
    ),
)  # fmt: skip


def _need(notice: Notice, part: Part | None) -> NeedOnBoard:
    words = notice.wording
    return NeedOnBoard(
        id=notice.id,
        status=notice.status,
        title=words.title,
        text=words.text,
        category=words.category_here,
        area=words.area,
        urgency=words.urgency,
        needed_by=words.needed_by,
        unit=words.unit,
        languages=words.languages,
        remaining=notice.remaining,
        yours=part.quantity if part is not None else None,
    )


async def _record(call: Call[Any, NoQuery]) -> NeedOnBoardRecord:
    found = await board.get(call.community, call.id, call.member)
    parts = tuple(PartAnswer(id=one.part.id, quantity=one.part.quantity, names=one.names) for one in found.held)
    need = _need(found.notice, found.part)
    return NeedOnBoardRecord(**vars(need), parts=parts)
