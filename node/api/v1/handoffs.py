"""Calls about the hand-offs that offers of help become, at both sides."""

from enum import StrEnum

from pydantic import JsonValue, RootModel

from node.api.v1.fields import Amount, Body, Instant
from node.api.v1.notice_models import SealedQuery
from node.api.v1.operations import Call, NoBody, NoQuery, Operation
from node.api.v1.responses import ResponseAnswer, ResponseList, again, listed, response_answer
from node.domain.errors import NotFound
from node.domain.openings import why_of_program
from node.domain.responses import ResponseState
from node.services import handoffs, leases


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
)
