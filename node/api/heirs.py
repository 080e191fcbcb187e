"""Where our heir fetches the locked copy, or says that it cannot: by a signed GET, never pushed, never in a queue."""

from datetime import UTC, datetime

from aiohttp import web

from node.api.activitypub.requests import not_found, reader_of
from node.context import community_of
from node.domain.errors import NotFound
from node.services import heir_copies, heirs

NO_STORE = {"Cache-Control": "no-store", "Vary": "Accept, Signature, Signature-Input"}


async def get_copy(request: web.Request) -> web.Response:
    """The newest copy for our heir's own actor; for everybody else there is nothing here."""
    reader = await reader_of(request, once=True)
    if reader.actor is None:
        return reader.finds_nothing()
    try:
        copy = await heir_copies.locked_copy(
            community_of(request), reader.actor, _told(request.query.get("opened", ""))
        )
    except NotFound:
        return not_found()
    return web.json_response(copy, headers=NO_STORE)


async def get_refusal(request: web.Request) -> web.Response:
    """Our heir's own actor says that it cannot hold a copy; for everybody else there is nothing here."""
    reader = await reader_of(request, once=True)
    if reader.actor is None:
        return reader.finds_nothing()
    try:
        await heirs.on_refused(community_of(request), reader.actor)
    except NotFound:
        return not_found()
    return web.json_response({"refused": True}, headers=NO_STORE)


def _told(typed: str) -> datetime | None:
    try:
        return datetime.strptime(typed, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def setup(app: web.Application) -> None:
    """Register it."""
    app.router.add_get("/heir/copy", get_copy)
    app.router.add_get("/heir/refusal", get_refusal)
