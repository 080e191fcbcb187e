"""Calls about a named heir and the copies we hold. Words are made, and copies opened, on pages alone."""

from datetime import datetime

from node.api.v1.fields import Answer
from node.api.v1.operations import Access, Call, NoBody, NoQuery, Operation
from node.domain.heirs import Heir, HeldCopy
from node.services import heirs, peers


class NamedHeir(Answer):
    """The neighbour that was named: when it said yes or no, when it fetched the newest copy, when that was opened.

    `stewards` is for how many of ours words were made.
    """

    peer: str
    name: str
    chosen_at: datetime
    stewards: int
    agreed_at: datetime | None
    refused_at: datetime | None
    fetched_at: datetime | None
    opened_at: datetime | None


class HeirAnswer(Answer):
    """`heir` is null where nobody is named."""

    heir: NamedHeir | None


class HeldAnswer(Answer):
    """The locked copy that we hold for a neighbour: of when it is, since when its community is silent.

    `may_be_opened` only once it was silent for a day, on the page, by two stewards of its community.
    """

    fetched_at: datetime
    dark_since: datetime | None
    opened_at: datetime | None
    may_be_opened: bool


class CopyAnswer(Answer):
    """`held` is null where we hold none for this community."""

    held: HeldAnswer | None


class EndedAnswer(Answer):
    """`told`: whether their server has read that we hold it no longer."""

    told: bool


async def read(call: Call[NoBody, NoQuery]) -> HeirAnswer:
    """Whom we named."""
    standing = await heirs.standing(call.community, call.member)
    named = None if standing.heir is None else _named(standing.heir, standing.heir_name)
    return HeirAnswer(heir=named)


async def end(call: Call[NoBody, NoQuery]) -> None:
    """There is no heir any more."""
    await heirs.end(call.community, call.member)


async def read_copy(call: Call[NoBody, NoQuery]) -> CopyAnswer:
    """What we hold for a neighbour."""
    await peers.get(call.community, call.id)
    copy = await heirs.held(call.community, call.id)
    return CopyAnswer(held=None if copy is None else _held(copy, call.community.now()))


async def hold(call: Call[NoBody, NoQuery]) -> CopyAnswer:
    """Agree to be a neighbour's heir, by fetching the first copy. Raises Conflict where it has not named us."""
    await heirs.hold(call.community, call.id, call.member)
    return await read_copy(call)


async def refuse(call: Call[NoBody, NoQuery]) -> None:
    """Tell a community that named us that we cannot hold its copy. Raises Conflict where it has not named us."""
    await heirs.refuse(call.community, call.id, call.member)


async def stop(call: Call[NoBody, NoQuery]) -> EndedAnswer:
    """Hold their copy no longer; it is erased here at once."""
    return EndedAnswer(told=await heirs.stop_holding(call.community, call.id, call.member))


_STEWARD, _COPY = Access.STEWARD, "/peers/{id}/copy"

OPERATIONS = (
    Operation("GET", "/heir", "get_heir", "Whom we named as heir", read, HeirAnswer, access=_STEWARD),
    Operation("DELETE", "/heir", "end_heir", "There is no heir any more", end, None, 204, access=_STEWARD),
    Operation("GET", _COPY, "get_held_copy", "The locked copy we hold", read_copy, CopyAnswer, access=_STEWARD),
    Operation(
        "POST",
        _COPY,
        "hold_copy",
        "Agree to be the heir of a community that named us",
        hold,
        CopyAnswer,
        access=_STEWARD,
        problems=(409, 502),
    ),
    Operation(
        "POST",
        f"{_COPY}/refuse",
        "refuse_copy",
        "Tell a community that named us that we cannot hold it",
        refuse,
        None,
        204,
        access=_STEWARD,
        problems=(409, 502),
    ),
    Operation("DELETE", _COPY, "stop_holding_copy", "Hold it no longer", stop, EndedAnswer, access=_STEWARD),
)


def _named(heir: Heir, name: str) -> NamedHeir:
    return NamedHeir(
        peer=heir.peer_id,
        name=name,
        chosen_at=heir.chosen_at,
        stewards=heir.stewards,
        agreed_at=heir.agreed_at,
        refused_at=heir.refused_at,
        fetched_at=heir.fetched_at,
        opened_at=heir.opened_at,
    )


def _held(copy: HeldCopy, now: datetime) -> HeldAnswer:
    return HeldAnswer(
        fetched_at=copy.fetched_at,
        dark_since=copy.dark_since,
        opened_at=copy.opened_at,
        may_be_opened=copy.may_be_opened(now),
    )
