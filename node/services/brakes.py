"""The brake on opening sealed notes: it stops a stolen session or a curious hand, and counts nobody for anybody.

What weighs on it is looked up at the moment of opening, from the log, and forgotten again. Pages and lists only ever
say that somebody's brake is near or on.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from node.domain.errors import NotAllowed, NotFound
from node.domain.members import Member, must_be_steward
from node.domain.openings import Brake, BrakeLine, brake_at, counted_from, standing
from node.domain.phrases import say
from node.services.community import Community
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork

SAID = {
    Brake.NEAR: "many sealed notes opened",
    Brake.ON: "the brake on sealed notes is on",
    Brake.FREE: "lifted the brake on sealed notes",
}
_MEANT = {action: brake for brake, action in SAID.items()}

HELD = say(
    "You have opened very many sealed notes within a day, so no more open for you now. "
    "This protects the people they are about. Ask a steward to lift it."
)


@dataclass(frozen=True)
class Alert:
    """A member whose brake is near (`is_on` False) or on, for stewards to look after."""

    member_id: str
    member_name: str
    is_on: bool


async def hold(community: Community, work: UnitOfWork, by: Member) -> bool:
    """Whether the brake stops this opening; if not, the opening already weighs on it, and stewards hear of it in time.

    Call it inside the unit of work that writes the opening down, and let that one commit.
    """
    now = community.now()
    lines = _lines(await work.audit.about(by.id, *_MEANT))
    stands = standing(lines, now)
    budget = (await work.ways.get()).openings_a_day
    before = await work.openings.weight(by.id, counted_from(lines, now))
    is_held = stands is Brake.ON or brake_at(before, budget) is Brake.ON
    reached = Brake.ON if is_held else brake_at(before + 1, budget)
    if reached is not Brake.FREE and reached is not stands:
        await work.audit.add(AuditEntry(now, None, SAID[reached], by.id))
    return is_held


async def alerts(community: Community, by: Member) -> tuple[Alert, ...]:
    """Whose brake is near or on, by name. For stewards."""
    must_be_steward(by)
    now = community.now()
    async with community.database.reading() as work:
        lines = _lines(await work.audit.of(*_MEANT))
        stands = {one: standing(_of(lines, one), now) for one in {line.member_id for line in lines}}
        names = await work.members.names(stands)
    found = [Alert(one, names[one], stands[one] is Brake.ON) for one in names if stands[one] is not Brake.FREE]
    return tuple(sorted(found, key=lambda alert: alert.member_name.casefold()))


async def lift(community: Community, member_id: str, by: Member) -> None:
    """Let a member open sealed notes again. Lifting one's own is for a steward who is the only one.

    Raises NotFound, NotAllowed.
    """
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        members = await work.members.all()
        if member_id not in {member.id for member in members}:
            raise NotFound(say("There is no such member."))
        if member_id == by.id and any(member.is_steward and member.id != by.id for member in members):
            raise NotAllowed(say("Ask another steward to lift this for you."))
        await work.audit.add(AuditEntry(community.now(), by.id, SAID[Brake.FREE], member_id))


def _lines(entries: Iterable[AuditEntry]) -> tuple[BrakeLine, ...]:
    return tuple(BrakeLine(entry.subject, entry.at, _MEANT[entry.action]) for entry in entries)


def _of(lines: Iterable[BrakeLine], member_id: str) -> tuple[BrakeLine, ...]:
    return tuple(line for line in lines if line.member_id == member_id)
