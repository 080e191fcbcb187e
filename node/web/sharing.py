"""Sharing one notice: choose who, see exactly what they would see, share; and the record of a share."""

from decimal import Decimal

from aiohttp import web

from node.context import community_of
from node.domain.categories import DELICATE
from node.domain.errors import Conflict, ConsentMissing, Invalid, SecondYesNeeded
from node.domain.members import Member
from node.domain.notices import Kind, Notice
from node.domain.peers import PeerStanding
from node.domain.shares import DEFAULT_LEASE, Level, ShareRequest, consent_gap
from node.domain.strangers import Reaction
from node.services import call_backs, enquiries, needs, peers, shares
from node.services.call_backs import Wish
from node.web.forms import Form, Reader, read_form
from node.web.pages import render, see_other
from node.web.previews import beside, unread
from node.web.sessions import dispatcher_of
from node.web.until import end_of
from node.web.words import _, urgency_name

_HOURS = Decimal(int(DEFAULT_LEASE.total_seconds()) // 3600)
#: What people elsewhere did with it; of whom, nothing is kept.
REACTIONS = {
    Reaction.REPLY: _("Answered in public elsewhere"),
    Reaction.ANNOUNCE: _("Shown to others elsewhere"),
    Reaction.LIKE: _("Liked elsewhere"),
}
_STEPS = frozenset({"choose", "preview", "share", "ask"})


async def show_choices(request: web.Request) -> web.Response:
    """GET /dispatch/{id}/share: who may see it, in which words, for how long; `?peer=` ticks a community beforehand."""
    member = dispatcher_of(request)
    notice = await needs.get(community_of(request), request.match_info["id"])
    form = Form().given(level=Level.NAMED, text=notice.wording.text, lease_hours=str(_HOURS))
    if "peer" in request.query:
        form = form.given(peers=request.query["peer"])
    return await _choices_page(request, notice, member, form)


async def take_choices(request: web.Request) -> web.Response:
    """POST /dispatch/{id}/share: `step` says whether to choose again, show the preview, share, or ask the person."""
    member = dispatcher_of(request)
    notice = await needs.get(community_of(request), request.match_info["id"])
    form = await read_form(request)
    step = form.text("step", "preview")
    if step == "choose" or step not in _STEPS:
        return await _choices_page(request, notice, member, form)
    try:
        return await {"share": _share, "ask": _ask_first}.get(step, _preview)(request, notice, member, form)
    except Invalid as error:
        return await _choices_page(request, notice, member, form.wrong(error.fields), 422)
    except SecondYesNeeded:
        return see_other(f"/dispatch/{notice.id}?changed=second")
    except ConsentMissing as error:
        return await _choices_page(request, notice, member, form.wrong({"level": error.message}), 409, may_ask=True)
    except Conflict as error:
        return await _choices_page(request, notice, member, form.wrong({"level": error.message}), 409)


async def show_record(request: web.Request) -> web.Response:
    """GET /shares/{id}: who was shown the notice, and what became of each copy."""
    member = dispatcher_of(request)
    community = community_of(request)
    record = await shares.get(community, request.match_info["id"])
    names = await peers.names(community)
    counted = await enquiries.counts(community, record.share.id, member)
    reactions = tuple((words, counted[kind]) for kind, words in REACTIONS.items() if kind in counted)
    changed = _("It is shared.") if "shared" in request.query else ""
    return render(request, "share_record.html", record=record, names=names, reactions=reactions, changed=changed)


async def show_stop(request: web.Request) -> web.Response:
    """GET /shares/{id}/stop: what stopping means, before it is done."""
    dispatcher_of(request)
    record = await shares.get(community_of(request), request.match_info["id"])
    return render(request, "share_stop.html", record=record)


async def stop_sharing(request: web.Request) -> web.Response:
    """POST /shares/{id}/stop."""
    member = dispatcher_of(request)
    share = await shares.withdraw(community_of(request), request.match_info["id"], member)
    return see_other(f"/shares/{share.id}")


def read_request(form: Form, member: Member) -> ShareRequest:
    """What was chosen; only a steward's tick overrides a delicate category. Raises Invalid."""
    reader = Reader(form)
    if not form.text("level"):
        reader.errors["level"] = _("Choose who may see it.")
    level = reader.word("level", Level, Level.NAMED)
    hours = reader.number("lease_hours", _HOURS)
    reply_by = end_of(reader.day("reply_by"))
    reader.check()
    return ShareRequest(
        level=level,
        peers=form.every("peers") if level == Level.NAMED else (),
        text=reader.text("text"),
        lease_hours=hours,
        reply_by=reply_by,
        override_category=member.is_steward and form.has("override", "yes"),
    )


async def _preview(request: web.Request, notice: Notice, member: Member, form: Form, status: int = 200) -> web.Response:
    community = community_of(request)
    wanted = read_request(form, member)
    form_id = form.text("form_id") or community.new_id()
    preview = await shares.preview(community, notice.id, wanted, member, form_id)
    names = await peers.names(community)
    return render(
        request,
        "share_preview.html",
        status=status,
        notice=notice,
        form=form,
        wanted=wanted,
        preview=preview,
        beside=beside(preview.document, _("Where"), (_("How soon"), _how_soon(notice))),
        chosen=tuple(names.get(peer, peer) for peer in wanted.peers),
        form_id=form_id,
        today=community.now().date().isoformat(),
    )


def _how_soon(notice: Notice) -> str:
    return urgency_name(notice.wording.urgency) if notice.kind == Kind.NEED else ""


async def _share(request: web.Request, notice: Notice, member: Member, form: Form) -> web.Response:
    wanted = read_request(form, member)
    community, form_id = community_of(request), form.text("form_id") or None
    preview = await shares.preview(community, notice.id, wanted, member, form_id)
    again = unread(form, preview)
    if again is not None:
        return await _preview(request, notice, member, again, 422)
    share = await shares.share(community, notice.id, wanted, member, form_id)
    return see_other(f"/shares/{share.id}?shared")


async def _ask_first(request: web.Request, notice: Notice, member: Member, form: Form) -> web.Response:
    """What is missing becomes a question to the person, in the queue until it is answered."""
    community = community_of(request)
    wanted = read_request(form, member)
    reader = Reader(form)
    day = reader.day("due")
    if day is not None and day < community.now().date():
        reader.errors["due"] = _("Choose a day that is still to come.")
    reader.check()
    await call_backs.ask_first(community, notice.id, Wish(wanted.level, wanted.peers, end_of(day)), member)
    return see_other(f"/dispatch/{notice.id}?changed=ask")


async def _choices_page(
    request: web.Request, notice: Notice, member: Member, form: Form, status: int = 200, *, may_ask: bool = False
) -> web.Response:
    now = community_of(request).now()
    linked = [standing for standing in await peers.listing(community_of(request)) if standing.receives]
    return render(
        request,
        "share.html",
        status=status,
        notice=notice,
        form=form,
        levels=_levels(notice),
        choices=tuple(_choice(notice, standing) for standing in linked if not standing.rests(now)),
        resting=tuple((standing.peer.name, standing.rests(now)) for standing in linked if standing.rests(now)),
        may_override=member.is_steward and notice.wording.category in DELICATE,
        is_delicate=notice.wording.category in DELICATE,
        may_ask=may_ask or "due" in form.errors,
        today=community_of(request).now().date().isoformat(),
    )


def _levels(notice: Notice) -> tuple[tuple[str, str, str], ...]:
    """Each level with what it means, or with the consent it still lacks."""
    words = {
        Level.NAMED: (_("Communities I choose"), _("Only those ticked below see it.")),
        Level.PEERS: (
            _("All neighbouring communities"),
            _("Every community we are linked with, where its category goes to them."),
        ),
        Level.PUBLIC: (_("Everyone"), _("Anybody can read it, and anybody may follow our public feed.")),
    }
    gaps = {level: consent_gap(notice.consent, notice.kind, ShareRequest(level)) for level in words}
    return tuple((level.value, label, gaps[level] or meaning) for level, (label, meaning) in words.items())


def _choice(notice: Notice, standing: PeerStanding) -> tuple[str, str, str]:
    peer = standing.peer
    if not notice.consent.covers_peer(peer.id):
        return peer.id, peer.name, _("The person has not agreed to this community. Ask the person first.")
    if not peer.exchange.gives(notice.wording.category):
        return peer.id, peer.name, _("A steward has not switched this category on for them.")
    return peer.id, peer.name, ""


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/dispatch/{id}/share", show_choices),
    web.post("/dispatch/{id}/share", take_choices),
    web.get("/shares/{id}", show_record),
    web.get("/shares/{id}/stop", show_stop),
    web.post("/shares/{id}/stop", stop_sharing),
)
