"""Calls about whose public posts we follow."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from node.api.v1.fields import Answer, Body, Text
from node.api.v1.operations import Access, Call, NoBody, NoQuery, Operation
from node.domain.peers import FollowState
from node.services import followed


class NewFollow(Body):
    """Somebody in the fediverse."""

    address: Annotated[Text, Field(min_length=1, max_length=500, description="`@name@host` or a URL.")]


class FollowedAnswer(Answer):
    """`type` is the actor's own word; `peer` its id under `/peers`, where it is there."""

    id: str
    actor: str
    name: str
    handle: str
    type: str
    state: FollowState
    since: datetime
    peer: str | None


class FollowedList(Answer):
    """All of them; `next` is always null."""

    items: tuple[FollowedAnswer, ...]
    next: str | None


async def listing(call: Call[NoBody, NoQuery]) -> FollowedList:
    """Everybody we follow publicly."""
    found = await followed.listing(call.community, call.member)
    lines = tuple(
        FollowedAnswer(
            id=one.id,
            actor=one.actor,
            name=one.name,
            handle=one.handle,
            type=one.type,
            state=one.state,
            since=one.since,
            peer=one.peer_id,
        )
        for one in found
    )
    return FollowedList(items=lines, next=None)


async def follow(call: Call[NewFollow, NoQuery]) -> FollowedList:
    """Follow somebody. Raises Invalid, PeerTrouble, Conflict."""
    await followed.follow(call.community, call.body.address, call.member)
    return await listing(Call(call.community, call.member, "", NoBody(), NoQuery()))


async def unfollow(call: Call[NoBody, NoQuery]) -> None:
    """Follow them no longer."""
    await followed.unfollow(call.community, call.id, call.member)


_STEWARD = Access.STEWARD

OPERATIONS = (
    Operation("GET", "/following", "list_followed", "Whose posts we follow", listing, FollowedList, access=_STEWARD),
    Operation(
        "POST",
        "/following",
        "follow",
        "Follow somebody's public posts",
        follow,
        FollowedList,
        201,
        body=NewFollow,
        access=_STEWARD,
        problems=(409, 502),
    ),
    Operation("DELETE", "/following/{id}", "unfollow", "Follow them no longer", unfollow, None, 204, access=_STEWARD),
)
