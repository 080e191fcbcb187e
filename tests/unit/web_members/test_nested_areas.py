"""A town whose areas lie one within another: drawn by a steward, chosen by whoever asks, found from outside."""

from typing import Any

import pytest

from node.domain.areas import Area
from node.domain.matches import Fit
from node.domain.members import Member, Role
from node.domain.notices import Kind, Status
from node.domain.postings import Audience, Draft, PostingWords
from node.domain.resources import Facts
from node.services import areas, link_texts, matching, members, needs, postings
from node.services.community import Community, profile
from node.services.needs import NoticeFilter
from tests.unit.web_members.neighbours import START
from tests.unit.web_members.visitor import Page, Visitor

PATH = "/settings/areas"
CALL = {
    "said": "yes", "name": "Rosa", "method": "phone", "contact": "020 555 0177", "category": "baby",
    "title": "Diapers, size 4", "agreed": "board", "message": "no",
}  # fmt: skip


@pytest.fixture
async def amina(community: Community) -> Member:
    """A steward who has drawn the town: Mill Lane lies in Riverside, that and the Hill in North Side."""
    found = await members.add(community, "Amina the steward", frozenset({Role.STEWARD, Role.DISPATCHER}))
    await areas.add(community, ["North Side", "Quay"], found)
    await areas.add(community, ["Riverside", "Hill"], found, "North Side")
    await areas.add(community, ["Mill Lane"], found, "Riverside")
    return found


async def named(community: Community) -> list[str]:
    return [one.name for one in (await profile(community)).areas]


async def test_a_steward_puts_areas_into_larger_ones_and_takes_a_larger_one_away(
    community: Community, steward: Visitor
) -> None:
    assert 'name="within"' not in (await steward.get(PATH)).html, "there is none to lie in"
    await steward.post(PATH, names="North End\nNorth Side\nRiverside\nQuay")
    page = await steward.post(PATH, names="Ferry", within="Nowhere")
    assert page.status == 422 and "Choose a larger area on the list" in page.text and "Ferry" in page.html
    assert (await steward.post(PATH, names="Ferry", within="Riverside")).location == f"{PATH}?said=saved"
    page = await steward.get(f"{PATH}/change?name=Riverside")
    assert "What lies in it stays, and moves up: Ferry." in page.text
    held = page.html.partition('name="within"')[2].partition("</select>")[0]
    assert 'value="North Side"' in held and 'value="Ferry"' not in held and 'value="Riverside"' not in held
    typed = {"of": "Riverside", "name": "Riverside", "behind": "North End"}
    page = await steward.post(f"{PATH}/change", **typed, within="Ferry")
    assert page.status == 422 and "Choose a larger area on the list" in page.text
    assert (await steward.post(f"{PATH}/change", **typed, within="North Side", middle="51.5, -0.1")).status == 303
    assert await named(community) == ["North End", "North Side", "Riverside", "Ferry", "Quay"]
    listed = (await steward.get(PATH)).html
    assert listed.index("name=North%20Side") < listed.index('class="rows smaller"') < listed.index("name=Ferry")
    assert "North End, North Side, Quay" in (await steward.get("/settings")).text, "the largest are all there is"
    options = (await steward.get(f"{PATH}/change?name=Quay")).text
    assert "North Side: Riverside" in options and "North Side: Riverside: Ferry" not in options
    await steward.post(f"{PATH}/remove", of="North Side")
    assert await named(community) == ["North End", "Riverside", "Ferry", "Quay"]
    assert (await profile(community)).areas[2] == Area("Ferry", within="Riverside")


@pytest.mark.usefixtures("amina")
async def test_whoever_asks_finds_the_smaller_ones_under_the_larger_and_still_writes_what_they_like(
    community: Community, guest: Visitor, dispatcher: Visitor
) -> None:
    what = {"category": "groceries", "title": "Groceries for two", "quantity": "1"}
    page = await guest.post("/ask/reach", **(await guest.get("/ask")).form("/ask/reach"), **what)
    assert page.status == 200 and "For example: North Side, Quay" in page.text
    assert '<option value="Mill Lane" label="North Side: Riverside: Mill Lane">' in page.html
    assert '<option value="Quay"></option>' in page.html
    listed = page.html.partition("All parts of town, one within another")[2].partition("</details>")[0]
    assert [listed.count(word) for word in ("<ul", "<bdi>")] == [3, 5]
    for typed, kept in (("north side: Riverside", "Riverside"), ("by the old well", "by the old well")):
        page = await dispatcher.post("/call", **(await dispatcher.get("/call")).form("/call"), **CALL, area=typed)
        assert page.status == 200
        (notice, *_more) = (await needs.listing(community, NoticeFilter(Kind.NEED))).items
        assert notice.wording.area == kept
    page = await dispatcher.get(f"/dispatch/{notice.id}/wording")
    assert "All parts of town, one within another" in page.text


async def test_a_flat_list_looks_as_it_always_did(guest: Visitor, dispatcher: Visitor, steward: Visitor) -> None:
    await steward.post(PATH, names="Riverside\nQuay")
    what = {"category": "groceries", "title": "Groceries for two", "quantity": "1"}
    page = await guest.post("/ask/reach", **(await guest.get("/ask")).form("/ask/reach"), **what)
    assert '<option value="Riverside"></option>' in page.html and "one within another" not in page.text
    assert "one within another" not in (await dispatcher.get("/call")).text


async def test_the_queue_and_the_programs_list_find_in_a_larger_area_what_lies_within_it(
    community: Community, dispatcher: Visitor, ask: Any, amina: Member
) -> None:
    for title, area in (("Soup", "Mill Lane"), ("Bread", "North Side"), ("Rice", "Quay"), ("Tea", "by the old well")):
        await ask(title=title, area=area)
    for area, found in (
        ("North Side", {"Soup", "Bread"}),
        ("north side", {"Soup", "Bread"}),
        ("North Side: Riverside", {"Soup"}),
        ("Hill", set()),
        ("by the old well", {"Tea"}),
    ):
        page = await dispatcher.get(f"/dispatch?area={area.replace(' ', '+')}")
        assert {title for title in ("Soup", "Bread", "Rice", "Tea") if f">{title}<" in page.html} == found, area
        listed = await needs.listing(community, NoticeFilter(Kind.NEED, area=area))
        assert {one.wording.title for one in listed.items} == found, area
    soup = (await needs.listing(community, NoticeFilter(Kind.NEED, area="Mill Lane"))).items[0]
    assert "North Side: Riverside: Mill Lane" in (await dispatcher.get(f"/dispatch/{soup.id}")).text
    await needs.change_status(community, soup.id, Status.OPEN, amina)


async def test_offers_from_within_and_around_are_of_the_same_part_of_town(
    community: Community, ask: Any, amina: Member
) -> None:
    need = await ask(title="A chair", category="goods", area="riverside")
    given = {"kind": Kind.OFFER, "category": "goods"}
    near = {(await ask(**given, title=area, area=area)).id for area in ("North Side", "Riverside", "mill lane")}
    far = {(await ask(**given, title=area, area=area)).id for area in ("Hill", "Quay")}
    found = {one.offer.id: Fit.AREA in one.reasons for one in await matching.suggestions(community, need.id, amina)}
    assert found == dict.fromkeys(near, True) | dict.fromkeys(far, False)


@pytest.mark.usefixtures("amina")
async def test_what_is_told_of_a_larger_area_may_be_what_is_here_already(dispatcher: Visitor, ask: Any) -> None:
    await ask(title="Nappies for a small one", area="Mill Lane")
    for area, is_like in (("North Side", True), ("Riverside", True), ("Hill", False)):
        typed = (await dispatcher.get("/call")).form("/call") | CALL | {"area": area, "title": ""}
        page = await dispatcher.post("/call", **typed)
        assert (page.status, "Nappies for a small one" in page.text) == (422, is_like), area


async def test_a_steward_decides_that_others_are_told_the_larger_area_alone(
    community: Community, steward: Visitor, dispatcher: Visitor, guest: Visitor, amina: Member
) -> None:
    page = await steward.get(PATH)
    assert "What others are told" in page.text and "What is in Riverside is then told as: North Side" in page.text
    assert (await dispatcher.post(f"{PATH}/told", larger_areas_only="yes")).status == 403
    asked = await seen_by(guest, "North Side: Riverside: Mill Lane")
    assert "Other communities" not in asked.text
    assert (await steward.post(f"{PATH}/told", larger_areas_only="yes")).location == f"{PATH}?said=saved"
    assert (await profile(community)).larger_areas_only
    ticked = (await steward.get(PATH)).html.partition('name="larger_areas_only"')[2].partition(">")[0]
    assert "checked" in ticked
    asked = await seen_by(guest, "North Side: Riverside: Mill Lane")
    assert "Other communities are told no more of where than: North Side" in asked.text
    assert "Other communities are not told where it is." in (await seen_by(guest, "by the old well")).text
    page = await steward.get(f"{PATH}/change?name=North%20Side")
    assert "From then on, others are told these names." in page.text
    assert "others are told these names" not in (await steward.get(f"{PATH}/change?name=Riverside")).text
    assert (await link_texts.card(community)).areas == ("North Side", "Quay")
    for name in ("North Side", "Riverside"):
        await areas.remove(community, name, amina)
    assert "What others are told" in (await steward.get(PATH)).text, "as long as it is so, it can be ended"
    await steward.post(f"{PATH}/told")
    assert not (await profile(community)).larger_areas_only
    assert "What others are told" not in (await steward.get(PATH)).text


async def seen_by(guest: Visitor, area: str) -> Page:
    """The page on which somebody reads what others would see."""
    what = {"category": "groceries", "title": "Groceries for two", "quantity": "1"}
    reach = {"name": "Kim", "method": "phone", "contact": "020 555 0177", "area": area}
    return await guest.post("/ask/who", **(await guest.get("/ask")).form("/ask/reach"), **what, **reach)


async def test_places_are_found_by_the_larger_area_around_them(
    community: Community, dispatcher: Visitor, amina: Member
) -> None:
    words = PostingWords("Warm room", area="North Side: Riverside: Mill Lane")
    room = Draft(words, Audience.HERE, facts=Facts("housing", "12 Station Road", START))
    assert (await postings.write(community, room, amina)).words.area == "Mill Lane"
    for words, is_found in (("north side", True), ("Riverside", True), ("Hill", False), ("warm", True)):
        page = await dispatcher.get(f"/resources?q={words.replace(' ', '+')}")
        assert ("Warm room" in page.text) is is_found, words
