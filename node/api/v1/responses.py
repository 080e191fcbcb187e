"""Calls about offers of help between communities."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from node.api.v1.fields import Answer, Body, Id, Instant, Number, Query, Text
from node.api.v1.operations import Call, NoBody, NoQuery, Operation
from node.domain.responses import TEXT_LIMIT, Response, ResponseState, Side
from node.services import responses
from node.services.community import Community
from node.services.responses import ResponseLine


class SealedField(StrEnum):
    """A part of the sealed note that can be released."""

    NAME = "name"
    CONTACT = "contact"
    ADDRESS = "address"
    STORY = "story"
    ARRIVAL = "arrival"
    ARRIVAL_CARD = "arrival_card"


class AgreeBody(Body):
    """Which parts of the sealed note the helper may read, and until when the helper has it."""

    release: Annotated[tuple[SealedField, ...], Field(max_length=6)] | None = None
    until: Instant | None = None


class DeclineBody(Body):
    """A few words that go with the answer."""

    text: Annotated[Text, Field(max_length=TEXT_LIMIT)] | None = None


class ResponsesQuery(Query):
    """Only the offers for this need or offer of ours."""

    notice: Id | None = None


class ResponsePeer(Answer):
    """The other community; `known` says whether a link with it was agreed."""

    name: str
    actor: str
    known: bool


class ResponseNotice(Answer):
    """What the offer is about: our own notice at the origin, the feed's entry at the helper."""

    id: str
    kind: str
    title: str
    object: str | None


class MoreTimeAsked(Answer):
    """The helping community asks to have it `until` then."""

    until: datetime
    text: str
    asked_at: datetime


class ResponseAnswer(Answer):
    """An offer of help. `side` is `origin` where it answers a notice of ours. `offer` is its ActivityPub id.

    `quantity` is what was offered, `brought` what was handed over. `released` are names of fields, never contents.
    `more_time` is what the helper asked for, until its origin gives more time or the task ends.
    """

    id: str
    offer: str
    state: ResponseState
    side: Side
    notice: ResponseNotice | None
    peer: ResponsePeer
    quantity: Number
    unit: str
    text: str
    until: datetime | None
    agreement: str | None
    lease_until: datetime | None
    more_time: MoreTimeAsked | None
    released: tuple[str, ...]
    brought: Number | None
    receipt_at: datetime | None
    answer: str
    created_at: datetime
    updated_at: datetime


class ResponseList(Answer):
    """All of them; `next` is always null."""

    items: tuple[ResponseAnswer, ...]
    next: str | None


async def listing(call: Call[NoBody, ResponsesQuery]) -> ResponseList:
    """Offers of help for our notices, waiting ones first."""
    return listed(await responses.listing(call.community, call.query.notice))


async def read(call: Call[NoBody, NoQuery]) -> ResponseAnswer:
    """One offer of help, at either side."""
    return response_answer(await responses.get(call.community, call.id))


async def agree(call: Call[AgreeBody, NoQuery]) -> ResponseAnswer:
    """Say yes to an offer of help and release the named fields to that community."""
    release = tuple(field.value for field in call.body.release or ())
    await responses.agree(call.community, call.id, release, call.body.until, call.member)
    return await again(call.community, call.id)


async def decline(call: Call[DeclineBody, NoQuery]) -> ResponseAnswer:
    """Say no, with thanks."""
    await responses.decline(call.community, call.id, call.body.text or "", call.member)
    return await again(call.community, call.id)


async def withdraw(call: Call[NoBody, NoQuery]) -> ResponseAnswer:
    """Take our own offer of help back before it is answered."""
    await responses.withdraw(call.community, call.id, call.member)
    return await again(call.community, call.id)


def response_answer(line: ResponseLine) -> ResponseAnswer:
    """The offer of help as answers show it."""
    response = line.response
    return ResponseAnswer(
        id=response.id,
        offer=response.offer_id,
        state=response.state,
        side=response.side,
        notice=_notice(line),
        peer=ResponsePeer(name=line.peer_name, actor=response.remote_actor, known=line.is_known_peer),
        quantity=response.quantity,
        unit=response.unit,
        text=response.text,
        until=response.until,
        agreement=response.agreement_id,
        lease_until=response.lease_until,
        more_time=_asked(response),
        released=response.released,
        brought=response.brought,
        receipt_at=response.receipt_at,
        answer=response.answer,
        created_at=response.created_at,
        updated_at=response.updated_at,
    )


OPERATIONS = (
    Operation(
        "GET",
        "/responses",
        "list_responses",
        "Offers of help for our notices",
        listing,
        ResponseList,
        query=ResponsesQuery,
    ),
    Operation("GET", "/responses/{id}", "get_response", "Read one offer of help", read, ResponseAnswer),
    Operation(
        "POST",
        "/responses/{id}/agree",
        "agree_to_response",
        "Agree and release chosen fields",
        agree,
        ResponseAnswer,
        body=AgreeBody,
        problems=(409,),
    ),
    Operation(
        "POST",
        "/responses/{id}/decline",
        "decline_response",
        "Decline with thanks",
        decline,
        ResponseAnswer,
        body=DeclineBody,
        problems=(409,),
    ),
    Operation(
        "POST",
        "/responses/{id}/withdraw",
        "withdraw_response",
        "Take back an offer of ours that waits for an answer",
        withdraw,
        ResponseAnswer,
        problems=(409,),
    ),
)


def _asked(response: Response) -> MoreTimeAsked | None:
    wish = response.more_time
    return None if wish is None else MoreTimeAsked(until=wish.until, text=wish.text, asked_at=wish.asked_at)


async def again(community: Community, response_id: str) -> ResponseAnswer:
    """It as it stands now."""
    return response_answer(await responses.get(community, response_id))


def listed(lines: tuple[ResponseLine, ...]) -> ResponseList:
    """All of them."""
    return ResponseList(items=tuple(map(response_answer, lines)), next=None)


def _notice(line: ResponseLine) -> ResponseNotice | None:
    if line.notice is not None:
        notice = line.notice
        object_id = line.share.object_id if line.share else None
        return ResponseNotice(id=notice.id, kind=notice.kind, title=notice.wording.title, object=object_id)
    if line.item is not None:
        return ResponseNotice(id=line.item.id, kind=line.item.kind, title=line.item.title, object=line.item.object_id)
    return None
