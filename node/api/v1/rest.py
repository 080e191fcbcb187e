"""The community rests for a while."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from node.api.v1.fields import Answer, Body, Instant
from node.api.v1.operations import Access, Call, NoBody, NoQuery, Operation
from node.services import rest


class NewRest(Body):
    """Until when; a rest that goes on gets this new end."""

    until: Annotated[Instant, Field(description="At most 180 days from now.")]


class RestAnswer(Answer):
    """`until` is null while the community does not rest."""

    until: datetime | None


async def read(call: Call[NoBody, NoQuery]) -> RestAnswer:
    """Until when we rest."""
    return RestAnswer(until=await rest.resting_until(call.community))


async def declare(call: Call[NewRest, NoQuery]) -> RestAnswer:
    """Rest until then, and tell our neighbours."""
    return RestAnswer(until=await rest.declare(call.community, call.body.until, call.member))


async def end_early(call: Call[NoBody, NoQuery]) -> None:
    """Be back now, and tell our neighbours."""
    await rest.end_early(call.community, call.member)


_STEWARD = Access.STEWARD

OPERATIONS = (
    Operation("GET", "/rest", "get_rest", "Until when the community rests", read, RestAnswer, access=_STEWARD),
    Operation("POST", "/rest", "declare_rest", "Rest until a time", declare, RestAnswer, body=NewRest, access=_STEWARD),
    Operation("DELETE", "/rest", "end_rest", "Be back now", end_early, None, 204, access=_STEWARD, problems=(409,)),
)
