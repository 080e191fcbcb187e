"""Calls about moving house. It is prepared at the server, by whoever keeps it."""

from datetime import datetime

from node.api.v1.fields import Answer
from node.api.v1.operations import Access, Call, NoBody, NoQuery, Operation
from node.services import moving
from node.services.moving import Standing


class FormerAnswer(Answer):
    """The address that was left; `told_at` is null until everybody was told."""

    address: str
    left_at: datetime
    told_at: datetime | None
    answered_until: datetime


class MovingAnswer(Answer):
    """Where the community lives, and how far a move has come; `former` is null where there is none.

    `came_along` and `not_yet` are names of linked communities; so many `tasks` and offers still end at the old address.
    """

    lives_at: str
    former: FormerAnswer | None
    came_along: tuple[str, ...]
    not_yet: tuple[str, ...]
    tasks: int


async def read(call: Call[NoBody, NoQuery]) -> MovingAnswer:
    """How far a move has come."""
    return _answer(await moving.standing(call.community, call.member))


async def tell(call: Call[NoBody, NoQuery]) -> MovingAnswer:
    """Tell everybody who knows us; twice is as good as once. Raises Conflict where no move is prepared."""
    await moving.tell(call.community, call.member)
    return await read(call)


_STEWARD = Access.STEWARD

OPERATIONS = (
    Operation("GET", "/moving", "get_move", "How far moving house has come", read, MovingAnswer, access=_STEWARD),
    Operation(
        "POST",
        "/moving/tell",
        "tell_of_move",
        "Tell everybody who knows us that we moved",
        tell,
        MovingAnswer,
        access=_STEWARD,
        problems=(409,),
    ),
)


def _answer(standing: Standing) -> MovingAnswer:
    home = standing.former
    former = None
    if home is not None:
        former = FormerAnswer(
            address=home.base_url, left_at=home.left_at, told_at=home.told_at, answered_until=home.answered_until
        )
    return MovingAnswer(
        lives_at=standing.lives_at,
        former=former,
        came_along=standing.came_along,
        not_yet=standing.not_yet,
        tasks=standing.tasks,
    )
