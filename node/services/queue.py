"""The queue as dispatchers work through it: what is not closed, in parts, narrowed down as they like."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from node.domain import days
from node.domain.call_backs import CallBack
from node.domain.contact_notes import ContactNote
from node.domain.members import Member, must_be_dispatcher
from node.domain.notices import Notice
from node.domain.queue import Part, Standing, part_of
from node.services.community import Community, zone_in
from node.storage.notices import NoticeFilter
from node.storage.unit_of_work import UnitOfWork

__all__ = ["NoticeFilter"]

QUEUE_LENGTH = 500
#: So many tries are looked through for the last one of each notice.
TRIES_READ = 2000


@dataclass(frozen=True)
class Calling:
    """Somebody to call back, or to ask about the communities of these names."""

    call_back: CallBack
    peer_names: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One notice in the queue, with whom to call and how the last try to reach somebody went."""

    notice: Notice
    part: Part
    calls: tuple[Calling, ...]
    last_try: ContactNote | None


@dataclass(frozen=True)
class Queue:
    """The lines of each part, in the order of the page; parts without a line are missing.

    `is_whole` tells whether nothing was left out because there was too much.
    """

    parts: dict[Part, tuple[Line, ...]]
    is_whole: bool


async def queue(community: Community, wanted: NoticeFilter, by: Member, part: Part | None = None) -> Queue:
    """What is not closed and `wanted`: by needed-by date, then by how long we have kept someone waiting.

    Call-backs that are due go by their time. The number of questions to the database is always the same. Raises
    NotAllowed.
    """
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        found = await work.notices.waiting(wanted, QUEUE_LENGTH + 1)
        lines = await _lines(work, found[:QUEUE_LENGTH], community.now(), await zone_in(community, work))
    parts = {one: tuple(line for line in lines if line.part == one) for one in Part if part in {None, one}}
    if Part.CALL_BACKS in parts:
        parts[Part.CALL_BACKS] = tuple(sorted(parts[Part.CALL_BACKS], key=lambda line: line.calls[0].call_back.due_at))
    return Queue({one: found for one, found in parts.items() if found}, len(found) <= QUEUE_LENGTH)


async def _lines(work: UnitOfWork, notices: tuple[Notice, ...], now: datetime, zone: tzinfo) -> tuple[Line, ...]:
    ids = [notice.id for notice in notices]
    calls = await _calls(work, ids)
    shown = await work.shares.shown_of(ids)
    tries = await work.contact_notes.last_of(ids, TRIES_READ)
    today = days.today(now, zone)
    return tuple(
        Line(
            notice,
            part_of(notice, Standing(_days(calls.get(notice.id, ()), zone), notice.id in shown), today),
            calls.get(notice.id, ()),
            tries.get(notice.id),
        )
        for notice in notices
    )


async def _calls(work: UnitOfWork, ids: Iterable[str]) -> dict[str, tuple[Calling, ...]]:
    """Whom to call about each of these, soonest first."""
    names = await work.peers.names()
    found: dict[str, tuple[Calling, ...]] = {}
    for one in await work.call_backs.open_of_these(ids):
        found[one.notice_id] = (*found.get(one.notice_id, ()), Calling(one, one.peer_names(names)))
    return found


def _days(calls: Iterable[Calling], zone: tzinfo) -> tuple[date, ...]:
    return tuple(days.today(one.call_back.due_at, zone) for one in calls)
