"""Calls about when a helper wants to be left in peace: their own, and nobody else's."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from node.api.v1.fields import Answer, Body, Text
from node.api.v1.operations import Access, Call, NoBody, NoQuery, Operation
from node.domain.quiet import Quiet
from node.services import quiet


class QuietBody(Body):
    """Times of the community's clock, such as `21:30`; both empty for no quiet hours."""

    since: Annotated[Text, Field(max_length=10)] = ""
    until: Annotated[Text, Field(max_length=10)] = ""


class QuietAnswer(Answer):
    """`enough_until` is when a day that was enough is over; null where it is not."""

    enough_until: datetime | None
    since: str
    until: str


async def read(call: Call[NoBody, NoQuery]) -> QuietAnswer:
    """What you asked for."""
    return _answer(await quiet.of(call.community, call.member))


async def set_hours(call: Call[QuietBody, NoQuery]) -> QuietAnswer:
    """Quiet hours of every day."""
    return _answer(await quiet.set_hours(call.community, call.body.since, call.body.until, call.member))


async def enough(call: Call[NoBody, NoQuery]) -> QuietAnswer:
    """Enough for today."""
    return _answer(await quiet.enough(call.community, True, call.member))


async def not_enough(call: Call[NoBody, NoQuery]) -> None:
    """Not after all."""
    await quiet.enough(call.community, False, call.member)


_HELPER = Access.HELPER

OPERATIONS = (
    Operation("GET", "/quiet", "get_quiet", "When you want to be left in peace", read, QuietAnswer, access=_HELPER),
    Operation("POST", "/quiet", "set_quiet", "Set your quiet hours", set_hours, QuietAnswer, body=QuietBody,
              access=_HELPER),
    Operation("POST", "/quiet/enough", "say_enough", "Enough for today", enough, QuietAnswer, access=_HELPER),
    Operation("DELETE", "/quiet/enough", "take_enough_back", "Not after all", not_enough, None, 204, access=_HELPER),
)  # fmt: skip


def _answer(wanted: Quiet) -> QuietAnswer:
    since, until = (f"{one:%H:%M}" if one else "" for one in (wanted.since, wanted.until))
    return QuietAnswer(enough_until=wanted.enough_until, since=since, until=until)
