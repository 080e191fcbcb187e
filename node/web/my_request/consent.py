"""What the holder of a code agreed to: each question with its answer, to be changed at any time."""

from collections.abc import Sequence

from aiohttp import web

from node.context import community_of
from node.domain.consent import Channel
from node.domain.errors import Conflict, Invalid
from node.domain.notices import Notice
from node.services import call_backs, consents, splitting
from node.services.community import Community
from node.services.consents import Said
from node.web.consent_questions import Asked, chosen, questions_about
from node.web.forms import read_form
from node.web.languages import language
from node.web.my_request.finding import Found, find
from node.web.pages import render, see_other
from node.web.words import _

_SAID = {
    "yes": _("Thank you. It is written down."),
    "no": _("It is written down. Communities that had a copy because of it are told to erase it."),
}


async def show(request: web.Request) -> web.Response:
    """GET /r/{code}/consent."""
    found = await find(request)
    if found.notice.erased_at is not None:
        return see_other(found.path)
    changed = _SAID.get(request.query.get("said", ""), "")
    return await _page(request, found, only_this=request.query.get("only") == "yes", changed=changed)


async def answer(request: web.Request) -> web.Response:
    """POST /r/{code}/consent: yes or no to one question, about every part or this one alone."""
    found = await find(request)
    community, form = community_of(request), await read_form(request)
    only_this = form.has("only", "yes")
    asked = chosen(form, await questions_about(community, found.notice, with_linked=True))
    word = form.text("answer")
    if word not in _SAID:
        raise Invalid({"answer": _("Choose one of the buttons on the page.")})
    said = Said((asked.question,), word == "yes", asked.words, Channel.WEB, language())
    try:
        await consents.record_by_code(community, found.code, said, only_this=only_this)
    except Conflict as problem:
        return await _page(request, found, status=409, only_this=only_this, trouble=problem.message)
    return see_other(f"{found.path}/consent?said={word}{'&only=yes' if only_this else ''}")


async def _page(
    request: web.Request, found: Found, status: int = 200, *, only_this: bool, changed: str = "", trouble: str = ""
) -> web.Response:
    community, notice = community_of(request), found.notice
    parts = [one for one in await splitting.parts(community, notice) if one.erased_at is None]
    only_this = only_this and len(parts) > 1
    waiting = {
        question for line in await call_backs.open_of(community, notice.id) for question in line.call_back.questions
    }
    every = await questions_about(community, notice, with_linked=True)
    asked = [one for one in every if not only_this or one.question.use in consents.OF_ONE_PART]
    return render(
        request,
        "my_request_consent.html",
        status=status,
        notice=notice,
        has_parts=len(parts) > 1,
        only_this=only_this,
        unlike=await _unlike(community, parts, asked),
        code=found.code,
        waiting=tuple(one for one in asked if one.question in waiting),
        asked=tuple(one for one in asked if one.question not in waiting and (one.line or not one.question.peer)),
        lines=tuple(reversed(await consents.history(community, notice.id))),
        changed=changed,
        trouble=trouble,
    )


async def _unlike(community: Community, parts: Sequence[Notice], asked: Sequence[Asked]) -> frozenset[str]:
    """The questions to which not every part has the same answer."""
    answers = [
        {one.key: one.is_given for one in await questions_about(community, part, with_linked=True)} for part in parts
    ]
    return frozenset(one.key for one in asked if any(each.get(one.key, False) != one.is_given for each in answers))
