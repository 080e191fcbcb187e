"""Somebody asks for what the community calls by a name of its own, alone and beside others, and comes back to it."""

from typing import Any

from node.domain.categories import CategoryChange
from node.domain.members import Role
from node.services import categories, members, needs
from tests.unit.web.test_asking import REACH, code_on

BIKES = "own-bike-repair"
WHAT = {"title": "My chain is broken", "quantity": "1"}


async def added(community: Any, like: str = "repairs") -> Any:
    """A steward has added one; answers that steward."""
    amina = await members.add(community, "Amina", frozenset({Role.STEWARD}))
    await categories.add(community, CategoryChange("", "Bike repair", "goods", like=like), amina)
    return amina


async def test_one_is_chosen_beside_others_and_each_gets_its_words(visitor: Any, community: Any) -> None:
    amina = await added(community)
    page = await visitor.open("/ask")
    assert page.html.index('value="goods"') < page.html.index(f'value="{BIKES}"') < page.html.index('value="repairs"')
    page = await visitor.press("Continue", **WHAT, category=["repairs", BIKES])
    assert page.heading == "A few words for each" and "Bike repair" in page.html
    await visitor.press("Continue", words_repairs="A tap", **{f"words_{BIKES}": "The chain"})
    await visitor.press("Continue", **REACH)
    page = await visitor.press("Skip this page")
    seen = page.html.partition("This is what they would see")[2].partition("</section>")[0]
    assert "Bike repair" in seen and BIKES not in seen
    page = await visitor.press("Continue")
    assert "Bike repair" in page.html and "The chain" in page.html
    page = await visitor.press("Send it to the dispatchers")
    code = code_on(page)
    found = [(await needs.by_code(community, code + part)).wording for part in ("", "-2")]
    assert [(one.title, one.category, one.own_category) for one in found] == [
        ("The chain", "repairs", BIKES),
        ("A tap", "repairs", ""),
    ]
    assert "Bike repair" in (await visitor.open(f"/r/{code}")).html
    await categories.change(community, CategoryChange(BIKES, "Wheels", like="repairs"), amina)
    assert "Wheels" in (await visitor.open(f"/r/{code}")).html
    await categories.remove(community, BIKES, amina)
    page = await visitor.open(f"/r/{code}")
    assert "The chain" in page.html and "Repairs" in page.html and "Wheels" not in page.html


async def test_what_is_like_something_delicate_is_told_so_before_it_is_sent(visitor: Any, community: Any) -> None:
    await added(community, like="safety")
    for category, is_delicate in ((BIKES, True), ("repairs", False)):
        await visitor.open("/ask")
        await visitor.press("Continue", **WHAT, category=[category])
        await visitor.press("Continue", **REACH)
        page = await visitor.press("Skip this page")
        assert page.heading == "Who may know?"
        assert ("What is about money, health, housing or safety" in page.html) is is_delicate


async def test_taken_away_meanwhile_it_cannot_be_chosen_and_what_was_typed_stays(visitor: Any, community: Any) -> None:
    amina = await added(community)
    await visitor.open("/ask")
    await categories.remove(community, BIKES, amina)
    page = await visitor.press("Continue", **WHAT, category=[BIKES])
    assert page.status == 422 and "Choose one of the categories." in page.html
    assert "My chain is broken" in page.html
