"""Calls about shifts: written down, taken, let go."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from node.api.v1.fields import Answer, Body, Instant, Text
from node.api.v1.operations import Call, NoBody, NoQuery, Operation
from node.domain.errors import Invalid
from node.domain.shifts import MOST_WEEKS, WORDS_LIMIT
from node.services import shifts
from node.services.shifts import ShiftDraft, ShiftLine

_PLACES = {"shift": "words", "from": "starts_at", "until": "ends_at"}


class ShiftBody(Body):
    """A shift: from when until when, at most 24 hours, and what it is. `weeks`: the same in so many weeks, by the clock
    people here live by."""

    starts_at: Instant
    ends_at: Instant
    words: Annotated[Text, Field(max_length=WORDS_LIMIT)]
    weeks: Annotated[int, Field(ge=1, le=MOST_WEEKS)] = 1


class ShiftAnswer(Answer):
    """One shift. `names` are those who take it, `yours` is whether you are among them."""

    id: str
    starts_at: datetime
    ends_at: datetime
    words: str
    names: tuple[str, ...]
    yours: bool


class ShiftList(Answer):
    """What is to come, the next first; `next` is always null."""

    items: tuple[ShiftAnswer, ...]
    next: str | None


async def listing(call: Call[NoBody, NoQuery]) -> ShiftList:
    """What is to come."""
    return await _all(call)


async def write(call: Call[ShiftBody, NoQuery]) -> ShiftList:
    """Write a shift down; the answer is everything that is to come."""
    body = call.body
    draft = ShiftDraft(body.starts_at, body.ends_at, body.words, body.weeks)
    try:
        await shifts.write(call.community, draft, call.member, call.form_id)
    except Invalid as error:
        raise Invalid({_PLACES.get(name, name): fault for name, fault in error.fields.items()}) from error
    return await _all(call)


async def take(call: Call[NoBody, NoQuery]) -> ShiftList:
    """“I take it”. Twice is as good as once."""
    await shifts.take(call.community, call.id, call.member)
    return await _all(call)


async def let_go(call: Call[NoBody, NoQuery]) -> None:
    """“Not me after all”; no reason is asked for."""
    await shifts.let_go(call.community, call.id, call.member)


async def take_off(call: Call[NoBody, NoQuery]) -> None:
    """It does not take place."""
    await shifts.take_off(call.community, call.id, call.member)


OPERATIONS = (
    Operation("GET", "/shifts", "list_shifts", "Shifts that are to come, and who takes them", listing, ShiftList),
    Operation("POST", "/shifts", "write_shift", "Write a shift down, in one week or several", write, ShiftList, 201,
              body=ShiftBody, problems=(409,)),
    Operation("POST", "/shifts/{id}/take", "take_shift", "Take a shift", take, ShiftList, problems=(409,)),
    Operation("POST", "/shifts/{id}/let-go", "let_shift_go", "Let a shift go; no reason is asked for", let_go, None,
              204),
    Operation("DELETE", "/shifts/{id}", "take_shift_off", "Take a shift off the list", take_off, None, 204),
)  # fmt: skip


async def _all(call: Call[ShiftBody, NoQuery] | Call[NoBody, NoQuery]) -> ShiftList:
    found = await shifts.listing(call.community, call.member)
    return ShiftList(items=tuple(map(_answer, found)), next=None)


def _answer(line: ShiftLine) -> ShiftAnswer:
    shift = line.shift
    return ShiftAnswer(
        id=shift.id,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        words=shift.words,
        names=line.names,
        yours=line.is_mine,
    )
