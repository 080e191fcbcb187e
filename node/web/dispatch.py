"""The queue: what waits, in the order it should be looked at. It shows no names and counts nobody."""

from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from node.context import community_of
from node.domain.members import Member
from node.domain.notices import Kind, Status
from node.domain.peers import FollowState
from node.domain.queue import Part
from node.domain.responses import ResponseState
from node.services import (
    brakes,
    enquiries,
    heirs,
    introductions,
    leases,
    more_time,
    peers,
    questions,
    queue,
    reports,
    responses,
)
from node.services.community import Community
from node.services.questions import Thread
from node.services.queue import NoticeFilter
from node.services.responses import ResponseLine
from node.web.category_words import every_category
from node.web.choices import Choices, choices_for
from node.web.forms import Form, Word, clean
from node.web.health import LOOKED_OVER
from node.web.pages import render
from node.web.sessions import VISIT, dispatcher_of
from node.web.words import _

#: What narrows the queue down, by its name in the address.
FIELDS = ("kind", "part", "q", "category", "area", "language", "status")
#: So many lines of each part stand on the page of all parts, which has to load on a telephone.
LINES_EACH = 30
#: Nobody looks for more than this.
FILTER_LIMIT = 100

_STATUSES = (
    (Status.NEW.value, _("New")),
    (Status.OPEN.value, _("Open")),
    (Status.TAKEN_ON.value, _("Taken on")),
    (Status.PARTLY_MET.value, _("Partly met")),
    (Status.PAUSED.value, _("Paused")),
)

#: What happened, where to see it, and the words of the link.
Waiting = tuple[str, str, str]
OFFERED: Waiting = (
    _("Another community has answered what we shared, and waits for us."),
    "/responses",
    _("Read what they say"),
)
WRITTEN: Waiting = (_("Somebody elsewhere has written to us."), "/enquiries", _("Read the messages"))
ASKS = _("Another community has a question about what we shared:")
NEEDS_TIME = _("A community that has something of ours asks for more time:")
ANSWERED = _("Another community has answered our question.")
ASKED: Waiting = (_("A community asks to be neighbours."), "/peers", _("See who asks"))
INTRODUCED: Waiting = (
    _("A neighbouring community writes to you about another, or asks to be introduced."),
    "/introductions",
    _("Read the introductions"),
)
REFUSED: Waiting = (
    _("The neighbour we named cannot hold a locked copy of our open needs."),
    "/heir",
    _("Talk with them, or name another"),
)
NEEDS_A_LOOK: Waiting = (_("Something about our server needs a look."), "/health", _("See what it is"))
REPORTED: Waiting = (_("Another server has reported something of ours."), "/reports", _("Read the reports"))


async def show_queue(request: web.Request) -> web.Response:
    """GET /dispatch: needs, or offers with `?kind=offer`; `part`, `q` and the other fields narrow it down."""
    member = dispatcher_of(request)
    community, asked = community_of(request), _asked(request)
    part = _word(Part, asked.text("part"))
    found = await queue.queue(community, _wanted(asked), member, part)
    answers = [line for line in await responses.listing(community) if line.response.state == ResponseState.OFFERED]
    offered = {line.notice.id: line.response.id for line in reversed(answers) if line.notice}
    waits = await _waiting(community, member, is_offered=bool(answers))
    if member.is_steward and not await request.app[LOOKED_OVER].is_well(community, member):
        waits += (NEEDS_A_LOOK,)
    waits += tuple(_needs_time(line) for line in await more_time.waiting(community))
    waits += tuple(_spoken(thread) for thread in await questions.waiting(community, member))
    return render(
        request,
        "dispatch.html",
        queue=found,
        lines_each=None if part else LINES_EACH,
        offered=offered,
        waits=waits,
        came_home=await leases.lately_home(community),
        alerts=await brakes.alerts(community, member) if member.is_steward else (),
        **_narrowing(request, asked),
    )


def _asked(request: web.Request) -> Form:
    """What the address says; whatever is too long for a filter is cut."""
    return Form(
        {name: (clean(request.query[name])[:FILTER_LIMIT].strip(),) for name in FIELDS if name in request.query}
    )


def _wanted(asked: Form) -> NoticeFilter:
    """Which notices; a word that is none of the list narrows nothing down."""
    return NoticeFilter(
        kind=_word(Kind, asked.text("kind")) or Kind.NEED,
        status=_word(Status, asked.text("status")),
        category=asked.text("category") or None,
        area=asked.text("area") or None,
        q=asked.text("q") or None,
        language=asked.text("language") or None,
    )


def _narrowing(request: web.Request, asked: Form) -> dict[str, Any]:
    """The parts and the filter, as they were chosen."""
    kind = _word(Kind, asked.text("kind")) or Kind.NEED
    choices = choices_for(request[VISIT].profile, kind)
    part, any_ = _word(Part, asked.text("part")), ("", _("Any"))
    chosen = {name: asked.text(name) for name in FIELDS if asked.text(name) and name not in {"kind", "part"}}
    return {
        "kind": kind,
        "form": asked,
        "part": part,
        "parts": tuple(Part),
        "is_filtered": bool(chosen),
        "is_narrowed": bool(chosen) or part is not None,
        "address": lambda one: "/dispatch?" + urlencode({"kind": kind, **({"part": one} if one else {}), **chosen}),
        "categories": (any_, *every_category()),
        "languages": (any_, *_pairs(choices.languages + choices.more_languages)),
        "statuses": (any_, *_STATUSES),
    }


def _word(words: type[Word], typed: str) -> Word | None:
    return next((word for word in words if word == typed), None)


def _pairs(choices: Choices) -> tuple[tuple[str, str], ...]:
    return tuple((value, label) for value, label, _more in choices)


async def _waiting(community: Community, member: Member, *, is_offered: bool) -> tuple[Waiting, ...]:
    """What else waits for this reader, in words: nobody is counted."""
    found = [OFFERED] if is_offered else []
    if await enquiries.is_waiting(community, member):
        found.append(WRITTEN)
    if member.is_steward:
        standings = await peers.listing(community)
        if any(one.incoming == FollowState.ASKED and not one.peer.blocked for one in standings):
            found.append(ASKED)
        if await introductions.is_waiting(community, member):
            found.append(INTRODUCED)
        if await heirs.is_refused(community, member):
            found.append(REFUSED)
        if await reports.is_waiting(community, member):
            found.append(REPORTED)
    return tuple(found)


def _needs_time(line: ResponseLine) -> Waiting:
    """Their time is nearly over, and they would like to have it longer."""
    title = line.notice.wording.title if line.notice is not None else _("Read it")
    return NEEDS_TIME, f"/tasks/{line.response.id}", title


def _spoken(thread: Thread) -> Waiting:
    """A conversation in which they spoke last."""
    if thread.notice is not None:
        return ASKS, f"/questions/{thread.id}", thread.notice.wording.title
    return ANSWERED, f"/feed/{thread.said[-1].feed_item_id}/questions", _("Read it")


ROUTES: tuple[web.RouteDef, ...] = (web.get("/dispatch", show_queue),)
