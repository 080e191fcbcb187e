"""The record of one need or offer: everybody who was sent it, and everybody who read something of the sealed note."""

from aiohttp import web

from node.context import community_of
from node.services import peers, sharing_record
from node.web.pages import render
from node.web.sessions import dispatcher_of
from node.web.words import field_names


async def show_record(request: web.Request) -> web.Response:
    """GET /dispatch/{id}/record."""
    member = dispatcher_of(request)
    community = community_of(request)
    record = await sharing_record.of_notice(community, request.match_info["id"], member)
    names = await peers.names(community)
    readings = tuple((line, field_names(line.fields)) for line in record.readings)
    return render(request, "need_record.html", record=record, names=names, readings=readings)


ROUTES: tuple[web.RouteDef, ...] = (web.get("/dispatch/{id}/record", show_record),)
