"""What is wanted again and again comes back by itself for each round, under the same code, with what was agreed to."""

from datetime import date, datetime

from node.domain.days import today
from node.domain.errors import Invalid
from node.domain.notices import Notice
from node.domain.rounds import come_round
from node.domain.tellings import Subject
from node.services import publishing
from node.services.community import Community, zone_in
from node.services.promises import promised
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork

BATCH = 100
CAME_BACK = "it came back by itself"
NEXT_ROUND = "its next round began by itself"


async def come_due(community: Community) -> None:
    """Bring everything into the newest round that has begun; each by itself, and what is shared follows.

    The sealed note and the consents are those of the notice, so nothing is copied and nothing opened.
    """
    now = community.now()
    async with community.database.reading() as work:
        day = today(now, await zone_in(community, work))
        due = [notice.id for notice in await work.notices.in_rounds(day, BATCH) if await _next(work, notice, day, now)]
    for notice_id in due:
        try:
            async with community.database.unit_of_work() as work:
                await _come(community, work, notice_id, day)
        except Invalid:  # what was shared of it may not be shared any more as it is
            async with community.database.unit_of_work() as work:
                await _come(community, work, notice_id, day, goes_on=False)


async def _next(work: UnitOfWork, notice: Notice, day: date, now: datetime) -> Notice | None:
    """The notice in its next round; None where that has not begun, or somebody has something of this one."""
    come = come_round(notice, day, now)
    return None if come == notice or await promised(work, notice.id) else come


async def _come(community: Community, work: UnitOfWork, notice_id: str, day: date, goes_on: bool = True) -> None:
    now, notice = community.now(), await work.notices.get(notice_id)
    come = None if notice is None else await _next(work, notice, day, now)
    if notice is None or come is None:
        return
    await work.notices.put(come)
    await work.tellings.begin_anew(notice_id, Subject.TAKEN_ON)
    follow = publishing.follow_notice if goes_on else publishing.withdraw_all
    await follow(community, work, come)
    await work.audit.add(AuditEntry(now, None, CAME_BACK if notice.is_closed else NEXT_ROUND, notice_id))
