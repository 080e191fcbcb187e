"""What leaves this community is for real: while it practises, nothing does. Asked wherever something would go out."""

from node.domain.errors import Conflict
from node.domain.practice import STAYS_HERE
from node.services.community import profile_in
from node.storage.unit_of_work import UnitOfWork


async def is_practising(work: UnitOfWork) -> bool:
    """Whether what is asked and offered here is only practice."""
    return (await profile_in(work)).practice.is_under_way


async def must_be_for_real(work: UnitOfWork, sentence: str = STAYS_HERE) -> None:
    """Raise Conflict with this sentence while the community practises."""
    if await is_practising(work):
        raise Conflict(sentence)


async def why_not(work: UnitOfWork) -> str:
    """One sentence why nothing leaves this community now; empty where it may."""
    return STAYS_HERE if await is_practising(work) else ""
