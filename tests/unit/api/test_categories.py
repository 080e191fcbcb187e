"""Categories through the API: listed, and those of the community's own accepted and answered where others are."""

from typing import Any

import pytest

from node.domain.categories import SHIPPED, CategoryChange
from node.domain.members import Member
from node.services import categories, members
from node.services.community import Community

BIKES = "own-bike-repair"


@pytest.fixture
async def amina(community: Community, steward: Any) -> Member:
    """The steward whose token it is."""
    return next(one for one in await members.listing(community) if one.is_steward)


@pytest.fixture
async def bikes(community: Community, amina: Member) -> str:
    """A category of our own."""
    await categories.add(community, CategoryChange("", "Bike repair", "goods", like="repairs"), amina)
    return BIKES


def need(category: str, **more: Any) -> dict[str, Any]:
    return {"notice": {"title": "My chain is broken", "category": category}, **more}


async def test_all_of_them_are_listed_in_our_order(
    community: Community, member: Any, amina: Member, bikes: str
) -> None:
    await categories.change(community, CategoryChange("pets", "Animals", is_hidden=True), amina)
    status, found = await member("GET", "/categories")
    assert status == 200 and len(found["items"]) == len(SHIPPED) + 1
    assert found["items"][0] == {
        "key": "pets", "name": "Animals", "like": "pets", "is_own": False, "is_offered": False
    }  # fmt: skip
    ours = {"key": bikes, "name": "Bike repair", "like": "repairs", "is_own": True, "is_offered": True}
    keys = [one["key"] for one in found["items"]]
    assert found["items"][keys.index("goods") + 1] == ours


async def test_a_need_in_one_of_our_own(member: Any, dispatcher: Any, bikes: str) -> None:
    status, stored = await member("POST", "/needs", need(bikes, also=[{"category": "repairs"}]))
    assert (status, stored["notice"]["category"]) == (201, bikes)
    (also,) = stored["also"]
    path = f"/needs/{stored['id']}"
    assert (await dispatcher("GET", path))[1]["notice"]["category"] == bikes
    for wanted, found in ((bikes, {stored["id"]}), ("repairs", {stored["id"], also}), ("goods", set())):
        items = (await dispatcher("GET", f"/needs?category={wanted}"))[1]["items"]
        assert {one["id"] for one in items} == found
    assert (await dispatcher("PATCH", path, {"notice": {"title": "My wheel"}}))[1]["notice"]["category"] == bikes
    assert (await dispatcher("PATCH", path, {"notice": {"category": "repairs"}}))[1]["notice"]["category"] == "repairs"
    assert (await dispatcher("PATCH", path, {"notice": {"category": bikes}}))[1]["notice"]["category"] == bikes
    status, part = await dispatcher("POST", f"{path}/split", {"title": "The other wheel"})
    assert (status, part["notice"]["category"]) == (201, bikes)


async def test_what_would_be_sent_says_the_one_it_is_most_like(member: Any, dispatcher: Any, bikes: str) -> None:
    consent = {"board": True, "peers": "all", "public": True}
    _, stored = await member("POST", "/needs", need(bikes, consent=consent))
    status, document = await dispatcher("GET", f"/needs/{stored['id']}/shares/preview?level=public")
    assert status == 200 and document["publishes"]["resourceConformsTo"].endswith("#repairs")
    assert [tag["name"] for tag in document["tag"]] == ["#MutualAid", "#Repairs", "#BikeRepair"]
    assert "own-" not in str(document)


async def test_a_place_in_one_of_our_own(dispatcher: Any, bikes: str) -> None:
    facts = {"category": bikes, "where": "4 Mill Lane"}
    status, made = await dispatcher("POST", "/resources", {"title": "Open workshop", "facts": facts})
    assert (status, made["facts"]["category"]) == (201, bikes)
    assert (await dispatcher("GET", f"/resources?category={bikes}"))[1]["items"][0]["id"] == made["id"]
    status, made = await dispatcher("PATCH", f"/resources/{made['id']}", {"text": "Bring your own pump."})
    assert (status, made["facts"]["category"]) == (200, bikes)
    place = {"title": "Workshop", "audience": "peers", "facts": facts}
    _, document = await dispatcher("POST", "/resources/preview", place)
    assert "ns#repairs" in str(document) and "#BikeRepair" in str(document) and "own-" not in str(document)


@pytest.mark.parametrize("category", ["own-boats", "own-", "Bike repair"])
async def test_what_nobody_added_is_refused(member: Any, dispatcher: Any, bikes: str, category: str) -> None:
    status, problem = await member("POST", "/needs", need(category))
    assert (status, problem["errors"][0]["field"]) == (422, "notice.category")
    facts = {"category": category, "where": "4 Mill Lane"}
    assert (await dispatcher("POST", "/resources", {"title": "Open workshop", "facts": facts}))[0] == 422


async def test_what_is_between_communities_knows_only_the_twenty(dispatcher: Any, bikes: str) -> None:
    body = {"title": "30 inner tubes", "category": bikes, "quantity": 30, "until": "2031-05-06T12:00:00Z"}
    status, problem = await dispatcher("POST", "/capacity", body)
    assert (status, "category" in str(problem)) == (422, True)
