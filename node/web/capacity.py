"""What we could give now, told to neighbours after a look at it; and what they could give."""

from datetime import datetime
from decimal import Decimal

from aiohttp import web

from node.context import community_of
from node.domain.capacity import LONGEST_LIFE, CapacityDraft
from node.domain.errors import Invalid
from node.domain.members import Member
from node.services import capacity
from node.web.category_words import shared_categories
from node.web.choices import units
from node.web.forms import Form, Reader, read_form
from node.web.pages import render, see_other
from node.web.previews import unread
from node.web.sessions import dispatcher_of
from node.web.until import end_of
from node.web.words import _, when

PATH = "/capacity"
_SAID = {
    "told": _("Our neighbours are told. What we said in this category before is taken back."),
    "taken-back": _("It is taken back. Each community that has a copy is asked to erase it."),
}


async def show_capacity(request: web.Request) -> web.Response:
    """GET /capacity: what we could give, what neighbours could give, and the form."""
    return await _page(request, Form(), changed=_SAID.get(request.query.get("said", ""), ""))


async def take_capacity(request: web.Request) -> web.Response:
    """POST /capacity: `step` says whether to change something, show what they would see, or tell them."""
    member = dispatcher_of(request)
    form = await read_form(request)
    if form.text("step") == "choose":
        return await _page(request, form)
    try:
        draft = read_draft(form)
        return await (_tell if form.text("step") == "tell" else _preview)(request, draft, member, form)
    except Invalid as error:
        return await _page(request, form.wrong(error.fields), 422)


async def take_back(request: web.Request) -> web.Response:
    """POST /capacity/{id}/take-back."""
    member = dispatcher_of(request)
    await capacity.take_back(community_of(request), request.match_info["id"], member)
    return see_other(f"{PATH}?said=taken-back")


def read_draft(form: Form) -> CapacityDraft:
    """What was typed. Raises Invalid with everything that is wrong."""
    reader = Reader(form)
    title = reader.text("title", missing=_("Say in a few words what you could give."))
    category = reader.text("category", missing=_("Choose one of the list."))
    quantity = reader.number("quantity", Decimal(1))
    until = end_of(reader.day("until"))
    if until is None and "until" not in reader.errors:
        reader.errors["until"] = _("Say until which day.")
    reader.check()
    return CapacityDraft(title, category, quantity, reader.text("unit") or "one", until)


async def _preview(
    request: web.Request, draft: CapacityDraft, member: Member, form: Form, status: int = 200
) -> web.Response:
    community = community_of(request)
    form_id = form.text("form_id") or community.new_id()
    preview = await capacity.preview(community, draft, member, form_id)
    return render(
        request,
        "capacity_preview.html",
        status=status,
        form=form,
        draft=draft,
        preview=preview,
        ends=when(datetime.fromisoformat(str(preview.document["endTime"]))),
        form_id=form_id,
    )


async def _tell(request: web.Request, draft: CapacityDraft, member: Member, form: Form) -> web.Response:
    community, form_id = community_of(request), form.text("form_id") or None
    preview = await capacity.preview(community, draft, member, form_id)
    again = unread(form, preview)
    if again is not None:
        return await _preview(request, draft, member, again, 422)
    await capacity.tell(community, draft, member, form_id)
    return see_other(f"{PATH}?said=told")


async def _page(request: web.Request, form: Form, status: int = 200, changed: str = "") -> web.Response:
    member, community = dispatcher_of(request), community_of(request)
    return render(
        request,
        "capacity.html",
        status=status,
        form=form,
        ours=await capacity.ours(community, member),
        theirs=await capacity.theirs(community, member),
        categories=shared_categories(),
        units=tuple((value, label) for value, label, _more in units()),
        longest=LONGEST_LIFE.days,
        changed=changed,
    )


ROUTES: tuple[web.RouteDef, ...] = (
    web.get(PATH, show_capacity),
    web.post(PATH, take_capacity),
    web.post(PATH + "/{id}/take-back", take_back),
)
