"""What strangers wrote to us alone: a queue for dispatchers. Nothing of it is ever published."""

from dataclasses import dataclass

from node.domain.errors import NotFound
from node.domain.members import Member, must_be_dispatcher
from node.domain.peers import host_of
from node.domain.shares import Share
from node.domain.strangers import MOST_WAITING, Enquiry, Reaction
from node.services.community import Community

__all__ = ["EnquiryLine", "counts", "done", "listing"]


@dataclass(frozen=True)
class EnquiryLine:
    """A message, its sender's host, and the share it answers, if it answers one."""

    enquiry: Enquiry
    host: str
    share: Share | None


async def listing(community: Community, by: Member) -> tuple[EnquiryLine, ...]:
    """Every message that waits, newest first. Raises NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        found = await work.enquiries.all(MOST_WAITING)
        shares = await work.shares.these(enquiry.share_id for enquiry in found if enquiry.share_id)
    return tuple(EnquiryLine(enquiry, host_of(enquiry.actor), shares.get(enquiry.share_id or "")) for enquiry in found)


async def done(community: Community, enquiry_id: str, by: Member) -> None:
    """Somebody took care of it; it is forgotten. Twice is as good as once. Raises NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.unit_of_work() as work:
        await work.enquiries.remove(enquiry_id)


async def counts(community: Community, share_id: str, by: Member) -> dict[Reaction, int]:
    """How often a share was liked, shown to others and answered in public. Raises NotFound, NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        if await work.shares.get(share_id) is None:
            raise NotFound("There is no such share.")
        return await work.reactions.counts(share_id)
