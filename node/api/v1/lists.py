"""Calls about lists of servers: ours for others, and theirs as suggestions."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, JsonValue, RootModel

from node.api.v1.fields import Answer, Body, Text
from node.api.v1.operations import Access, Call, NoBody, NoQuery, Operation
from node.domain.lists import LARGEST_FILE, Advice, Suggestion
from node.services import lists


class OwnLists(RootModel[dict[str, JsonValue]]):
    """Our neighbours and blocked servers, in the form that `POST /lists` reads."""


class ListBody(Body):
    """A list as text: our own JSON, CSV, or one server a line. `otherwise` is what lines mean that do not say it."""

    list: Annotated[Text, Field(min_length=1, max_length=LARGEST_FILE)]
    otherwise: Advice = Advice.BLOCK
    source: Annotated[Text, Field(max_length=200)] = ""


class BroughtAnswer(Answer):
    """How many suggestions are new, how many lines say what is so or waits already, and what could not be read."""

    new: int
    known: int
    faults: tuple[str, ...]


class SuggestionAnswer(Answer):
    """One suggestion. Nothing is done with it until somebody takes it."""

    id: str
    advice: Advice
    host: str
    reason: str
    source: str
    at: datetime


class SuggestionList(Answer):
    """The first fifty by host; `waiting` is how many there are, `next` always null."""

    items: tuple[SuggestionAnswer, ...]
    waiting: int
    next: str | None


async def ours(call: Call[NoBody, NoQuery]) -> OwnLists:
    """Our neighbours and blocked servers."""
    return OwnLists.model_validate_json(await lists.exported(call.community, call.member))


async def bring(call: Call[ListBody, NoQuery]) -> BroughtAnswer:
    """Keep what a list says as suggestions. Raises Invalid."""
    body = call.body
    found = await lists.bring(call.community, body.list, body.otherwise, body.source, call.member)
    return BroughtAnswer(new=found.new, known=found.known, faults=found.faults)


async def listing(call: Call[NoBody, NoQuery]) -> SuggestionList:
    """What waits to be read."""
    found, many = await lists.waiting(call.community, call.member)
    return SuggestionList(items=tuple(map(_answer, found)), waiting=many, next=None)


async def take(call: Call[NoBody, NoQuery]) -> SuggestionAnswer:
    """Block the server; one to allow is only put aside, `POST /peers` asks it."""
    return _answer(await lists.take(call.community, call.id, call.member))


async def leave(call: Call[NoBody, NoQuery]) -> None:
    """Put a suggestion aside."""
    await lists.leave(call.community, call.id, call.member)


_STEWARD = Access.STEWARD

OPERATIONS = (
    Operation("GET", "/lists", "read_own_lists", "Neighbours and blocked servers", ours, OwnLists, access=_STEWARD),
    Operation(
        "POST",
        "/lists",
        "bring_list",
        "Bring a list in as suggestions",
        bring,
        BroughtAnswer,
        body=ListBody,
        access=_STEWARD,
    ),
    Operation(
        "GET", "/suggestions", "list_suggestions", "What waits to be read", listing, SuggestionList, access=_STEWARD
    ),
    Operation(
        "POST", "/suggestions/{id}/take", "take_suggestion", "Do what it says", take, SuggestionAnswer, access=_STEWARD
    ),
    Operation("DELETE", "/suggestions/{id}", "leave_suggestion", "Put it aside", leave, None, 204, access=_STEWARD),
)


def _answer(one: Suggestion) -> SuggestionAnswer:
    return SuggestionAnswer(
        id=one.id, advice=one.advice, host=one.host, reason=one.reason, source=one.source, at=one.at
    )
