"""Health and rest, for stewards: what was looked at and what to do about it, and the ways to rest and out."""

from collections.abc import Awaitable

from aiohttp import web

from node.context import community_of
from node.domain.checks import IN_ORDER
from node.domain.errors import NotFound
from node.services import health, waiting
from node.services.health import LookedOver
from node.web.forms import read_form
from node.web.pages import render, see_other
from node.web.sessions import steward_of
from node.web.words import _

LOOKED_OVER = web.AppKey("looked_over", LookedOver)

#: What each check is about, and why it matters.
ABOUT = {
    "settings": (_("Address"), _("Where people and other communities find us.")),
    "folder": (_("Our folder"), _("What the community holds lies in one folder of the machine.")),
    "secrets": (_("Master key"), _("Without it nobody can open a sealed note, not even we.")),
    "sealing": (_("Sealing in an emergency"), _("One button locks everything, for when the server may be taken.")),
    "room": (_("Room on the disk"), _("When it is full, nothing new can be stored.")),
    "backups": (_("Backups"), _("If the machine breaks, they are all that is left.")),
    "federation": (_("Other communities"), _("Whether we exchange anything with neighbours.")),
    "database": (_("Database"), _("After a newer version was installed, what is stored must be brought along.")),
    "clock": (_("Clock of the machine"), _("Other communities take nothing from a server whose clock goes wrong.")),
    "mail": (_("E-mail"), _("With it people hear of an answer, and dispatchers of what waits.")),
    "devices": (_("Messages on devices"), _("With them dispatchers hear of what waits on a phone or computer.")),
    "practice": (_("For real"), _("What is only practised is erased, so everybody has to know which it is.")),
}


_CHANGED = {
    "again": _("What waits for them goes out now. Look here again in a minute."),
    "given-up": _("It is given up, and is not sent any more."),
    "gone": _("Nothing waits for them any more."),
}


async def show_health(request: web.Request) -> web.Response:
    """GET /health."""
    community, steward = community_of(request), steward_of(request)
    checks = await health.look_over(community, steward)
    request.app[LOOKED_OVER].note(checks, community.now())
    look, off, fine = (tuple(check for check in checks if check.standing is one) for one in IN_ORDER)
    return render(
        request,
        "health.html",
        about=ABOUT,
        seen_to=look,
        not_set_up=off,
        fine=fine,
        waiting=await waiting.listing(community, steward),
        changed=next((words for name, words in _CHANGED.items() if name in request.query), ""),
    )


async def try_again(request: web.Request) -> web.Response:
    """POST /health/again: send what waits for one server now."""
    steward = steward_of(request)
    form = await read_form(request)
    return await _done(waiting.try_again(community_of(request), form.text("host"), steward), "again")


async def ask_to_give_up(request: web.Request) -> web.Response:
    """GET /health/give-up: what that means, before it is done."""
    steward = steward_of(request)
    try:
        line = await waiting.at(community_of(request), request.query.get("host", ""), steward)
    except NotFound:
        return see_other("/health?gone")
    return render(request, "health_give_up.html", line=line)


async def give_up(request: web.Request) -> web.Response:
    """POST /health/give-up."""
    steward = steward_of(request)
    form = await read_form(request)
    return await _done(waiting.give_up(community_of(request), form.text("host"), steward), "given-up")


async def _done(deed: Awaitable[None], what: str) -> web.Response:
    """Where nothing waits any more there is nothing to decide, and nothing went wrong."""
    try:
        await deed
    except NotFound:
        what = "gone"
    return see_other(f"/health?{what}")


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/health", show_health),
    web.post("/health/again", try_again),
    web.get("/health/give-up", ask_to_give_up),
    web.post("/health/give-up", give_up),
)
