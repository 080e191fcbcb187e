"""Calls about what we could give now, and what neighbours could."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from node.api.v1.fields import Amount, Answer, Body, Instant, Number, Text
from node.api.v1.operations import Call, NoBody, NoQuery, Operation
from node.domain.capacity import Capacity, CapacityDraft, Reason
from node.domain.notices import TITLE_LIMIT
from node.services import capacity
from node.services.capacity import Heard
from node.services.who_could_help import Candidate, who_could_help


class NewCapacity(Body):
    """What we could give until then, told to all neighbours that are sent this category. No person is in it."""

    title: Annotated[Text, Field(min_length=1, max_length=TITLE_LIMIT)]
    category: Annotated[Text, Field(max_length=40)]
    quantity: Amount
    unit: Annotated[Text, Field(max_length=40)] = "one"
    until: Instant


class CapacityAnswer(Answer):
    """What we could give."""

    id: str
    title: str
    category: str
    quantity: Number
    unit: str
    until: datetime


class HeardAnswer(Answer):
    """What a neighbour could give: `peer` is its id here."""

    title: str
    category: str
    quantity: Number | None
    unit: str
    until: datetime | None
    peer: str
    name: str


class CapacityList(Answer):
    """`items` is ours, `neighbours` what others told us; `next` is always null."""

    items: tuple[CapacityAnswer, ...]
    neighbours: tuple[HeardAnswer, ...]
    next: str | None


class CandidateAnswer(HeardAnswer):
    """Why it stands beside this need, and in one sentence what is in the way of sharing with them, if anything is."""

    reason: Reason
    in_the_way: str | None


class CandidateList(Answer):
    """What covers all of it first; `next` is always null."""

    items: tuple[CandidateAnswer, ...]
    next: str | None


async def listing(call: Call[NoBody, NoQuery]) -> CapacityList:
    """What holds now."""
    ours = await capacity.ours(call.community, call.member)
    theirs = await capacity.theirs(call.community, call.member)
    return CapacityList(
        items=tuple(_answer(one.capacity) for one in ours), neighbours=tuple(map(_heard, theirs)), next=None
    )


async def tell(call: Call[NewCapacity, NoQuery]) -> CapacityAnswer:
    """Tell neighbours what we could give, in place of what we said in the same category."""
    body = call.body
    draft = CapacityDraft(body.title, body.category, body.quantity, body.unit, body.until)
    return _answer(await capacity.tell(call.community, draft, call.member, call.form_id))


async def take_back(call: Call[NoBody, NoQuery]) -> None:
    """It holds no longer."""
    await capacity.take_back(call.community, call.id, call.member)


async def candidates(call: Call[NoBody, NoQuery]) -> CandidateList:
    """Neighbours whose capacity fits a need."""
    found = await who_could_help(call.community, call.id, call.member)
    return CandidateList(items=tuple(map(_candidate, found)), next=None)


OPERATIONS = (
    Operation("GET", "/capacity", "list_capacity", "What we and our neighbours could give now", listing, CapacityList),
    Operation(
        "POST", "/capacity", "tell_capacity", "Tell neighbours what we could give", tell, CapacityAnswer, 201,
        body=NewCapacity,
    ),
    Operation("DELETE", "/capacity/{id}", "take_capacity_back", "It holds no longer", take_back, None, 204),
    Operation(
        "GET", "/needs/{id}/who-could-help", "who_could_help", "Neighbours whose capacity fits", candidates,
        CandidateList,
    ),
)  # fmt: skip


def _answer(one: Capacity) -> CapacityAnswer:
    return CapacityAnswer(
        id=one.id, title=one.title, category=one.category, quantity=one.quantity, unit=one.unit, until=one.until
    )


def _heard(one: Heard) -> HeardAnswer:
    item = one.item
    return HeardAnswer(
        title=item.title,
        category=item.category,
        quantity=item.available,
        unit=item.unit,
        until=item.ends_at,
        peer=one.peer.id,
        name=one.peer.name,
    )


def _candidate(one: Candidate) -> CandidateAnswer:
    heard = _heard(Heard(one.item, one.peer)).model_dump()
    return CandidateAnswer(**heard, reason=one.reason, in_the_way=one.not_sent or one.to_ask or None)
