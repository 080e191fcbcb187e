"""Our ways: the page from which a steward reaches everything that is decided here, with how it stands now."""

from decimal import Decimal
from typing import Any

from node.domain.areas import Area
from node.domain.categories import AS_SHIPPED
from node.domain.ways import Ways
from node.services import members, ways
from node.services.community import Community, profile
from tests.unit.web_members.visitor import Visitor


async def test_each_thing_says_how_it_stands_now_and_leads_to_where_it_is_changed(
    community: Community, steward: Visitor
) -> None:
    page = await steward.get("/settings")
    assert "One steward may link us." in page.text and "They are off." in page.text
    (amina,) = await members.listing(community)
    await ways.change(community, Ways(links_need_two=True, push=True, openings_a_day=7), amina)
    page = await steward.get("/settings")
    assert "Being linked takes two stewards." in page.text and "They are on:" in page.text
    assert "At most 7 sealed notes are opened by one member" in page.text
    led = {link for link in page.read.links if link.startswith("/") and not link.startswith(("/language/", "/static/"))}
    assert {"/settings/safety", "/keeping", "/peers/card", "/rest", "/seal"} <= led
    assert {link: (await steward.get(link)).status for link in led} == dict.fromkeys(led, 200)


async def test_a_steward_says_what_we_are_called_and_where_to_call(community: Community, steward: Visitor) -> None:
    path = "/settings/community"
    before = await profile(community)
    page = await steward.post(path, name=" ", contact_line="020 555 0177", timezone="Nowhere")
    assert page.status == 422 and "Write the community&#39;s name" in page.html and 'value="020 555 0177"' in page.html
    page = await steward.post(path, name="Elm Street", contact_line="5" * 81, timezone="UTC")
    assert page.status == 422 and "Write it in at most 80 characters." in page.html
    page = await steward.post(path, name="Elm Street", contact_line="", timezone="Atlantis")
    assert page.status == 422 and "Write the time zone as Region/City" in page.html
    assert await profile(community) == before
    page = await steward.post(path, name="Elm  Street", contact_line=" +44 20 7946 0177 ", timezone="são paulo")
    assert page.location == f"{path}?saved"
    after = await profile(community)
    assert (after.name, after.username, after.timezone) == ("Elm Street", before.username, "America/Sao_Paulo")
    assert 'href="tel:+442079460177"' in (await steward.get("/")).html
    page = await steward.get(path)
    assert "Now it is Sun 4 May 2031, 09:00 here." in page.text, "said in the time that was chosen"
    assert "@linden@localhost:8440 stays as it is." in page.text


async def test_areas_are_added_renamed_moved_and_taken_off(
    community: Community, steward: Visitor, dispatcher: Visitor
) -> None:
    path = "/settings/areas"
    page = await steward.post(path, names="Harbour\r\n\n  Mill  Lane\nHARBOUR\nQuay\n")
    assert page.location == f"{path}?said=saved"
    assert await _names(community) == ["Harbour", "Mill Lane", "Quay"]
    page = await steward.post(path, names="Upper Town\nRing 020 7946 0123 4567")
    assert page.status == 422 and "Upper Town" in page.html and len(await _names(community)) == 3
    assert "/settings/areas/change?name=Mill%20Lane" in (await steward.get(path)).html
    typed = {"of": "Quay", "name": "Old Quay", "behind": "Harbour"}
    page = await steward.post(f"{path}/change", **typed, middle="by the fountain")
    assert page.status == 422 and 'value="by the fountain"' in page.html
    page = await steward.post(f"{path}/change", **typed | {"name": "harbour"})
    assert page.status == 422 and "There is an area of this name already." in page.html
    assert (await steward.post(f"{path}/change", **typed, middle="51.50735; -0.1277583")).status == 303
    assert (await profile(community)).areas == (
        Area("Harbour"), Area("Old Quay", Decimal("51.51"), Decimal("-0.13")), Area("Mill Lane")
    )  # fmt: skip
    assert 'value="51.51, -0.13"' in (await steward.get(f"{path}/change?name=Old%20Quay")).html
    for deed in ("change", "remove"):
        page = await steward.post(f"{path}/{deed}", of="Quay", name="Quay")
        assert page.location == f"{path}?said=gone"
    await steward.post(f"{path}/remove", of="Harbour")
    assert await _names(community) == ["Old Quay", "Mill Lane"]
    assert (await dispatcher.post(path, names="Elsewhere")).status == 403


async def test_categories_are_called_arranged_and_offered_as_the_community_likes(
    community: Community, steward: Visitor, dispatcher: Visitor, guest: Visitor, ask: Any
) -> None:
    need = await ask(category="baby")
    path = "/settings/categories"
    page = await steward.post(f"{path}/baby", name="Food", behind="")
    assert page.status == 303 and "<h1>The category Food</h1>" in (await steward.get(f"{path}/baby")).html
    assert "It comes as “Baby”." in (await steward.get(path)).text
    page = await steward.post(f"{path}/meals", name="food")
    assert (
        page.status == 422 and "Another category is called that already." in page.html and 'value="food"' in page.html
    )
    page = await steward.post(f"{path}/other", is_hidden="yes")
    assert page.status == 422 and "must be able to go somewhere" in page.html
    await steward.post(f"{path}/pets", behind="baby", is_hidden="yes")
    assert [one.key for one in (await profile(community)).categories.arranged][:3] == ["baby", "pets", "groceries"]
    asking, queue = await guest.get("/ask"), await dispatcher.get("/dispatch")
    assert asking.html.index('value="baby"') < asking.html.index('value="groceries"')
    assert "Food" in asking.text and "Pets" not in asking.text and "Pets" not in (await guest.get("/paper")).text
    assert "Food" in queue.text and "Baby" not in queue.text and "Pets" in queue.text
    assert "Food" in (await dispatcher.get(f"/dispatch/{need.id}")).text
    await steward.post(f"{path}/baby", behind="transport")
    await steward.post(f"{path}/pets", behind="learning")
    assert (await profile(community)).categories == AS_SHIPPED
    assert (await steward.get(f"{path}/nothing")).status == 404


async def _names(community: Community) -> list[str]:
    return [area.name for area in (await profile(community)).areas]
