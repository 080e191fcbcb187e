"""My page: where it stands, what happens next, who is coming, who saw the words, and how long they are kept."""

from aiohttp import web

from node.context import community_of
from node.domain.codes import part_code
from node.domain.consent import Channel
from node.domain.errors import Conflict, Invalid
from node.domain.notices import Notice, Status
from node.services import call_backs, consents, needs, openings, owners, splitting
from node.services.consents import Said
from node.web.forms import read_form
from node.web.keeping import keeping_of
from node.web.languages import language, tell
from node.web.my_request.finding import Found, find
from node.web.pages import render, see_other
from node.web.words import _

#: What the button says, and what is written down when it is pressed.
STOP_SHARING = _("Stop sharing")

#: What the holder of the code may make of it; all else is the dispatchers' to say.
_MAY_BECOME = {
    "pause": Status.PAUSED,
    "sorted": Status.MET,
    "over": Status.NO_LONGER_NEEDED,
}
#: The owner still wants it, which begins its time anew and opens what had ended or rests.
_AGAIN = "again"

_SAID = {
    "pause": _("It is paused. Nobody works on it until you start it again."),
    "again": _("Thank you. We go on looking, and its time begins anew."),
    "sorted": _("Good to hear. It is marked as sorted."),
    "over": _("It is closed. Thank you for telling us."),
    "corrected": _("Your words are corrected."),
    "locked": _("It is corrected and locked again."),
    "stopped": _("Nobody outside sees it any more. Communities that had a copy are told to erase it."),
}


async def show(request: web.Request) -> web.Response:
    """GET /r/{code}."""
    found = await find(request)
    if found.code != request.match_info["code"]:
        return see_other(found.path)
    if found.notice.erased_at is not None:
        return await _receipt(request, found)
    return await _page(request, found, changed=_SAID.get(request.query.get("said", ""), ""))


async def change_status(request: web.Request) -> web.Response:
    """POST /r/{code}/status."""
    found = await find(request)
    form = await read_form(request)
    wish = form.text("to")
    if wish != _AGAIN and wish not in _MAY_BECOME:
        raise Invalid({"to": _("Choose one of the buttons on the page.")})
    try:
        for code in await _meant(request, found) if form.has("all", "yes") else (found.code,):
            await _say(request, code, wish)
    except Conflict:  # it was erased in the meantime, and the page says so
        return see_other(found.path)
    return see_other(f"{found.path}?said={wish}")


async def _say(request: web.Request, code: str, wish: str) -> None:
    if wish == _AGAIN:
        await needs.renew_by_code(community_of(request), code)
    else:
        await needs.change_status_by_code(community_of(request), code, _MAY_BECOME[wish])


async def _meant(request: web.Request, found: Found) -> tuple[str, ...]:
    """The codes of the parts meant by whoever says something of all: what is not closed, where anything is."""
    parts = await splitting.parts(community_of(request), found.notice)
    kept = [one for one in parts if one.erased_at is None]
    meant = [one for one in kept if not one.is_closed] or kept
    return tuple(part_code(found.code, one.number) for one in meant)


async def stop_sharing(request: web.Request) -> web.Response:
    """POST /r/{code}/stop-sharing."""
    found = await find(request)
    said = Said((), is_given=False, wording=tell(STOP_SHARING), channel=Channel.WEB, language=language())
    await consents.stop_sharing_by_code(community_of(request), found.code, said)
    return see_other(f"{found.path}?said=stopped")


async def _page(request: web.Request, found: Found, changed: str) -> web.Response:
    community, notice = community_of(request), found.notice
    shown = await owners.shown_to(community, notice.id)
    return render(
        request,
        "my_request.html",
        notice=notice,
        code=found.code,
        path=found.path,
        parts=await _parts(request, found),
        agreed=consents.current(await consents.history(community, notice.id)),
        is_asked=bool(await call_backs.open_of(community, notice.id)),
        openings=await openings.openings_for_owner(community, notice.id),
        coming=await owners.coming(community, notice.id),
        shown=shown,
        is_shown=any(one.ended_at is None for one in shown),
        may_say_all=True,
        keeping=keeping_of(request, notice),
        may_copy=await owners.has_sealed_note(community, notice.id),
        changed=changed,
    )


async def _receipt(request: web.Request, found: Found) -> web.Response:
    return render(
        request,
        "my_request_erased.html",
        notice=found.notice,
        code=found.code,
        parts=await _parts(request, found),
        may_say_all=False,
        openings=await openings.openings_for_owner(community_of(request), found.notice.id),
        shown=await owners.shown_to(community_of(request), found.notice.id),
        keeping=keeping_of(request, found.notice),
    )


async def _parts(request: web.Request, found: Found) -> tuple[tuple[Notice, str], ...]:
    """Every part of what was split, each with the address of its own page."""
    parts = await splitting.parts(community_of(request), found.notice)
    return tuple((one, f"/r/{part_code(found.code, one.number)}") for one in parts)
