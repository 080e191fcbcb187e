"""What is shared with everyone, for anybody who follows a link to it: one notice, and what is open under a hashtag."""

from aiohttp import web

from node.context import community_of
from node.services import notice_board
from node.web.pages import render
from node.web.sessions import VISIT


async def show_notice(request: web.Request) -> web.Response:
    """GET /p/{id}: 404 for what was never public, 410 for what was taken back or is over."""
    community, local_id = community_of(request), request.match_info["id"]
    posted = await notice_board.public_notice(community, local_id)
    if posted is None:
        return render(request, "public_gone.html", status=410)
    tag = request[VISIT].profile.categories.tag_of(posted.category).lower() or notice_board.tag_of(posted.seen.category)
    response = render(request, "public_notice.html", posted=posted, item=posted.seen, words=posted.text, tag=tag)
    object_id = community.addresses.object(local_id)
    response.headers["Link"] = f'<{object_id}>; rel="alternate"; type="application/activity+json"'
    return response


async def show_tag(request: web.Request) -> web.Response:
    """GET /tags/{tag}: what is open to everyone under one hashtag."""
    found = await notice_board.board(community_of(request), request.match_info["tag"])
    return render(request, "public_tag.html", board=found, everything=notice_board.EVERYTHING)


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/p/{id:[A-Za-z0-9]{1,64}}", show_notice),
    web.get("/tags/{tag}", show_tag),
)
