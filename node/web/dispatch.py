"""The queue: what waits, in the order it should be looked at. It shows no names and counts nobody."""

from aiohttp import web

from node.context import community_of
from node.domain.members import Member
from node.domain.notices import Kind
from node.domain.peers import FollowState
from node.domain.responses import ResponseState
from node.services import (
    brakes,
    call_backs,
    enquiries,
    heirs,
    introductions,
    leases,
    more_time,
    needs,
    peers,
    questions,
    reports,
    responses,
)
from node.services.community import Community
from node.services.questions import Thread
from node.services.responses import ResponseLine
from node.web.pages import render
from node.web.sessions import dispatcher_of
from node.web.words import _

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
REPORTED: Waiting = (_("Another server has reported something of ours."), "/reports", _("Read the reports"))


async def show_queue(request: web.Request) -> web.Response:
    """GET /dispatch: needs, or offers with `?kind=offer`."""
    member = dispatcher_of(request)
    community = community_of(request)
    kind = Kind.OFFER if request.query.get("kind") == Kind.OFFER else Kind.NEED
    notices = await needs.queue(community, kind)
    waiting = [line for line in await responses.listing(community) if line.response.state == ResponseState.OFFERED]
    offered = {line.notice.id: line.response.id for line in reversed(waiting) if line.notice}
    waits = await _waiting(community, member, is_offered=bool(waiting))
    waits += tuple(_needs_time(line) for line in await more_time.waiting(community))
    waits += tuple(_spoken(thread) for thread in await questions.waiting(community, member))
    return render(
        request,
        "dispatch.html",
        kind=kind,
        notices=notices,
        offered=offered,
        waits=waits,
        came_home=await leases.lately_home(community),
        call_backs=await call_backs.due(community),
        alerts=await brakes.alerts(community, member) if member.is_steward else (),
    )


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
