"""Calls about announcements."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from node.api.v1 import postings
from node.api.v1.fields import Answer, Instant
from node.api.v1.operations import Access, Call, NoBody, Operation
from node.api.v1.postings import (
    Board,
    HowShared,
    NewPosting,
    PostingLine,
    PostingPatch,
    PostingQuery,
    changed,
    posting_fields,
    shared_fields,
)
from node.api.v1.shares import Document
from node.domain.members import Member
from node.domain.postings import Draft, PostingKind
from node.services import told
from node.services.told import PostingRecord, Search


class NewAnnouncement(NewPosting):
    """What everybody should know. `audience` is `here` if left out; `peers` are ids, for `named`.

    It ends by itself at `until`: after 30 days if that is left out, after a year at most.
    """

    until: Instant | None = None


class AnnouncementPatch(PostingPatch):
    """What changes; whatever is left out stays."""

    until: Instant | None = None


class AnnouncementLine(PostingLine):
    """Something the community tells everybody it is for. Who wrote it is not in it."""

    until: datetime | None


class AnnouncementRecord(HowShared, AnnouncementLine):
    """With how it is shared, for dispatchers: `object` is its ActivityPub id, `recipients` every copy."""


class AnnouncementList(Answer):
    """`next` goes into `after` for what follows; null at the end."""

    items: tuple[AnnouncementLine, ...]
    next: str | None


async def listing(call: Call[NoBody, PostingQuery]) -> AnnouncementList:
    """A page of what holds now."""
    search = Search(PostingKind.ANNOUNCEMENT)
    page = await told.listing(call.community, call.member, search, call.query.after or None, call.query.limit)
    lines = tuple(AnnouncementLine(until=one.until, **posting_fields(one, call.member)) for one in page.items)
    return AnnouncementList(items=lines, next=page.next)


def _draft(body: NewAnnouncement | AnnouncementPatch, before: Draft, _now: datetime) -> Draft:
    return replace(changed(before, body), until=body.until or before.until)


def _record(record: PostingRecord, reader: Member) -> AnnouncementRecord:
    posting = record.posting
    return AnnouncementRecord(until=posting.until, **shared_fields(record), **posting_fields(posting, reader))


BOARD = Board(PostingKind.ANNOUNCEMENT, _draft, _record)
OPERATIONS = (
    Operation(
        "GET", "/announcements", "list_announcements", "What we announce", listing, AnnouncementList,
        query=PostingQuery, access=Access.MEMBER,
    ),
    Operation(
        "POST", "/announcements", "write_announcement", "Announce something", partial(postings.write, BOARD),
        AnnouncementRecord, 201, body=NewAnnouncement, location="/announcements/{id}", problems=(409,),
    ),
    Operation(
        "POST", "/announcements/preview", "preview_announcement", "Exactly the document that would be sent",
        partial(postings.preview, BOARD), Document, body=NewAnnouncement,
    ),
    Operation(
        "GET", "/announcements/{id}", "get_announcement", "Read one announcement", partial(postings.read, BOARD),
        AnnouncementRecord, access=Access.MEMBER,
    ),
    Operation(
        "PATCH", "/announcements/{id}", "change_announcement", "Change an announcement",
        partial(postings.change, BOARD), AnnouncementRecord, body=AnnouncementPatch, problems=(409,),
    ),
    Operation(
        "DELETE", "/announcements/{id}", "take_back_announcement", "Take an announcement back",
        partial(postings.take_back, BOARD), AnnouncementRecord,
    ),
)  # fmt: skip
