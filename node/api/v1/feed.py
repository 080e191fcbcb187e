"""Calls about what followed communities show us."""

import re
from datetime import datetime
from html import unescape
from typing import Annotated, Any

from pydantic import Field

from node.api.v1.fields import Amount, Answer, Body, Instant, Number, Query, Text
from node.api.v1.operations import Access, Call, NoBody, NoQuery, Operation
from node.api.v1.resource_models import FactsAnswer, facts_answer
from node.api.v1.responses import ResponseAnswer, response_answer
from node.domain.feed import FeedKind
from node.domain.responses import TEXT_LIMIT, ResponseState
from node.domain.rest import still_until
from node.services import feed, responses
from node.services.feed import FeedEntry
from node.services.responses import HelpOffer

_BREAK = re.compile(r"<br\s*/?>|</(?:p|li|blockquote)>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


class FeedQuery(Query):
    """Which notices. `origin` is a host, as in an entry's `origin.host`."""

    kind: FeedKind | None = None
    origin: Annotated[Text, Field(max_length=300)] | None = None
    after: Annotated[Text, Field(max_length=500)] | None = Field(None, description="`next` of the answer before.")
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class HelpBody(Body):
    """How much could be brought, and until when the offer stands if nobody answers.

    Left out, that is three days from now, or from when their rest is over: nobody may answer before.
    """

    quantity: Amount
    text: Annotated[Text, Field(max_length=TEXT_LIMIT)] | None = None
    until: Instant | None = None


class OriginAnswer(Answer):
    """The community whose notice it is."""

    host: str
    name: str
    actor: str


class OwnResponse(Answer):
    """Our own offer to help with it."""

    id: str
    state: ResponseState


class FeedAnswer(Answer):
    """A notice of another community. `quantity` is what is still open; `object` its ActivityPub id.

    `facts` are those of a resource: a place or service; null for everything else. While its community rests, until
    `resting_until`, an offer of help may wait for an answer as long; null while it does not rest.
    """

    id: str
    kind: FeedKind
    title: str
    text: str
    html: str
    category: str
    area: str
    urgency: str
    status: str
    quantity: Number | None
    unit: str
    origin: OriginAnswer
    object: str
    url: str | None
    published: datetime
    updated: datetime
    ends_at: datetime | None
    is_open: bool
    resting_until: datetime | None
    facts: FactsAnswer | None
    response: OwnResponse | None


class FeedList(Answer):
    """`next` goes into `after` for what follows; null at the end."""

    items: tuple[FeedAnswer, ...]
    next: str | None


async def listing(call: Call[NoBody, FeedQuery]) -> FeedList:
    """A page of notices of followed communities."""
    query = call.query
    page = await feed.listing(call.community, query.kind, query.origin or None, query.after or None, query.limit)
    return FeedList(items=tuple(_answer(call, one) for one in page.items), next=page.next)


async def read(call: Call[NoBody, NoQuery]) -> FeedAnswer:
    """One notice of a followed community."""
    return _answer(call, await feed.get(call.community, call.id))


async def offer_help(call: Call[HelpBody, NoQuery]) -> ResponseAnswer:
    """Offer to help with a notice of another community."""
    offer = HelpOffer(quantity=call.body.quantity, text=call.body.text or "", until=call.body.until)
    response = await responses.offer_help(call.community, call.id, offer, call.member, call.form_id)
    return response_answer(await responses.get(call.community, response.id))


OPERATIONS = (
    Operation(
        "GET",
        "/feed",
        "list_feed",
        "Notices of followed communities",
        listing,
        FeedList,
        query=FeedQuery,
        access=Access.MEMBER,
    ),
    Operation(
        "GET",
        "/feed/{id}",
        "get_feed_entry",
        "Read one notice of a followed community",
        read,
        FeedAnswer,
        access=Access.MEMBER,
    ),
    Operation(
        "POST",
        "/feed/{id}/responses",
        "offer_help",
        "Offer to help",
        offer_help,
        ResponseAnswer,
        201,
        body=HelpBody,
        location="/responses/{id}",
        problems=(409, 502),
    ),
)


def plain(html: str) -> str:
    """The words of cleaned HTML; paragraphs become lines."""
    text = unescape(_TAG.sub("", _BREAK.sub("\n", html)))
    return "\n".join(line for line in (" ".join(line.split()) for line in text.split("\n")) if line)


def _answer(call: Call[Any, Any], entry: FeedEntry) -> FeedAnswer:
    item, own = entry.item, entry.own_response
    return FeedAnswer(
        id=item.id,
        kind=item.kind,
        title=item.title,
        text=plain(item.html),
        html=item.html,
        category=item.category,
        area=item.area,
        urgency=item.urgency,
        status=item.status,
        quantity=item.available,
        unit=item.unit,
        origin=OriginAnswer(host=entry.origin_host, name=entry.origin_name, actor=item.actor),
        object=item.object_id,
        url=item.url,
        published=item.published_at,
        updated=item.updated_at,
        ends_at=item.ends_at,
        is_open=item.is_open,
        resting_until=still_until(entry.resting_until, call.community.now()),
        facts=facts_answer(item.facts) if item.facts else None,
        response=OwnResponse(id=own.id, state=own.state) if own else None,
    )
