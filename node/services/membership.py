"""A member's roles, sign-ins and membership: given, taken and ended by stewards, or on the command line (`by` None)."""

from node.domain.errors import ChangedMeanwhile, NotFound
from node.domain.members import (
    Member,
    Role,
    must_be_steward,
    must_be_steward_or_command_line,
    must_not_be_the_last,
    with_roles,
)
from node.domain.phrases import say
from node.services import invitations, sign_in, taking_on
from node.services.community import Community
from node.storage.audit import AuditEntry
from node.storage.sealing import StoredSealing
from node.storage.unit_of_work import UnitOfWork
from node.storage.vault import token_hash

MADE_LINK = "made a sign-in link"


async def get(community: Community, member_id: str, by: Member) -> Member:
    """One member, for stewards. Raises NotFound, NotAllowed."""
    must_be_steward(by)
    async with community.database.reading() as work:
        return await _found(work, member_id)


async def change_roles(
    community: Community,
    member_id: str,
    roles: frozenset[Role],
    by: Member | None,
    seen: frozenset[str] | None = None,
) -> Member:
    """These roles in place of theirs; without any they stay a member. What needed a role that is gone ends with it.

    `seen` are the roles that whoever decides this has read: others decide at the same time. Raises NotFound,
    NotAllowed, ChangedMeanwhile, and Conflict where nobody would be a steward any more.
    """
    must_be_steward_or_command_line(by)
    async with community.database.unit_of_work() as work:
        before = await _found(work, member_id)
        if seen is not None and before.roles != seen:
            raise ChangedMeanwhile(["roles"])
        after = with_roles(before, roles)
        if after.roles == before.roles:
            return before
        if not after.is_steward:
            must_not_be_the_last(before, await work.members.all())
        await work.members.set_roles(after)
        await _give_up(community, work, before, after)
        await _note(community, work, by, "changed what somebody does here", after, ", ".join(sorted(after.roles)))
    return after


async def make_link(community: Community, member_id: str, by: Member) -> str:
    """A link that signs this member in once; it ends nothing else. The log says who made it.

    Raises NotFound, NotAllowed.
    """
    member = await get(community, member_id, by)
    link = await sign_in.make_link(community, member.id)
    async with community.database.unit_of_work() as work:
        await _note(community, work, by, MADE_LINK, member)
    return link


async def end_sign_ins(community: Community, member_id: str, by: Member, keep: str = "") -> None:
    """Whatever lets this member in ends, on every device: sessions, links, the password, tokens, their calendar's link.

    But the session with the token `keep`. Their devices are told nothing any more. Raises NotFound, NotAllowed.
    """
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        member = await _found(work, member_id)
        await work.sessions.end_of(member.id, token_hash(keep) if keep else "")
        await work.members.set_password_hash(member.id, None)
        await work.tellings.devices.forget_of(member.id)
        await _note(community, work, by, "signed somebody out everywhere", member)


async def end(community: Community, member_id: str, by: Member | None) -> None:
    """Somebody is a member no more. What they have in hand is open again; name, addresses and sign-ins are erased.

    Where they wrote something down an id stays that leads to nobody. Raises NotFound, NotAllowed, and Conflict where
    nobody would be a steward any more.
    """
    must_be_steward_or_command_line(by)
    async with community.database.unit_of_work() as work:
        member = await _found(work, member_id)
        must_not_be_the_last(member, await work.members.all())
        await work.erase_for_good()
        await taking_on.leave_all(community, work, member.id)
        await _void_given(work, member.id)
        await _void_yeses(work, member.id)
        await work.members.remove(member.id)
        await _note(community, work, by, "ended a membership", member)


async def _give_up(community: Community, work: UnitOfWork, before: Member, after: Member) -> None:
    """What somebody no longer may look after goes back, and what told them of it ends."""
    if not after.is_helper:
        await taking_on.leave_all(community, work, after.id)
    if not after.is_dispatcher:
        await work.shifts.leave_all(after.id)
        await work.sessions.end_calendar(after.id)
        await work.tellings.addresses.forget(after.id)
        await work.tellings.devices.forget_of(after.id)
    if before.is_steward and not after.is_steward:
        await _void_given(work, after.id)
    if (before.is_steward, before.is_dispatcher) != (after.is_steward, after.is_dispatcher):
        await _void_yeses(work, after.id)


async def _void_given(work: UnitOfWork, steward_id: str) -> None:
    """Ways in that a steward made for others, and may still know, end: open invitations, unused sign-in links."""
    await invitations.end_those_of(work, steward_id)
    for line in await work.audit.of(MADE_LINK):
        if line.member_id == steward_id:
            await work.sessions.end_links_of(line.subject)


async def _void_yeses(work: UnitOfWork, member_id: str) -> None:
    """What waits for a second yes to theirs waits no more."""
    await work.first_yeses.remove_of(member_id)
    if (await work.sealing.get()).asked_by == member_id:
        await work.sealing.put(StoredSealing())


async def _found(work: UnitOfWork, member_id: str) -> Member:
    found = await work.members.get(member_id)
    if found is None:
        raise NotFound(say("There is no such member."))
    return found


async def _note(
    community: Community, work: UnitOfWork, by: Member | None, action: str, member: Member, detail: str = ""
) -> None:
    await work.audit.add(AuditEntry(community.now(), by.id if by else None, action, member.id, detail))
