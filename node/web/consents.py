"""What was agreed to, as dispatchers see it and write it down; and whom they are to ask first."""

from aiohttp import web

from node.context import community_of
from node.domain.consent import Channel
from node.domain.errors import Conflict, Invalid, NotFound
from node.domain.notices import Notice
from node.services import call_backs, calls, consents, needs
from node.services.call_backs import CallBackLine
from node.services.consents import Said
from node.web.consent_questions import Asked, asked_in, chosen, questions_about
from node.web.consent_words import TOLD
from node.web.forms import Form, Reader, read_form
from node.web.language_names import language_name
from node.web.languages import language as spoken
from node.web.pages import render, see_other
from node.web.sessions import VISIT, dispatcher_of
from node.web.words import _

_ANSWERS = (("yes", _("Yes"), ""), ("no", _("No"), ""))


async def show_consent(request: web.Request) -> web.Response:
    """GET /dispatch/{id}/consent: every answer, and a form for a further one."""
    dispatcher_of(request)
    notice = await needs.get(community_of(request), request.match_info["id"])
    changed = _("It is written down. Shares that went further have ended.") if "noted" in request.query else ""
    return await _consent_page(request, notice, Form(), changed=changed)


async def note_consent(request: web.Request) -> web.Response:
    """POST /dispatch/{id}/consent: what the person just said."""
    member = dispatcher_of(request)
    community = community_of(request)
    notice = await needs.get(community, request.match_info["id"])
    form = await read_form(request)
    asked = await questions_about(community, notice, with_linked=True)
    try:
        await consents.record(community, notice.id, _read_said(request, form, asked), member)
    except Invalid as error:
        return await _consent_page(request, notice, form.wrong(error.fields), 422)
    except Conflict as error:
        return await _consent_page(request, notice, form.wrong({"question": error.message}), 409)
    return see_other(f"/dispatch/{notice.id}/consent?noted")


async def show_call_back(request: web.Request) -> web.Response:
    """GET /dispatch/{id}/call-backs/{call_back}: what to ask, and a form for the answer."""
    dispatcher_of(request)
    return await _call_back_page(request, await _call_back(request), Form())


async def answer_call_back(request: web.Request) -> web.Response:
    """POST /dispatch/{id}/call-backs/{call_back}: the answer settles it."""
    member = dispatcher_of(request)
    community, line, form = community_of(request), await _call_back(request), await read_form(request)
    asked = await asked_in(community, line)
    if not asked:
        raise Conflict(_("There is nothing to ask here. Note how the call went instead."))
    try:
        said = _read_said(request, form.given(question=asked[0].key), asked)
        await call_backs.answer(community, line.call_back.id, said, member)
    except Invalid as error:
        return await _call_back_page(request, line, form.wrong(error.fields), 422)
    return see_other(f"/dispatch/{line.notice.id}?changed=answer")


async def answer_still(request: web.Request) -> web.Response:
    """POST /dispatch/{id}/still: what they said to whether it is still so."""
    member, notice_id = dispatcher_of(request), request.match_info["id"]
    word = (await read_form(request)).text("to")
    if word not in {"again", "sorted"}:
        raise Invalid({"to": _("Choose one of the buttons on the page.")})
    await calls.still_so(community_of(request), notice_id, member, is_so=word == "again")
    return see_other(f"/dispatch/{notice_id}?changed={'still' if word == 'again' else 'status'}")


async def _consent_page(
    request: web.Request, notice: Notice, form: Form, status: int = 200, changed: str = ""
) -> web.Response:
    community = community_of(request)
    asked = await questions_about(community, notice, with_linked=True)
    return render(
        request,
        "consent.html",
        status=status,
        notice=notice,
        form=form,
        asked=asked,
        answers=_ANSWERS,
        told=TOLD,
        languages=_languages(request),
        lines=tuple(reversed(await consents.history(community, notice.id))),
        changed=changed,
    )


async def _call_back_page(request: web.Request, line: CallBackLine, form: Form, status: int = 200) -> web.Response:
    return render(
        request,
        "call_back.html",
        status=status,
        line=line,
        notice=line.notice,
        form=form,
        asked=await asked_in(community_of(request), line),
        answers=_ANSWERS,
        told=TOLD,
        languages=_languages(request),
    )


async def _call_back(request: web.Request) -> CallBackLine:
    line = await call_backs.get(community_of(request), request.match_info["call_back"])
    if line.notice.id != request.match_info["id"]:
        raise NotFound
    return line


def _read_said(request: web.Request, form: Form, asked: tuple[Asked, ...]) -> Said:
    """The answer that was typed, each question with its own words. Raises Invalid."""
    reader = Reader(form)
    if form.text("question") not in {one.key for one in asked}:
        reader.errors["question"] = _("Choose what they answered.")
    if form.text("answer") not in {value for value, _label, _more in _ANSWERS}:
        reader.errors["answer"] = _("Choose yes or no.")
    if form.text("channel") not in {value for value, _label, _more in TOLD}:
        reader.errors["channel"] = _("Choose how they told you.")
    reader.check()
    language = form.text("language")
    return Said(
        questions=(chosen(form, asked).question,),
        is_given=form.text("answer") == "yes",
        channel=Channel(form.text("channel")),
        language=language if language in dict(_languages(request)) else spoken(),
        wordings=tuple((one.question, one.words) for one in asked),
    )


def _languages(request: web.Request) -> tuple[tuple[str, str], ...]:
    codes = dict.fromkeys((spoken(), *request[VISIT].profile.languages))
    return tuple((code, language_name(code)) for code in codes)


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/dispatch/{id}/consent", show_consent),
    web.post("/dispatch/{id}/consent", note_consent),
    web.get("/dispatch/{id}/call-backs/{call_back}", show_call_back),
    web.post("/dispatch/{id}/call-backs/{call_back}", answer_call_back),
    web.post("/dispatch/{id}/still", answer_still),
)
