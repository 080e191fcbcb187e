"""The open needs as plain lines, on a page and by a steward's link."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from node.domain.consent import Consent
from node.domain.plain_list import MOST_LINES


async def linked(steward: Any) -> str:
    """A new link, as its path."""
    page = await steward.post("/plain-list/link")
    return "/needs.txt?link=" + page.html.partition("/needs.txt?link=")[2].partition("<")[0]


@pytest.fixture
def opened(ask: Any, dispatcher: Any) -> Any:
    """Stores a need that a dispatcher has read."""

    async def one(**wording: Any) -> None:
        need = await ask(**wording)
        await dispatcher.post(f"/dispatch/{need.id}/status", status="open")

    return one


async def test_the_list_says_what_helpers_may_know_and_nothing_else(
    dispatcher: Any, steward: Any, guest: Any, ask: Any, opened: Any
) -> None:
    await opened(title="Lifts & a ramp", category="transport", needed_by=date(2031, 5, 9), quantity=Decimal(3))
    await opened(title="Rent is short", category="money")
    await opened(title="Nobody may know", consent=Consent())
    await opened(title="Ring 020 555 0134")
    await ask(title="Nobody here has read it")
    resting = await ask(title="It rests")
    await dispatcher.post(f"/dispatch/{resting.id}/status", status="paused")
    line = "- Lifts & a ramp (Transport, 3, Harbour, When someone can, 2031-05-09)\n"
    assert line.strip() in (await dispatcher.get("/plain-list")).text
    answer = await guest.get(await linked(steward))
    assert (answer.status, answer.html) == (200, line)
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["Cache-Control"] == "no-store"


async def test_only_the_newest_link_is_good_and_it_ends(dispatcher: Any, steward: Any, guest: Any) -> None:
    assert (await dispatcher.post("/plain-list/link")).status == 403
    for path in ("/needs.txt", "/needs.txt?link=", "/needs.txt?link=nothing"):
        assert (await guest.get(path)).status == 404
    first, second = await linked(steward), await linked(steward)
    assert ((await guest.get(first)).status, (await guest.get(second)).status) == (404, 200)
    assert second not in (await steward.get("/plain-list")).html
    assert (await steward.post("/plain-list/link/end")).location == "/plain-list"
    assert (await guest.get(second)).status == 404


async def test_it_is_no_longer_than_anybody_reads(
    dispatcher: Any, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_LINES == 100
    monkeypatch.setattr("node.domain.plain_list.MOST_LINES", 1)
    for title in ("The first", "The second"):
        await opened(title=title)
    text = (await dispatcher.get("/plain-list")).text
    assert "The first" in text
    assert "The second" not in text
