"""Where the helper's community reads what was released: by a signed GET, while the lease holds, never kept."""

from html import escape

from aiohttp import web

from node.api.activitypub.objects import ID
from node.api.activitypub.requests import answer, not_found, reader_of
from node.context import community_of
from node.domain.errors import NotFound
from node.services import handoffs, published, releasing
from schemas.activities import Create, parse_activity
from schemas.fields import load
from schemas.marketplace import EconomicEvent

NO_STORE = {"Cache-Control": "no-store", "Vary": "Accept, Signature, Signature-Input"}
EXPLAINED = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>For the helping community – {name}</title></head>
<body><main><h1>This page is for the helping community</h1>
<p>Your community's own server shows you how to reach the person: open the shared task there.</p></main></body></html>
"""


async def get_coordination(request: web.Request) -> web.Response:
    """The released fields as JSON for the helper's actor; a page of one sentence for anybody's browser."""
    community = community_of(request)
    if "application/json" not in request.headers.get("Accept", ""):
        page = EXPLAINED.format(name=escape(community.host))
        return web.Response(text=page, content_type="text/html", headers=NO_STORE)
    reader = await reader_of(request, once=True)
    if reader.actor is None:
        return reader.finds_nothing()
    agreement_id = community.addresses.agreement(request.match_info["id"])
    try:
        released = await releasing.coordinate(community, agreement_id, reader.actor)
    except NotFound:
        return not_found()
    return web.json_response(released, headers=NO_STORE)


async def get_agreement(request: web.Request) -> web.Response:
    """The agreement, for the two communities in it (protocol 129)."""
    community = community_of(request)
    reader = await reader_of(request)
    agreement_id = community.addresses.agreement(request.match_info["id"])
    found = None if reader.actor is None else await handoffs.read_agreement(community, agreement_id, reader.actor)
    return reader.finds_nothing() if found is None else answer(found, private=True)


async def get_event(request: web.Request) -> web.Response:
    """Word of how a shared task goes, for the community it was told to; it stands in its Create of the same id."""
    community, reader = community_of(request), await reader_of(request)
    activity_id = community.addresses.activity(request.match_info["id"])
    found = await published.read_activity(community, activity_id, reader.actor)
    activity = None if found is None or found.body is None else parse_activity(load(found.body))
    if not isinstance(activity, Create) or not isinstance(activity.object, EconomicEvent):
        return reader.finds_nothing()
    return answer(activity.object, private=True)


def setup(app: web.Application) -> None:
    """Register them all."""
    app.router.add_get(f"/agreements/{ID}", get_agreement)
    app.router.add_get(f"/agreements/{ID}/coordinate", get_coordination)
    app.router.add_get(f"/events/{ID}", get_event)
