"""Calls about the hand-offs that offers of help become, at both sides."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, JsonValue, RootModel

from node.api.v1.fields import Amount, Body, Instant, Text
from node.api.v1.notice_models import SealedQuery
from node.api.v1.operations import Call, NoBody, NoQuery, Operation
from node.api.v1.responses import ResponseAnswer, ResponseList, again, listed, response_answer
from node.domain.errors import NotFound
from node.domain.openings import why_of_program
from node.domain.responses import MORE_TIME_TEXT_LIMIT, ResponseState
from node.services import handoffs, leases, more_time


class Progress(StrEnum):
    """Where a hand-off stands."""

    UNDER_WAY = "under way"
    MET = "met"
    PARTLY = "partly"
    RETURNED = "returned"


class ProgressBody(Body):
    """`quantity` is how much was handed over; left out, all of it."""

    status: Progress
    quantity: Amount | None = None


class MoreTimeBody(Body):
    """Until when the helper has it from now on."""

    until: Instant


class AskMoreTimeBody(Body):
    """Until when we would like to have it, and a few words for the dispatcher there."""

    until: Instant
    text: Annotated[Text, Field(max_length=MORE_TIME_TEXT_LIMIT)] | None = None


class ReleasedAnswer(RootModel[dict[str, JsonValue]]):
    """At the helper: the released fields, read at their origin just now and kept nowhere. At the origin: `fields`,
    their names only. At both: `meeting_phrase`, what whoever comes says at the door.
    """


async def listing(call: Call[NoBody, NoQuery]) -> ResponseList:
    """Agreed offers of help, at both sides."""
    return listed(await handoffs.listing(call.community))


async def read(call: Call[NoBody, NoQuery]) -> ResponseAnswer:
    """One agreed offer of help. Raises NotFound for one that was never agreed."""
    line = await handoffs.get(call.community, call.id)
    if not line.response.is_handoff:
        raise NotFound("This is not an agreed task.")
    return response_answer(line)


async def released(call: Call[NoBody, SealedQuery]) -> ReleasedAnswer:
    """What the origin released for this hand-off; who read it and why is logged. Raises PeerTrouble."""
    why = why_of_program(call.query.why)
    return ReleasedAnswer(await handoffs.released(call.community, call.id, call.member, why))


async def set_progress(call: Call[ProgressBody, NoQuery]) -> ResponseAnswer:
    """Say where a hand-off stands."""
    body = call.body
    state, quantity = ResponseState(body.status.value), body.quantity
    await handoffs.set_status(call.community, call.id, state, quantity, call.member)
    return await again(call.community, call.id)


async def give_more_time(call: Call[MoreTimeBody, NoQuery]) -> ResponseAnswer:
    """At the origin: the helper has longer, and is told."""
    await leases.give_more_time(call.community, call.id, call.body.until, call.member)
    return await again(call.community, call.id)


async def ask_more_time(call: Call[AskMoreTimeBody, NoQuery]) -> ResponseAnswer:
    """At the helper: the origin is asked for more time; it gives it, or leaves it as it is."""
    body = call.body
    await more_time.ask(call.community, call.id, body.until, body.text or "", call.member)
    return await again(call.community, call.id)


OPERATIONS = (
    Operation("GET", "/handoffs", "list_handoffs", "Agreed offers of help, at both sides", listing, ResponseList),
    Operation("GET", "/handoffs/{id}", "get_handoff", "Read one hand-off", read, ResponseAnswer),
    Operation(
        "GET",
        "/handoffs/{id}/released",
        "read_released_fields",
        "What was released for this hand-off; who read it and why is logged",
        released,
        ReleasedAnswer,
        query=SealedQuery,
        problems=(409, 502),
    ),
    Operation(
        "POST",
        "/handoffs/{id}/status",
        "set_status_of_handoff",
        "Say where a hand-off stands",
        set_progress,
        ResponseAnswer,
        body=ProgressBody,
        problems=(409, 502),
    ),
    Operation(
        "POST",
        "/handoffs/{id}/extend",
        "give_more_time",
        "Give a task of ours more time",
        give_more_time,
        ResponseAnswer,
        body=MoreTimeBody,
        problems=(409,),
    ),
    Operation(
        "POST",
        "/handoffs/{id}/ask-more-time",
        "ask_for_more_time",
        "Ask the origin of a task we took on for more time",
        ask_more_time,
        ResponseAnswer,
        body=AskMoreTimeBody,
        problems=(409,),
    ),
)
