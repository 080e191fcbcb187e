"""Members who want to be told by e-mail what waits: their own doing, with their own address, ended with one tap."""

from node.domain.members import Member, must_be_dispatcher
from node.domain.tellings import check_address
from node.services import links
from node.services.community import Community
from node.storage.audit import AuditEntry


async def is_told(community: Community, member: Member) -> bool:
    """Whether this member is told. Their address is not opened for that."""
    async with community.database.reading() as work:
        return member.id in await work.tellings.addresses.members()


async def tell_me(community: Community, address: str, by: Member) -> None:
    """From now on tell this member what waits. Raises Invalid, NotAllowed."""
    must_be_dispatcher(by)
    checked = check_address(address)
    async with community.database.unit_of_work() as work:
        await work.tellings.addresses.put(by.id, checked)
        await work.audit.add(AuditEntry(community.now(), by.id, "wants to be told by e-mail", by.id))


async def leave_me(community: Community, member_id: str) -> None:
    """The address goes, and with it every message. Twice is as good as once."""
    async with community.database.unit_of_work() as work:
        await work.tellings.addresses.forget(member_id)
        await work.audit.add(AuditEntry(community.now(), None, "no longer told by e-mail", member_id))


async def leave_me_by_link(community: Community, token: str) -> None:
    """The same over the link in a message. Raises NotFound."""
    await leave_me(community, links.member_of(community, token))
