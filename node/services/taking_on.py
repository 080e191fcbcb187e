"""Helpers take needs on and hand them back. Of what has ended nothing stays that names anybody.

The log says that somebody did it, never who: whoever is trusted with a need is not watched, and nobody is counted.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from node.domain.errors import Conflict, Invalid, NotFound
from node.domain.members import Member, must_be_dispatcher, must_be_helper
from node.domain.notices import NOTE_LIMIT, SET_STATUS, Notice, commit_quantity, fulfil, return_quantity
from node.domain.phrases import say
from node.domain.taking_on import (
    HELD_FOR,
    NOT_OPEN,
    NOT_YOURS,
    Part,
    amount_done,
    amount_taken,
    hand_back,
    may_be_taken_on,
)
from node.domain.taking_on import come_along as one_more
from node.services import publishing
from node.services.community import Community
from node.services.meeting import phrase_of_part
from node.services.promises import promised
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork

TOOK_ON = "a helper took it on"
CAME_ALONG = "a helper came along"
HANDED_BACK = "a helper handed it back"
BROUGHT_HOME = "took a need back from a helper"
RAN_OUT = "the time with a helper ran out"
BATCH = 100


@dataclass(frozen=True)
class Ending:
    """How it went: all of a part is done, or some of it; how much, and a few words for the dispatchers."""

    is_whole: bool = True
    quantity: Decimal | None = None
    words: str = ""


@dataclass(frozen=True)
class HeldPart:
    """A part with the names of those who have it; for dispatchers, with what is said at the door."""

    part: Part
    names: tuple[str, ...]
    phrase: str = ""


async def take_on(community: Community, notice_id: str, quantity: Decimal | None, by: Member) -> Part:
    """“I can do this”: so much of it, or all that is open, is with this helper from now on. Twice is as good as once.

    Raises Invalid, NotFound, NotAllowed, and Conflict where it is no longer open.
    """
    must_be_helper(by)
    now = community.now()
    async with community.database.unit_of_work() as work:
        notice = await _for_helpers(work, notice_id)
        earlier = await own_part(work, notice_id, by)
        if earlier is not None:
            return earlier
        if not may_be_taken_on(notice, await promised(work, notice_id)):
            raise Conflict(NOT_OPEN)
        amount = amount_taken(notice, quantity)
        part = Part(community.new_id(), notice_id, amount, now, (by.id,))
        await work.taken.add(part)
        await publishing.change_notice(community, work, commit_quantity(notice, amount, now))
        await work.audit.add(AuditEntry(now, None, TOOK_ON, notice_id))
    return part


async def come_along(community: Community, notice_id: str, part_id: str, by: Member) -> Part:
    """One more hand on what somebody else has taken on. Raises NotFound, NotAllowed, Conflict."""
    must_be_helper(by)
    now = community.now()
    async with community.database.unit_of_work() as work:
        await _for_helpers(work, notice_id)
        earlier = await own_part(work, notice_id, by)
        if earlier is not None:
            return earlier
        part = await _part(work, notice_id, part_id)
        joined = one_more(part, by.id)
        await work.taken.join(part.id, by.id, now)
        await work.audit.add(AuditEntry(now, None, CAME_ALONG, notice_id))
    return joined


async def give_back(community: Community, notice_id: str, by: Member) -> None:
    """“I can no longer help”: no reason is asked for or kept. With the last hand gone it is open again.

    Raises NotFound, NotAllowed, and Conflict where it is not theirs.
    """
    must_be_helper(by)
    async with community.database.unit_of_work() as work:
        _notice, part = await _own(work, notice_id, by)
        await _leave(community, work, part, by.id)


async def leave_all(community: Community, work: UnitOfWork, member_id: str) -> None:
    """The same for all that a member has in hand, inside a unit of work."""
    for part in await work.taken.by_member(member_id):
        await _leave(community, work, part, member_id)


async def finish(community: Community, notice_id: str, ending: Ending, by: Member) -> Notice:
    """“It is done”, or a part of it is: the notice follows, and nothing stays of who did it.

    Raises Invalid, NotFound, NotAllowed, and Conflict where it is not theirs.
    """
    must_be_helper(by)
    words = ending.words.strip()
    if len(words) > NOTE_LIMIT:
        raise Invalid({"words": say("Please use at most %(most)s characters.", most=NOTE_LIMIT)})
    now = community.now()
    async with community.database.unit_of_work() as work:
        notice, part = await _own(work, notice_id, by)
        brought = part.quantity if ending.is_whole else amount_done(notice, part, ending.quantity)
        await work.taken.remove(part.id)
        left = await promised(work, notice_id)
        changed = fulfil(notice, part.quantity, brought, left, now)
        await work.audit.add(AuditEntry(now, None, f"{SET_STATUS}{changed.status}", notice_id, words))
        await publishing.change_notice(community, work, changed)
    return changed


async def bring_home(community: Community, notice_id: str, part_id: str, by: Member) -> None:
    """A dispatcher opens again what helpers had taken on. Raises NotAllowed, Conflict."""
    must_be_dispatcher(by)
    async with community.database.unit_of_work() as work:
        part = await _part(work, notice_id, part_id)
        await _open_again(community, work, part)
        await work.audit.add(AuditEntry(community.now(), by.id, BROUGHT_HOME, notice_id))


async def run_out(community: Community) -> None:
    """What nobody has said anything about for long is open again."""
    now = community.now()
    async with community.database.reading() as work:
        is_due = bool(await work.taken.since_before(now - HELD_FOR, 1))
    if not is_due:
        return
    async with community.database.unit_of_work() as work:
        for part in await work.taken.since_before(now - HELD_FOR, BATCH):
            await _open_again(community, work, part)
            await work.audit.add(AuditEntry(now, None, RAN_OUT, part.notice_id))


async def held(community: Community, notice_id: str, by: Member) -> tuple[HeldPart, ...]:
    """Who has which part of a need now, for dispatchers. Raises NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        found = await with_names(work, await work.taken.of_notice(notice_id))
    return tuple(replace(one, phrase=phrase_of_part(community, one.part)) for one in found)


async def with_names(work: UnitOfWork, parts: tuple[Part, ...]) -> tuple[HeldPart, ...]:
    """Parts with the names of those who have them."""
    names = await work.members.names(one for part in parts for one in part.hands)
    return tuple(HeldPart(part, tuple(names.get(one, say("somebody")) for one in part.hands)) for part in parts)


async def own_part(work: UnitOfWork, notice_id: str, by: Member) -> Part | None:
    """What of this need is with this member."""
    return next((part for part in await work.taken.of_notice(notice_id) if by.id in part.hands), None)


async def _own(work: UnitOfWork, notice_id: str, by: Member) -> tuple[Notice, Part]:
    notice, part = await _found(work, notice_id), await own_part(work, notice_id, by)
    if part is None:
        raise Conflict(NOT_YOURS)
    return notice, part


async def _part(work: UnitOfWork, notice_id: str, part_id: str) -> Part:
    part = next((one for one in await work.taken.of_notice(notice_id) if one.id == part_id), None)
    if part is None:
        raise Conflict(say("Nobody has this any more."))
    return part


async def _found(work: UnitOfWork, notice_id: str) -> Notice:
    notice = await work.notices.get(notice_id)
    if notice is None:
        raise NotFound(NOT_OPEN)
    return notice


async def _for_helpers(work: UnitOfWork, notice_id: str) -> Notice:
    """The notice, where helpers may read it; for everybody else there is no such notice."""
    notice = await _found(work, notice_id)
    if not notice.consent.board:
        raise NotFound(NOT_OPEN)
    return notice


async def _leave(community: Community, work: UnitOfWork, part: Part, member_id: str) -> None:
    left = hand_back(part, member_id)
    await work.taken.leave(part.id, member_id)
    if not left.hands:
        await _open_again(community, work, part)
    await work.audit.add(AuditEntry(community.now(), None, HANDED_BACK, part.notice_id))


async def _open_again(community: Community, work: UnitOfWork, part: Part) -> None:
    await work.taken.remove(part.id)
    notice = await _found(work, part.notice_id)
    left = await promised(work, notice.id)
    await publishing.change_notice(community, work, return_quantity(notice, part.quantity, left, community.now()))
