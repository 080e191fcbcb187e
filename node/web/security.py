"""What every answer promises a browser, and whose requests are taken."""

from collections.abc import Mapping

from aiohttp import web

from node.context import community_of
from node.domain.errors import NotAllowed
from node.web.forms import CSRF_FIELD, sent_form
from node.web.sessions import is_proven, session_of
from node.web.words import _

#: One script file of our own, which asks nobody but us; nothing that stands in a page itself runs.
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; manifest-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

_FRAMED_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'"

#: Under this name an answer holds the origins of the sites that may show it in a frame.
FRAMED_BY = web.ResponseKey("framed_by", tuple[str, ...])

HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "Referrer-Policy": "no-referrer",
    # What may be kept says so itself; nobody after this reader finds anything else again.
    "Cache-Control": "no-store",
}

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

#: Everything below these paths has doors and rules of its own.
_MACHINE_PATHS = (
    "/api/", "/actors/", "/inbox", "/o/", "/a/", "/agreements/", "/events/", "/.well-known/", "/nodeinfo/", "/feeds/",
    "/calendar.ics", "/needs.txt", "/livez", "/readyz", "/metrics",
)  # fmt: skip


def is_page(request: web.Request) -> bool:
    """Whether people's rules hold for this request; what no machine's path claims is a page."""
    return not request.path.startswith(_MACHINE_PATHS)


def is_static(request: web.Request) -> bool:
    """A stylesheet or drawing: the same for everybody."""
    return request.path.startswith("/static/")


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Put the promises on an answer, whichever door it leaves by; only the front page may be found by search engines.

    Made for `on_response_prepare`, so that failures and what nobody routed have them as well.
    """
    for name, value in _headers_of(response).items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "manyhands"  # which versions answer is nobody's business
    if request.path != "/":
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")


def _headers_of(response: web.StreamResponse) -> Mapping[str, str]:
    """The same for all answers but the one that other sites may show, in which nothing runs and nothing is sent."""
    sites = response.get(FRAMED_BY, ())
    if not sites:
        return HEADERS
    policy = f"{_FRAMED_POLICY}; frame-ancestors {' '.join(sites)}"
    framed = HEADERS | {"Content-Security-Policy": policy, "Cross-Origin-Resource-Policy": "cross-origin"}
    return {name: value for name, value in framed.items() if name != "X-Frame-Options"}


async def refuse_foreign_forms(request: web.Request) -> None:
    """Raise NotAllowed for a form that was not sent from one of our own pages.

    The browser's word comes first (Sec-Fetch-Site, or Origin where that is missing). A signed-in member's form must
    also carry a proof of the session's secret. A request that says neither may act as a guest, because nothing the
    reader holds rides along with it.
    """
    if request.method in _SAFE_METHODS:
        return
    refusal = NotAllowed(_("This form did not come from one of our own pages. Open the page again and send it there."))
    if not comes_from_here(request):
        raise refusal
    session = session_of(request)
    if session is None:
        return
    form = await sent_form(request)
    if not is_proven(session, form.text(CSRF_FIELD)):
        raise refusal


def comes_from_here(request: web.Request) -> bool:
    """Whether one of our own pages led here, as far as the browser says so.

    "Origin: null" says nothing: older browsers send it from our own forms, because our pages name no referrer.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin", "null")
    return origin == "null" or origin == community_of(request).base_url
