"""Our ways: the page from which a steward reaches everything that is decided here, with how it stands now."""

from node.domain.ways import Ways
from node.services import members, ways
from node.services.community import Community
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
