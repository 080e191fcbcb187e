"""Erasing everything: asked once more before it is done, and a plain receipt afterwards."""

from aiohttp import web

from node.context import community_of
from node.services import forgetting, owners, splitting
from node.web.my_request.finding import find
from node.web.pages import render, see_other


async def confirm(request: web.Request) -> web.Response:
    """GET /r/{code}/erase."""
    found = await find(request)
    if found.notice.erased_at is not None:
        return see_other(found.path)
    community = community_of(request)
    return render(
        request,
        "my_request_erase.html",
        path=found.path,
        is_split=bool(await splitting.parts(community, found.notice)),
        is_shown=bool(await owners.shown_to(community, found.notice.id)),
        coming=await owners.coming(community, found.notice.id),
    )


async def erase(request: web.Request) -> web.Response:
    """POST /r/{code}/erase: the page of the code is the receipt from now on."""
    found = await find(request)
    await forgetting.erase_by_code(community_of(request), found.code)
    return see_other(found.path)
