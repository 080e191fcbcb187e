"""The code to take along: a page made for printing (slip P1), and its picture for a telephone's camera."""

from aiohttp import web

from node.context import community_of
from node.web.my_request.finding import find
from node.web.pages import render
from node.web.qr_codes import picture


async def show_slip(request: web.Request) -> web.Response:
    """GET /r/{code}/slip."""
    found = await find(request)
    link = f"{community_of(request).base_url}{found.path}"
    return render(request, "my_request_slip.html", found=found, notice=found.notice, link=link)


async def show_picture(request: web.Request) -> web.Response:
    """GET /r/{code}/code.svg: the page's address as a QR code."""
    found = await find(request)
    return picture(f"{community_of(request).base_url}{found.path}")
