"""The forms on paper: one sheet to ask and one to offer, in the language of whoever prints them."""

from aiohttp import web

from node.context import community_of
from node.domain.notices import Kind
from node.services.doors import doors
from node.web.choices import choices_for
from node.web.consent_words import LEAVE_A_MESSAGE, STILL_NEEDED, TO_HELPER
from node.web.guest import DOORS
from node.web.pages import render
from node.web.sessions import VISIT


async def show(request: web.Request) -> web.Response:
    """GET /paper."""
    community, profile = community_of(request), request[VISIT].profile
    asked = await doors(community)
    return render(
        request,
        "paper.html",
        sheets=tuple((door, choices_for(profile, door.kind), asked.questions_for(door.kind)) for door in DOORS),
        texts={door.kind: _texts(door.kind, f"{community.base_url}/r") for door in DOORS},
    )


def _texts(kind: Kind, link: str) -> dict[str, object]:
    to_helper = (("", TO_HELPER, ""),) if kind == Kind.NEED else ()
    return {"message": LEAVE_A_MESSAGE, "also": (*to_helper, ("", STILL_NEEDED[kind], "")), "link": link}


ROUTES: tuple[web.RouteDef, ...] = (web.get("/paper", show),)
