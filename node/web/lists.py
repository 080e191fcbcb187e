"""Lists of others as suggestions, read one by one; and ours to hand on."""

from aiohttp import web

from node.context import community_of
from node.domain.errors import Invalid, NotFound
from node.domain.lists import LARGEST_FILE, MOST_ROWS, Advice
from node.services import lists
from node.services.lists import Brought
from node.web.forms import Form, Reader, read_form
from node.web.pages import NO_STORE, render, see_other
from node.web.sessions import steward_of
from node.web.words import _

#: Each file that can be taken along: what is on it, and as what it is sent.
FILES = {
    "neighbours-and-blocks.json": (None, "application/json"),
    "blocked-servers.csv": (Advice.BLOCK, "text/csv"),
    "neighbours.csv": (Advice.ALLOW, "text/csv"),
}
FILE = "file"
_CHANGED = {"taken": _("Done as it was suggested."), "left": _("The suggestion is put aside.")}


async def show_lists(request: web.Request) -> web.Response:
    """GET /lists."""
    steward_of(request)
    changed = next((words for name, words in _CHANGED.items() if name in request.query), "")
    return await _page(request, Form().given(otherwise=Advice.BLOCK), changed=changed)


async def bring(request: web.Request) -> web.Response:
    """POST /lists: a file, or its lines copied into the field. Nothing is acted on."""
    steward = steward_of(request)
    form = await read_form(request, (FILE,))
    try:
        reader = Reader(form)
        otherwise = reader.word("otherwise", Advice, Advice.BLOCK)
        name, text = _uploaded(form) or (form.text("source"), form.text("list"))
        if not text.strip():
            reader.errors["list"] = _("Choose a file, or copy its lines into this field.")
        reader.check()
        brought = await lists.bring(community_of(request), text, otherwise, form.text("source") or name, steward)
    except Invalid as error:
        return await _page(request, form.wrong(error.fields), 422)
    return await _page(request, Form().given(otherwise=otherwise), brought=brought)


async def take(request: web.Request) -> web.Response:
    """POST /lists/{id}/take: block the server. A community to meet is asked on the page of neighbours instead."""
    await lists.take(community_of(request), request.match_info["id"], steward_of(request))
    return see_other("/lists?taken")


async def leave(request: web.Request) -> web.Response:
    """POST /lists/{id}/leave."""
    await lists.leave(community_of(request), request.match_info["id"], steward_of(request))
    return see_other("/lists?left")


async def download(request: web.Request) -> web.Response:
    """GET /lists/{file}: ours, for others."""
    steward = steward_of(request)
    name = request.match_info["file"]
    if name not in FILES:
        raise NotFound
    advice, kind = FILES[name]
    text = await lists.exported(community_of(request), steward, advice)
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(text=text, content_type=kind, headers=headers)


def _uploaded(form: Form) -> tuple[str, str] | None:
    """A file's name and words, if one was sent. Raises Invalid where it is too large or no text."""
    sent = form.files.get(FILE)
    if sent is None:
        return None
    if sent.size > LARGEST_FILE:
        raise Invalid({FILE: _("This file is larger than %(size)s kB.") % {"size": LARGEST_FILE // 1000}})
    try:
        return sent.name, sent.beginning.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid({FILE: _("This file is no text in UTF-8.")}) from None


async def _page(
    request: web.Request, form: Form, status: int = 200, *, brought: Brought | None = None, changed: str = ""
) -> web.Response:
    waiting, many = await lists.waiting(community_of(request), steward_of(request))
    return render(
        request,
        "lists.html",
        status=status,
        form=form,
        waiting=waiting,
        many=many,
        brought=brought,
        files=tuple(FILES),
        most=MOST_ROWS,
        largest=LARGEST_FILE // 1000,
        changed=changed,
    )


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/lists", show_lists),
    web.post("/lists", bring),
    web.get("/lists/{file}", download),
    web.post("/lists/{id}/take", take),
    web.post("/lists/{id}/leave", leave),
)
