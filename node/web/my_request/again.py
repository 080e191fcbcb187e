"""The same again without filling it in: another day, the circle asked anew, a new code."""

from dataclasses import replace
from datetime import timedelta

from aiohttp import web

from node.context import community_of
from node.domain import days
from node.domain.consent import Channel, Consent
from node.domain.errors import Conflict, Invalid
from node.services import asking_again, owners, splitting
from node.services.asking_again import Again
from node.web.answers import CIRCLES, read_also, read_who
from node.web.choices import choices_for
from node.web.consent_words import STILL_NEEDED, TELL_TAKEN_ON, TO_HELPER, intake_of
from node.web.forms import Form, Reader, read_form
from node.web.guest import code_page
from node.web.my_request.finding import Found, find
from node.web.pages import render
from node.web.sessions import VISIT
from node.web.words import _, zone


async def show(request: web.Request) -> web.Response:
    """GET /r/{code}/again."""
    found = await find(request)
    if not await owners.has_sealed_note(community_of(request), found.notice.id):
        raise Conflict(asking_again.ERASED)
    return await _page(request, found, Form().given(who=_circle(found.notice.consent)))


async def ask(request: web.Request) -> web.Response:
    """POST /r/{code}/again: keep it, once, and show the new code."""
    found = await find(request)
    community, form = community_of(request), await read_form(request)
    try:
        again = _read(request, found, form)
        asked = await asking_again.ask_again(community, found.code, again, form.known_id())
    except Invalid as problem:
        return await _page(request, found, form.wrong(problem.fields), status=422)
    return await code_page(request, asked)


def _read(request: web.Request, found: Found, form: Form) -> Again:
    read = Reader(form)
    today = days.today(community_of(request).now(), zone())
    needed_by = read.day("needed_by")
    if needed_by is not None and needed_by < today - timedelta(days=1):
        read.errors["needed_by"] = _("Choose a day that is still to come.")
    read.check()
    consent, kind = read_who(form, today), found.notice.kind
    channel = Channel.ON_BEHALF if found.notice.for_someone_else else Channel.WEB
    intake = intake_of(kind, consent, channel, **read_also(form, kind, consent))
    return Again(needed_by, consent, intake, all_parts=form.has("parts", "all"))


def _circle(consent: Consent) -> str:
    """The circle that was agreed to then; where no circle fits, the narrowest."""
    return next((name for name, circle in CIRCLES.items() if circle == consent), "dispatchers")


async def _page(request: web.Request, found: Found, form: Form, status: int = 200) -> web.Response:
    notice = found.notice
    parts = await splitting.parts(community_of(request), notice)
    others = tuple(one for one in parts if one.id != notice.id and one.erased_at is None)
    return render(
        request,
        "my_request_again.html",
        status=status,
        notice=notice,
        path=found.path,
        wording=replace(notice.wording, needed_by=None),
        others=tuple(replace(one.wording, needed_by=None) for one in others),
        form=form,
        form_id=form.known_id(),
        still_needed=STILL_NEEDED[notice.kind],
        taken_on=TELL_TAKEN_ON,
        to_helper=TO_HELPER,
        circles=choices_for(request[VISIT].profile, notice.kind).circles,
    )
