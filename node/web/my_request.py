"""My request: whoever holds the code sees where it stands, corrects it, pauses it, ends it, and stops the sharing."""

from dataclasses import replace
from decimal import Decimal

from aiohttp import web

from node.context import client_address, community_of
from node.domain.codes import PATTERN, tidy_code
from node.domain.consent import Channel
from node.domain.errors import Invalid, NotFound
from node.domain.notices import Notice, Status
from node.services import call_backs, consents, forgetting, needs, openings, shares
from node.services.consents import Said
from node.web.choices import units
from node.web.forms import Form, Reader, read_form
from node.web.pages import render, see_other
from node.web.tries import Tries
from node.web.words import LANGUAGE, _

WRONG_CODES = web.AppKey("wrong_codes", Tries)

#: What the button says, and what is written down when it is pressed.
STOP_SHARING = _("Stop sharing")

#: What the holder of the code may make of it; all else is the dispatchers' to say.
_MAY_BECOME = {
    "pause": Status.PAUSED,
    "again": Status.OPEN,
    "sorted": Status.MET,
    "over": Status.NO_LONGER_NEEDED,
}

_SAID = {
    "pause": _("It is paused. Nobody works on it until you start it again."),
    "again": _("It is open again. We go on looking."),
    "sorted": _("Good to hear. It is marked as sorted."),
    "over": _("It is closed. Thank you for telling us."),
    "corrected": _("Your words are corrected."),
    "erased": _("It is erased: your words, your name, how to reach you. Communities that had a copy are told too."),
    "stopped": _("Nobody outside sees it any more. Communities that had a copy are told to erase it."),
}


async def find_by_code(request: web.Request, typed: str) -> Notice:
    """The notice behind a code, however it was typed. Raises NotFound, and TooManyTries after many wrong codes."""
    community = community_of(request)
    tries = request.app[WRONG_CODES]
    address = client_address(request)
    tries.check(address, community.now())
    code = tidy_code(typed)
    try:
        if not PATTERN.fullmatch(code):
            raise NotFound
        return await needs.by_code(community, code)
    except NotFound:
        tries.wrong(address, community.now())
        raise NotFound(_("There is nothing under this code. Look at the words and the number once more.")) from None


async def ask_for_code(request: web.Request) -> web.Response:
    """GET /r."""
    return render(request, "my_request_code.html", form=Form())


async def take_code(request: web.Request) -> web.Response:
    """POST /r."""
    form = await read_form(request)
    try:
        await find_by_code(request, form.text("code"))
    except NotFound as problem:
        return render(request, "my_request_code.html", status=404, form=form.wrong({"code": problem.message}))
    return see_other(f"/r/{tidy_code(form.text('code'))}")


async def show(request: web.Request) -> web.Response:
    """GET /r/{code}."""
    notice = await find_by_code(request, request.match_info["code"])
    code = tidy_code(request.match_info["code"])
    if code != request.match_info["code"]:
        return see_other(f"/r/{code}")
    community = community_of(request)
    shared = await shares.shared_with(community, notice.id)
    changed = _SAID.get(request.query.get("said", ""), "")
    return render(
        request,
        "my_request.html",
        notice=notice,
        code=code,
        shared=shared,
        agreed=consents.current(await consents.history(community, notice.id)),
        is_asked=bool(await call_backs.open_of(community, notice.id)),
        openings=await openings.openings_for_owner(community, notice.id),
        changed=changed,
    )


async def change_status(request: web.Request) -> web.Response:
    """POST /r/{code}/status."""
    await find_by_code(request, request.match_info["code"])
    form = await read_form(request)
    wish = form.text("to")
    if wish not in _MAY_BECOME:
        raise Invalid({"to": _("Choose one of the buttons on the page.")})
    code = tidy_code(request.match_info["code"])
    await needs.change_status_by_code(community_of(request), code, _MAY_BECOME[wish])
    return see_other(f"/r/{code}?said={wish}")


async def stop_sharing(request: web.Request) -> web.Response:
    """POST /r/{code}/stop-sharing."""
    await find_by_code(request, request.match_info["code"])
    code = tidy_code(request.match_info["code"])
    said = Said((), is_given=False, wording=STOP_SHARING, channel=Channel.WEB, language=LANGUAGE)
    await consents.stop_sharing_by_code(community_of(request), code, said)
    return see_other(f"/r/{code}?said=stopped")


async def confirm_erasing(request: web.Request) -> web.Response:
    """GET /r/{code}/erase."""
    notice = await find_by_code(request, request.match_info["code"])
    return render(request, "my_request_erase.html", notice=notice, code=tidy_code(request.match_info["code"]))


async def erase(request: web.Request) -> web.Response:
    """POST /r/{code}/erase."""
    await find_by_code(request, request.match_info["code"])
    code = tidy_code(request.match_info["code"])
    await forgetting.erase_by_code(community_of(request), code)
    return see_other(f"/r/{code}?said=erased")


async def show_wording(request: web.Request) -> web.Response:
    """GET /r/{code}/correct."""
    notice = await find_by_code(request, request.match_info["code"])
    return _wording_page(request, notice, _as_typed(notice))


async def correct(request: web.Request) -> web.Response:
    """POST /r/{code}/correct."""
    notice = await find_by_code(request, request.match_info["code"])
    form = await read_form(request)
    read = Reader(form)
    wording = replace(
        notice.wording,
        title=read.text("title"),
        text=read.text("text"),
        quantity=read.number("quantity", Decimal(1)),
        unit=form.text("unit") or "one",
        needed_by=read.day("needed_by"),
    )
    code = tidy_code(request.match_info["code"])
    try:
        read.check()
        await needs.correct_by_code(community_of(request), code, wording)
    except Invalid as problem:
        return _wording_page(request, notice, form.wrong(problem.fields), status=422)
    return see_other(f"/r/{code}?said=corrected")


def _wording_page(request: web.Request, notice: Notice, form: Form, status: int = 200) -> web.Response:
    code = tidy_code(request.match_info["code"])
    values = {"notice": notice, "code": code, "form": form, "units": units()}
    return render(request, "my_request_words.html", status=status, **values)


def _as_typed(notice: Notice) -> Form:
    wording = notice.wording
    return Form().given(
        title=wording.title,
        text=wording.text,
        quantity=f"{wording.quantity.normalize():f}",
        unit=wording.unit,
        needed_by=wording.needed_by.isoformat() if wording.needed_by else "",
    )


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/r", ask_for_code),
    web.post("/r", take_code),
    web.get("/r/{code}", show),
    web.get("/r/{code}/erase", confirm_erasing),
    web.post("/r/{code}/erase", erase),
    web.post("/r/{code}/status", change_status),
    web.post("/r/{code}/stop-sharing", stop_sharing),
    web.get("/r/{code}/correct", show_wording),
    web.post("/r/{code}/correct", correct),
)
