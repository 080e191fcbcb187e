"""Noting by one tap how a try to reach somebody went, and when somebody tries again."""

from datetime import datetime, time, timedelta

from aiohttp import web

from node.context import community_of
from node.domain import days
from node.domain.contact_notes import Reached
from node.domain.errors import Conflict, Invalid, NotFound
from node.services import call_backs, contact_notes
from node.services.contact_notes import Tried
from node.web.forms import Form, Reader, read_form
from node.web.needs import need_page
from node.web.pages import see_other
from node.web.sessions import dispatcher_of
from node.web.words import _, zone

_USUAL, _NONE = "usual", "none"
_LATER = {
    "hour": timedelta(hours=1),
    "hours": timedelta(hours=4),
    "day": timedelta(days=1),
    "days": timedelta(days=3),
}
#: Where a day is typed and no time.
_MORNING = time(10)
#: What the rules call a field, and what the form calls it.
_FIELDS = {"words": "contact_words"}


async def note_contact(request: web.Request) -> web.Response:
    """POST /dispatch/{id}/contact: the button that was pressed says how it went."""
    member, community, form = dispatcher_of(request), community_of(request), await read_form(request)
    notice_id = request.match_info["id"]
    try:
        await contact_notes.note(community, notice_id, _read(form, community.now()), member)
    except Invalid as error:
        return await need_page(
            request, form.wrong({_FIELDS.get(name, name): e for name, e in error.fields.items()}), 422
        )
    except Conflict as error:
        return await need_page(request, form.wrong({"contact_words": error.message}), 409)
    return see_other(f"/dispatch/{notice_id}?changed=contact")


async def let_call_back_be(request: web.Request) -> web.Response:
    """POST /dispatch/{id}/call-backs/{call_back}/let-be: nobody has to call."""
    member, community = dispatcher_of(request), community_of(request)
    line = await call_backs.get(community, request.match_info["call_back"])
    if line.notice.id != request.match_info["id"]:
        raise NotFound
    await call_backs.let_be(community, line.call_back.id, member)
    return see_other(f"/dispatch/{line.notice.id}?changed=let-be")


def _read(form: Form, now: datetime) -> Tried:
    reader = Reader(form)
    reader.text("reached", missing=_("Choose how it went."))
    reached = reader.word("reached", Reached, Reached.NO_ANSWER)
    at = read_call_back(reader, now)
    reader.check()
    as_usual = at is None and form.text("call_back", _USUAL) != _NONE
    return Tried(reached, form.text("contact_words"), at, as_usual, form.text("form_id") or None)


def read_call_back(reader: Reader, now: datetime) -> datetime | None:
    """When somebody calls back, as it was typed or chosen; None where neither. Faults are left with the reader."""
    choice = reader.form.text("call_back")
    return _typed(reader, now) or (now + _LATER[choice] if choice in _LATER else None)


def _typed(reader: Reader, now: datetime) -> datetime | None:
    """The day and the time that were typed, if any; a time alone is of today, a day alone means in the morning."""
    day, at = reader.day("call_back_day"), reader.time("call_back_time")
    if day is None and at is None:
        return None
    return datetime.combine(day or days.today(now, zone()), at or _MORNING, zone())


ROUTES: tuple[web.RouteDef, ...] = (
    web.post("/dispatch/{id}/contact", note_contact),
    web.post("/dispatch/{id}/call-backs/{call_back}/let-be", let_call_back_be),
)
