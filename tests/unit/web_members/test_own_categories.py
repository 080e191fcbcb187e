"""A category of the community's own: added, offered where others are, read everywhere by its name, taken away."""

import re
from typing import Any

import pytest

from node.domain.categories import AS_SHIPPED, MOST_OWN, CategoryChange
from node.domain.consent import ALL, Consent
from node.domain.notices import Notice
from node.domain.shares import Level, ShareRequest
from node.services import categories, members, needs, shares
from node.services.community import Community, profile
from tests.unit.web_members.visitor import Visitor

EVERYBODY = Consent(board=True, peers=ALL, public=True)
PATH = "/settings/categories"
BIKES = "own-bike-repair"
OPTION = re.compile(rf'value="{BIKES}"[^>]*>\s*(?:<bdi>)?([^<]*)')


@pytest.fixture
async def bikes(steward: Visitor) -> str:
    """A steward has added one."""
    added = await steward.post(f"{PATH}/new", name="Bike  repair", like="repairs", behind="goods")
    assert added.location == f"{PATH}?saved"
    return BIKES


@pytest.fixture
async def chain(ask: Any, bikes: str) -> Notice:
    """A need in it."""
    made: Notice = await ask(title="My chain is broken", category="repairs", own_category=bikes)
    return made


async def test_a_steward_adds_one_calls_it_otherwise_maps_it_anew_and_takes_it_away(
    community: Community, steward: Visitor, dispatcher: Visitor
) -> None:
    page = await steward.get(f"{PATH}/new")
    assert page.status == 200 and f"{PATH}/new" in (await steward.get(PATH)).read.links
    page = await steward.post(f"{PATH}/new", name="  ", behind="goods", like="")
    assert page.status == 422 and "Say what it is called." in page.text and "Choose the one it is most" in page.text
    page = await steward.post(f"{PATH}/new", name="Ring 020 7946 0123", like="goods")
    assert page.status == 422 and 'value="Ring 020 7946 0123"' in page.html
    assert (await profile(community)).categories == AS_SHIPPED
    assert (await steward.post(f"{PATH}/new", name="Bike repair", like="repairs", behind="goods")).status == 303
    page = await steward.get(PATH)
    assert "Bike repair Ours. Neighbours read it as “Repairs”." in page.text
    one = await steward.get(f"{PATH}/{BIKES}")
    assert "Neighbours read what is in it as “Repairs”. Beside it stands the hashtag #BikeRepair." in one.text
    assert "It is delicate" not in one.text
    typed = {"name": "Wheels", "like": "safety", "behind": "", "is_hidden": "yes"}
    assert (await steward.post(f"{PATH}/{BIKES}", **typed)).status == 303
    one = await steward.get(f"{PATH}/{BIKES}")
    assert "It is delicate" in one.text and "<h1>The category Wheels</h1>" in one.html
    assert "Wheels" not in (await dispatcher.get("/ask")).text and "Wheels" in (await dispatcher.get("/resources")).text
    page = await steward.post(f"{PATH}/{BIKES}", **typed | {"name": "Meals"})
    assert page.status == 422 and "Another category is called that already." in page.text
    for _twice in range(2):
        assert (await steward.post(f"{PATH}/{BIKES}/remove")).location == f"{PATH}?gone"
    assert "What was in it stays." in (await steward.get(f"{PATH}?gone")).text
    assert (await profile(community)).categories == AS_SHIPPED
    assert (await steward.get(f"{PATH}/{BIKES}")).status == 404
    assert (await steward.post(f"{PATH}/{BIKES}", **typed)).status == 404
    for path in (f"{PATH}/new", f"{PATH}/goods", f"{PATH}/{BIKES}/remove"):
        assert (await dispatcher.post(path, name="Bikes", like="goods")).status == 403


async def test_the_list_ends_somewhere(community: Community, steward: Visitor) -> None:
    amina = await members.by_name(community, "Amina")
    for number in range(MOST_OWN):
        await categories.add(community, CategoryChange("", f"Bikes {'x' * number}y", like="goods"), amina)
    page = await steward.get(PATH)
    assert f"{PATH}/new" not in page.read.links and "Take one away first." in page.text
    page = await steward.post(f"{PATH}/new", name="Boats", like="transport")
    assert page.status == 422 and "You have 20 of your own already." in page.text


async def test_it_is_offered_wherever_categories_are(
    steward: Visitor, dispatcher: Visitor, guest: Visitor, chain: Notice
) -> None:
    for path in ("/ask", "/offer", "/call"):
        assert OPTION.search((await dispatcher.get(path)).html), path
    assert "Bike repair" in (await guest.get("/paper")).text
    need = f"/dispatch/{chain.id}"
    for path in ("/dispatch", f"{need}/wording", f"{need}/split", "/resources", "/resources/new"):
        assert OPTION.search((await dispatcher.get(path)).html), path
    assert not OPTION.search((await dispatcher.get("/capacity")).html), "neighbours know nothing of it"
    assert BIKES not in (await steward.get(f"{PATH}/goods")).html.replace(f'<option value="{BIKES}"', "")


async def test_a_need_in_it_reads_by_its_name_and_is_found_under_both(
    dispatcher: Visitor, helper: Visitor, ask: Any, chain: Notice
) -> None:
    await ask(title="A leaking tap", category="repairs")
    await ask(title="Soup", category="meals")
    assert "Bike repair" in (await dispatcher.get(f"/dispatch/{chain.id}")).text
    found = (await dispatcher.get(f"/dispatch?category={BIKES}")).text
    assert "My chain is broken" in found and "A leaking tap" not in found
    found = (await dispatcher.get("/dispatch?category=repairs")).text
    assert "My chain is broken" in found and "A leaking tap" in found and "Soup" not in found
    await dispatcher.post(f"/dispatch/{chain.id}/status", status="open")
    board = await helper.get(f"/board?category={BIKES}")
    assert "My chain is broken" in board.text and "Bike repair" in board.text
    assert "Bike repair" in (await helper.get(f"/board/{chain.id}")).text
    assert "My chain is broken (Bike repair, " in (await dispatcher.get("/plain-list")).text


async def test_a_dispatcher_corrects_splits_and_takes_calls_with_it(
    community: Community, dispatcher: Visitor, ask: Any, bikes: str
) -> None:
    need = await ask(title="Repairs", category="repairs")
    form = {"title": "Repairs", "quantity": "1", "unit": "one", "urgency": "this week", "repeat": "once"}
    assert (await dispatcher.post(f"/dispatch/{need.id}/wording", **form, category=bikes)).status == 303
    corrected = await needs.get(community, need.id)
    assert (corrected.wording.category, corrected.wording.own_category) == ("repairs", bikes)
    assert (await dispatcher.post(f"/dispatch/{need.id}/wording", **form, category="repairs")).status == 303
    assert (await needs.get(community, need.id)).wording.own_category == ""
    words = {"stays_title": "Repairs", "stays_text": "Two packs would do.", "title": "The chain", "category": bikes}
    went = await dispatcher.post(f"/dispatch/{need.id}/split", **words, text="", quantity="")
    part = await needs.get(community, went.location.split("?")[0].rpartition("/")[2])
    assert (part.wording.category, part.wording.own_category) == ("repairs", bikes)
    told = {"category": bikes, "category_2": "repairs", "title_2": "A tap", "title": "A tyre", "area": "Harbour"}
    page = await dispatcher.post("/call", **(await dispatcher.get("/call")).form("/call"), **told)
    assert page.status == 200 and "Bike repair" in page.text
    twice = {**told, "category_2": bikes}
    page = await dispatcher.post("/call", **(await dispatcher.get("/call")).form("/call"), **twice)
    assert page.status == 422 and "Choose each category once." in page.text
    page = await dispatcher.post(f"/dispatch/{need.id}/wording", **form, category="own-nothing")
    assert page.status == 422 and "Choose one of the categories." in page.text


async def test_what_two_change_at_once_is_told_by_its_name(
    community: Community, dispatcher: Visitor, steward: Visitor, ask: Any, bikes: str
) -> None:
    need = await ask(title="Repairs", category="repairs")
    form = {"title": "Repairs", "text": "Two packs would do.", "area": "Harbour", "quantity": "1", "unit": "one"}
    form |= {"urgency": "when someone can", "repeat": "once"}
    path = f"/dispatch/{need.id}/wording"
    seen = (await dispatcher.get(path)).form(path)
    await steward.post(path, **(await steward.get(path)).form(path), **form, category=bikes)
    page = await dispatcher.post(path, **seen, **form, category="tech")
    assert page.status == 409 and "Bike repair" in page.text
    page = await dispatcher.post(path, **seen, **{**form, "title": "Wheels"}, category="repairs")
    assert page.status == 303
    wording = (await needs.get(community, need.id)).wording
    assert (wording.title, wording.category, wording.own_category) == ("Wheels", "repairs", bikes)
    seen = (await dispatcher.get(path)).form(path)
    await steward.post(path, **(await steward.get(path)).form(path), **{**form, "title": "Wheels"}, category="repairs")
    page = await dispatcher.post(path, **seen, **{**form, "title": "My wheels"}, category=bikes)
    assert page.status == 303
    wording = (await needs.get(community, need.id)).wording
    assert (wording.title, wording.category_here) == ("My wheels", "repairs"), "what each left alone is the other's"


async def test_a_place_in_it_is_found_by_it(dispatcher: Visitor, steward: Visitor, bikes: str) -> None:
    place = {"title": "Open workshop", "category": bikes, "where": "4 Mill Lane", "public_place": "yes"}
    place |= {"audience": "public", "step": "publish"}
    page = await dispatcher.post("/resources/new", **place)
    assert page.status == 303, page.text
    assert "Bike repair" in (await dispatcher.get(page.location)).text
    for category, is_there in ((bikes, True), ("repairs", True), ("meals", False)):
        assert ("Open workshop" in (await dispatcher.get(f"/resources?category={category}")).text) is is_there
    assert "Open workshop" in (await dispatcher.get("/tags/bikerepair")).text
    await steward.post(f"{PATH}/{bikes}/remove")
    assert "Open workshop" in (await dispatcher.get("/resources?category=repairs")).text
    assert (await dispatcher.get("/tags/bikerepair")).status == 404


async def test_everybody_finds_what_is_open_under_its_hashtag(
    community: Community, dispatcher: Visitor, guest: Visitor, steward: Visitor, ask: Any, bikes: str
) -> None:
    await ask(title="A leaking tap", category="repairs", consent=EVERYBODY)
    need = await ask(title="My chain is broken", category="repairs", own_category=bikes, consent=EVERYBODY)
    bo = await members.by_name(community, "Bo")
    share = await shares.share(community, need.id, ShareRequest(Level.PUBLIC), bo)
    local = share.object_id.rpartition("/")[2]
    page = await guest.get(f"/p/{local}")
    assert "About Bike repair" in page.text and "/tags/bikerepair" in page.read.links
    for tag in ("bikerepair", "BikeRepair", "repairs", "mutualaid"):
        assert "My chain is broken" in (await guest.get(f"/tags/{tag}")).text, tag
    assert "<h1>Bike repair</h1>" in (await guest.get("/tags/bikerepair")).html
    await steward.post(f"{PATH}/{bikes}/remove")
    assert "About Repairs" in (await guest.get(f"/p/{local}")).text
