"""From a code, however it was typed, to what it opens. Whoever guesses learns nothing, and not for long."""

from dataclasses import dataclass

from aiohttp import web

from node.context import client_address, community_of
from node.domain.codes import PATTERN, tidy_code
from node.domain.errors import NotFound
from node.domain.notices import Notice
from node.services import needs
from node.web.forms import Form, read_form
from node.web.pages import render, see_other
from node.web.tries import CodeTries
from node.web.words import _

WRONG_CODES = web.AppKey("wrong_codes", CodeTries)


@dataclass(frozen=True)
class Found:
    """What a code opens, and the code as it is written."""

    notice: Notice
    code: str

    @property
    def path(self) -> str:
        """The page of this code."""
        return f"/r/{self.code}"


async def find(request: web.Request, typed: str | None = None) -> Found:
    """What the code in the page's address opens, or the one that was `typed`.

    Every code that opens nothing gets the same answer in the same way, whether it could be one or not: NotFound.
    Raises TooManyTries after many wrong codes.
    """
    community = community_of(request)
    tries, address, now = request.app[WRONG_CODES], client_address(request), community.now()
    code = tidy_code(request.match_info["code"] if typed is None else typed)
    tries.check(address, code, now)
    try:
        notice = await needs.by_code(community, code)
        if not PATTERN.fullmatch(code):
            raise NotFound
    except NotFound:
        tries.wrong(address, code, now)
        raise NotFound(_("There is nothing under this code. Look at the words and the number once more.")) from None
    tries.right(address, code, now)
    return Found(notice, code)


async def ask_for_code(request: web.Request) -> web.Response:
    """GET /r."""
    return render(request, "my_request_code.html", form=Form())


async def take_code(request: web.Request) -> web.Response:
    """POST /r."""
    form = await read_form(request)
    try:
        found = await find(request, form.text("code"))
    except NotFound as problem:
        return render(request, "my_request_code.html", status=404, form=form.wrong({"code": problem.message}))
    return see_other(found.path)
