"""Health and rest, for stewards: what was looked at and what to do about it, and the ways to rest and out."""

from typing import Any

from aiohttp import web

from node.context import community_of
from node.domain.checks import IN_ORDER
from node.services import health
from node.web.pages import render
from node.web.sessions import steward_of
from node.web.words import _

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
    "mail": (_("E-mail"), _("With it people hear of an answer, and dispatchers of what waits.")),
    "devices": (_("Messages on devices"), _("With them dispatchers hear of what waits on a phone or computer.")),
}


async def show_health(request: web.Request) -> web.Response:
    """GET /health."""
    return await _page(request)


async def _page(request: web.Request, **values: Any) -> web.Response:
    steward = steward_of(request)
    checks = await health.look_over(community_of(request), steward)
    look, off, fine = (tuple(check for check in checks if check.standing is one) for one in IN_ORDER)
    return render(request, "health.html", about=ABOUT, seen_to=look, not_set_up=off, fine=fine, **values)


ROUTES: tuple[web.RouteDef, ...] = (web.get("/health", show_health),)
