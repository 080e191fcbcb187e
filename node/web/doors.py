"""Our doors: how we ask, for stewards to decide; and the doors as another site may show them in a frame."""

from aiohttp import web
from markupsafe import Markup

from node.context import community_of
from node.domain.doors import MOST_QUESTIONS, AskedOf, Doors, OwnQuestion, Sort
from node.domain.errors import Invalid
from node.domain.ids import random_id
from node.services.doors import change, doors
from node.web.forms import Form, Reader, read_form
from node.web.pages import render, see_other
from node.web.security import FRAMED_BY
from node.web.sessions import VISIT, steward_of
from node.web.words import _

PATH = "/settings/doors"

_ASKED_OF = (
    (AskedOf.BOTH.value, _("Everybody")),
    (AskedOf.NEEDS.value, _("Whoever asks for something")),
    (AskedOf.OFFERS.value, _("Whoever offers something")),
)
_SORTS = (
    (Sort.TEXT.value, _("In their own words")),
    (Sort.YES_NO.value, _("Yes or no")),
    (Sort.CHOICE.value, _("One of several answers")),
)


async def show(request: web.Request) -> web.Response:
    """GET /settings/doors."""
    steward_of(request)
    current = await doors(community_of(request))
    changed = _("It is noted. It counts from now on.") if "saved" in request.query else ""
    return _page(request, typed(current), current, changed=changed)


async def save(request: web.Request) -> web.Response:
    """POST /settings/doors."""
    steward, community, form = steward_of(request), community_of(request), await read_form(request)
    try:
        await change(community, read_doors(form), steward)
    except Invalid as error:
        return _page(request, form.wrong(error.fields), await doors(community), status=422)
    return see_other(f"{PATH}?saved")


async def embed(request: web.Request) -> web.Response:
    """GET /embed: the two doors, which only the sites that a steward named may put into a frame."""
    community = community_of(request)
    response = render(request, "embed.html", base_url=community.base_url)
    response[FRAMED_BY] = (await doors(community)).framed_by
    return response


def read_doors(form: Form) -> Doors:
    """How to ask, as it was typed. Raises Invalid."""
    read = Reader(form)
    questions = tuple(_question(read, number) for number in range(1, MOST_QUESTIONS + 1))
    read.check()
    sites = tuple(form.text("framed_by").split())
    return Doors(questions, form.has("asks_both_ways", "yes"), sites)


def typed(current: Doors) -> Form:
    """The form that stands for it."""
    values = {"framed_by": "\n".join(current.framed_by), "asks_both_ways": "yes" if current.asks_both_ways else ""}
    for number, one in enumerate(current.own_questions, 1):
        values |= {f"id_{number}": one.id, f"words_{number}": one.words, f"sort_{number}": one.sort.value}
        values |= {f"asked_of_{number}": one.asked_of.value, f"options_{number}": "\n".join(one.options)}
    return Form().given(**values)


def _question(read: Reader, number: int) -> OwnQuestion:
    return OwnQuestion(
        id=read.text(f"id_{number}") or random_id(),
        words=read.text(f"words_{number}"),
        sort=read.word(f"sort_{number}", Sort, Sort.TEXT),
        asked_of=read.word(f"asked_of_{number}", AskedOf, AskedOf.BOTH),
        options=tuple(read.text(f"options_{number}").splitlines()),
    )


def _page(request: web.Request, form: Form, current: Doors, status: int = 200, changed: str = "") -> web.Response:
    """Those questions that are filled in, and one empty one."""
    filled = max((n for n in range(1, MOST_QUESTIONS + 1) if form.text(f"words_{n}").strip()), default=0)
    return render(
        request,
        "settings_doors.html",
        status=status,
        form=form,
        numbers=range(1, min(filled + 1, MOST_QUESTIONS) + 1),
        most_questions=MOST_QUESTIONS,
        asked_of=_ASKED_OF,
        sorts=_SORTS,
        framed_by=current.framed_by,
        snippet=_snippet(request),
        changed=changed,
    )


def _snippet(request: web.Request) -> str:
    """What goes into the other site's page."""
    frame = Markup('<iframe src="{}/embed" title="{}" width="100%" height="520" loading="lazy"></iframe>')
    return str(frame.format(community_of(request).base_url, request[VISIT].profile.name))


ROUTES: tuple[web.RouteDef, ...] = (
    web.get(PATH, show),
    web.post(PATH, save),
    web.get("/embed", embed),
)
