"""What other servers' moderators and people reported to us: a queue for stewards. Nobody is answered (protocol 115)."""

from dataclasses import dataclass

from node.domain.errors import NotFound
from node.domain.members import Member, must_be_steward
from node.domain.notices import Notice
from node.domain.peers import host_of
from node.domain.phrases import say
from node.domain.postings import Posting
from node.domain.shares import Share
from node.domain.strangers import SHOWN, Report
from node.services.community import Community
from node.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Reported:
    """One thing of ours that a report is about: a shared notice or posting, or, where all are None, an actor."""

    id: str
    share: Share | None = None
    notice: Notice | None = None
    posting: Posting | None = None


@dataclass(frozen=True)
class ReportLine:
    """A report, the server it came from, and what it is about."""

    report: Report
    host: str
    about: tuple[Reported, ...]


async def listing(community: Community, by: Member) -> tuple[ReportLine, ...]:
    """The reports that wait, newest first. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.reading() as work:
        return tuple([await _line(work, report) for report in await work.reports.all(SHOWN)])


async def get(community: Community, report_id: str, by: Member) -> ReportLine:
    """One report. Raises NotFound, NotAllowed."""
    must_be_steward(by)
    async with community.database.reading() as work:
        report = await work.reports.get(report_id)
        if report is None:
            raise NotFound(say("This report is not here any more: somebody was done with it, or its time was over."))
        return await _line(work, report)


async def is_waiting(community: Community, by: Member) -> bool:
    """Whether there is a report at all. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.reading() as work:
        return await work.reports.count() > 0


async def done(community: Community, report_id: str, by: Member) -> None:
    """A steward took care of it; it is forgotten. Twice is as good as once. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        await work.reports.remove(report_id)


async def _line(work: UnitOfWork, report: Report) -> ReportLine:
    return ReportLine(report, host_of(report.actor), tuple([await _reported(work, one) for one in report.objects]))


async def _reported(work: UnitOfWork, object_id: str) -> Reported:
    published = await work.shares.by_object(object_id)
    if published is None:
        return Reported(object_id)
    share = published.share
    notice = await work.notices.get(share.notice_id)
    return Reported(object_id, share, notice, await work.postings.get(share.posting_id))
