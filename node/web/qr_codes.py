"""A link as a picture for a phone's camera: an SVG of our own drawing, without anything from elsewhere."""

from io import BytesIO

import segno
from aiohttp import web
from markupsafe import Markup

from node.web.pages import NO_STORE


def picture(link: str) -> web.Response:
    """The link as an answer that is a picture, for a page whose address leads to it again."""
    return web.Response(body=_drawn(link, is_sized=True), content_type="image/svg+xml", headers=NO_STORE)


def on_page(link: str) -> Markup:
    """The link as a picture inside the page itself, for a link that is shown this once."""
    return Markup(_drawn(link, is_sized=False).decode())


def _drawn(link: str, *, is_sized: bool) -> bytes:
    """As an SVG; without a size of its own it is as large as where it stands."""
    # No `style` attribute and nothing from elsewhere: a strict Content-Security-Policy lets it pass.
    drawn = BytesIO()
    look = {"scale": 4, "border": 4, "dark": "#000", "light": "#fff", "xmldecl": False, "nl": False}
    segno.make(link, micro=False).save(drawn, kind="svg", omitsize=not is_sized, **look)
    return drawn.getvalue()
