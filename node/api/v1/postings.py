"""Calls about what the community tells of itself: announcements."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from node.api.v1.fields import Answer, Body, Instant, Language, Query, Text
from node.api.v1.operations import Access, Call, NoBody, NoQuery, Operation
from node.api.v1.share_models import PeerIds, RecipientAnswer
from node.api.v1.shares import Document
from node.domain.members import Member
from node.domain.notices import AREA_LIMIT, TEXT_LIMIT, TITLE_LIMIT
from node.domain.postings import Audience, Draft, Posting, PostingKind, PostingWords
from node.services import postings, told
from node.services.told import PostingRecord, Search

KIND = PostingKind.ANNOUNCEMENT
Title = Annotated[Text, Field(min_length=1, max_length=TITLE_LIMIT)]
Words = Annotated[Text, Field(max_length=TEXT_LIMIT)]
AreaName = Annotated[Text, Field(max_length=AREA_LIMIT)]


class PostingQuery(Query):
    """Which page."""

    after: Annotated[Text, Field(max_length=500)] | None = Field(None, description="`next` of the answer before.")
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class NewAnnouncement(Body):
    """What everybody should know. `audience` is `here` if left out; `peers` are ids, for `named`.

    It ends by itself at `until`: after 30 days if that is left out, after a year at most.
    """

    title: Title
    text: Words = ""
    area: AreaName = ""
    language: Language | None = None
    until: Instant | None = None
    audience: Audience = Audience.HERE
    peers: PeerIds = ()


class AnnouncementPatch(Body):
    """What changes; whatever is left out stays."""

    title: Title | None = None
    text: Words | None = None
    area: AreaName | None = None
    language: Language | None = None
    until: Instant | None = None
    audience: Audience | None = None
    peers: PeerIds | None = None


class AnnouncementLine(Answer):
    """Something the community tells everybody it is for. Who wrote it is not in it."""

    id: str
    title: str
    text: str
    area: str
    language: str
    until: datetime | None
    audience: Audience
    peers: tuple[str, ...]
    ended_at: datetime | None
    created_at: datetime
    updated_at: datetime


class AnnouncementRecord(AnnouncementLine):
    """With how it is shared, for dispatchers: `object` is its ActivityPub id, `recipients` every copy."""

    object: str | None
    share: str | None
    recipients: tuple[RecipientAnswer, ...]


class AnnouncementList(Answer):
    """`next` goes into `after` for what follows; null at the end."""

    items: tuple[AnnouncementLine, ...]
    next: str | None


async def listing(call: Call[NoBody, PostingQuery]) -> AnnouncementList:
    """A page of what holds now."""
    page = await told.listing(call.community, call.member, Search(KIND), call.query.after or None, call.query.limit)
    lines = tuple(AnnouncementLine(until=one.until, **posting_fields(one, call.member)) for one in page.items)
    return AnnouncementList(items=lines, next=page.next)


async def read(call: Call[NoBody, NoQuery]) -> AnnouncementRecord:
    """One announcement."""
    return _record(await told.get(call.community, KIND, call.id, call.member), call.member)


async def preview(call: Call[NewAnnouncement, NoQuery]) -> Document:
    """Exactly the document that others would get; nothing is stored or sent."""
    return Document((await postings.preview(call.community, _draft(call.body), call.member, call.form_id)).document)


async def write(call: Call[NewAnnouncement, NoQuery]) -> AnnouncementRecord:
    """Write an announcement, and send it to everybody it is for."""
    made = await postings.write(call.community, _draft(call.body), call.member, call.form_id)
    return _record(await told.get(call.community, KIND, made.id, call.member), call.member)


async def change(call: Call[AnnouncementPatch, NoQuery]) -> AnnouncementRecord:
    """Change what is said, until when, or who may see it."""
    before = (await told.get(call.community, KIND, call.id, call.member)).posting
    await postings.change(call.community, call.id, _patched(before, call.body), call.member)
    return _record(await told.get(call.community, KIND, call.id, call.member), call.member)


async def take_back(call: Call[NoBody, NoQuery]) -> AnnouncementRecord:
    """End it here, and ask everybody who has a copy to erase it."""
    before = await told.get(call.community, KIND, call.id, call.member)
    await postings.take_back(call.community, before.posting.id, call.member)
    return _record(await told.get(call.community, KIND, call.id, call.member), call.member)


OPERATIONS = (
    Operation(
        "GET", "/announcements", "list_announcements", "What we announce", listing, AnnouncementList,
        query=PostingQuery, access=Access.MEMBER,
    ),
    Operation(
        "POST", "/announcements", "write_announcement", "Announce something", write, AnnouncementRecord, 201,
        body=NewAnnouncement, location="/announcements/{id}", problems=(409,),
    ),
    Operation(
        "POST", "/announcements/preview", "preview_announcement", "Exactly the document that would be sent", preview,
        Document, body=NewAnnouncement,
    ),
    Operation(
        "GET", "/announcements/{id}", "get_announcement", "Read one announcement", read, AnnouncementRecord,
        access=Access.MEMBER,
    ),
    Operation(
        "PATCH", "/announcements/{id}", "change_announcement", "Change an announcement", change, AnnouncementRecord,
        body=AnnouncementPatch, problems=(409,),
    ),
    Operation(
        "DELETE", "/announcements/{id}", "take_back_announcement", "Take an announcement back", take_back,
        AnnouncementRecord,
    ),
)  # fmt: skip


def _draft(body: NewAnnouncement) -> Draft:
    words = PostingWords(body.title, body.text, body.area, body.language or "")
    return Draft(words, body.audience, body.peers, body.until)


def _patched(before: Posting, body: AnnouncementPatch) -> Draft:
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
        body.until or before.until,
    )


def _record(record: PostingRecord, reader: Member) -> AnnouncementRecord:
    posting = record.posting
    return AnnouncementRecord(until=posting.until, **shared_fields(record), **posting_fields(posting, reader))


def shared_fields(record: PostingRecord) -> dict[str, Any]:
    """How a posting is shared, as answers show it."""
    share = record.share
    return {
        "object": share.object_id if share else None,
        "share": share.id if share else None,
        "recipients": tuple(
            RecipientAnswer(actor=line.actor, name=line.name, state=line.state, changed_at=line.changed_at)
            for line in record.recipients
        ),
    }


def posting_fields(posting: Posting, reader: Member) -> dict[str, Any]:
    """What every kind has in common, as answers show it to this reader."""
    words = posting.words
    return {
        "id": posting.id,
        "title": words.title,
        "text": words.text,
        "area": words.area,
        "language": words.language,
        "audience": posting.audience,
        "peers": posting.named if reader.is_dispatcher else (),
        "ended_at": posting.ended_at,
        "created_at": posting.created_at,
        "updated_at": posting.updated_at,
    }
