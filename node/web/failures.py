"""Every failure ends as a finished page with the right status, and tells nobody more than it should."""

import traceback
from urllib.parse import urlencode

import structlog
from aiohttp import web

from node.domain.errors import Invalid, ManyhandsError, SignInNeeded
from node.problems import UNEXPECTED, status_of, title_of
from node.web.languages import tell
from node.web.pages import NO_STORE, render, see_other
from node.web.words import _

_log = structlog.get_logger(__name__)

_SENTENCES = {
    404: _("There is no page at this address. It may have been withdrawn, or the address has a slip of the pen."),
    405: _("This page cannot be used in that way. Go back and use the form on the page."),
    413: _("That is more than one form can carry. Please shorten it and send it again."),
}


def show_failure(request: web.Request, error: Exception) -> web.StreamResponse:
    """The page for an error; without a session, the way to sign in. What nobody foresaw is logged without content."""
    if isinstance(error, SignInNeeded) and request.method in {"GET", "HEAD"}:
        return see_other("/sign-in?" + urlencode({"next": request.path_qs}))
    if isinstance(error, ManyhandsError):
        fields = tuple(error.fields.values()) if isinstance(error, Invalid) else ()
        return _page(request, status_of(error), error.message, fields)
    if isinstance(error, web.HTTPException):
        return _page_of_server(request, error)
    _note(request, error)
    return _unexpected(request)


def _page_of_server(request: web.Request, error: web.HTTPException) -> web.StreamResponse:
    if error.status < 400:
        return error
    sentence = _SENTENCES.get(error.status, _("Your browser sent something this page does not understand."))
    response = _page(request, error.status, sentence)
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response


def _page(request: web.Request, status: int, sentence: str, fields: tuple[str, ...] = ()) -> web.Response:
    return render(request, "error.html", status=status, title=title_of(status), sentence=sentence, fields=fields)


def _unexpected(request: web.Request) -> web.Response:
    sentence = _("Nothing you did was wrong. Please try again in a few minutes, or call us if it is urgent.")
    try:
        return _page(request, 500, sentence)
    except Exception as error:  # the page itself is what failed
        _note(request, error)
        text = f"{tell(UNEXPECTED)}.\n{tell(sentence)}\n"
        return web.Response(status=500, text=text, headers=NO_STORE)


def _note(request: web.Request, error: Exception) -> None:
    """Log where it happened, never what was typed: the error's own words may hold either."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames[-4:]]
    resource = request.match_info.route.resource
    route = resource.canonical if resource else "no route"
    _log.error("page failed", kind=type(error).__name__, where=where, method=request.method, route=route)
