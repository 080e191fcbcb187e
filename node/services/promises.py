"""What of a need is with somebody: nothing of it may be promised a second time."""

from decimal import Decimal

from node.storage.unit_of_work import UnitOfWork


async def promised(work: UnitOfWork, notice_id: str, but: str | None = None) -> Decimal:
    """How much of a notice of ours is with other communities, with helpers here or in agreed matches.

    `but` is the id of a response, a part or a match that is left out. Inside a unit of work.
    """
    elsewhere = await work.responses.promised(notice_id, but)
    here = await work.taken.promised(notice_id, but) + await work.matches.promised(notice_id, but)
    return elsewhere + here
