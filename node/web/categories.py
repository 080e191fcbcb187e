"""The categories, for stewards: each as it comes, or called otherwise, elsewhere on the list, or not offered.

Beside the twenty stand those that the community adds: mapped, and taken away again.
"""

from aiohttp import web

from node.context import community_of
from node.domain.categories import BY_KEY, DELICATE, MOST_OWN, CategoryChange, OwnCategories
from node.domain.errors import Invalid, NotFound
from node.services import categories
from node.web.category_words import each_like
from node.web.choices import places_after
from node.web.forms import Form, read_form
from node.web.pages import render, see_other
from node.web.sessions import VISIT, steward_of
from node.web.words import _

PATH = "/settings/categories"
_SAID = {
    "saved": _("It is noted. It counts from now on."),
    "gone": _("That category is not on the list any more. What was in it stays."),
}


async def show(request: web.Request) -> web.Response:
    """GET /settings/categories."""
    steward_of(request)
    own = request[VISIT].profile.categories
    said = next((words for word, words in _SAID.items() if word in request.query), "")
    return render(
        request,
        "settings_categories.html",
        known=own.arranged,
        hidden=own.hidden,
        renamed={key: BY_KEY[key].name for key in own.names if key in BY_KEY},
        likes={key: BY_KEY[like].name for key, like in own.likes.items()},
        may_add=len(own.likes) < MOST_OWN,
        most=MOST_OWN,
        changed=said,
    )


async def show_new(request: web.Request) -> web.Response:
    """GET /settings/categories/new."""
    steward_of(request)
    last = [key for key in request[VISIT].profile.categories.keys if key != "other"][-1]
    return _page(request, "", Form().given(behind=last))


async def add(request: web.Request) -> web.Response:
    """POST /settings/categories/new."""
    return await _save(request, "")


async def show_one(request: web.Request) -> web.Response:
    """GET /settings/categories/{key}."""
    steward_of(request)
    key, own = _key(request), request[VISIT].profile.categories
    return _page(request, key, typed(own, key))


async def change(request: web.Request) -> web.Response:
    """POST /settings/categories/{key}."""
    return await _save(request, _key(request))


async def remove(request: web.Request) -> web.Response:
    """POST /settings/categories/{key}/remove: one that we added. Twice is as good as once."""
    await categories.remove(community_of(request), request.match_info["key"], steward_of(request))
    return see_other(f"{PATH}?gone")


def typed(own: OwnCategories, key: str) -> Form:
    """The form that stands for one category as it is."""
    keys = ["", *(one.key for one in own.arranged)]
    return Form().given(
        name=own.names.get(key, ""),
        behind=keys[keys.index(key) - 1],
        is_hidden="yes" if key in own.hidden else "",
        like=own.likes.get(key, ""),
    )


async def _save(request: web.Request, key: str) -> web.Response:
    steward, form = steward_of(request), await read_form(request)
    hidden = form.has("is_hidden", "yes")
    wanted = CategoryChange(key, form.text("name"), form.text("behind"), hidden, form.text("like"))
    try:
        await categories.change(community_of(request), wanted, steward)
    except Invalid as error:
        return _page(request, key, form.wrong(error.fields), status=422)
    return see_other(f"{PATH}?saved")


def _key(request: web.Request) -> str:
    key = request.match_info["key"]
    if not request[VISIT].profile.categories.knows(key):
        raise NotFound
    return key


def _page(request: web.Request, key: str, form: Form, status: int = 200) -> web.Response:
    own = request[VISIT].profile.categories
    is_ours = key not in BY_KEY
    return render(
        request,
        "settings_own_category.html" if is_ours else "settings_category.html",
        status=status,
        form=form,
        key=key,
        shipped=BY_KEY[own.like(key)].name if key else "",
        places=places_after((one.key, one.name) for one in own.arranged if one.key != key),
        is_delicate=own.like(key) in DELICATE,
        likes=(("", _("Choose")), *each_like()),
        tag=own.tag_of(key),
    )


ROUTES: tuple[web.RouteDef, ...] = (
    web.get(PATH, show),
    web.get(f"{PATH}/new", show_new),
    web.post(f"{PATH}/new", add),
    web.get(f"{PATH}/{{key}}", show_one),
    web.post(f"{PATH}/{{key}}", change),
    web.post(f"{PATH}/{{key}}/remove", remove),
)
