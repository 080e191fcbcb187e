"""The categories, for stewards: each as it comes, or called otherwise, elsewhere on the list, or not offered."""

from aiohttp import web

from node.context import community_of
from node.domain.categories import BY_KEY, DELICATE, CategoryChange, OwnCategories
from node.domain.errors import Invalid, NotFound
from node.services import categories
from node.web.choices import places_after
from node.web.forms import Form, read_form
from node.web.pages import render, see_other
from node.web.sessions import VISIT, steward_of
from node.web.words import _

PATH = "/settings/categories"


async def show(request: web.Request) -> web.Response:
    """GET /settings/categories."""
    steward_of(request)
    own = request[VISIT].profile.categories
    changed = _("It is noted. It counts from now on.") if "saved" in request.query else ""
    return render(
        request,
        "settings_categories.html",
        known=own.arranged,
        hidden=own.hidden,
        renamed={key: BY_KEY[key].name for key in own.names},
        changed=changed,
    )


async def show_one(request: web.Request) -> web.Response:
    """GET /settings/categories/{key}."""
    steward_of(request)
    key, own = _key(request), request[VISIT].profile.categories
    return _page(request, typed(own, key))


async def change(request: web.Request) -> web.Response:
    """POST /settings/categories/{key}."""
    steward, key, form = steward_of(request), _key(request), await read_form(request)
    wanted = CategoryChange(key, form.text("name"), form.text("behind"), form.has("is_hidden", "yes"))
    try:
        await categories.change(community_of(request), wanted, steward)
    except Invalid as error:
        return _page(request, form.wrong(error.fields), status=422)
    return see_other(f"{PATH}?saved")


def typed(own: OwnCategories, key: str) -> Form:
    """The form that stands for one category as it is."""
    keys = ["", *(one.key for one in own.arranged)]
    return Form().given(
        name=own.names.get(key, ""),
        behind=keys[keys.index(key) - 1],
        is_hidden="yes" if key in own.hidden else "",
    )


def _key(request: web.Request) -> str:
    key = request.match_info["key"]
    if key not in BY_KEY:
        raise NotFound
    return key


def _page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    key, own = _key(request), request[VISIT].profile.categories
    return render(
        request,
        "settings_category.html",
        status=status,
        form=form,
        key=key,
        shipped=BY_KEY[key].name,
        places=places_after((one.key, one.name) for one in own.arranged if one.key != key),
        is_delicate=key in DELICATE,
    )


ROUTES: tuple[web.RouteDef, ...] = (
    web.get(PATH, show),
    web.get(f"{PATH}/{{key}}", show_one),
    web.post(f"{PATH}/{{key}}", change),
)
