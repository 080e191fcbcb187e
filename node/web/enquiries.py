"""Messages that people elsewhere sent to us alone: read, answered, written down as a need or an offer, forgotten."""

from aiohttp import web

from node.context import community_of
from node.domain.errors import Conflict, Invalid, ManyhandsError, NotFound, PeerTrouble
from node.domain.sealed import FIELD_LIMIT
from node.domain.strangers import Answer, Enquiry, check_kept_days
from node.problems import status_of
from node.services import answering, blocks, enquiries
from node.services.community import keep_strangers_for
from node.services.enquiries import Conversation
from node.web.forms import Form, read_form
from node.web.languages import tell
from node.web.pages import render, see_other
from node.web.sessions import VISIT, dispatcher_of, steward_of
from node.web.words import _

EXCERPT = 200
_FORGOTTEN = _("The conversation is forgotten here.")
_DONE = {
    "answered": _("Your answer is on its way. Only they can read it, and whoever runs their server."),
    "taken-back": _("Their server is asked to erase the answer. Here its words are gone."),
}
_KEPT = _("It is noted how long messages and reports are kept.")


async def show_enquiries(request: web.Request) -> web.Response:
    """GET /enquiries: conversations that wait for us first, then those we answered."""
    dispatcher_of(request)
    said = {"done": _FORGOTTEN, "kept": _KEPT, "blocked": _("They are blocked. What they wrote is forgotten here.")}
    changed = next((words for name, words in said.items() if name in request.query), "")
    return await _list_page(request, Form(), changed=changed)


async def keep_for(request: web.Request) -> web.Response:
    """POST /enquiries/kept: a steward says for how many days messages and reports are kept."""
    steward = steward_of(request)
    form = await read_form(request)
    try:
        await keep_strangers_for(community_of(request), read_days(form), steward)
    except Invalid as error:
        return await _list_page(request, form.wrong(error.fields), 422)
    return see_other("/enquiries?kept")


async def show_enquiry(request: web.Request) -> web.Response:
    """GET /enquiries/{id}: the whole conversation, and what can be done with it."""
    dispatcher_of(request)
    form = Form().given(form_id=community_of(request).new_id())
    return await _page(request, form, changed=_DONE.get(request.query.get("changed", ""), ""))


async def answer(request: web.Request) -> web.Response:
    """POST /enquiries/{id}/answer: a private answer. The same form twice answers once."""
    member = dispatcher_of(request)
    enquiry_id = request.match_info["id"]
    form = await read_form(request)
    try:
        await answering.answer(
            community_of(request),
            enquiry_id,
            form.text("text"),
            member,
            with_details=form.has("with_details", "yes"),
            form_id=form.text("form_id") or None,
        )
    except Invalid as error:
        return await _page(request, form.wrong(error.fields), 422)
    except (Conflict, PeerTrouble) as error:
        return await _page(request, form, status_of(error), trouble=_trouble(error))
    return see_other(f"/enquiries/{enquiry_id}?changed=answered")


async def take_back(request: web.Request) -> web.Response:
    """POST /enquiries/{id}/take-back: the answer named in the form."""
    member = dispatcher_of(request)
    form = await read_form(request)
    await answering.take_back(community_of(request), form.text("answer"), member)
    return see_other(f"/enquiries/{request.match_info['id']}?changed=taken-back")


async def done(request: web.Request) -> web.Response:
    """POST /enquiries/{id}/done: the conversation is forgotten."""
    member = dispatcher_of(request)
    await enquiries.done(community_of(request), request.match_info["id"], member)
    return see_other("/enquiries?done")


async def show_block(request: web.Request) -> web.Response:
    """GET /enquiries/{id}/block: what blocking means, before it is done."""
    steward = steward_of(request)
    found = await enquiries.conversation(community_of(request), request.match_info["id"], steward)
    return render(request, "enquiry_block.html", line=found.line)


async def block(request: web.Request) -> web.Response:
    """POST /enquiries/{id}/block: the sender, or with `whom=server` everybody there."""
    steward = steward_of(request)
    community, enquiry_id = community_of(request), request.match_info["id"]
    whom = (await read_form(request)).text("whom")
    if whom == "server":
        found = await enquiries.conversation(community, enquiry_id, steward)
        await blocks.block_server(community, found.line.host, steward)
    elif whom == "sender":
        await blocks.block_sender(community, enquiry_id, steward)
    else:
        raise NotFound
    return see_other("/enquiries?blocked")


def read_days(form: Form) -> int:
    """For how many days. Raises Invalid."""
    return check_kept_days(form.count("days"))


def written_down(found: Conversation) -> dict[str, str]:
    """What a need or an offer begins with when it is written down from a conversation: for the dispatchers only."""
    enquiry = found.line.enquiry
    who = " ".join(filter(None, (enquiry.name, enquiry.handle))) or found.line.host
    said = "\n\n".join(one.words.text for one in found.said if isinstance(one.words, Enquiry))
    story = f"{tell(_('%s wrote to us:') % who)}\n\n{said}"
    return {"name": enquiry.name, "contact": enquiry.handle or enquiry.actor, "story": story[:FIELD_LIMIT]}


def _trouble(error: ManyhandsError) -> str:
    if isinstance(error, Conflict):
        return error.message
    return _("Their server cannot be reached just now, so nothing was sent. Please try again later.")


async def _list_page(request: web.Request, form: Form, status: int = 200, changed: str = "") -> web.Response:
    lines = await enquiries.listing(community_of(request), dispatcher_of(request))
    days = request[VISIT].profile.strangers_kept_days
    return render(
        request,
        "enquiries.html",
        status=status,
        changed=changed,
        waiting=tuple(line for line in lines if not line.is_answered),
        answered=tuple(line for line in lines if line.is_answered),
        days=days,
        form=form if "days" in form.typed else form.given(days=str(days)),
        excerpt=EXCERPT,
    )


async def _page(request: web.Request, form: Form, status: int = 200, **words: str) -> web.Response:
    found = await enquiries.conversation(community_of(request), request.match_info["id"], dispatcher_of(request))
    return render(
        request,
        "enquiry.html",
        status=status,
        line=found.line,
        said=tuple((one, isinstance(one.words, Answer)) for one in found.said),
        written_down=written_down(found),
        days=request[VISIT].profile.strangers_kept_days,
        form=form,
        **{"changed": "", "trouble": "", **words},
    )


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/enquiries", show_enquiries),
    web.post("/enquiries/kept", keep_for),
    web.get("/enquiries/{id}", show_enquiry),
    web.post("/enquiries/{id}/answer", answer),
    web.post("/enquiries/{id}/take-back", take_back),
    web.post("/enquiries/{id}/done", done),
    web.get("/enquiries/{id}/block", show_block),
    web.post("/enquiries/{id}/block", block),
)
