"""Calls about neighbouring communities."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from node.api.v1.fields import Answer, Body, Text
from node.api.v1.operations import Access, Call, NoBody, NoQuery, Operation
from node.domain.categories import SHIPPED
from node.domain.exchange import in_order
from node.domain.peers import FollowState, PeerLevel, PeerStanding
from node.services import exchange, peers
from node.services.exchange import Wish

Categories = Annotated[tuple[Text, ...], Field(max_length=len(SHIPPED))]
_WORDS = frozenset({"asked", "asking", "accepted", "paused", "blocked"})


class NewPeer(Body):
    """`public` follows the public feed only, `peers` also asks for a peering."""

    address: Annotated[Text, Field(min_length=1, max_length=2000, description="`@name@host` or a URL.")]
    level: PeerLevel


class PeerPatch(Body):
    """`sends` and `receives` list the categories that flow from now on, each list whole.

    What no longer goes there is asked back, and what goes there anew is sent. The level `public` ends a peering.
    """

    level: PeerLevel | None = None
    sends: Categories | None = None
    receives: Categories | None = None


class StateAnswer(Answer):
    """`outgoing`: we follow them. `incoming`: they follow us. One of asked (they asked us), asking (we asked them),
    accepted, paused, blocked; null where nothing is asked or agreed.
    """

    outgoing: str | None
    incoming: str | None


class PeerAnswer(Answer):
    """A neighbouring community and where each direction stands.

    `sends` and `receives`: the categories of notices for neighbours that go there, and that are taken in from there.
    """

    id: str
    address: str
    name: str
    host: str
    level: PeerLevel
    state: StateAnswer
    resting_until: Annotated[
        datetime | None, Field(description="Until when it rests and takes nothing on; null while it does not.")
    ]
    sends: tuple[str, ...]
    receives: tuple[str, ...]


class PeerList(Answer):
    """All of them; `next` is always null."""

    items: tuple[PeerAnswer, ...]
    next: str | None


async def listing(call: Call[NoBody, NoQuery]) -> PeerList:
    """All neighbouring communities."""
    return PeerList(items=tuple(_answer(call, one) for one in await peers.listing(call.community)), next=None)


async def read(call: Call[NoBody, NoQuery]) -> PeerAnswer:
    """One neighbouring community."""
    return _answer(call, await peers.get(call.community, call.id))


async def add(call: Call[NewPeer, NoQuery]) -> PeerAnswer:
    """Look a community up and follow it. Raises PeerTrouble or Invalid."""
    return _answer(call, await peers.add(call.community, call.body.address, call.body.level, call.member))


async def change(call: Call[PeerPatch, NoQuery]) -> PeerAnswer:
    """Change what flows, or how far the link goes; what is left out stays. Raises Invalid, PeerTrouble, Conflict."""
    body = call.body
    standing = await exchange.choose(call.community, call.id, Wish(body.sends, body.receives), call.member)
    if body.level is not None and body.level is not standing.peer.level:
        standing = await peers.change_level(call.community, call.id, body.level, call.member)
    return _answer(call, standing)


async def accept(call: Call[NoBody, NoQuery]) -> PeerAnswer:
    """Agree to what they asked."""
    return _answer(call, await peers.accept(call.community, call.id, call.member))


async def decline(call: Call[NoBody, NoQuery]) -> PeerAnswer:
    """Do not agree to what they asked."""
    return _answer(call, await peers.decline(call.community, call.id, call.member))


async def pause(call: Call[NoBody, NoQuery]) -> PeerAnswer:
    """Exchange nothing for a while."""
    return _answer(call, await peers.pause(call.community, call.id, call.member))


async def resume(call: Call[NoBody, NoQuery]) -> PeerAnswer:
    """End the pause."""
    return _answer(call, await peers.resume(call.community, call.id, call.member))


async def block(call: Call[NoBody, NoQuery]) -> PeerAnswer:
    """Exchange nothing at all."""
    return _answer(call, await peers.block(call.community, call.id, call.member))


async def unblock(call: Call[NoBody, NoQuery]) -> PeerAnswer:
    """End the block."""
    return _answer(call, await peers.unblock(call.community, call.id, call.member))


async def drop(call: Call[NoBody, NoQuery]) -> None:
    """End the link and forget the community."""
    await peers.drop(call.community, call.id, call.member)


_STEWARD = Access.STEWARD

OPERATIONS = (
    Operation("GET", "/peers", "list_peers", "List neighbouring communities", listing, PeerList),
    Operation(
        "POST",
        "/peers",
        "add_peer",
        "Follow a community, or ask it for a peering",
        add,
        PeerAnswer,
        201,
        body=NewPeer,
        access=_STEWARD,
        location="/peers/{id}",
        problems=(409, 502),
    ),
    Operation("GET", "/peers/{id}", "get_peer", "Read one neighbouring community", read, PeerAnswer),
    Operation(
        "PATCH",
        "/peers/{id}",
        "change_peer",
        "Choose what goes there and what is taken in",
        change,
        PeerAnswer,
        body=PeerPatch,
        access=_STEWARD,
        problems=(409, 502),
    ),
    Operation(
        "DELETE", "/peers/{id}", "drop_peer", "End the link and forget the community", drop, None, 204, access=_STEWARD
    ),
    *(
        Operation(
            "POST",
            f"/peers/{{id}}/{word}",
            f"{word}_peer",
            summary,
            handle,
            PeerAnswer,
            access=_STEWARD,
            problems=(409, 502),
        )
        for word, summary, handle in (
            ("accept", "Agree to what the community asked", accept),
            ("decline", "Do not agree to what the community asked", decline),
            ("pause", "Exchange nothing for a while", pause),
            ("resume", "End the pause", resume),
            ("block", "Exchange nothing at all", block),
            ("unblock", "End the block", unblock),
        )
    ),
)


def _answer(call: Call[Any, Any], standing: PeerStanding) -> PeerAnswer:
    peer = standing.peer
    return PeerAnswer(
        id=peer.id,
        address=peer.address,
        name=peer.name,
        host=peer.host,
        level=peer.level,
        state=StateAnswer(outgoing=_word(standing, standing.outgoing), incoming=_word(standing, standing.incoming)),
        resting_until=standing.rests(call.community.now()),
        sends=in_order(peer.exchange.sends),
        receives=in_order(peer.exchange.receives),
    )


def _word(standing: PeerStanding, state: FollowState | None) -> str | None:
    word = standing.shown(state)
    return word if word in _WORDS else None
