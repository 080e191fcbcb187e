"""Calls about links that ended."""

from datetime import datetime

from node.api.v1.fields import Answer
from node.api.v1.operations import Access, Call, NoBody, NoQuery, Operation
from node.domain.shares import RecipientState
from node.services import ended_links


class EndedLine(Answer):
    """A community we were linked with; `id` was its id under `/peers`."""

    id: str
    name: str
    host: str
    ended_at: datetime


class EndedList(Answer):
    """Those of the last 90 days; `next` is always null."""

    items: tuple[EndedLine, ...]
    next: str | None


class AskedBackAnswer(Answer):
    """One copy: `state` is "erased" where its receipt came."""

    share_id: str
    title: str
    state: RecipientState
    changed_at: datetime


class EndedRecord(EndedLine):
    """A link that ended, with every copy that was asked back."""

    asked_back: tuple[AskedBackAnswer, ...]


async def listing(call: Call[NoBody, NoQuery]) -> EndedList:
    """Links that ended within the last 90 days."""
    found = await ended_links.listing(call.community, call.member)
    lines = tuple(EndedLine(id=one.id, name=one.name, host=one.host, ended_at=one.ended_at) for one in found)
    return EndedList(items=lines, next=None)


async def read(call: Call[NoBody, NoQuery]) -> EndedRecord:
    """One of them, with the receipts."""
    found = await ended_links.get(call.community, call.id, call.member)
    copies = tuple(
        AskedBackAnswer(share_id=one.share_id, title=one.title, state=one.state, changed_at=one.changed_at)
        for one in found.copies
    )
    link = found.link
    return EndedRecord(id=link.id, name=link.name, host=link.host, ended_at=link.ended_at, asked_back=copies)


_STEWARD = Access.STEWARD

OPERATIONS = (
    Operation("GET", "/ended-links", "list_ended_links", "Links that ended", listing, EndedList, access=_STEWARD),
    Operation(
        "GET",
        "/ended-links/{id}",
        "get_ended_link",
        "What was asked back, and the receipts",
        read,
        EndedRecord,
        access=_STEWARD,
    ),
)
