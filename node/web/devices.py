"""Being told on a device by Web Push: members switch it on and off for theirs, stewards for everybody."""

from aiohttp import web

from node.context import community_of
from node.domain.errors import Invalid
from node.services import devices
from node.web.forms import Form, read_form
from node.web.pages import render, see_other
from node.web.sessions import signed_in, steward_of
from node.web.words import _

PATH = "/account/devices"
OFFER_PATH = "/settings/devices"

_SAID = {
    "told": _("This device is told when something waits, once a day at most."),
    "left": _("That device is forgotten and is not told any more."),
    "on": _("Members can now choose to be told on their devices."),
    "off": _("Nobody is told on a device any more. All of them are forgotten."),
}


async def show(request: web.Request) -> web.Response:
    """GET /account/devices."""
    signed_in(request)
    return await _page(request, Form())


async def change(request: web.Request) -> web.Response:
    """POST /account/devices: tell me on this one, or forget one."""
    member, community, form = signed_in(request), community_of(request), await read_form(request)
    if form.text("to") == "leave":
        await devices.leave(community, form.text("device"), member.id)
        return see_other(f"{PATH}?said=left")
    subscription = (form.text("endpoint"), form.text("point"), form.text("secret"))
    try:
        await devices.tell_on(community, subscription, member)
    except Invalid as problem:
        return await _page(request, form.wrong(problem.fields), 422)
    return see_other(f"{PATH}?said=told")


async def show_offer(request: web.Request) -> web.Response:
    """GET /settings/devices."""
    steward_of(request)
    is_offered = await devices.is_offered(community_of(request))
    return render(request, "settings_devices.html", is_offered=is_offered, changed=_said(request))


async def change_offer(request: web.Request) -> web.Response:
    """POST /settings/devices: `to` is on or off."""
    steward, wish = steward_of(request), (await read_form(request)).text("to")
    if wish not in {"on", "off"}:
        raise Invalid({"to": _("Choose one of the buttons on the page.")})
    await devices.offer(community_of(request), wish == "on", steward)
    return see_other(f"{OFFER_PATH}?said={wish}")


async def _page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    community, member = community_of(request), signed_in(request)
    return render(
        request,
        "account_devices.html",
        status=status,
        form=form,
        changed=_said(request),
        is_offered=await devices.is_offered(community),
        devices=await devices.listing(community, member),
        key=devices.push_key(community).public,
    )


def _said(request: web.Request) -> str:
    return _SAID.get(request.query.get("said", ""), "")


ROUTES: tuple[web.RouteDef, ...] = (
    web.get(PATH, show),
    web.post(PATH, change),
    web.get(OFFER_PATH, show_offer),
    web.post(OFFER_PATH, change_offer),
)
