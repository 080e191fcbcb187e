"""The two-steward rule for links and for sharing: set, said yes to, taken back."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from node.domain.errors import Conflict
from node.domain.members import Member, must_be_steward
from node.domain.second_yes import FirstYes
from node.services.community import Community
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork


class Deed(StrEnum):
    """What may take two stewards."""

    LINKS = "links"
    SHARES = "shares"


@dataclass(frozen=True)
class Waiting:
    """A first yes that waits; `name` is whose it is, `is_mine` whether of whoever asks."""

    name: str
    at: datetime
    is_mine: bool


async def rules(community: Community) -> frozenset[Deed]:
    """What takes two stewards here."""
    async with community.database.reading() as work:
        return await _rules(work)


async def require_two(community: Community, deed: Deed, needs_two: bool, by: Member | None) -> None:
    """Whether something takes two stewards. A steward may ask for it; only the command line (`by` None) ends it.

    Raises Conflict, NotAllowed.
    """
    if by is not None:
        must_be_steward(by)
        if not needs_two:
            raise Conflict(f"One steward alone cannot end this. On the server: manyhands peer stewards {deed} 1")
    async with community.database.unit_of_work() as work:
        ways = await work.ways.get()
        is_links = deed is Deed.LINKS
        changed = replace(ways, links_need_two=needs_two) if is_links else replace(ways, shares_need_two=needs_two)
        await work.ways.put(changed)
        action = f"{deed} take {'two stewards' if needs_two else 'one steward'}"
        await work.audit.add(AuditEntry(community.now(), by.id if by else None, action, "community"))


async def waiting(community: Community, subject: str, by: Member) -> Waiting | None:
    """The yes that waits for a second one, as this member sees it."""
    async with community.database.reading() as work:
        first = await work.first_yeses.get(subject, community.now())
        names = await work.members.names([first.member_id] if first else [])
    return Waiting(names.get(first.member_id, ""), first.at, first.member_id == by.id) if first else None


async def details(community: Community, subject: str) -> dict[str, object] | None:
    """What exactly the first yes was said to."""
    async with community.database.reading() as work:
        first = await work.first_yeses.get(subject, community.now())
    return first.details if first else None


async def take_back(community: Community, subject: str, by: Member) -> None:
    """A first yes is void. Any steward may say so, and whoever said it. Raises NotAllowed. Twice is as good as once."""
    async with community.database.unit_of_work() as work:
        first = await work.first_yeses.get(subject, community.now())
        if first is None:
            return
        if first.member_id != by.id:
            must_be_steward(by)
        await work.first_yeses.remove(subject)
        await work.audit.add(AuditEntry(community.now(), by.id, "took a first yes back", subject))


async def is_agreed(work: UnitOfWork, deed: Deed, said: FirstYes | None, *, may_complete: bool = True) -> bool:
    """Whether this yes is enough, alone or as the second; else it waits for a second. Inside a unit of work.

    None stands for the command line, whose word is enough. Whoever may not `complete` can say the first yes alone.
    """
    if said is None or deed not in await _rules(work):
        return True
    first = await work.first_yeses.get(said.subject, said.at)
    if first is not None and first.is_completed_by(said):
        if may_complete:
            await work.first_yeses.remove(said.subject)
        return may_complete
    if first is None or first.member_id != said.member_id or first.details != said.details:
        await work.first_yeses.put(said)
        await work.audit.add(AuditEntry(said.at, said.member_id, "said the first yes", said.subject))
    return False


async def _rules(work: UnitOfWork) -> frozenset[Deed]:
    ways = await work.ways.get()
    found = {Deed.LINKS: ways.links_need_two, Deed.SHARES: ways.shares_need_two}
    return frozenset(deed for deed, needs_two in found.items() if needs_two)
