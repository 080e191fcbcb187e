"""What lets a telephone keep us among its programs: a manifest, a service worker, and a page for when the line is down.

Nothing of it differs from reader to reader, but for the language.
"""

from typing import Final

import orjson
from aiohttp import web

from node.domain.errors import NotFound
from node.services.community import Profile
from node.web.accents import palette_of
from node.web.languages import direction, direction_of, language, offered, speak, tell_in
from node.web.leaving import AWAY
from node.web.pages import NO_STORE, as_text
from node.web.sessions import VISIT
from node.web.static_files import STATIC_FILES, StaticFiles, static_url
from node.web.words import _
from node.web.worn import LEAST_ICON, drawn, shown_logo, worn

#: The stylesheet's --paper.
PAPER: Final = "#faf6ee"
_ICONS = (
    ("logo.svg", "any", "any"),
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-512-maskable.png", "512x512", "maskable"),
)


async def manifest(request: web.Request) -> web.Response:
    """GET /manifest.webmanifest (W3C Web Application Manifest): our name, in our colour."""
    shown = request[VISIT].profile
    said = {
        "id": "/",
        "name": shown.name,
        "lang": language(),
        "dir": direction(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": palette_of(shown.accent).light.accent,
        "background_color": PAPER,
        "icons": _icons(request.app[STATIC_FILES], shown),
    }
    return web.Response(body=orjson.dumps(said), content_type="application/manifest+json", headers=NO_STORE)


async def service_worker(request: web.Request) -> web.Response:
    """GET /service-worker.js: the same program for everybody, in whatever language they read."""
    program = request.app[STATIC_FILES]["service-worker.js"].content
    values = {"AWAY": ["/leave", AWAY], "SAID": {code: _said(request, code) for code in offered()}}
    lines = ['"use strict";', *(f"const {name} = {orjson.dumps(value).decode()};" for name, value in values.items())]
    body = "\n".join(lines).encode() + b"\n\n" + program
    return web.Response(body=body, content_type="text/javascript", charset="utf-8", headers=NO_STORE)


async def offline(request: web.Request) -> web.Response:
    """GET /offline/{language}: there is no connection; what to do, and whom to call. Kept on the device."""
    code = request.match_info["language"]
    if code not in offered():
        raise NotFound
    speak(code)
    text = as_text(request, "offline.html", request[VISIT].profile)
    return web.Response(text=text, content_type="text/html", headers=NO_STORE)


def _said(request: web.Request, code: str) -> dict[str, str]:
    """What a message on this device says, whatever it is about (W3C Notifications); a newer one takes its place."""
    return {
        "title": request[VISIT].profile.name,
        "body": tell_in(code, _("Something waits to be looked at.")),
        "lang": code,
        "dir": direction_of(code),
        "tag": "waits",
        "icon": worn(request.app[STATIC_FILES], request[VISIT].profile).touch_icon,
    }


def _icons(files: StaticFiles, shown: Profile) -> list[dict[str, str]]:
    """Our logo where it is square and large enough, or else the drawing in our colour."""
    logo = shown.logo
    if logo and logo.is_square and logo.width >= LEAST_ICON:
        own = shown_logo(logo)
        return [{"src": own.src, "sizes": f"{logo.width}x{logo.height}", "type": own.type, "purpose": "any"}]
    named = [(drawn(name, shown.accent), size, purpose) for name, size, purpose in _ICONS]
    return [
        {"src": static_url(files, name), "sizes": size, "type": files[name].content_type, "purpose": purpose}
        for name, size, purpose in named
    ]


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/manifest.webmanifest", manifest),
    web.get("/service-worker.js", service_worker),
    web.get("/offline/{language}", offline),
)
