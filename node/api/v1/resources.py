"""Calls about places and services worth knowing."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from pydantic import BaseModel

from node.api.v1 import postings
from node.api.v1.operations import Access, Call, NoBody, NoQuery, Operation
from node.api.v1.postings import Board, changed, posting_fields, shared_fields
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
from node.domain.postings import Draft, Posting, PostingKind
from node.domain.resources import Facts
from node.services import told
from node.services.postings import checked_now
from node.services.told import PostingRecord, Search


async def listing(call: Call[NoBody, ResourceQuery]) -> ResourceList:
    """A page of our own; those of others are in the feed."""
    query = call.query
    search = Search(PostingKind.RESOURCE, query.category or None, query.q or None)
    page = await told.listing(call.community, call.member, search, query.after or None, query.limit)
    return ResourceList(items=tuple(_line(one, call.member) for one in page.items), next=page.next)


async def check(call: Call[NoBody, NoQuery]) -> BaseModel:
    """Somebody looked today: it is still so."""
    await checked_now(call.community, call.id, call.member)
    return await postings.read(BOARD, call)


def _draft(body: NewResource | ResourcePatch, before: Draft, now: datetime) -> Draft:
    return replace(changed(before, body), facts=before.facts if body.facts is None else _facts(body.facts, now))


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


BOARD = Board(PostingKind.RESOURCE, _draft, _record)
OPERATIONS = (
    Operation(
        "GET", "/resources", "list_resources", "Places and services worth knowing", listing, ResourceList,
        query=ResourceQuery, access=Access.MEMBER,
    ),
    Operation(
        "POST", "/resources", "write_resource", "Write a place or service down", partial(postings.write, BOARD),
        ResourceRecord, 201, body=NewResource, location="/resources/{id}", problems=(409,),
    ),
    Operation(
        "POST", "/resources/preview", "preview_resource", "Exactly the document that would be sent",
        partial(postings.preview, BOARD), Document, body=NewResource,
    ),
    Operation(
        "GET", "/resources/{id}", "get_resource", "Read one place or service", partial(postings.read, BOARD),
        ResourceRecord, access=Access.MEMBER,
    ),
    Operation(
        "PATCH", "/resources/{id}", "change_resource", "Change a place or service", partial(postings.change, BOARD),
        ResourceRecord, body=ResourcePatch, problems=(409,),
    ),
    Operation(
        "POST", "/resources/{id}/checked", "check_resource", "It was looked at today and is still so", check,
        ResourceRecord, problems=(409,),
    ),
    Operation(
        "DELETE", "/resources/{id}", "take_back_resource", "Take a place or service back",
        partial(postings.take_back, BOARD), ResourceRecord,
    ),
)  # fmt: skip
