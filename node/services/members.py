"""Members: who they are and what they may do."""

from node.domain.errors import Conflict, Invalid, NameTaken, NotFound
from node.domain.members import Member, Role, check_name, look_of
from node.domain.phrases import say
from node.services.community import Community
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork


async def add(community: Community, name: str, roles: frozenset[Role]) -> Member:
    """Store a new member with at least one role. Raises Invalid, and Conflict where the name is taken."""
    if not roles:
        raise Invalid({"role": say("Choose at least one role.")})
    member = Member(community.new_id(), check_name(name), roles, community.now())
    async with community.database.unit_of_work() as work:
        if await _is_taken(work, member.name, member.id):
            raise Conflict(say("There is already a member called %(name)s.", name=member.name))
        await work.members.add(member)
        await work.audit.add(AuditEntry(member.created_at, None, "added a member", member.id))
    return member


async def rename(community: Community, member: Member, name: str) -> None:
    """The same as `rename_in`, by itself."""
    async with community.database.unit_of_work() as work:
        await rename_in(community, work, member, name)


async def rename_in(community: Community, work: UnitOfWork, member: Member, name: str) -> None:
    """A member is called so from now on, and signs in with that. Inside a unit of work.

    Raises Invalid where the name cannot be, or is another's.
    """
    wanted = check_name(name)
    if wanted == member.name:
        return
    await must_be_free(work, wanted, member.id)
    await work.members.set_name(member.id, wanted)
    await work.audit.add(AuditEntry(community.now(), member.id, "changed their name", member.id))


async def must_be_free(work: UnitOfWork, name: str, member_id: str) -> None:
    """Raise NameTaken where somebody else is called that, or something that looks the same."""
    if await _is_taken(work, name, member_id):
        taken = say("Somebody here is called that already. Add a letter or a second name.")
        raise NameTaken({"name": taken}, taken)


async def _is_taken(work: UnitOfWork, name: str, member_id: str) -> bool:
    return any(look_of(one.name) == look_of(name) and one.id != member_id for one in await work.members.all())


async def read_in(community: Community, member: Member, language: str) -> None:
    """From now on this member reads in this language, on every device."""
    async with community.database.unit_of_work() as work:
        await work.members.set_language(member.id, language)


async def by_name(community: Community, name: str) -> Member:
    """The member of this name, whatever its capitals. Raises NotFound."""
    async with community.database.reading() as work:
        member = await work.members.by_name(name)
    if member is None:
        raise NotFound(f"There is no member called {name}. See: manyhands member list")
    return member


async def listing(community: Community) -> tuple[Member, ...]:
    """Every member, by name."""
    async with community.database.reading() as work:
        return await work.members.all()
