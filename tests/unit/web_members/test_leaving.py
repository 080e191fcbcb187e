"""Exit this page: one tap, and nobody sees where one was."""

from typing import Any

import pytest

from node.domain.ways import Ways
from node.services import members, needs, ways
from node.services.community import Community
from node.services.needs import Entry
from tests.unit.web_members.conftest import Ask
from tests.unit.web_members.visitor import Visitor


@pytest.fixture
async def code(community: Community, ask: Ask) -> str:
    """The code of somebody's request."""
    need = await ask()
    return (await needs.ask(community, Entry(need.kind, need.wording))).code


async def test_the_way_out_is_on_every_page_of_asking_and_of_ones_own(guest: Any, code: str) -> None:
    for path in ("/ask", "/offer", "/r", f"/r/{code}", f"/r/{code}/correct", f"/r/{code}/erase", "/r/wrong-code-1234"):
        page = await guest.get(path)
        assert page.read.links[:2] == ["#main", "/leave"], path
    page = await guest.post("/ask")
    assert "/leave" in page.read.links


async def test_it_is_not_on_pages_where_nobody_has_to_hide(guest: Any, steward: Any) -> None:
    for visitor, path in ((guest, "/"), (guest, "/sign-in"), (steward, "/dispatch"), (steward, "/responses")):
        assert "/leave" not in (await visitor.get(path)).read.links, path


@pytest.mark.parametrize("method", ["get", "post"])
async def test_it_leads_away_and_forgets(guest: Any, method: str) -> None:
    page = await getattr(guest, method)("/leave")
    assert (page.status, page.location) == (303, "/away")
    assert page.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers


async def test_a_session_ends_with_it(dispatcher: Any) -> None:
    page = await dispatcher.get("/leave")
    assert 'manyhands="";' in page.headers["Set-Cookie"] or "manyhands=;" in page.headers["Set-Cookie"]
    assert (await dispatcher.get("/dispatch")).location.startswith("/sign-in")


async def test_another_site_cannot_end_a_session_with_it(dispatcher: Visitor) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Cookie": f"manyhands={dispatcher.cookie}"}
    async with dispatcher.client.get("/leave", headers=headers, allow_redirects=False) as answer:
        assert answer.status == 303
        assert "Set-Cookie" not in answer.headers
    assert (await dispatcher.get("/dispatch")).status == 200


async def test_the_community_says_where_it_leads(guest: Any, steward: Any, community: Community) -> None:
    amina = await members.by_name(community, "Amina")
    await ways.change(community, Ways(exit_address="https://weather.example/today"), amina)
    assert (await guest.get("/leave")).location == "https://weather.example/today"


async def test_the_page_it_leads_to_says_nothing(guest: Any) -> None:
    page = await guest.get("/away")
    assert page.status == 200
    assert "Linden" not in page.html and "Manyhands" not in page.html and "manyhands" not in page.html
    assert page.read.links == []
    assert page.read.h1s == 1
