"""The queue as dispatchers work through it: what is not closed, in parts, narrowed down as they like."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from node.domain import days
from node.domain.call_backs import CallBack
from node.domain.consent import Use
from node.domain.contact_notes import ContactNote
from node.domain.members import Member, must_be_dispatcher
from node.domain.notices import Notice
from node.domain.queue import Part, Standing, part_of
from node.domain.retention import asked_at
from node.services.community import Community, narrowed, zone_in
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
    """One notice in the queue, with whom to call and how the last try to reach somebody went.

    `asks_still`: its person agreed to be asked whether it is still so, it is time, and no message of ours asks them.
    """

    notice: Notice
    part: Part
    calls: tuple[Calling, ...]
    last_try: ContactNote | None
    asks_still: bool


@dataclass(frozen=True)
class Queue:
    """The lines of each part, in the order of the page; parts without a line are missing.

    `is_whole` tells whether nothing was left out because there was too much.
    """

    parts: dict[Part, tuple[Line, ...]]
    is_whole: bool


async def queue(community: Community, wanted: NoticeFilter, by: Member, part: Part | None = None) -> Queue:
    """What is not closed and `wanted`: by needed-by date, then by how long we have kept someone waiting.

    Calls that are due go by their time. The number of questions to the database is always the same. Raises
    NotAllowed.
    """
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        found = await work.notices.waiting(await narrowed(work, wanted), QUEUE_LENGTH + 1)
        lines = await _lines(work, found[:QUEUE_LENGTH], community.now(), await zone_in(community, work))
    parts = {one: tuple(line for line in lines if line.part == one) for one in Part if part in {None, one}}
    for calling in {Part.CALL_BACKS, Part.TO_ASK} & parts.keys():
        parts[calling] = tuple(sorted(parts[calling], key=_called_at))
    return Queue({one: found for one, found in parts.items() if found}, len(found) <= QUEUE_LENGTH)


async def _lines(work: UnitOfWork, notices: tuple[Notice, ...], now: datetime, zone: tzinfo) -> tuple[Line, ...]:
    ids = [notice.id for notice in notices]
    calls = await _calls(work, ids)
    shown = await work.shares.shown_of(ids)
    tries = await work.contact_notes.last_of(ids, TRIES_READ)
    still = await _to_be_asked(work, notices, now, zone)
    today = days.today(now, zone)
    lines = []
    for notice in notices:
        mine = calls.get(notice.id, ())
        standing = Standing(
            call_days=_days((one for one in mine if not one.call_back.questions), zone),
            is_shared=notice.id in shown,
            ask_days=_days((one for one in mine if one.call_back.questions), zone),
            asks_still=notice.id in still,
        )
        lines.append(Line(notice, part_of(notice, standing, today), mine, tries.get(notice.id), standing.asks_still))
    return tuple(lines)


async def _to_be_asked(work: UnitOfWork, notices: tuple[Notice, ...], now: datetime, zone: tzinfo) -> frozenset[str]:
    """Where it is time to ask whether it is still so, the person agreed to that, and no message asks them."""
    agreed = await work.consents.agreed_among((one.id for one in notices), Use.STILL_NEEDED)
    asked = await work.tellings.asked_about(one.whole for one in notices if one.id in agreed)
    return frozenset(
        one.id
        for one in notices
        if one.id in agreed
        and (since := asked_at(one, zone)) is not None
        and since <= now
        and not (one.whole in asked and asked[one.whole] >= one.spoken_for_at)
    )


def _called_at(line: Line) -> datetime:
    """When its person should have been called; whoever is only to be asked whether it is still so waits since then."""
    return line.calls[0].call_back.due_at if line.calls else line.notice.spoken_for_at


async def _calls(work: UnitOfWork, ids: Iterable[str]) -> dict[str, tuple[Calling, ...]]:
    """Whom to call about each of these, soonest first."""
    names = await work.peers.names()
    found: dict[str, tuple[Calling, ...]] = {}
    for one in await work.call_backs.open_of_these(ids):
        found[one.notice_id] = (*found.get(one.notice_id, ()), Calling(one, one.peer_names(names)))
    return found


def _days(calls: Iterable[Calling], zone: tzinfo) -> tuple[date, ...]:
    return tuple(days.today(one.call_back.due_at, zone) for one in calls)
