"""Taking a call: one page in the order of the talk, and what was understood as one page to read back."""

from collections.abc import Mapping

from aiohttp import web
from aiohttp.typedefs import Handler

from node.context import community_of
from node.domain import days
from node.domain.consent import Question, Use
from node.domain.errors import Conflict, Invalid
from node.domain.notices import Kind, Notice
from node.services import call_backs, calls, consents, peers
from node.services.calls import Call, Told
from node.services.needs import Asked, Entry
from node.web.call_answers import (
    FURTHER,
    READ_ALOUD,
    YES_NO,
    YES_NO_LATER,
    categories_told,
    field_of,
    question,
    read_call,
    read_single,
    single_field,
    to_ask,
)
from node.web.choices import choices_for
from node.web.consent_words import TOLD, asked_words
from node.web.contact_notes import read_call_back
from node.web.forms import Form, Reader, read_form
from node.web.guest import DOORS, Door, own_questions
from node.web.keeping import keeping_of
from node.web.pages import render
from node.web.sessions import VISIT, dispatcher_of
from node.web.words import _, zone

PATHS = {Kind.NEED: "/call", Kind.OFFER: "/call/offer"}
#: Whom it is for: nothing chosen is the caller.
_FOR_WHOM = (("no", _("For themselves"), ""), ("yes", _("For somebody else"), ""))


def _shows(door: Door) -> Handler:
    async def show(request: web.Request) -> web.Response:
        """GET /call, or /call/offer."""
        dispatcher_of(request)
        return await _form_page(request, door, Form())

    return show


def _takes(door: Door) -> Handler:
    async def take(request: web.Request) -> web.Response:
        """POST /call, or /call/offer: keep it, once, and show what to read back."""
        member, community, form = dispatcher_of(request), community_of(request), await read_form(request)
        try:
            own = await own_questions(request, door)
            entry = read_call(door.kind, form, days.today(community.now(), zone()), own)
            reader = Reader(form)
            single = read_single(door.kind, form, await peers.names(community))
            call = Call(entry, read_call_back(reader, community.now()), to_ask(door.kind, form), single)
            reader.check()
            if await _unseen(request, door, form):
                return await _form_page(request, door, form)
            asked = await calls.take(community, call, member, form.known_id())
        except Invalid as problem:
            return await _form_page(request, door, form.wrong(problem.fields), 422)
        except Conflict as problem:
            return await _form_page(request, door, form.wrong({"call_back": problem.message}), 409)
        return await _read_back(request, door, asked, entry)

    return take


async def _alike(request: web.Request, door: Door, form: Form) -> tuple[Notice, ...]:
    """What may be the same, as far as it is told."""
    told = Told(door.kind, categories_told(form), form.text("area"))
    return await calls.here_already(community_of(request), told, dispatcher_of(request), form.known_id())


async def _unseen(request: web.Request, door: Door, form: Form) -> bool:
    """Whether something may be the same that this page has not shown yet."""
    shown = form.text("looked_at").split()
    return any(one.id not in shown for one in await _alike(request, door, form))


async def _form_page(request: web.Request, door: Door, form: Form, status: int = 200) -> web.Response:
    kind = door.kind
    choices = choices_for(request[VISIT].profile, kind)
    alike = await _alike(request, door, form)
    return render(
        request,
        "call.html",
        status=status,
        door=door,
        path=PATHS[kind],
        paths=PATHS,
        form=form.given(form_id=form.known_id(), looked_at=" ".join(one.id for one in alike)),
        alike=alike,
        choices=choices,
        categories=(("", _("Choose")), *((value, label) for value, label, _more in choices.categories)),
        methods=(("", _("Not said")), *((value, label) for value, label, _more in choices.methods)),
        further=FURTHER,
        tells_further=any(form.text(name).strip() for pair in FURTHER for name in pair),
        for_whom=_FOR_WHOM,
        yes_no=YES_NO,
        yes_no_later=YES_NO_LATER,
        told=TOLD,
        leave_a_message=question(Use.MESSAGE, kind),
        questions=await own_questions(request, door),
        single=_named_aloud(kind, await peers.names(community_of(request))),
        read_aloud=tuple((field_of(use), question(use, kind)) for use in READ_ALOUD[kind]),
    )


def _named_aloud(kind: Kind, names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What is read aloud about each neighbouring community, by its name; and the field of the answer."""
    by_name = sorted(names.items(), key=lambda one: (one[1].casefold(), one[0]))
    return tuple((single_field(peer), asked_words(Question(Use.NAMED, peer), kind, name)) for peer, name in by_name)


async def _read_back(request: web.Request, door: Door, asked: Asked, entry: Entry) -> web.Response:
    """What was just stored, with its code: shown this once."""
    community, notice = community_of(request), asked.notice
    *words, digits = asked.code.split("-")
    found = await call_backs.open_of(community, notice.id)
    return render(
        request,
        "call_read_back.html",
        door=door,
        path=PATHS[door.kind],
        asked=asked,
        notice=notice,
        sealed=entry.sealed,
        spoken=(*words, " ".join(digits)),
        agreed=consents.current(await consents.history(community, notice.id)),
        calls=tuple(line.call_back for line in found if not line.call_back.questions),
        keeping=keeping_of(request, notice),
    )


ROUTES: tuple[web.RouteDef, ...] = tuple(
    route
    for door in DOORS
    for route in (web.get(PATHS[door.kind], _shows(door)), web.post(PATHS[door.kind], _takes(door)))
)
