"""What calls about announcements and about resources have in common: the community tells something of itself."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from node.api.v1.fields import Answer, Body, Language, Query, Text
from node.api.v1.operations import Call, NoBody, NoQuery
from node.api.v1.share_models import PeerIds, RecipientAnswer
from node.api.v1.shares import Document
from node.domain.categories import is_own
from node.domain.members import Member
from node.domain.notices import AREA_LIMIT, TEXT_LIMIT, TITLE_LIMIT
from node.domain.postings import Audience, Draft, Posting, PostingKind, PostingWords
from node.services import postings, told
from node.services.community import Community, profile
from node.services.told import PostingRecord

Title = Annotated[Text, Field(min_length=1, max_length=TITLE_LIMIT)]
Words = Annotated[Text, Field(max_length=TEXT_LIMIT)]
AreaName = Annotated[Text, Field(max_length=AREA_LIMIT)]

_WORDS = {"title", "text", "area", "language"}
_NOTHING = Draft(PostingWords(""), Audience.HERE)


class PostingQuery(Query):
    """Which page."""

    after: Annotated[Text, Field(max_length=500)] | None = Field(None, description="`next` of the answer before.")
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class NewPosting(Body):
    """What is told, and to whom."""

    title: Title
    text: Words = ""
    area: AreaName = ""
    language: Language | None = None
    audience: Audience = Audience.HERE
    peers: PeerIds = ()


class PostingPatch(Body):
    """What changes; whatever is left out stays."""

    title: Title | None = None
    text: Words | None = None
    area: AreaName | None = None
    language: Language | None = None
    audience: Audience | None = None
    peers: PeerIds | None = None


class PostingLine(Answer):
    """What is told. Who wrote it is not in it."""

    id: str
    title: str
    text: str
    area: str
    language: str
    audience: Audience
    peers: tuple[str, ...]
    ended_at: datetime | None
    created_at: datetime
    updated_at: datetime


class HowShared(Answer):
    """For dispatchers: `object` is its ActivityPub id, `recipients` every copy."""

    object: str | None
    share: str | None
    recipients: tuple[RecipientAnswer, ...]


@dataclass(frozen=True)
class Board:
    """One kind, how its bodies change a draft at this time, and how its answers are made for a reader."""

    kind: PostingKind
    draft: Callable[[Any, Draft, datetime], Draft]
    answer: Callable[[PostingRecord, Member], BaseModel]


async def read(board: Board, call: Call[NoBody, NoQuery]) -> BaseModel:
    """One of them."""
    return await answer_of(board, call, call.id)


async def preview(board: Board, call: Call[NewPosting, NoQuery]) -> Document:
    """Exactly the document that others would get; nothing is stored or sent."""
    draft = await _placed(call.community, board.draft(call.body, _NOTHING, call.community.now()))
    return Document((await postings.preview(call.community, draft, call.member, call.form_id)).document)


async def write(board: Board, call: Call[NewPosting, NoQuery]) -> BaseModel:
    """Write one, and send it to everybody it is for."""
    draft = await _placed(call.community, board.draft(call.body, _NOTHING, call.community.now()))
    made = await postings.write(call.community, draft, call.member, call.form_id)
    return await answer_of(board, call, made.id)


async def change(board: Board, call: Call[PostingPatch, NoQuery]) -> BaseModel:
    """Change what is told, or who may see it."""
    before = (await told.get(call.community, board.kind, call.id, call.member)).posting
    draft = await _placed(call.community, board.draft(call.body, before.as_draft, call.community.now()))
    await postings.change(call.community, call.id, draft, call.member)
    return await answer_of(board, call, call.id)


async def take_back(board: Board, call: Call[NoBody, NoQuery]) -> BaseModel:
    """End it here, and ask everybody who has a copy to erase it."""
    before = await told.get(call.community, board.kind, call.id, call.member)
    await postings.take_back(call.community, before.posting.id, call.member)
    return await answer_of(board, call, call.id)


async def answer_of(board: Board, call: Call[Any, Any], posting_id: str) -> BaseModel:
    """One as it stands now, for the caller."""
    return board.answer(await told.get(call.community, board.kind, posting_id, call.member), call.member)


async def _placed(community: Community, draft: Draft) -> Draft:
    """With a category of our own known as what it is most like."""
    if draft.facts is None or not is_own(draft.facts.category):
        return draft
    own = (await profile(community)).categories
    return replace(draft, facts=draft.facts.about(draft.facts.category, own))


def changed(before: Draft, body: NewPosting | PostingPatch) -> Draft:
    """The draft with what the body says; whatever it leaves out stays."""
    return replace(
        before,
        words=replace(before.words, **body.model_dump(include=_WORDS, exclude_none=True)),
        audience=body.audience or before.audience,
        peers=before.peers if body.peers is None else body.peers,
    )


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
