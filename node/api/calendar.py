"""`/calendar.ics`: days on which something is needed, and shifts, by a private link (RFC 5545)."""

from datetime import date, timedelta
from typing import Any

from aiohttp import web
from icalendar import Calendar, Event

from node.context import community_of
from node.domain.errors import NotFound
from node.domain.notices import Notice
from node.domain.repeating import Repeat
from node.domain.shifts import Shift
from node.services import calendars
from node.services.community import Community

_LONGEST = 100
_FEBRUARY = 28
_RULES: dict[Repeat, dict[str, Any]] = {
    Repeat.WEEKLY: {"freq": "weekly"},
    Repeat.TWO_WEEKLY: {"freq": "weekly", "interval": 2},
    Repeat.MONTHLY: {"freq": "monthly"},
}


async def get_calendar(request: web.Request) -> web.Response:
    """Every open need with a day; what repeats with its rule. The same answer for every link that opens nothing."""
    community = community_of(request)
    try:
        found = await calendars.read(community, request.query.get("link", "")[:_LONGEST])
    except NotFound:
        return web.Response(status=404, text="There is nothing here.\n")
    body = _document(community, found).to_ical()
    return web.Response(body=body, content_type="text/calendar", charset="utf-8", headers={"Cache-Control": "no-store"})


def setup(app: web.Application) -> None:
    """Give the application `/calendar.ics`."""
    app.router.add_get("/calendar.ics", get_calendar)


def _document(community: Community, found: calendars.Calendar) -> Calendar:
    document = Calendar()
    document.add("prodid", "-//Manyhands//needs//EN")
    document.add("version", "2.0")
    document.add("x-wr-calname", found.name)
    for notice in found.needs:
        document.add_component(_event(community, notice, found.categories.name_of(notice.wording.category_here)))
    for shift in found.shifts:
        document.add_component(_shift(community, shift))
    return document


def _shift(community: Community, shift: Shift) -> Event:
    event = Event()
    event.add("uid", f"shift-{shift.id}@{community.host}")
    event.add("dtstamp", community.now())
    event.add("dtstart", shift.starts_at)
    event.add("dtend", shift.ends_at)
    event.add("summary", shift.words)
    event.add("url", f"{community.base_url}/shift")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event


def _event(community: Community, notice: Notice, category: str) -> Event:
    day = notice.returns_on or notice.wording.needed_by or notice.created_at.date()
    event = Event()
    event.add("uid", f"{notice.id}@{community.host}")
    event.add("dtstamp", notice.updated_at)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", ", ".join(filter(None, (category, notice.wording.area))))
    event.add("url", f"{community.base_url}/dispatch/{notice.id}")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    if notice.wording.repeat is not Repeat.ONCE:
        event.add("rrule", _rule(notice, notice.rounds.first or day))
    return event


def _rule(notice: Notice, first: date) -> dict[str, Any]:
    """How it repeats; what began on a 31st comes on the last day of shorter months, as `domain.repeating` counts."""
    rule = dict(_RULES[notice.wording.repeat])
    if notice.wording.repeat is Repeat.MONTHLY and first.day > _FEBRUARY:
        rule |= {"bymonthday": list(range(_FEBRUARY, first.day + 1)), "bysetpos": -1}
    if notice.wording.repeat_until is not None:
        rule["until"] = notice.wording.repeat_until
    return rule
