"""How it went: what was asked and offered here, what was met and what was not, and how long we took."""

from node.domain.members import Member, must_be_dispatcher
from node.domain.outcomes import MonthOfOutcomes, outcomes, together
from node.services.community import Community, zone_in


async def report(community: Community, by: Member) -> tuple[MonthOfOutcomes, ...]:
    """Every month, newest first; what was asked for with one code is one. Raises NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        kept, past, zone = await work.notices.outcomes(), await work.past.all(), await zone_in(community, work)
    return outcomes(map(together, kept), past, zone)
