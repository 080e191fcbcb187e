"""A named heir, for stewards: whom we name and the words for it; the locked copies that we hold for others."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aiohttp import web

from node.context import community_of
from node.domain.arrival import ArrivalCard
from node.domain.errors import Conflict, Invalid, PeerTrouble
from node.domain.heirs import DARK_AFTER, FEWEST_STEWARDS, KEPT, KEPT_IN_THE_DARK, MOST_STEWARDS, TRIES_A_DAY
from node.domain.phrases import say
from node.problems import status_of
from node.services import heirs, peers
from node.web.category_words import category_name
from node.web.forms import Form, read_form
from node.web.languages import tell
from node.web.pages import render, see_other
from node.web.sealed_words import arrival_lines, own_answer
from node.web.sessions import steward_of
from node.web.words import _, day, method_name
from schemas.fields import Document


async def show_heir(request: web.Request) -> web.Response:
    """GET /heir."""
    steward_of(request)
    changed = _("There is no heir any more.") if "ended" in request.query else ""
    return await _heir_page(request, Form().given(stewards="3"), changed=changed)


async def name_heir(request: web.Request) -> web.Response:
    """POST /heir: the words are on the answer, once."""
    steward = steward_of(request)
    form = await read_form(request)
    try:
        words = await heirs.choose(community_of(request), form.text("peer"), form.count("stewards"), steward)
    except Invalid as error:
        return await _heir_page(request, form.wrong(error.fields), 422)
    standing = await heirs.standing(community_of(request), steward)
    return render(request, "heir_words.html", words=words, heir_name=standing.heir_name)


async def end_heir(request: web.Request) -> web.Response:
    """POST /heir/end. Twice is as good as once."""
    await heirs.end(community_of(request), steward_of(request))
    return see_other("/heir?ended")


async def show_copy(request: web.Request) -> web.Response:
    """GET /peers/{id}/copy: what we hold for a neighbour, and since when it is silent."""
    steward_of(request)
    said = {
        "held": _("We hold their copy from now on."),
        "gone": _("Their copy is erased here, and they have been told."),
        "untold": _("Their copy is erased here. They could not be told just now: please tell one of their stewards."),
        "refused": _("They have been told that we cannot hold it."),
    }
    changed = next((words for name, words in said.items() if name in request.query), "")
    return await _copy_page(request, Form(), changed=changed)


async def hold_copy(request: web.Request) -> web.Response:
    """POST /peers/{id}/copy: agree to hold it."""
    steward = steward_of(request)
    try:
        await heirs.hold(community_of(request), request.match_info["id"], steward)
    except (Conflict, PeerTrouble) as error:
        return await _copy_page(request, Form(), status_of(error), trouble=error.message)
    return see_other(f"/peers/{request.match_info['id']}/copy?held")


async def stop_holding(request: web.Request) -> web.Response:
    """POST /peers/{id}/copy/stop."""
    is_told = await heirs.stop_holding(community_of(request), request.match_info["id"], steward_of(request))
    return see_other(f"/peers/{request.match_info['id']}/copy?{'gone' if is_told else 'untold'}")


async def refuse(request: web.Request) -> web.Response:
    """POST /peers/{id}/copy/refuse: they hear that we cannot hold it."""
    steward = steward_of(request)
    try:
        await heirs.refuse(community_of(request), request.match_info["id"], steward)
    except (Conflict, PeerTrouble) as error:
        return await _copy_page(request, Form(), status_of(error), trouble=error.message)
    return see_other(f"/peers/{request.match_info['id']}/copy?refused")


async def open_copy(request: web.Request) -> web.Response:
    """POST /peers/{id}/copy/open: with two stewards' words, to read and to print; it is stored nowhere."""
    steward = steward_of(request)
    form = await read_form(request)
    words = (form.text("first"), form.text("second"))
    empty = form.without("first", "second")  # words are not shown again
    try:
        found = await heirs.open_copy(community_of(request), request.match_info["id"], words, steward)
    except Invalid as error:
        return await _copy_page(request, empty.wrong(error.fields), 422)
    except Conflict as error:
        return await _copy_page(request, empty, 409, trouble=error.message)
    path = f"/peers/{request.match_info['id']}/copy"
    return render(request, "held_open.html", found=read_needs(found), path=path)


@dataclass(frozen=True)
class Need:
    """One need out of an opened copy, in words: its title, and labels with values."""

    title: str
    text: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Opened:
    """What an opened copy says."""

    community: str
    made_at: datetime
    needs: tuple[Need, ...]


def read_needs(found: Document) -> Opened:
    """A copy's content as it is shown. It was made by a node of this kind, and nobody could change it on its way."""
    copy: dict[str, Any] = dict(found)
    needs = tuple(_need(one) for one in copy["needs"])
    return Opened(copy["community"], datetime.fromisoformat(copy["made_at"]), needs)


_DO_NOT_CALL = _("Do not get in touch with them: speak with whoever asked.")


def _need(one: dict[str, Any]) -> Need:
    sealed = one["sealed"]
    ways = "; ".join(
        tell(say("%(what)s: %(words)s", what=method_name(way["method"]), words=way["value"]))
        for way in sealed.get("contact", ())
    )
    facts = (
        (_("Category"), category_name(one["category"])),
        (_("Area"), one["area"]),
        (_("Needed by"), day(date.fromisoformat(one["needed_by"])) if one["needed_by"] else ""),
        (_("For whom"), _DO_NOT_CALL if one.get("may_be_contacted") is False else ""),
        (_("What to call them"), sealed.get("name", "")),
        (_("How to reach them"), ways),
        (_("Address"), sealed.get("address", "")),
        (_("Their story"), sealed.get("story", "")),
        *arrival_lines(_card(sealed.get("arrival_card", {}))),
        (_("Further words for the door"), sealed.get("arrival", "")),
        *((answer["question"], tell(own_answer(answer["answer"]))) for answer in sealed.get("answers", ())),
    )
    return Need(one["title"], one["text"], tuple((label, value) for label, value in facts if value))


def _card(read: dict[str, Any]) -> ArrivalCard:
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in read.items()}
    return ArrivalCard(**values)


async def _heir_page(request: web.Request, form: Form, status: int = 200, changed: str = "") -> web.Response:
    standing = await heirs.standing(community_of(request), steward_of(request))
    return render(
        request,
        "heir.html",
        status=status,
        form=form,
        standing=standing,
        options=tuple((peer_id, name, "") for peer_id, name in standing.choices),
        fewest=FEWEST_STEWARDS,
        most=MOST_STEWARDS,
        kept=KEPT,
        changed=changed,
    )


async def _copy_page(
    request: web.Request, form: Form, status: int = 200, *, changed: str = "", trouble: str = ""
) -> web.Response:
    community, peer_id = community_of(request), request.match_info["id"]
    peer = (await peers.get(community, peer_id)).peer
    copy = await heirs.held(community, peer_id)
    return render(
        request,
        "held_copy.html",
        status=status,
        form=form,
        peer=peer,
        copy=copy,
        may_open=copy is not None and copy.may_be_opened(community.now()),
        dark_after=DARK_AFTER,
        kept=KEPT,
        kept_in_the_dark=KEPT_IN_THE_DARK,
        tries=TRIES_A_DAY,
        changed=changed,
        trouble=trouble,
    )


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/heir", show_heir),
    web.post("/heir", name_heir),
    web.post("/heir/end", end_heir),
    web.get("/peers/{id}/copy", show_copy),
    web.post("/peers/{id}/copy", hold_copy),
    web.post("/peers/{id}/copy/stop", stop_holding),
    web.post("/peers/{id}/copy/refuse", refuse),
    web.post("/peers/{id}/copy/open", open_copy),
)
