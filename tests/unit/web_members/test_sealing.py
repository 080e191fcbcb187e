"""Sealing the node from a steward's page: one action, or two stewards where the community decided so."""

from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from node import serving
from node.context import COMMUNITY
from node.domain.members import Role
from node.domain.notices import Notice
from node.services.community import Community
from node.storage.vault import create_master_key
from tests.unit.web_members.conftest import Clock, sign_in_as
from tests.unit.web_members.visitor import Page, Visitor

CHOSEN = {"passphrase": "blue otters swim at noon", "again": "blue otters  swim at noon"}


@pytest.fixture
async def client(community: Community) -> Any:
    """All doors, those for machines too."""
    create_master_key(community.settings.data_dir)
    made: web.Application = serving.make_app(community)
    assert made[COMMUNITY] is community
    async with TestClient(TestServer(made)) as found:
        yield found


@pytest.fixture
async def second(client: TestClient[Any, Any], community: Community) -> Visitor:
    return await sign_in_as(client, community, "Dana", Role.STEWARD)


async def follow(visitor: Visitor, page: Page) -> Page:
    """The page that somebody is sent on to after a deed."""
    assert page.status == 303, page
    return await visitor.get(page.location)


async def test_one_press_closes_everything(
    client: TestClient[Any, Any], community: Community, steward: Visitor, guest: Visitor, need: Notice
) -> None:
    page = await steward.get("/seal")
    assert "First choose a passphrase" in page.html
    assert (await steward.post("/seal")).status == 409
    page = await follow(steward, await steward.post("/seal/passphrase", **CHOSEN))
    assert "Write it on paper" in page.html
    await steward.post("/people/invite", role="dispatcher", people="1", days="1")
    page = await steward.post("/seal")
    assert (page.status, "We are closed for now" in page.html, "020 555 0100" in page.html) == (503, True, True)
    async with community.database.reading() as work:
        assert await work.invitations.to_come(community.now()) == ()
    assert not (community.settings.data_dir / "master.key").exists()
    assert community.database.vault.is_locked
    for visitor in (steward, guest):
        for path in ("/", "/ask", "/dispatch", f"/dispatch/{need.id}", "/nowhere"):
            page = await visitor.get(path)
            assert (page.status, "020 555 0100" in page.html) == (503, True), path
    async with client.get("/", headers={"Accept-Language": "ar"}) as answer:
        page_in_arabic = await answer.text()
    assert '<html lang="ar" dir="rtl">' in page_in_arabic
    assert "We are closed" not in page_in_arabic
    for method, path in (("POST", "/inbox"), ("GET", "/actors/public"), ("GET", "/.well-known/webfinger")):
        async with client.request(method, path) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "3600")
            assert "html" not in answer.content_type
    async with client.get("/livez") as answer:
        assert answer.status == 200
    async with client.get("/") as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


async def test_a_passphrase_that_will_not_do_is_told_beside_its_field(steward: Visitor) -> None:
    for typed, word in (
        ({"passphrase": "short", "again": "short"}, "from 16 to 200 characters"),
        (CHOSEN | {"again": "other words entirely"}, "not the same"),
    ):
        page = await steward.post("/seal/passphrase", **typed)
        assert (page.status, word in page.html) == (422, True)
        assert typed["passphrase"] not in page.html
    assert (await steward.post("/seal/passphrase", **CHOSEN)).status == 303
    page = await steward.post("/seal/passphrase", passphrase="quite other words", again="quite other words")
    assert (page.status, "seal --prepare" in page.html) == (409, True)  # whoever steals a session locks nobody out


async def test_where_two_are_needed_the_second_one_seals(
    community: Community, steward: Visitor, second: Visitor
) -> None:
    await steward.post("/seal/passphrase", **CHOSEN)
    page = await follow(steward, await steward.post("/seal/two"))
    assert "From now on it takes two" in page.html
    page = await follow(steward, await steward.post("/seal"))
    assert "As soon as a second steward" in page.html
    assert (await steward.post("/seal")).status == 303  # the same steward twice is one steward
    assert not community.database.vault.is_locked
    page = await second.get("/seal")
    assert "Amina wants to seal" in page.html
    assert (await second.post("/seal")).status == 503
    assert community.database.vault.is_locked


async def test_the_question_is_void_after_an_hour_or_when_it_is_taken_back(
    community: Community, steward: Visitor, second: Visitor, clock: Clock
) -> None:
    await steward.post("/seal/passphrase", **CHOSEN)
    await steward.post("/seal/two")
    await steward.post("/seal")
    clock.go_on(hours=1)
    assert "wants to seal" not in (await second.get("/seal")).html
    assert (await second.post("/seal")).status == 303  # now it is Dana who asks
    page = await follow(steward, await steward.post("/seal/take-back"))
    assert "not to be sealed" in page.html
    assert (await steward.post("/seal")).status == 303
    assert not community.database.vault.is_locked


async def test_it_is_for_stewards_alone(dispatcher: Visitor, helper: Visitor, guest: Visitor) -> None:
    for path in ("/seal", "/seal/passphrase", "/seal/two", "/seal/take-back"):
        for visitor in (dispatcher, helper):
            assert (await visitor.post(path)).status == 403
        assert (await guest.post(path)).status == 401
