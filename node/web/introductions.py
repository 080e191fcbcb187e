"""Introductions, for stewards: read, asked for, written, taken back; and how many we want to see."""

from datetime import timedelta

from aiohttp import web

from node.context import community_of
from node.domain.errors import Conflict, Invalid, ManyhandsError, PeerTrouble
from node.domain.introductions import LONGEST, MOST_A_MONTH, MOST_AT_ONCE, MOST_WAITING, Rule
from node.domain.peers import Peer
from node.problems import status_of
from node.services import introductions
from node.services.introductions import Wish
from node.web.forms import Form, Reader, read_form
from node.web.pages import render, see_other
from node.web.sessions import steward_of
from node.web.words import _

PATH = "/introductions"
_SAID = {
    "asked": _("They have been asked. Whom they introduce us to, they decide."),
    "written": _("It is on its way. What comes of it, they decide."),
    "set-aside": _("It is set aside. Nobody is told."),
    "taken-back": _("It is taken back. They are asked to forget it, and here the words are gone."),
    "rule": _("It is noted how many introductions we want to see."),
}


async def show_introductions(request: web.Request) -> web.Response:
    """GET /introductions: whom neighbours introduced, who asks to be introduced, what we wrote."""
    return await _list_page(request, changed=_SAID.get(request.query.get("said", ""), ""))


async def show_ask(request: web.Request) -> web.Response:
    """GET /introductions/ask: ask a neighbour to introduce us; `?friend=` chooses it beforehand."""
    friend = request.query.get("friend", "")
    return await _ask_page(request, Form().given(friend=friend) if friend else Form())


async def ask(request: web.Request) -> web.Response:
    """POST /introductions/ask."""
    steward = steward_of(request)
    form = await read_form(request)
    try:
        friend = _chosen(form, "friend", _("Choose whom you ask."))
        await introductions.ask_for(community_of(request), friend, form.text("text"), steward)
    except Invalid as error:
        return await _ask_page(request, form.wrong(error.fields), 422)
    except Conflict as error:
        return await _ask_page(request, form.wrong({"friend": error.message}), 409)
    return see_other(f"{PATH}?said=asked")


async def show_write(request: web.Request) -> web.Response:
    """GET /introductions/write: introduce a neighbour that asked for it; `?about=` chooses it beforehand."""
    return await _write_page(request, Form().given(about=request.query.get("about", ""), days=str(LONGEST.days)))


async def write(request: web.Request) -> web.Response:
    """POST /introductions/write."""
    steward = steward_of(request)
    form = await read_form(request)
    try:
        await introductions.introduce(community_of(request), read_wish(form), steward)
    except Invalid as error:
        return await _write_page(request, form.wrong(error.fields), 422)
    except Conflict as error:
        return await _write_page(request, form.wrong({"about": error.message}), 409)
    return see_other(f"{PATH}?said=written")


async def ask_them(request: web.Request) -> web.Response:
    """POST /introductions/{id}/ask: ask the community that was introduced to be neighbours."""
    steward = steward_of(request)
    try:
        standing = await introductions.ask_them(community_of(request), request.match_info["id"], steward)
    except (Conflict, PeerTrouble) as error:
        return await _list_page(request, status_of(error), trouble=error)
    return see_other(f"/peers/{standing.peer.id}?done=added")


async def set_aside(request: web.Request) -> web.Response:
    """POST /introductions/{id}/set-aside."""
    steward = steward_of(request)
    await introductions.set_aside(community_of(request), request.match_info["id"], steward)
    return see_other(f"{PATH}?said=set-aside")


async def take_back(request: web.Request) -> web.Response:
    """POST /introductions/{id}/take-back."""
    steward = steward_of(request)
    await introductions.take_back(community_of(request), request.match_info["id"], steward)
    return see_other(f"{PATH}?said=taken-back")


async def show_rule(request: web.Request) -> web.Response:
    """GET /introductions/rule."""
    steward_of(request)
    now = await introductions.rule(community_of(request))
    form = Form().given(wanted="yes" if now.wanted else "", a_month=str(now.a_month), waiting=str(now.waiting))
    return _rule_page(request, form)


async def save_rule(request: web.Request) -> web.Response:
    """POST /introductions/rule."""
    steward = steward_of(request)
    form = await read_form(request)
    try:
        await introductions.change_rule(community_of(request), read_rule(form), steward)
    except Invalid as error:
        return _rule_page(request, form.wrong(error.fields), 422)
    return see_other(f"{PATH}?said=rule")


def read_wish(form: Form) -> Wish:
    """Whom to introduce to whom, in which words, for how long. Raises Invalid."""
    return Wish(
        about=_chosen(form, "about", _("Choose whom you introduce.")),
        to=form.every("to"),
        text=form.text("text"),
        both=form.has("both", "yes"),
        lasts=timedelta(days=form.count("days", str(LONGEST.days))),
    )


def read_rule(form: Form) -> Rule:
    """The rule as it was typed; whatever is no whole number counts as 0, which no rule may say."""
    usual = Rule()
    a_month = form.count("a_month", str(usual.a_month))
    return Rule(form.has("wanted", "yes"), a_month, form.count("waiting", str(usual.waiting)))


def _chosen(form: Form, name: str, missing: str) -> str:
    reader = Reader(form)
    chosen = reader.text(name, missing)
    reader.check()
    return chosen


async def _list_page(
    request: web.Request, status: int = 200, *, changed: str = "", trouble: ManyhandsError | None = None
) -> web.Response:
    seen = await introductions.overview(community_of(request), steward_of(request))
    known = {peer.host: peer for peer in await introductions.neighbours(community_of(request))}
    said = trouble.message if trouble is not None else ""
    return render(request, "introductions.html", status=status, seen=seen, known=known, changed=changed, trouble=said)


async def _ask_page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    steward_of(request)
    friends = await introductions.neighbours(community_of(request))
    return render(
        request, "introduction_ask.html", status=status, form=form, friends=_choices(friends), days=LONGEST.days
    )


async def _write_page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    seen = await introductions.overview(community_of(request), steward_of(request))
    friends = await introductions.neighbours(community_of(request))
    wishes = {one.introduction.host: one.introduction.text for one in seen.asking}
    about = tuple((peer.id, peer.name, wishes[peer.host]) for peer in friends if peer.host in wishes)
    others = tuple(peer for peer in friends if len(about) > 1 or peer.id not in {one[0] for one in about})
    return render(
        request,
        "introduction_write.html",
        status=status,
        form=form,
        about=about,
        to=_choices(others),
        most=MOST_AT_ONCE,
    )


def _rule_page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    most = {"a_month": MOST_A_MONTH, "waiting": MOST_WAITING}
    return render(request, "introduction_rule.html", status=status, form=form, most=most)


def _choices(friends: tuple[Peer, ...]) -> tuple[tuple[str, str, str], ...]:
    return tuple((peer.id, peer.name, peer.address) for peer in friends)


ROUTES: tuple[web.RouteDef, ...] = (
    web.get(PATH, show_introductions),
    web.get(f"{PATH}/ask", show_ask),
    web.post(f"{PATH}/ask", ask),
    web.get(f"{PATH}/write", show_write),
    web.post(f"{PATH}/write", write),
    web.get(f"{PATH}/rule", show_rule),
    web.post(f"{PATH}/rule", save_rule),
    web.post(PATH + "/{id}/ask", ask_them),
    web.post(PATH + "/{id}/set-aside", set_aside),
    web.post(PATH + "/{id}/take-back", take_back),
)
