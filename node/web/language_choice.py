"""Choosing languages: a link in each language's own name for whoever reads, and which are spoken here, for stewards."""

from aiohttp import web

from node.context import community_of
from node.domain.errors import Invalid, NotFound
from node.services import community as communities
from node.services import members
from node.web.choices import further_languages
from node.web.forms import Form, read_form
from node.web.language_names import language_name
from node.web.languages import keep_language, offered
from node.web.pages import is_own_path, render, see_other
from node.web.sessions import VISIT, member_of, steward_of
from node.web.words import _

PATH = "/settings/languages"


async def choose(request: web.Request) -> web.Response:
    """GET /language/{code}: go back to the page one came from (`back`), now in this language.

    The device keeps it; for a member it is kept with their account, too.
    """
    community, code, member = community_of(request), request.match_info["code"], member_of(request)
    if code not in offered():
        raise NotFound
    if member is not None and member.language != code:
        await members.read_in(community, member, code)
    back = request.query.get("back", "/")
    response = see_other(back if is_own_path(back) else "/")
    keep_language(response, code, secure=community.base_url.startswith("https://"))
    return response


async def show_spoken(request: web.Request) -> web.Response:
    """GET /settings/languages."""
    steward_of(request)
    changed = _("The languages are saved.") if "saved" in request.query else ""
    return _page(request, form_of_spoken(request), changed=changed)


async def save_spoken(request: web.Request) -> web.Response:
    """POST /settings/languages."""
    steward = steward_of(request)
    form = await read_form(request)
    try:
        await communities.speak(community_of(request), read_spoken(request, form), steward)
    except Invalid as error:
        return _page(request, form.wrong(error.fields), status=422)
    return see_other(f"{PATH}?saved")


def form_of_spoken(request: web.Request) -> Form:
    """The form that stands for the languages spoken here now."""
    spoken = request[VISIT].profile.languages
    return Form({"first": spoken[:1], "languages": spoken})


def read_spoken(request: web.Request, form: Form) -> tuple[str, ...]:
    """The languages that were chosen, the one of the pages first. Raises Invalid."""
    if form.text("first") not in offered():
        raise Invalid({"first": _("Choose one of the list.")})
    known = dict(_known(request))
    return tuple(code for code in dict.fromkeys((form.text("first"), *form.every("languages"))) if code in known)


def spoken_choices(request: web.Request) -> dict[str, object]:
    """What can be chosen: `firsts`, in which every page can be read, and every language to be `spoken`."""
    return {
        "firsts": tuple((code, language_name(code), "") for code in offered()),
        "spoken": tuple((code, name, "") for code, name in _known(request)),
    }


def _known(request: web.Request) -> tuple[tuple[str, str], ...]:
    """Every language that can be chosen, in its own name: those chosen now come first."""
    spoken = request[VISIT].profile.languages
    codes = dict.fromkeys((*spoken, *offered(), *further_languages(spoken)))
    return tuple((code, language_name(code)) for code in codes)


def _page(request: web.Request, form: Form, status: int = 200, changed: str = "") -> web.Response:
    values = {**spoken_choices(request), "form": form, "changed": changed}
    return render(request, "settings_languages.html", status=status, **values)


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/language/{code}", choose),
    web.get(PATH, show_spoken),
    web.post(PATH, save_spoken),
)
