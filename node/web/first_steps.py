"""The first steps of a new community: four pages, each of which can be left for later, and then our ways."""

from aiohttp import web

from node.context import community_of
from node.domain.days import zone_names
from node.domain.errors import Invalid
from node.domain.members import Member
from node.services import community as communities
from node.services import first_steps, health
from node.services.first_steps import Names
from node.web.forms import Form, read_form
from node.web.language_choice import form_of_spoken, read_spoken, spoken_choices
from node.web.pages import render, see_other
from node.web.sessions import VISIT, steward_of
from node.web.sign_in import new_password
from node.web.who_we_are import read_who_we_are, typed

STEPS = tuple(f"/first-steps/{name}" for name in ("names", "languages", "places", "standing"))
NAMES, LANGUAGES, PLACES, STANDING = STEPS
END = "/first-steps/end"


async def ask_names(request: web.Request) -> web.Response:
    """GET /first-steps/names."""
    steward = steward_of(request)
    own_name = "" if await first_steps.are_due(community_of(request), steward) else steward.name
    return _names_page(request, Form().given(name=request[VISIT].profile.name, own_name=own_name))


async def take_names(request: web.Request) -> web.Response:
    """POST /first-steps/names."""
    steward, form = steward_of(request), await read_form(request)
    try:
        await first_steps.say_names(community_of(request), _read_names(form, steward), steward)
    except Invalid as error:
        return _names_page(request, form.wrong(error.fields), 422)
    return see_other(LANGUAGES)


async def ask_languages(request: web.Request) -> web.Response:
    """GET /first-steps/languages."""
    steward_of(request)
    return _languages_page(request, form_of_spoken(request))


async def take_languages(request: web.Request) -> web.Response:
    """POST /first-steps/languages."""
    steward, form = steward_of(request), await read_form(request)
    try:
        await communities.speak(community_of(request), read_spoken(request, form), steward)
    except Invalid as error:
        return _languages_page(request, form.wrong(error.fields), 422)
    return see_other(PLACES)


async def ask_places(request: web.Request) -> web.Response:
    """GET /first-steps/places."""
    steward_of(request)
    return _places_page(request, typed(request[VISIT].profile))


async def take_places(request: web.Request) -> web.Response:
    """POST /first-steps/places."""
    steward, form = steward_of(request), await read_form(request)
    said = read_who_we_are(form.without("name"), request[VISIT].profile)
    try:
        await first_steps.say_where(community_of(request), said, form.text("names").splitlines(), steward)
    except Invalid as error:
        return _places_page(request, form.wrong(error.fields), 422)
    return see_other(STANDING)


async def show_standing(request: web.Request) -> web.Response:
    """GET /first-steps/standing."""
    community = community_of(request)
    checks = await health.look_over(community, steward_of(request))
    needs_look = not all(check.is_ok for check in checks)
    return _page(request, STANDING, Form(), base_url=community.base_url, needs_look=needs_look)


async def end(request: web.Request) -> web.Response:
    """POST /first-steps/end: nobody is led there any more."""
    await first_steps.end(community_of(request), steward_of(request))
    return see_other("/settings?said=introduced")


def _read_names(form: Form, steward: Member) -> Names:
    """As typed. Raises Invalid where the two passwords are not the same."""
    password = "" if steward.has_password else new_password(form)
    return Names(form.text("name"), form.text("own_name"), password)


def _names_page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    return _page(request, NAMES, form, status)


def _languages_page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    return _page(request, LANGUAGES, form, status, **spoken_choices(request))


def _places_page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    zone_set = community_of(request).settings.timezone
    return _page(request, PLACES, form, status, zones=zone_names(), zone_set=zone_set)


def _page(request: web.Request, path: str, form: Form, status: int = 200, **values: object) -> web.Response:
    place = STEPS.index(path)
    is_last = place + 1 == len(STEPS)
    return render(
        request,
        f"first_step_{path.rpartition('/')[2]}.html",
        status=status,
        form=form,
        action=END if is_last else path,
        onward="" if is_last else STEPS[place + 1],
        back=STEPS[place - 1] if place else "",
        number=place + 1,
        steps=len(STEPS),
        **values,
    )


ROUTES: tuple[web.RouteDef, ...] = (
    web.get(NAMES, ask_names),
    web.post(NAMES, take_names),
    web.get(LANGUAGES, ask_languages),
    web.post(LANGUAGES, take_languages),
    web.get(PLACES, ask_places),
    web.post(PLACES, take_places),
    web.get(STANDING, show_standing),
    web.post(END, end),
)
