"""What a call of the JSON API is. The same list makes the routes and the OpenAPI document, so they cannot differ."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Generic, TypeVar, assert_never

from pydantic import BaseModel

from node.api.v1.fields import Body, Query
from node.domain.members import (
    Member,
    must_be_dispatcher,
    must_be_gateway,
    must_be_helper,
    must_be_steward,
)
from node.domain.notices import Kind
from node.services.community import Community

B = TypeVar("B", bound=Body)
Q = TypeVar("Q", bound=Query)


class NoBody(Body):
    """An empty body, or `{}`."""


class NoQuery(Query):
    """Nothing behind the question mark."""


class Access(StrEnum):
    """Which role a call needs at least. No other role covers GATEWAY."""

    MEMBER = "member"
    HELPER = "helper"
    DISPATCHER = "dispatcher"
    STEWARD = "steward"
    GATEWAY = "gateway"


@dataclass(frozen=True)
class Call(Generic[B, Q]):
    """One call that was already checked: who calls, the id in the path, the body and the query.

    `form_id` is the same again when the same request is sent again with its Idempotency-Key.
    """

    community: Community
    member: Member
    id: str
    body: B
    query: Q
    form_id: str | None = None


Handle = Callable[..., Awaitable[BaseModel | None]]


@dataclass(frozen=True)
class Operation:
    """One call: its door, what it takes, what it answers and who may use it.

    `answer` is None for an answer without a body. `location` is where the thing made can be read, with `{id}`.
    """

    method: str
    path: str
    name: str
    summary: str
    handle: Handle
    answer: type[BaseModel] | None = None
    status: int = 200
    body: type[Body] = NoBody
    query: type[Query] = NoQuery
    access: Access = Access.DISPATCHER
    location: str = ""
    problems: tuple[int, ...] = ()

    @property
    def tag(self) -> str:
        """The first part of the path."""
        return self.path.split("/")[1]

    @property
    def has_id(self) -> bool:
        """Whether the path names one thing."""
        return "{id}" in self.path

    @property
    def takes_body(self) -> bool:
        """Whether something is sent along."""
        return self.method in {"POST", "PATCH"}


def of_kind(operations: tuple[Operation, ...], kind: Kind) -> tuple[Operation, ...]:
    """The calls with the kind's word for every `{kind}`; their handlers get the kind as first argument."""
    return tuple(
        replace(
            operation,
            path=operation.path.replace("{kind}", kind),
            name=operation.name.replace("{kind}", kind),
            summary=operation.summary.replace("{kind}", kind),
            location=operation.location.replace("{kind}", kind),
            handle=partial(operation.handle, kind),
        )
        for operation in operations
    )


def must_have(member: Member, access: Access) -> None:
    """Raise NotAllowed unless the member's roles cover `access`."""
    match access:
        case Access.MEMBER:
            return
        case Access.HELPER:
            must_be_helper(member)
        case Access.DISPATCHER:
            must_be_dispatcher(member)
        case Access.STEWARD:
            must_be_steward(member)
        case Access.GATEWAY:
            must_be_gateway(member)
        case _:
            assert_never(access)
