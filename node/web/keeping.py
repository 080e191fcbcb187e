"""For how many days each kind of record is kept: for every member to read, for stewards to set."""

from dataclasses import asdict, dataclass
from datetime import datetime

from aiohttp import web

from node.context import community_of
from node.domain.errors import Invalid
from node.domain.notices import Notice
from node.domain.retention import (
    BOUNDS,
    HIDDEN_BELOW,
    RECEIPT_KEPT,
    Clocks,
    asked_at,
    expires_at,
    sealed_erased_at,
    words_erased_at,
)
from node.services import retention
from node.services.community import Community, zone_of
from node.web.forms import Form, read_form
from node.web.pages import render, see_other
from node.web.sessions import VISIT, signed_in, steward_of
from node.web.words import _

_SAVED = _("It is noted for how long things are kept. It counts for what is here already, too.")


@dataclass(frozen=True)
class Keeping:
    """Until when it is kept: `ends` while it is open, `sealed` and `words` once closed, `receipt` once erased.

    What stands until it is ended has no `ends`. `is_asked` says that its owner is asked now whether it is still wanted.
    """

    ends: datetime | None
    is_asked: bool
    sealed: datetime | None
    words: datetime | None
    receipt: datetime | None
    sealed_days: int
    words_days: int


async def show(request: web.Request) -> web.Response:
    """GET /keeping."""
    signed_in(request)
    return await _page(request, Form(), changed=_SAVED if "saved" in request.query else "")


async def change(request: web.Request) -> web.Response:
    """POST /keeping: a steward sets the clocks."""
    steward = steward_of(request)
    form = await read_form(request)
    try:
        await retention.set_clocks(community_of(request), read_clocks(form), steward)
    except Invalid as error:
        return await _page(request, form.wrong(error.fields), 422)
    return see_other("/keeping?saved")


def read_clocks(form: Form) -> Clocks:
    """What was typed; whatever is no number of days counts as 0, which no clock may be."""
    return Clocks(**{name: form.count(name) for name in BOUNDS})


async def _page(request: web.Request, form: Form, status: int = 200, changed: str = "") -> web.Response:
    shown = request[VISIT].profile
    days = {name: str(value) for name, value in asdict(shown.clocks).items()}
    return render(
        request,
        "keeping.html",
        status=status,
        form=form.given(**{name: value for name, value in days.items() if name not in form.typed}),
        clocks=shown.clocks,
        bounds=BOUNDS,
        strangers_days=shown.strangers_kept_days,
        past=await retention.past(community_of(request)),
        hidden_below=HIDDEN_BELOW,
        changed=changed,
    )


def keeping_of(request: web.Request, notice: Notice) -> Keeping:
    """Until when this notice and its parts are kept."""
    community: Community = community_of(request)
    shown = request[VISIT].profile
    zone = zone_of(community, shown)
    asked = asked_at(notice, zone)
    return Keeping(
        ends=expires_at(notice, zone),
        is_asked=asked is not None and asked <= community.now(),
        sealed=sealed_erased_at(notice, shown.clocks),
        words=words_erased_at(notice, shown.clocks),
        receipt=notice.erased_at + RECEIPT_KEPT if notice.erased_at else None,
        sealed_days=shown.clocks.sealed_notes,
        words_days=shown.clocks.notices,
    )


ROUTES: tuple[web.RouteDef, ...] = (web.get("/keeping", show), web.post("/keeping", change))
