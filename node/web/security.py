"""What every page promises a browser, and whose requests are taken."""

from secrets import compare_digest

from aiohttp import web

from node.context import community_of
from node.domain.errors import NotAllowed
from node.web.forms import CSRF_FIELD, read_form
from node.web.sessions import session_of
from node.web.words import _

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)

HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    # Not "no-referrer": with it, browsers without Sec-Fetch-Site send "Origin: null" from our own forms.
    "Referrer-Policy": "same-origin",
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


def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Put the promises on an answer; only the front page may be found by search engines."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path != "/":
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")


async def refuse_foreign_forms(request: web.Request) -> None:
    """Raise NotAllowed for a form that was not sent from one of our own pages.

    The browser's word comes first (Sec-Fetch-Site, or Origin where that is missing). A signed-in member's form must
    also carry the session's token. A request with neither header comes from no current browser; it may act as a guest,
    because nothing the reader holds rides along with it.
    """
    if request.method in _SAFE_METHODS:
        return
    refusal = NotAllowed(_("This form did not come from one of our own pages. Open the page again and send it there."))
    if not _comes_from_here(request):
        raise refusal
    session = session_of(request)
    if session is None:
        return
    form = await read_form(request)
    if not compare_digest(form.text(CSRF_FIELD).encode(), session.csrf_token.encode()):
        raise refusal


def _comes_from_here(request: web.Request) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or origin == community_of(request).base_url
