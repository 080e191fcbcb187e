"""Calls about places and services worth knowing."""

from datetime import datetime

from node.api.v1.operations import Access, Call, NoBody, NoQuery, Operation
from node.api.v1.postings import posting_fields, shared_fields
from node.api.v1.resource_models import (
    FactsBody,
    NewResource,
    ResourceLine,
    ResourceList,
    ResourcePatch,
    ResourceQuery,
    ResourceRecord,
    facts_answer,
)
from node.api.v1.shares import Document
from node.domain.errors import NotFound
from node.domain.members import Member
from node.domain.postings import Draft, Posting, PostingKind, PostingWords
from node.domain.resources import Facts
from node.services import postings, told
from node.services.told import PostingRecord, Search

KIND = PostingKind.RESOURCE


async def listing(call: Call[NoBody, ResourceQuery]) -> ResourceList:
    """A page of our own; those of others are in the feed."""
    query = call.query
    search = Search(KIND, query.category or None, query.q or None)
    page = await told.listing(call.community, call.member, search, query.after or None, query.limit)
    return ResourceList(items=tuple(_line(one, call.member) for one in page.items), next=page.next)


async def read(call: Call[NoBody, NoQuery]) -> ResourceRecord:
    """One of our own."""
    return _record(await told.get(call.community, KIND, call.id, call.member), call.member)


async def preview(call: Call[NewResource, NoQuery]) -> Document:
    """Exactly the document that others would get; nothing is stored or sent."""
    draft = _draft(call.body, call.community.now())
    return Document((await postings.preview(call.community, draft, call.member, call.form_id)).document)


async def write(call: Call[NewResource, NoQuery]) -> ResourceRecord:
    """Write one down, and send it to everybody it is for."""
    made = await postings.write(call.community, _draft(call.body, call.community.now()), call.member, call.form_id)
    return _record(await told.get(call.community, KIND, made.id, call.member), call.member)


async def change(call: Call[ResourcePatch, NoQuery]) -> ResourceRecord:
    """Change what is told of it, or who may see it."""
    before = (await told.get(call.community, KIND, call.id, call.member)).posting
    draft = _patched(before, call.body, call.community.now())
    await postings.change(call.community, call.id, draft, call.member)
    return _record(await told.get(call.community, KIND, call.id, call.member), call.member)


async def check(call: Call[NoBody, NoQuery]) -> ResourceRecord:
    """Somebody looked today: it is still so."""
    await postings.checked_now(call.community, call.id, call.member)
    return _record(await told.get(call.community, KIND, call.id, call.member), call.member)


async def take_back(call: Call[NoBody, NoQuery]) -> ResourceRecord:
    """End it here, and ask everybody who has a copy to erase it."""
    before = await told.get(call.community, KIND, call.id, call.member)
    await postings.take_back(call.community, before.posting.id, call.member)
    return _record(await told.get(call.community, KIND, call.id, call.member), call.member)


OPERATIONS = (
    Operation(
        "GET", "/resources", "list_resources", "Places and services worth knowing", listing, ResourceList,
        query=ResourceQuery, access=Access.MEMBER,
    ),
    Operation(
        "POST", "/resources", "write_resource", "Write a place or service down", write, ResourceRecord, 201,
        body=NewResource, location="/resources/{id}", problems=(409,),
    ),
    Operation(
        "POST", "/resources/preview", "preview_resource", "Exactly the document that would be sent", preview,
        Document, body=NewResource,
    ),
    Operation(
        "GET", "/resources/{id}", "get_resource", "Read one place or service", read, ResourceRecord,
        access=Access.MEMBER,
    ),
    Operation(
        "PATCH", "/resources/{id}", "change_resource", "Change a place or service", change, ResourceRecord,
        body=ResourcePatch, problems=(409,),
    ),
    Operation(
        "POST", "/resources/{id}/checked", "check_resource", "It was looked at today and is still so", check,
        ResourceRecord, problems=(409,),
    ),
    Operation(
        "DELETE", "/resources/{id}", "take_back_resource", "Take a place or service back", take_back, ResourceRecord,
    ),
)  # fmt: skip


def _draft(body: NewResource, now: datetime) -> Draft:
    words = PostingWords(body.title, body.text, body.area, body.language or "")
    return Draft(words, body.audience, body.peers, facts=_facts(body.facts, now))


def _patched(before: Posting, body: ResourcePatch, now: datetime) -> Draft:
    words = before.words
    return Draft(
        PostingWords(
            words.title if body.title is None else body.title,
            words.text if body.text is None else body.text,
            words.area if body.area is None else body.area,
            body.language or words.language,
        ),
        before.audience if body.audience is None else body.audience,
        before.named if body.peers is None else body.peers,
        facts=before.facts if body.facts is None else _facts(body.facts, now),
    )


def _facts(body: FactsBody, now: datetime) -> Facts:
    return Facts(
        category=body.category,
        where=body.where,
        checked_at=body.checked_at or now,
        hours=body.hours,
        reach=body.reach,
        asks_for=body.asks_for,
        no_id_needed=body.no_id_needed,
    )


def _line(posting: Posting, reader: Member) -> ResourceLine:
    if posting.facts is None:
        raise NotFound
    return ResourceLine(facts=facts_answer(posting.facts), **posting_fields(posting, reader))


def _record(record: PostingRecord, reader: Member) -> ResourceRecord:
    return ResourceRecord(**shared_fields(record), **_line(record.posting, reader).model_dump())
