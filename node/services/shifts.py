"""Shifts: written down, taken, let go. Dispatchers alone read who takes one, and with the shift it is forgotten."""

from dataclasses import dataclass, replace
from datetime import datetime

from node.domain.errors import NotFound
from node.domain.members import Member, must_be_dispatcher
from node.domain.shifts import MOST_SHIFTS, OVER, Shift, check_shift, must_have_room, week_by_week
from node.domain.shifts import take as is_new_hand
from node.services.community import Community, zone_in
from node.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class ShiftDraft:
    """What is written down: from when until when, a word, and in how many weeks."""

    starts_at: datetime
    ends_at: datetime
    words: str
    weeks: int = 1


@dataclass(frozen=True)
class ShiftLine:
    """A shift with the names of those who take it; `is_mine` tells whether the reader does."""

    shift: Shift
    names: tuple[str, ...]
    is_mine: bool


async def write(community: Community, draft: ShiftDraft, by: Member, form_id: str | None = None) -> None:
    """Write a shift down, in one week or several; the same `form_id` twice does it once.

    Raises Invalid, Conflict where there are too many, NotAllowed.
    """
    must_be_dispatcher(by)
    now = community.now()
    one = check_shift(Shift(community.new_id(), draft.starts_at, draft.ends_at, draft.words), now)
    form = community.database.vault.fingerprint(f"shift {form_id}").hex() if form_id else None
    async with community.database.unit_of_work() as work:
        if form is not None and await work.shifts.is_known(form):
            return
        zone = await zone_in(community, work)
        here = replace(one, starts_at=one.starts_at.astimezone(zone), ends_at=one.ends_at.astimezone(zone))
        every = week_by_week(here, draft.weeks, community.new_id)
        must_have_room(len(await work.shifts.to_come(now, MOST_SHIFTS)), len(every))
        await work.shifts.add(every, form)


async def listing(community: Community, by: Member) -> tuple[ShiftLine, ...]:
    """What is to come, the next first. Raises NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        found = await work.shifts.to_come(community.now(), MOST_SHIFTS)
        names = await work.members.names(hand for one in found for hand in one.hands)
    return tuple(
        ShiftLine(one, tuple(names[hand] for hand in one.hands if hand in names), by.id in one.hands) for one in found
    )


async def take(community: Community, shift_id: str, by: Member) -> None:
    """“I take it”. Twice is as good as once. Raises NotFound, NotAllowed, Conflict where enough do."""
    must_be_dispatcher(by)
    async with community.database.unit_of_work() as work:
        if is_new_hand(await _found(community, work, shift_id), by.id):
            await work.shifts.join(shift_id, by.id)


async def let_go(community: Community, shift_id: str, by: Member) -> None:
    """“Not me after all”: no reason is asked for or kept. Raises NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.unit_of_work() as work:
        await work.shifts.leave(shift_id, by.id)


async def take_off(community: Community, shift_id: str, by: Member) -> None:
    """The shift does not take place: it is off the list. Twice is as good as once. Raises NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.unit_of_work() as work:
        await work.shifts.remove(shift_id)


async def _found(community: Community, work: UnitOfWork, shift_id: str) -> Shift:
    found = await work.shifts.get(shift_id)
    if found is None or found.ends_at <= community.now():
        raise NotFound(OVER)
    return found
