"""One need or offer as dispatchers see it: where it stands, its wording, who sees it, and its sealed note."""

from dataclasses import replace
from decimal import Decimal

from aiohttp import web

from node.context import community_of
from node.domain.errors import ChangedMeanwhile, Conflict, Invalid, NotAllowed
from node.domain.meanwhile import marks_of
from node.domain.notices import Notice, Status, Urgency, Wording, about, as_chosen
from node.domain.repeating import Repeat
from node.domain.second_yes import of_share
from node.services import (
    call_backs,
    consents,
    contact_notes,
    matching,
    needs,
    openings,
    peers,
    questions,
    responses,
    second_yes,
    shares,
    splitting,
    taking_on,
)
from node.services.history import history
from node.services.who_could_help import who_could_help
from node.web.category_words import category_name, every_category, own_categories
from node.web.choices import Choices, choices_for
from node.web.forms import Form, Reader, read_form
from node.web.history import told
from node.web.keeping import keeping_of
from node.web.opening import read_why, reasons
from node.web.pages import render, see_other
from node.web.second_yes import as_typed
from node.web.sessions import VISIT, dispatcher_of
from node.web.words import _, repeat_name, state_name, urgency_name

CHANGED = {
    "sealed": _("The sealed note is corrected and locked again."),
    "status": _("It is noted where this stands now."),
    "contact": _("It is noted how it went."),
    "let-be": _("Nobody has to call back."),
    "still": _("It goes on, and its time begins anew."),
    "ask": _("It is in the queue: ask the person first. The answer goes below, under who may know."),
    "answer": _("The answer is written down."),
    "second": _("Your yes is noted. A steward who is somebody else has to say yes, too."),
    "back": _("The yes is taken back."),
    "hands": _("It is open again, and on the board."),
    "split": _("It is split. This is the part that goes its own way; the other is below."),
    "wording": _("The wording is corrected. Communities that see it get the new words."),
}

#: `new` is only the beginning, and `expired` is said by the calendar: they are shown where they are so.
_NOT_CHOSEN = {
    Status.NEW: _("Getting in touch"),
    Status.EXPIRED: _("Its day is over"),
}
#: What a dispatcher may say.
_STATUSES = (
    (Status.OPEN.value, _("Open")),
    (Status.TAKEN_ON.value, _("Taken on")),
    (Status.PARTLY_MET.value, _("Partly met")),
    (Status.MET.value, _("Met")),
    (Status.PAUSED.value, _("Paused")),
    (Status.NO_LONGER_NEEDED.value, _("No longer needed")),
)


async def show_need(request: web.Request) -> web.Response:
    """GET /dispatch/{id}."""
    dispatcher_of(request)
    return await need_page(request, Form(), changed=CHANGED.get(request.query.get("changed", ""), ""))


async def change_status(request: web.Request) -> web.Response:
    """POST /dispatch/{id}/status."""
    member = dispatcher_of(request)
    notice_id = request.match_info["id"]
    form = await read_form(request)
    reader = Reader(form)
    reader.text("status", missing=_("Choose where it stands."))
    status = reader.word("status", Status, Status.OPEN)
    try:
        reader.check()
        was = reader.word("was", Status, status) if form.text("was") else None
        await needs.change_status(community_of(request), notice_id, status, member, reader.text("note"), was=was)
    except Invalid as error:
        return await need_page(request, form.wrong(error.fields), 422)
    except ChangedMeanwhile:
        return await _changed_meanwhile(request, form, status)
    except Conflict as error:
        return await need_page(request, form.wrong({"status": error.message}), 409)
    return see_other(f"/dispatch/{notice_id}?changed=status")


async def _changed_meanwhile(request: web.Request, form: Form, mine: Status) -> web.Response:
    """Both versions, and what was typed as it was."""
    notice = await needs.get(community_of(request), request.match_info["id"])
    both = {"now": state_name(notice.status), "mine": state_name(mine)}
    told = _("Somebody else noted meanwhile: %(now)s. You chose: %(mine)s. Look once more, then note it.") % both
    return await need_page(request, form.without("was").wrong({"status": told}), 409)


async def show_wording(request: web.Request) -> web.Response:
    """GET /dispatch/{id}/wording: the words as they are, to be corrected."""
    dispatcher_of(request)
    notice = await needs.get(community_of(request), request.match_info["id"])
    return _wording_page(request, notice, typed_of(notice.wording).given(seen=marks_of(as_chosen(notice.wording))))


async def correct_wording(request: web.Request) -> web.Response:
    """POST /dispatch/{id}/wording."""
    member = dispatcher_of(request)
    community = community_of(request)
    notice = await needs.get(community, request.match_info["id"])
    form = await read_form(request)
    try:
        mine = read_wording(form, notice.wording)
        await needs.correct(community, notice.id, mine, member, form.text("seen"))
    except Invalid as error:
        return _wording_page(request, notice, form.wrong(error.fields), 422)
    except ChangedMeanwhile as error:
        now = await needs.get(community, notice.id)
        return _wording_page(request, now, _both(form, now.wording, error), 409)
    return see_other(f"/dispatch/{notice.id}?changed=wording")


def _both(form: Form, now: Wording, error: ChangedMeanwhile) -> Form:
    """The form as it was typed, with what stands there now beside each field that both changed, and in those of others.

    Sent once more, it replaces what is shown beside it.
    """
    there = typed_of(now)
    told = {name: _("Somebody else wrote meanwhile: %(words)s") % {"words": _said(now, name)} for name in error.names}
    theirs = {name: there.text(name) for name in error.theirs if name in there.typed}
    return form.given(**theirs, seen=marks_of(as_chosen(now))).wrong(told)


def _said(wording: Wording, name: str) -> str:
    """A field as pages say it."""
    match name:
        case "category":
            return category_name(wording.category_here)
        case "urgency":
            return urgency_name(wording.urgency)
        case "repeat":
            return repeat_name(wording.repeat)
        case _:
            return typed_of(wording).text(name) or "–"


async def open_sealed(request: web.Request) -> web.Response:
    """POST /dispatch/{id}/sealed: the sealed note, on this one answer and nowhere else. The opening is noted."""
    member = dispatcher_of(request)
    community = community_of(request)
    notice = await needs.get(community, request.match_info["id"])
    form = await read_form(request)
    try:
        note = await openings.open_note(community, notice.id, member, read_why(form))
    except Invalid as error:
        return await need_page(request, form.wrong(error.fields), 422)
    except NotAllowed as error:
        return await need_page(request, form.wrong({"reason": error.message}), 403)
    return render(
        request,
        "sealed.html",
        notice=notice,
        note=note,
        form=Form(),
        form_id=community.new_id(),
        to_ask=tuple(one for one in await call_backs.open_of(community, notice.id) if one.call_back.questions),
    )


def typed_of(wording: Wording) -> Form:
    """The form that stands for these words."""
    return Form().given(
        title=wording.title,
        category=wording.category_here,
        text=wording.text,
        area=wording.area,
        urgency=wording.urgency,
        needed_by=wording.needed_by.isoformat() if wording.needed_by else "",
        repeat=wording.repeat,
        repeat_until=wording.repeat_until.isoformat() if wording.repeat_until else "",
        quantity=f"{wording.quantity.normalize():f}",
        unit=wording.unit,
    )


def read_wording(form: Form, before: Wording) -> Wording:
    """The words as they were typed; what the form does not ask for stays as it was. Raises Invalid."""
    reader = Reader(form)
    wording = replace(
        before,
        title=reader.text("title"),
        text=reader.text("text"),
        area=reader.text("area"),
        urgency=reader.word("urgency", Urgency, before.urgency),
        needed_by=reader.day("needed_by"),
        repeat=reader.word("repeat", Repeat, Repeat.ONCE),
        repeat_until=reader.day("repeat_until"),
        quantity=reader.number("quantity", Decimal(1)),
        unit=reader.text("unit") or before.unit,
    )
    reader.check()
    return about(wording, reader.text("category"), own_categories())


async def need_page(request: web.Request, form: Form, status: int = 200, changed: str = "") -> web.Response:
    """The page of one need or offer, with `form` as it was typed into any of its forms. Raises NotFound."""
    community = community_of(request)
    notice = await needs.get(community, request.match_info["id"])
    names = await peers.names(community)
    return render(
        request,
        "need.html",
        status=status,
        changed=changed,
        notice=notice,
        form=form,
        statuses=_statuses(notice),
        names=names,
        agreed=consents.current(await consents.history(community, notice.id)),
        threads=await questions.of_notice(community, notice.id, dispatcher_of(request)),
        call_backs=await call_backs.open_of(community, notice.id),
        second=await second_yes.waiting(community, of_share(notice.id), dispatcher_of(request)),
        wanted=as_typed(await second_yes.details(community, of_share(notice.id))),
        parts=await splitting.parts(community, notice),
        hands=await taking_on.held(community, notice.id, dispatcher_of(request)),
        matches=await matching.of_notice(community, notice.id, dispatcher_of(request)),
        candidates=await who_could_help(community, notice.id, dispatcher_of(request)),
        shares=await shares.shares_of(community, notice.id),
        responses=await responses.listing(community, notice.id),
        tries=await contact_notes.listing(community, notice.id, dispatcher_of(request)),
        form_id=community.new_id(),
        openings=await openings.openings(community, notice.id),
        reasons=reasons(),
        keeping=keeping_of(request, notice),
        steps=told(await history(community, notice.id, dispatcher_of(request))),
    )


def _statuses(notice: Notice) -> tuple[tuple[str, str], ...]:
    """Where it stands now is always among them, so that nothing else looks chosen."""
    now = _NOT_CHOSEN.get(notice.status)
    return ((notice.status.value, now), *_STATUSES) if now else _STATUSES


def _wording_page(request: web.Request, notice: Notice, form: Form, status: int = 200) -> web.Response:
    choices = choices_for(request[VISIT].profile, notice.kind)
    return render(
        request,
        "wording.html",
        status=status,
        notice=notice,
        form=form,
        is_meanwhile=status == 409,
        choices=choices,
        categories=every_category(),
        repeats=_pairs(choices.repeats),
        units=_pairs(choices.units),
    )


def _pairs(choices: Choices) -> tuple[tuple[str, str], ...]:
    return tuple((value, label) for value, label, _more in choices)


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/dispatch/{id}", show_need),
    web.post("/dispatch/{id}/status", change_status),
    web.get("/dispatch/{id}/wording", show_wording),
    web.post("/dispatch/{id}/wording", correct_wording),
    web.post("/dispatch/{id}/sealed", open_sealed),
)
