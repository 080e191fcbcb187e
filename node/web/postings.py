"""What the community tells of itself: read by everybody it is for, written by dispatchers, shown to them first."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

from aiohttp import web

from node.context import community_of
from node.domain.errors import Conflict, Invalid
from node.domain.members import Member
from node.domain.postings import Audience, Draft, Posting, PostingKind
from node.services import enquiries, peers, postings, told
from node.services.told import PostingRecord, Search
from node.web.category_words import every_category
from node.web.forms import Form, read_form
from node.web.language_names import language_name
from node.web.pages import render, see_other
from node.web.posting_forms import (
    AUDIENCES,
    FIELDS,
    Step,
    audience_said,
    form_of,
    read_draft,
    wrong,
)
from node.web.previews import beside, unread
from node.web.sessions import VISIT, dispatcher_of, member_of
from node.web.sharing import REACTIONS
from node.web.words import _

_SAID = {
    "written": _("It is written. Whoever it is for can read it from now on."),
    "changed": _("It is changed. Whoever has a copy is told."),
    "checked": _("Thank you. It says now that somebody looked today."),
    "ended": _("It is taken back. Each community that has a copy is asked to erase it."),
}


@dataclass(frozen=True)
class Board:
    """The pages of one kind: templates choose their words by `kind`."""

    kind: PostingKind
    place: str


ANNOUNCEMENTS = Board(PostingKind.ANNOUNCEMENT, "/announcements")
RESOURCES = Board(PostingKind.RESOURCE, "/resources")
Deed = Callable[[Board, web.Request], Awaitable[web.Response]]


@dataclass(frozen=True)
class _Typed:
    """A form for one board, and the posting it changes, if any."""

    board: Board
    form: Form
    before: Posting | None = None

    @property
    def path(self) -> str:
        """Where the form goes."""
        return f"{self.board.place}/{self.before.id}/edit" if self.before else f"{self.board.place}/new"


async def show_announcements(request: web.Request) -> web.Response:
    """GET /announcements: what holds now; for people without an account only what is for everyone."""
    community, member = community_of(request), member_of(request)
    page = await told.listing(community, member, Search(ANNOUNCEMENTS.kind), request.query.get("after"))
    return render(request, "announcements.html", page=page, over=await over_of(ANNOUNCEMENTS, request))


async def over_of(board: Board, request: web.Request) -> tuple[Posting, ...]:
    """For dispatchers, what is over and still kept; nothing for others."""
    member = member_of(request)
    if member is None or not member.is_dispatcher:
        return ()
    return await told.over(community_of(request), board.kind, member)


async def show_one(board: Board, request: web.Request) -> web.Response:
    """GET …/{id}: one of them; for dispatchers with whom it is shared with, and each copy."""
    community, member = community_of(request), member_of(request)
    record = await told.get(community, board.kind, request.match_info["id"], member)
    reactions: tuple[tuple[str, int], ...] = ()
    if member is not None and record.share is not None:
        counted = await enquiries.counts(community, record.share.id, member)
        reactions = tuple((words, counted[kind]) for kind, words in REACTIONS.items() if kind in counted)
    changed = _SAID.get(request.query.get("done", ""), "")
    values = {"record": record, "reactions": reactions, "audience": audience_said(record), "board": board}
    return render(request, "posting.html", 200, changed=changed, **values)


async def show_new(board: Board, request: web.Request) -> web.Response:
    """GET …/new."""
    own = request[VISIT].profile.languages
    form = Form().given(audience=Audience.HERE, language=own[0] if own else "")
    return await form_page(request, board, form)


async def take_new(board: Board, request: web.Request) -> web.Response:
    """POST …/new: `step` says whether to choose again, show what they would see, or publish."""
    member = dispatcher_of(request)
    return await _take(request, member, _Typed(board, await read_form(request)))


async def show_edit(board: Board, request: web.Request) -> web.Response:
    """GET …/{id}/edit."""
    posting = (await _current(board, request)).posting
    return await _form_page(request, _Typed(board, form_of(posting), posting))


async def take_edit(board: Board, request: web.Request) -> web.Response:
    """POST …/{id}/edit."""
    member = dispatcher_of(request)
    posting = (await _current(board, request)).posting
    return await _take(request, member, _Typed(board, await read_form(request), posting))


async def show_stop(board: Board, request: web.Request) -> web.Response:
    """GET …/{id}/take-back: what it means, before it is done."""
    return render(request, "posting_stop.html", record=await _current(board, request), board=board)


async def take_back(board: Board, request: web.Request) -> web.Response:
    """POST …/{id}/take-back."""
    member, posting_id = dispatcher_of(request), request.match_info["id"]
    await told.get(community_of(request), board.kind, posting_id, member)
    ended = await postings.take_back(community_of(request), posting_id, member)
    return see_other(f"{board.place}/{ended.id}?done=ended")


async def check_today(request: web.Request) -> web.Response:
    """POST /resources/{id}/checked: one tap says that it is still so today."""
    member, posting_id = dispatcher_of(request), request.match_info["id"]
    try:
        await postings.checked_now(community_of(request), posting_id, member)
    except Invalid as error:
        posting = (await _current(RESOURCES, request)).posting
        return await _form_page(request, _Typed(RESOURCES, wrong(form_of(posting), error), posting), 422)
    return see_other(f"{RESOURCES.place}/{posting_id}?done=checked")


async def form_page(request: web.Request, board: Board, form: Form) -> web.Response:
    """The form for a new one, with these words in it."""
    return await _form_page(request, _Typed(board, form))


async def _take(request: web.Request, member: Member, typed: _Typed) -> web.Response:
    form = typed.form
    step = form.text("step", Step.PREVIEW)
    if step not in {Step.PREVIEW, Step.PUBLISH}:
        return await _form_page(request, typed)
    try:
        draft = read_draft(form, typed.board.kind, community_of(request).now())
        return await (_publish if step == Step.PUBLISH else _preview)(request, draft, member, typed)
    except Invalid as error:
        return await _form_page(request, replace(typed, form=wrong(form, error)), 422)
    except Conflict as error:
        return await _form_page(request, replace(typed, form=form.wrong({"audience": error.message})), 409)


async def _preview(
    request: web.Request, draft: Draft, member: Member, typed: _Typed, status: int = 200
) -> web.Response:
    community, before = community_of(request), typed.before
    form_id = typed.form.text("form_id") or community.new_id()
    preview = await postings.preview(community, draft, member, form_id, before.id if before else None)
    names = await peers.names(community)
    return render(
        request,
        "posting_preview.html",
        status=status,
        form=typed.form,
        board=typed.board,
        path=typed.path,
        draft=draft,
        preview=preview,
        beside=beside(preview.document, _("Area")),
        kept=(*FIELDS, "audience"),
        chosen=tuple(names.get(peer, peer) for peer in draft.peers),
        form_id=form_id,
    )


async def _publish(request: web.Request, draft: Draft, member: Member, typed: _Typed) -> web.Response:
    form, before, place = typed.form, typed.before, typed.board.place
    community, form_id = community_of(request), form.text("form_id") or None
    preview = await postings.preview(community, draft, member, form_id, before.id if before else None)
    again = unread(form, preview)
    if again is not None:
        return await _preview(request, draft, member, replace(typed, form=again), 422)
    if before is None:
        written = await postings.write(community, draft, member, form_id)
        return see_other(f"{place}/{written.id}?done=written")
    await postings.change(community, before.id, draft, member)
    return see_other(f"{place}/{before.id}?done=changed")


async def _form_page(request: web.Request, typed: _Typed, status: int = 200) -> web.Response:
    dispatcher_of(request)
    shown = request[VISIT].profile
    linked = [standing for standing in await peers.listing(community_of(request)) if standing.receives]
    return render(
        request,
        "posting_form.html",
        status=status,
        form=typed.form,
        board=typed.board,
        path=typed.path,
        posting=typed.before,
        choices=tuple((standing.peer.id, standing.peer.name, "") for standing in linked),
        audiences=AUDIENCES,
        languages=tuple((code, language_name(code)) for code in shown.languages),
        categories=every_category(),
        today=community_of(request).now().date().isoformat(),
    )


async def _current(board: Board, request: web.Request) -> PostingRecord:
    member, community = dispatcher_of(request), community_of(request)
    record = await told.get(community, board.kind, request.match_info["id"], member)
    if not record.posting.is_current(community.now()):
        raise Conflict(_("This is over. Write a new one instead."))
    return record


def _routes(board: Board) -> tuple[web.RouteDef, ...]:
    place = board.place
    return (
        web.get(f"{place}/new", partial(show_new, board)),
        web.post(f"{place}/new", partial(take_new, board)),
        web.get(f"{place}/{{id}}", partial(show_one, board)),
        web.get(f"{place}/{{id}}/edit", partial(show_edit, board)),
        web.post(f"{place}/{{id}}/edit", partial(take_edit, board)),
        web.get(f"{place}/{{id}}/take-back", partial(show_stop, board)),
        web.post(f"{place}/{{id}}/take-back", partial(take_back, board)),
    )


ROUTES: tuple[web.RouteDef, ...] = (
    web.get(ANNOUNCEMENTS.place, show_announcements),
    *_routes(ANNOUNCEMENTS),
    *_routes(RESOURCES),
    web.post("/resources/{id}/checked", check_today),
)
