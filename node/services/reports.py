"""What other servers' moderators and people reported to us: a queue for stewards. Nobody is answered (protocol 115)."""

from node.domain.members import Member, must_be_steward
from node.domain.strangers import MOST_WAITING, Report
from node.services.community import Community


async def listing(community: Community, by: Member) -> tuple[Report, ...]:
    """Every report that waits, newest first. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.reading() as work:
        return await work.reports.all(MOST_WAITING)


async def done(community: Community, report_id: str, by: Member) -> None:
    """A steward took care of it; it is forgotten. Twice is as good as once. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        await work.reports.remove(report_id)
