"""The code to take along: a page made for printing (slip P1), and its picture for a telephone's camera."""

from io import BytesIO

import segno
from aiohttp import web

from node.context import community_of
from node.web.my_request.finding import find
from node.web.pages import NO_STORE, render


async def show_slip(request: web.Request) -> web.Response:
    """GET /r/{code}/slip."""
    found = await find(request)
    link = f"{community_of(request).base_url}{found.path}"
    return render(request, "my_request_slip.html", found=found, notice=found.notice, link=link)


async def show_picture(request: web.Request) -> web.Response:
    """GET /r/{code}/code.svg: the page's address as a QR code."""
    found = await find(request)
    code = segno.make(f"{community_of(request).base_url}{found.path}", micro=False)
    drawn = BytesIO()
    # No `style` attribute and nothing from elsewhere: a strict Content-Security-Policy lets it pass.
    code.save(drawn, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False)
    return web.Response(body=drawn.getvalue(), content_type="image/svg+xml", headers=NO_STORE)
