"""Splitting a need in two, and noting that some of it is met."""

from decimal import Decimal

from aiohttp import web

from node.context import community_of
from node.domain.errors import ChangedMeanwhile, Conflict, Invalid
from node.domain.notices import Kind, Notice
from node.domain.splitting import ALL_PROMISED, NOT_A_NEED, Split
from node.services import needs, splitting
from node.web.category_words import every_category, own_categories
from node.web.forms import Form, Reader, read_form
from node.web.needs import need_page
from node.web.pages import render, see_other
from node.web.sessions import dispatcher_of
from node.web.words import _, amount


async def show(request: web.Request) -> web.Response:
    """GET /dispatch/{id}/split: both parts, as they would be called."""
    dispatcher_of(request)
    notice = await _need(request)
    wording = notice.wording
    typed = {"title": wording.title, "text": wording.text, "category": wording.category_here}
    stays = {"stays_title": wording.title, "stays_text": wording.text}
    return _page(request, notice, Form().given(form_id=community_of(request).new_id(), **stays, **typed))


async def split(request: web.Request) -> web.Response:
    """POST /dispatch/{id}/split."""
    member, notice, form = dispatcher_of(request), await _need(request), await read_form(request)
    try:
        asked = _read(form)
        part = await splitting.split(community_of(request), notice.id, asked, member, form.text("form_id") or None)
    except Invalid as error:
        return _page(request, notice, form.wrong(error.fields), 422)
    except Conflict as error:
        return _page(request, notice, form.wrong({"stays_title": error.message}), 409)
    return see_other(f"/dispatch/{part.id}?changed=split")


async def meet_some(request: web.Request) -> web.Response:
    """POST /dispatch/{id}/met: so much of it is met."""
    member, notice_id, form = dispatcher_of(request), request.match_info["id"], await read_form(request)
    reader = Reader(form)
    try:
        quantity, was = reader.number("quantity", Decimal(0)), reader.number("open", Decimal(-1))
        reader.check()
        await needs.meet_some(community_of(request), notice_id, quantity, member, was=None if was < 0 else was)
    except Invalid as error:
        return await need_page(request, form.wrong(error.fields), 422)
    except ChangedMeanwhile:
        return await _changed_meanwhile(request, form)
    except Conflict as error:
        return await need_page(request, form.wrong({"quantity": error.message}), 409)
    return see_other(f"/dispatch/{notice_id}?changed=status")


async def _changed_meanwhile(request: web.Request, form: Form) -> web.Response:
    """Both versions, and what was typed as it was."""
    notice = await needs.get(community_of(request), request.match_info["id"])
    both = {"open": amount(notice.remaining, notice.wording.unit), "mine": form.text("quantity")}
    told = _("Somebody else noted something meanwhile: %(open)s of it is open now. You wrote: %(mine)s is met.") % both
    return await need_page(request, form.without("open").wrong({"quantity": told}), 409)


def _read(form: Form) -> Split:
    reader, own, key = Reader(form), own_categories(), form.text("category")
    asked = Split(
        title=reader.text("stays_title"),
        text=reader.text("stays_text"),
        other_title=reader.text("title"),
        other_text=reader.text("text"),
        other_category=own.like(key),
        other_own_category=own.own(key),
        quantity=reader.number("quantity", Decimal(0)) if reader.text("quantity") else None,
    )
    reader.check()
    return asked


async def _need(request: web.Request) -> Notice:
    """The need, where there is something to split. Raises NotFound, Conflict."""
    notice = await needs.get(community_of(request), request.match_info["id"])
    if notice.kind is not Kind.NEED:
        raise Conflict(NOT_A_NEED)
    if notice.remaining <= 0 and not notice.is_closed:
        raise Conflict(ALL_PROMISED)
    return notice


def _page(request: web.Request, notice: Notice, form: Form, status: int = 200) -> web.Response:
    return render(request, "split.html", status=status, notice=notice, form=form, categories=every_category())


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/dispatch/{id}/split", show),
    web.post("/dispatch/{id}/split", split),
    web.post("/dispatch/{id}/met", meet_some),
)
