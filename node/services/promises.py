"""What of a need is with somebody: nothing of it may be promised a second time."""

from collections.abc import Iterable
from decimal import Decimal

from node.storage.unit_of_work import UnitOfWork


async def promised(work: UnitOfWork, notice_id: str, but: str | None = None) -> Decimal:
    """How much of a notice of ours is with other communities, with helpers here or in agreed matches.

    `but` is the id of a response, a part or a match that is left out. Inside a unit of work.
    """
    return (await promised_of(work, (notice_id,), but))[notice_id]


async def promised_of(work: UnitOfWork, ids: Iterable[str], but: str | None = None) -> dict[str, Decimal]:
    """The same for several notices, by their ids."""
    found = dict.fromkeys(ids, Decimal(0))
    held = [match for match in await work.matches.of_notices(found) if match.holds]
    with_somebody = (
        *((one.id, one.notice_id, one.quantity) for one in await work.responses.running_about(found)),
        *((one.id, one.notice_id, one.quantity) for one in await work.taken.of_notices(found)),
        *((one.id, side, one.amount_of(side)) for one in held for side in (one.need_id, one.offer_id)),
    )
    for one_id, notice_id, quantity in with_somebody:
        if notice_id in found and one_id != but:
            found[notice_id] += quantity
    return found
