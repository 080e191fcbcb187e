"""The front page and the two equal doors: asking and offering, in four steps, without an account.

Nothing is kept on the way: the answers given so far travel hidden in each page, and every step reads them all again.
"""

from dataclasses import dataclass, replace
from datetime import date

from aiohttp import web
from aiohttp.typedefs import Handler

from node.context import community_of
from node.domain import days
from node.domain.categories import DELICATE
from node.domain.doors import OwnQuestion
from node.domain.errors import Invalid
from node.domain.notices import AREA_LIMIT, Kind
from node.domain.together import MOST_TOGETHER
from node.services import needs, told
from node.services.doors import doors
from node.services.needs import Asked
from node.web.answers import (
    CHECK,
    EACH,
    SEALED_FIELDS,
    SEALED_STEPS,
    STEPS,
    Step,
    carried,
    first_fault,
    read_each,
    read_entry,
    read_wordings,
    telling_details_of,
    wants_words_for_each,
    without_skipped,
)
from node.web.choices import choices_for
from node.web.consent_words import LEAVE_A_MESSAGE, STILL_NEEDED, TELL_TAKEN_ON, TO_HELPER, TOLD
from node.web.forms import Form, read_form
from node.web.own_questions import field_of
from node.web.pages import render, see_other
from node.web.sessions import VISIT, member_of
from node.web.words import zone

_ROBOTS = "User-agent: *\nAllow: /$\nDisallow: /\n"


@dataclass(frozen=True)
class Door:
    """One of the two ways in; the same machinery, worded for each."""

    kind: Kind
    path: str

    @property
    def is_need(self) -> bool:
        """Templates choose their words by this."""
        return self.kind == Kind.NEED


DOORS = (Door(Kind.NEED, "/ask"), Door(Kind.OFFER, "/offer"))


async def welcome(request: web.Request) -> web.Response:
    """GET /."""
    news = await told.front_page(community_of(request), member_of(request))
    return render(request, "welcome.html", told=news)


async def robots(_request: web.Request) -> web.Response:
    """GET /robots.txt: only the front page is for search engines."""
    return web.Response(text=_ROBOTS, headers={"Cache-Control": "public, max-age=86400"})


async def show_step(request: web.Request, door: Door, step: Step, form: Form, status: int = 200) -> web.Response:
    """One page of the way in, with everything answered so far."""
    hidden = [*carried(form, step), ("form_id", form.known_id())]
    if form.text("then") == CHECK.name and step is not CHECK:
        hidden.append(("then", CHECK.name))
    values = {"door": door, "form": form, "hidden": hidden, "target": _next(step, form)}
    values |= {"step_number": _number(step), "steps": len(STEPS)}
    values["is_sealed"] = step in SEALED_STEPS
    today, own = _today(request), await own_questions(request, door)
    values |= {"questions": own, "sealed_fields": (*SEALED_FIELDS, *map(field_of, own))}
    if step in {STEPS[-1], CHECK}:
        wordings = read_wordings(form, today)
        values |= {"wordings": wordings, "details": telling_details_of(wordings)}
        values["is_delicate"] = any(wording.category in DELICATE for wording in wordings)
    if step is CHECK:
        values["entry"] = read_entry(door.kind, form, today, _is_dispatcher(request), own)
    values |= {"told": TOLD if _is_dispatcher(request) else (), "leave_a_message": LEAVE_A_MESSAGE}
    values |= {"still_needed": STILL_NEEDED[door.kind], "taken_on": TELL_TAKEN_ON, "to_helper": TO_HELPER}
    choices = choices_for(request[VISIT].profile, door.kind)
    values |= {"chosen": tuple(one for one in choices.categories if form.has("category", one[0]))}
    values |= {"most_together": MOST_TOGETHER}
    return render(request, step.template, status=status, **values, choices=choices)


async def show_seen(request: web.Request, door: Door) -> web.Response:
    """POST …/seen: what others would see of what is typed so far; a script asks while somebody types."""
    form = await read_form(request)
    area = " ".join(form.text("area").split())[:AREA_LIMIT]
    try:
        wordings = tuple(replace(one, area=area) for one in read_each(form, _today(request)))
    except Invalid:
        return render(request, "ask_seen.html", door=door, wordings=())
    return render(request, "ask_seen.html", door=door, wordings=wordings, details=telling_details_of(wordings))


async def own_questions(request: web.Request, door: Door) -> tuple[OwnQuestion, ...]:
    """What this community asks at this door beside everything else."""
    return (await doors(community_of(request))).questions_for(door.kind)


async def done(request: web.Request, door: Door) -> web.Response:
    """POST …/done: keep it, once, and show the code."""
    community = community_of(request)
    form = without_skipped(await read_form(request))
    today = _today(request)
    own = await own_questions(request, door)
    fault = first_fault(form, today, CHECK, own)
    if fault:
        return await show_step(request, door, *fault, status=422)
    try:
        entry = read_entry(door.kind, form, today, _is_dispatcher(request), own)
        asked = await needs.ask(community, entry, member_of(request), form.known_id())
    except Invalid as problem:
        step = next((step for step in (*STEPS, EACH) if set(step.fields) & problem.fields.keys()), STEPS[0])
        return await show_step(request, door, step, step.wrong(form, problem.fields), status=422)
    return await code_page(request, asked)


async def code_page(request: web.Request, asked: Asked) -> web.Response:
    """What was just stored, with its code: shown this once."""
    other = next(door for door in DOORS if door.kind != asked.notice.kind)
    both_ways = (await doors(community_of(request))).asks_both_ways
    link = f"{community_of(request).base_url}/r/{asked.code}"
    door = next(door for door in DOORS if door.kind == asked.notice.kind)
    return render(
        request, "code.html", door=door, asked=asked, link=link, other=other if both_ways else None, form=Form()
    )


def _is_dispatcher(request: web.Request) -> bool:
    """Dispatchers take in what others tell them, and say how they were told."""
    member = member_of(request)
    return member is not None and member.is_dispatcher


def _starts_at(door: Door) -> Handler:
    async def start(request: web.Request) -> web.Response:
        return await show_step(request, door, STEPS[0], Form())

    return start


def _shows(door: Door, step: Step) -> Handler:
    async def show(request: web.Request) -> web.Response:
        form = without_skipped(await read_form(request))
        fault = first_fault(form, _today(request), step, await own_questions(request, door))
        if fault:
            return await show_step(request, door, *fault, status=422)
        has_to_say_more = step is not STEPS[0] and wants_words_for_each(form)
        return await show_step(request, door, EACH if has_to_say_more else step, form)

    return show


def _keeps(door: Door) -> Handler:
    async def keep(request: web.Request) -> web.Response:
        return await done(request, door)

    return keep


def _lets_see(door: Door) -> Handler:
    async def see(request: web.Request) -> web.Response:
        return await show_seen(request, door)

    return see


def _goes_back_to(door: Door) -> Handler:
    async def go_back(_request: web.Request) -> web.Response:
        return see_other(door.path)

    return go_back


def _today(request: web.Request) -> date:
    return days.today(community_of(request).now(), zone())


def _number(step: Step) -> int:
    if step is EACH:
        return 1
    return STEPS.index(step) + 1 if step in STEPS else 0


def _next(step: Step, form: Form) -> str:
    if step is CHECK:
        return "done"
    following = STEPS[_number(step)].name if _number(step) < len(STEPS) else CHECK.name
    return CHECK.name if form.text("then") == CHECK.name else following


def _routes_of(door: Door) -> tuple[web.RouteDef, ...]:
    later = (EACH, *STEPS[1:], CHECK)
    return (
        web.get(door.path, _starts_at(door)),
        web.post(door.path, _shows(door, STEPS[0])),
        *(web.post(f"{door.path}/{step.name}", _shows(door, step)) for step in later),
        web.post(f"{door.path}/seen", _lets_see(door)),
        web.post(f"{door.path}/done", _keeps(door)),
        *(web.get(f"{door.path}/{name}", _goes_back_to(door)) for name in [*(step.name for step in later), "done"]),
    )


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/", welcome),
    web.get("/robots.txt", robots),
    *(route for door in DOORS for route in _routes_of(door)),
)
