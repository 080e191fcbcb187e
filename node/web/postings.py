"""What the community tells of itself: read by everybody it is for, written by dispatchers, shown to them first."""

import json
from datetime import datetime
from enum import StrEnum

from aiohttp import web

from node.context import community_of
from node.domain.errors import Conflict, Invalid
from node.domain.members import Member
from node.domain.peers import FollowState, PeerLevel, PeerStanding
from node.domain.postings import Audience, Draft, Posting, PostingKind, PostingWords
from node.services import enquiries, peers, postings
from node.services.postings import PostingRecord
from node.web.forms import Form, Reader, read_form
from node.web.pages import render, see_other
from node.web.sessions import VISIT, dispatcher_of, member_of
from node.web.sharing import REACTIONS
from node.web.until import end_of
from node.web.words import _, language_name, when, zone
from schemas.fields import Document

PLACE = "/announcements"
KIND = PostingKind.ANNOUNCEMENT
_SAID = {
    "written": _("It is written. Whoever it is for can read it from now on."),
    "changed": _("It is changed. Whoever has a copy is told."),
    "ended": _("It is taken back. Each community that has a copy is asked to erase it."),
}


class Step(StrEnum):
    """What a button of the form asks for."""

    CHOOSE = "choose"
    PREVIEW = "preview"
    PUBLISH = "publish"


async def show_list(request: web.Request) -> web.Response:
    """GET /announcements: what holds now; for people without an account only what is for everyone."""
    community, member = community_of(request), member_of(request)
    page = await postings.listing(community, KIND, member, request.query.get("after"))
    over: tuple[Posting, ...] = ()
    if member is not None and member.is_dispatcher:
        over = await postings.over(community, KIND, member)
    return render(request, "announcements.html", page=page, over=over)


async def show_one(request: web.Request) -> web.Response:
    """GET /announcements/{id}: one of them; for dispatchers with whom it is shared with, and each copy."""
    community, member = community_of(request), member_of(request)
    record = await postings.get(community, KIND, request.match_info["id"], member)
    reactions: tuple[tuple[str, int], ...] = ()
    if member is not None and record.share is not None:
        counted = await enquiries.counts(community, record.share.id, member)
        reactions = tuple((words, counted[kind]) for kind, words in REACTIONS.items() if kind in counted)
    changed = _SAID.get(request.query.get("done", ""), "")
    return render(
        request, "posting.html", record=record, reactions=reactions, changed=changed, audience=_audience(record)
    )


async def show_new(request: web.Request) -> web.Response:
    """GET /announcements/new."""
    dispatcher_of(request)
    own = request[VISIT].profile.languages
    form = Form().given(audience=Audience.HERE, language=own[0] if own else "")
    return await _form_page(request, form)


async def take_new(request: web.Request) -> web.Response:
    """POST /announcements/new: `step` says whether to choose again, show what they would see, or publish."""
    return await _take(request, None)


async def show_edit(request: web.Request) -> web.Response:
    """GET /announcements/{id}/edit."""
    record = await _current(request)
    return await _form_page(request, _form_of(record.posting), record.posting)


async def take_edit(request: web.Request) -> web.Response:
    """POST /announcements/{id}/edit."""
    return await _take(request, (await _current(request)).posting)


async def show_stop(request: web.Request) -> web.Response:
    """GET /announcements/{id}/take-back: what it means, before it is done."""
    return render(request, "posting_stop.html", record=await _current(request))


async def take_back(request: web.Request) -> web.Response:
    """POST /announcements/{id}/take-back."""
    member = dispatcher_of(request)
    ended = await postings.take_back(community_of(request), request.match_info["id"], member)
    return see_other(f"{PLACE}/{ended.id}?done=ended")


def read_draft(form: Form) -> Draft:
    """What was typed. Raises Invalid."""
    reader = Reader(form)
    title = reader.text("title", missing=_("Say in a few words what it is about."))
    if not form.text("audience"):
        reader.errors["audience"] = _("Choose who may see it.")
    audience = reader.word("audience", Audience, Audience.HERE)
    until = end_of(reader.day("until"))
    reader.check()
    words = PostingWords(title, reader.text("text"), reader.text("area"), reader.text("language"))
    return Draft(words, audience, form.every("peers") if audience is Audience.NAMED else (), until)


async def _take(request: web.Request, before: Posting | None) -> web.Response:
    member = dispatcher_of(request)
    form = await read_form(request)
    step = form.text("step", Step.PREVIEW)
    if step not in {Step.PREVIEW, Step.PUBLISH}:
        return await _form_page(request, form, before)
    try:
        draft = read_draft(form)
        return await (_publish if step == Step.PUBLISH else _preview)(request, draft, member, (form, before))
    except Invalid as error:
        return await _form_page(request, form.wrong(error.fields), before, 422)
    except Conflict as error:
        return await _form_page(request, form.wrong({"audience": error.message}), before, 409)


async def _preview(
    request: web.Request, draft: Draft, member: Member, typed: tuple[Form, Posting | None], status: int = 200
) -> web.Response:
    form, before = typed
    community = community_of(request)
    form_id = form.text("form_id") or community.new_id()
    preview = await postings.preview(community, draft, member, form_id, before.id if before else None)
    names = {standing.peer.id: standing.peer.name for standing in await peers.listing(community)}
    return render(
        request,
        "posting_preview.html",
        status=status,
        form=form,
        draft=draft,
        preview=preview,
        posting=before,
        document=json.dumps(preview.document, ensure_ascii=False, indent=2),
        beside=_beside(preview.document),
        chosen=tuple(names.get(peer, peer) for peer in draft.peers),
        form_id=form_id,
    )


async def _publish(
    request: web.Request, draft: Draft, member: Member, typed: tuple[Form, Posting | None]
) -> web.Response:
    form, before = typed
    community, form_id = community_of(request), form.text("form_id") or None
    preview = await postings.preview(community, draft, member, form_id, before.id if before else None)
    if preview.findings and not preview.blocked and not form.has("read", preview.mark):
        sentence = _("Read these once more, and tick that it can go as it is. Or change something.")
        return await _preview(request, draft, member, (form.wrong({"read": sentence}), before), 422)
    if before is None:
        written = await postings.write(community, draft, member, form_id)
        return see_other(f"{PLACE}/{written.id}?done=written")
    await postings.change(community, before.id, draft, member)
    return see_other(f"{PLACE}/{before.id}?done=changed")


async def _form_page(
    request: web.Request, form: Form, posting: Posting | None = None, status: int = 200
) -> web.Response:
    shown = request[VISIT].profile
    dispatcher_of(request)
    linked = [standing for standing in await peers.listing(community_of(request)) if _receives(standing)]
    return render(
        request,
        "posting_form.html",
        status=status,
        form=form,
        posting=posting,
        choices=tuple((standing.peer.id, standing.peer.name, "") for standing in linked),
        audiences=AUDIENCES,
        areas=tuple(area.name for area in shown.areas),
        languages=tuple((code, language_name(code)) for code in shown.languages),
    )


async def _current(request: web.Request) -> PostingRecord:
    member = dispatcher_of(request)
    record = await postings.get(community_of(request), KIND, request.match_info["id"], member)
    if not record.posting.is_current(community_of(request).now()):
        raise Conflict(_("This is over. Write a new one instead."))
    return record


def _form_of(posting: Posting) -> Form:
    words = posting.words
    until = posting.until.astimezone(zone()).date().isoformat() if posting.until else ""
    form = Form().given(
        title=words.title, text=words.text, area=words.area, language=words.language, audience=posting.audience
    )
    return Form({**form.typed, "until": (until,), "peers": posting.named})


def _beside(sent: Document) -> tuple[tuple[str, object], ...]:
    """In words, what the document says beside its text: the place and the times."""
    place = sent.get("location")
    where: dict[str, object] = dict(place) if isinstance(place, dict) else {}
    around = _("about %(km)s km around %(latitude)s, %(longitude)s: the same rough square for everybody there")
    return (
        (_("Where"), where.get("name")),
        (_("On a map"), around % {"km": where.get("radius"), **where} if "latitude" in where else ""),
        (_("Published"), when(datetime.fromisoformat(str(sent["published"])))),
        (_("Ends by itself"), when(datetime.fromisoformat(str(sent["endTime"])))),
    )


def _audience(record: PostingRecord) -> str:
    """Whom it is for, in words."""
    if record.posting.audience is Audience.NAMED:
        return ", ".join(record.peer_names)
    return AUDIENCE_NAMES[record.posting.audience]


def _receives(standing: PeerStanding) -> bool:
    is_neighbour = standing.peer.level == PeerLevel.PEERS and standing.incoming == FollowState.ACCEPTED
    return is_neighbour and standing.peer.may_exchange


AUDIENCE_NAMES = {
    Audience.HERE: _("People of this community"),
    Audience.NAMED: _("Communities I choose"),
    Audience.PEERS: _("All neighbouring communities"),
    Audience.PUBLIC: _("Everyone"),
}
AUDIENCES = (
    (Audience.HERE.value, AUDIENCE_NAMES[Audience.HERE], _("Everybody who signs in here sees it. It never leaves.")),
    (Audience.NAMED.value, AUDIENCE_NAMES[Audience.NAMED], _("Those ticked below see it, and people here.")),
    (Audience.PEERS.value, AUDIENCE_NAMES[Audience.PEERS], _("Every community we are linked with sees it, too.")),
    (
        Audience.PUBLIC.value,
        AUDIENCE_NAMES[Audience.PUBLIC],
        _("It stands on our front page, and anybody may follow our public feed."),
    ),
)

ROUTES: tuple[web.RouteDef, ...] = (
    web.get(PLACE, show_list),
    web.get(f"{PLACE}/new", show_new),
    web.post(f"{PLACE}/new", take_new),
    web.get(f"{PLACE}/{{id}}", show_one),
    web.get(f"{PLACE}/{{id}}/edit", show_edit),
    web.post(f"{PLACE}/{{id}}/edit", take_edit),
    web.get(f"{PLACE}/{{id}}/take-back", show_stop),
    web.post(f"{PLACE}/{{id}}/take-back", take_back),
)
