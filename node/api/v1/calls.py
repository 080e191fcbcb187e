"""Every call of the JSON API, in the order of the document, and the routes made from it."""

from functools import cache

import orjson
from aiohttp import web

from node.api.v1 import (
    announcements,
    audit,
    board,
    capacity,
    categories,
    consents,
    contact_notes,
    ended_links,
    feed,
    followed,
    hand_over,
    handoffs,
    heirs,
    introductions,
    lists,
    matches,
    messages,
    moving,
    network,
    notices,
    outcomes,
    peer_texts,
    peer_words,
    peers,
    questions,
    quiet,
    resources,
    responses,
    rest,
    second_yes,
    shares,
    sharing_record,
    shifts,
    splitting,
    strangers,
)
from node.api.v1.document import describe
from node.api.v1.door import LOCKS, PREFIX, door
from node.api.v1.operations import Operation, of_kind
from node.api.v1.problem_json import NoSuchCall, NoSuchMethod, problem_response
from node.api.v1.replay import Locks
from node.domain.notices import Kind

#: An id in a path; anything else is not found.
ID = "{id:[A-Za-z0-9_-]{1,64}}"
DOCUMENT = f"{PREFIX}/openapi.json"

_OF_NOTICES = (
    *notices.OPERATIONS,
    *splitting.OF_NOTICES,
    *shares.OF_NOTICES,
    *consents.OF_NOTICES,
    *contact_notes.OF_NOTICES,
    *questions.OF_NOTICES,
    *sharing_record.OF_NOTICES,
    *second_yes.OF_NOTICES,
)

CALLS: tuple[Operation, ...] = (
    *of_kind(_OF_NOTICES, Kind.NEED),
    *of_kind(_OF_NOTICES, Kind.OFFER),
    *splitting.OPERATIONS,
    *categories.OPERATIONS,
    *shares.OPERATIONS,
    *consents.OPERATIONS,
    *peers.OPERATIONS,
    *introductions.OPERATIONS,
    *followed.OPERATIONS,
    *ended_links.OPERATIONS,
    *lists.OPERATIONS,
    *peer_words.OPERATIONS,
    *peer_texts.OPERATIONS,
    *rest.OPERATIONS,
    *second_yes.OPERATIONS,
    *network.OPERATIONS,
    *moving.OPERATIONS,
    *heirs.OPERATIONS,
    *announcements.OPERATIONS,
    *resources.OPERATIONS,
    *board.OPERATIONS,
    *matches.OPERATIONS,
    *quiet.OPERATIONS,
    *feed.OPERATIONS,
    *capacity.OPERATIONS,
    *responses.OPERATIONS,
    *hand_over.OPERATIONS,
    *shifts.OPERATIONS,
    *handoffs.OPERATIONS,
    *questions.OPERATIONS,
    *strangers.OPERATIONS,
    *messages.OPERATIONS,
    *outcomes.OPERATIONS,
    *audit.OPERATIONS,
)


def setup(app: web.Application) -> None:
    """Give the application every call under `/api/v1`, its document, and plain JSON errors under `/api`."""
    app[LOCKS] = Locks()
    app.router.add_get(DOCUMENT, _serve_document)
    for operation in CALLS:
        path = PREFIX + operation.path.replace("{id}", ID)
        if operation.method == "GET":
            app.router.add_get(path, door(operation))
        else:
            app.router.add_route(operation.method, path, door(operation))
    app.router.add_route("*", "/api", _no_such_call)
    app.router.add_route("*", "/api/{rest:.*}", _no_such_call)


@cache
def _document() -> bytes:
    return orjson.dumps(describe(CALLS))


async def _serve_document(request: web.Request) -> web.StreamResponse:  # noqa: ARG001
    return web.Response(body=_document(), content_type="application/json")


async def _no_such_call(request: web.Request) -> web.StreamResponse:
    allowed = await _methods_at(request)
    error = NoSuchMethod(allowed) if allowed else NoSuchCall("There is no such call.")
    return problem_response(error, "/api")


async def _methods_at(request: web.Request) -> frozenset[str]:
    """The methods of the calls at this path."""
    found: set[str] = set()
    for resource in request.app.router.resources():
        if resource.canonical.startswith(f"{PREFIX}/"):
            _, methods = await resource.resolve(request)
            found |= methods
    return frozenset(found)
