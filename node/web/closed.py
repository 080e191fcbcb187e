"""While the node is sealed: one kind sentence and the telephone number, whatever is asked for."""

from dataclasses import replace

from aiohttp import web
from aiohttp.typedefs import Handler

from node.context import COMMUNITY
from node.services.community import Profile, profile
from node.storage.closing import is_closing
from node.web import static_files
from node.web.languages import language_for, speak
from node.web.pages import NO_STORE, as_text, prepare_templates
from node.web.security import add_headers, is_page, is_static

PROFILE = web.AppKey("closed_profile", Profile)
#: When other servers and search engines may ask again.
RETRY_AFTER_S = 3600
_SAID = "This server is closed for the time being. Please try again later.\n"


def make_closed_app(shown: Profile) -> web.Application:
    """Every door of a sealed node. It knows no community, only how that presents itself."""
    app = web.Application()
    app[PROFILE] = shown
    prepare_templates(app)
    app.on_response_prepare.append(add_headers)
    app.router.add_get("/livez", _livez)
    app.router.add_get("/static/{name}", static_files.show_static)
    app.router.add_route("*", "/{path:.*}", _closed)
    return app


@web.middleware
async def answer_closed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """From the moment the master key is dropped, every door says so; until then nothing happens here.

    While the community ends, so do the doors for people; other communities still have to be answered.
    """
    community = request.app[COMMUNITY]
    if request.path == "/livez" or is_static(request):
        return await handler(request)
    is_ending = _is_for_people(request) and is_closing(community.settings.data_dir)
    if community.database.vault.is_locked or is_ending:
        return closed(request, await profile(community), is_ending=is_ending)
    return await handler(request)


def closed(request: web.Request, shown: Profile, *, is_ending: bool = False) -> web.Response:
    """What a sealed node or an ending community answers: 503, as a page or for a program, and when to ask again.

    The page is in the language of whoever reads it, and without the logo, which no door gives out any more.
    """
    if not is_page(request):
        response = web.Response(status=503, text=_SAID, headers=NO_STORE)
    else:
        speak(language_for(request, shown.languages))
        text = as_text(request, "closed.html", replace(shown, logo=None), is_ending=is_ending)
        response = web.Response(status=503, text=text, content_type="text/html", headers=NO_STORE)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _is_for_people(request: web.Request) -> bool:
    """Pages, and the API that members' programs speak: nothing new begins in a community that ends."""
    return is_page(request) or request.path.startswith("/api/")


async def _livez(_request: web.Request) -> web.Response:
    return web.Response(text="ok", headers=NO_STORE)


async def _closed(request: web.Request) -> web.Response:
    return closed(request, request.app[PROFILE])
