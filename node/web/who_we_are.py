"""Who we are, for stewards: the community's name, the line on which it is called, the time it lives by."""

from aiohttp import web

from node.context import community_of
from node.domain.days import zone_names
from node.domain.errors import Invalid
from node.services import who_we_are
from node.services.community import Profile
from node.services.who_we_are import WhoWeAre
from node.web.forms import Form, read_form
from node.web.pages import render, see_other
from node.web.sessions import VISIT, steward_of
from node.web.words import _

PATH = "/settings/community"


async def show(request: web.Request) -> web.Response:
    """GET /settings/community."""
    steward_of(request)
    changed = _("It is noted. It counts from now on.") if "saved" in request.query else ""
    return _page(request, typed(request[VISIT].profile), changed=changed)


async def save(request: web.Request) -> web.Response:
    """POST /settings/community."""
    steward, form = steward_of(request), await read_form(request)
    try:
        await who_we_are.change(community_of(request), read_who_we_are(form, request[VISIT].profile), steward)
    except Invalid as error:
        return _page(request, form.wrong(error.fields), status=422)
    return see_other(f"{PATH}?saved")


def read_who_we_are(form: Form, before: Profile) -> WhoWeAre:
    """As it was typed; what a form did not ask about stays as it was."""
    return WhoWeAre(
        form.text("name", before.name),
        form.text("contact_line", before.contact_line),
        form.text("timezone", before.timezone),
    )


def typed(current: Profile) -> Form:
    """The form that stands for it."""
    return Form().given(name=current.name, contact_line=current.contact_line, timezone=current.timezone)


def _page(request: web.Request, form: Form, status: int = 200, changed: str = "") -> web.Response:
    community = community_of(request)
    return render(
        request,
        "settings_community.html",
        status=status,
        form=form,
        zones=zone_names(),
        zone_set=community.settings.timezone,
        address=f"@{request[VISIT].profile.username}@{community.host}",
        changed=changed,
    )


ROUTES: tuple[web.RouteDef, ...] = (web.get(PATH, show), web.post(PATH, save))
