"""What was with somebody ends with the notice it was about. Always inside a unit of work.

What changes of other notices is stored here; whoever calls lets their shares follow.
"""

from datetime import datetime
from decimal import Decimal

from node.domain.matches import Match
from node.domain.notices import Kind, Notice, Status, fulfil, return_quantity
from node.services.promises import promised
from node.storage.unit_of_work import UnitOfWork


async def let_go(work: UnitOfWork, notice: Notice, now: datetime) -> tuple[Notice, ...]:
    """A notice was closed: helpers have nothing more of it, its matches end. Answers what changed of other notices."""
    await work.taken.remove_of(notice.id)
    # An offer that is gone was not always given to the need that it was meant for: somebody has to look.
    was_met = notice.kind is Kind.NEED and notice.status is Status.MET
    changed = []
    for match in await work.matches.of_notice(notice.id):
        await work.matches.remove(match.id)
        other = await work.notices.get(match.other(notice.id))
        if other is not None and match.holds:
            changed.append(await settle_side(work, match, other, now, was_met))
    return tuple(changed)


async def settle_side(work: UnitOfWork, match: Match, notice: Notice, now: datetime, was_met: bool) -> Notice:
    """One side of a match that was removed: what it held of this notice is met, or open again. Stored, and answered."""
    amount = match.amount_of(notice.id)
    if amount <= 0:
        return notice
    left = await promised(work, notice.id, but=match.id)
    settled = fulfil(notice, amount, amount, left, now) if was_met else return_quantity(notice, amount, left, now)
    await work.notices.put(settled)
    return settled


async def parts_home(work: UnitOfWork, notice_id: str, now: datetime) -> Notice | None:
    """Helpers may not read a need any more: what they had taken on is open again. None where they had nothing."""
    taken = sum((part.quantity for part in await work.taken.of_notice(notice_id)), Decimal(0))
    notice = await work.notices.get(notice_id)
    if not taken or notice is None:
        return None
    await work.taken.remove_of(notice_id)
    changed = return_quantity(notice, taken, await promised(work, notice_id), now)
    await work.notices.put(changed)
    return changed
