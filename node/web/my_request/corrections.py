"""The owner corrects what they wrote: the words that others may see, and what is locked."""

from dataclasses import replace
from decimal import Decimal

from aiohttp import web

from node.context import community_of
from node.domain.errors import ChangedMeanwhile, Conflict, Invalid
from node.services import correcting, needs
from node.services.doors import doors
from node.web.answers import read_sealed
from node.web.choices import choices_for, units
from node.web.forms import Form, Reader, read_form
from node.web.my_request.finding import Found, find
from node.web.own_questions import answer_lines
from node.web.pages import render, see_other
from node.web.sealed_forms import both, typed_note
from node.web.sessions import VISIT


async def show_wording(request: web.Request) -> web.Response:
    """GET /r/{code}/correct."""
    found = await find(request)
    return see_other(found.path) if found.notice.erased_at else _wording_page(request, found, _typed(found))


async def correct_wording(request: web.Request) -> web.Response:
    """POST /r/{code}/correct."""
    found = await find(request)
    form = await read_form(request)
    read = Reader(form)
    wording = replace(
        found.notice.wording,
        title=read.text("title"),
        text=read.text("text"),
        area=read.text("area"),
        quantity=read.number("quantity", Decimal(1)),
        unit=form.text("unit") or "one",
        needed_by=read.day("needed_by"),
    )
    try:
        read.check()
        await needs.correct_by_code(community_of(request), found.code, wording)
    except Invalid as problem:
        return _wording_page(request, found, form.wrong(problem.fields), status=422)
    except Conflict:  # it was erased in the meantime, and the page says so
        return see_other(found.path)
    return see_other(f"{found.path}?said=corrected")


async def show_sealed(request: web.Request) -> web.Response:
    """GET /r/{code}/reach: what is locked, for its owner to correct. That it was opened is written down."""
    found = await find(request)
    note = await correcting.open_by_code(community_of(request), found.code)
    own = (await doors(community_of(request))).questions_for(found.notice.kind)
    return _sealed_page(request, found, typed_note(note, own))


async def correct_sealed(request: web.Request) -> web.Response:
    """POST /r/{code}/reach."""
    found = await find(request)
    form = await read_form(request)
    try:
        await correcting.correct_by_code(community_of(request), found.code, read_sealed(form), form.text("seen"))
    except Invalid as problem:
        return _sealed_page(request, found, form.wrong(problem.fields), status=422)
    except ChangedMeanwhile as error:
        now = await correcting.open_by_code(community_of(request), found.code)
        return _sealed_page(request, found, both(form, now, error), status=409)
    return see_other(f"{found.path}?said=locked")


def _wording_page(request: web.Request, found: Found, form: Form, status: int = 200) -> web.Response:
    values = {"notice": found.notice, "path": found.path, "form": form, "units": units()}
    return render(request, "my_request_words.html", status=status, **values)


def _sealed_page(request: web.Request, found: Found, form: Form, status: int = 200) -> web.Response:
    return render(
        request,
        "sealed_form.html",
        status=status,
        form=form,
        choices=choices_for(request[VISIT].profile, found.notice.kind),
        action=f"{found.path}/reach",
        back=found.path,
        for_dispatcher=False,
        answer_lines=answer_lines(form),
        is_meanwhile=status == 409,
    )


def _typed(found: Found) -> Form:
    wording = found.notice.wording
    return Form().given(
        title=wording.title,
        text=wording.text,
        area=wording.area,
        quantity=f"{wording.quantity.normalize():f}",
        unit=wording.unit,
        needed_by=wording.needed_by.isoformat() if wording.needed_by else "",
    )
