"""The first run: the link of a new community's steward leads through a few pages; none has to be filled in."""

from dataclasses import replace
from typing import Any

import pytest

from node.domain.members import Member, Role
from node.services import members, sign_in
from node.services.community import Community, profile, save_profile
from node.services.setup import FIRST_STEWARD

PASSWORD = "four otters and a lantern"


@pytest.fixture
async def first(community: Community) -> Member:
    """As `manyhands init` leaves it."""
    await save_profile(community, replace(await profile(community), languages=("en",), contact_line="", areas=()))
    return await members.add(community, FIRST_STEWARD, frozenset({Role.STEWARD, Role.DISPATCHER}))


async def _link(community: Community, member: Member) -> str:
    return (await sign_in.make_link(community, member.id)).removeprefix(community.base_url)


async def test_a_steward_introduces_the_community_page_by_page(
    visitor: Any, community: Community, first: Member
) -> None:
    await members.add(community, "Amina", frozenset({Role.HELPER}))
    await visitor.open(await _link(community, first))
    page = await visitor.press("Sign in as Steward")
    assert page.heading == "Welcome: what are we called?"
    assert page.with_id("own_name")["value"] == "", "nobody is called Steward"
    typed = {"name": "Elm Street", "own_name": "amina", "password": PASSWORD, "again": PASSWORD}
    page = await visitor.press("Save and go on", **typed)
    assert page.status == 422 and "Somebody here is called that already" in page.html
    assert (await profile(community)).name == "Linden Street", "all of it or nothing"
    page = await visitor.press("Save and go on", **typed | {"own_name": "Kim", "again": "something else"})
    assert page.status == 422 and page.with_id("own_name")["value"] == "Kim"
    page = await visitor.press("Save and go on", **typed | {"own_name": "Kim"})
    assert page.heading == "Languages spoken here"
    page = await visitor.press("Save and go on", first="en", languages=["es", "xx"])
    assert page.heading == "Where we are, and where to call"
    wrong = {"names": "North End\nRiverside", "contact_line": "020 7946 0123", "timezone": "Atlantis"}
    page = await visitor.press("Save and go on", **wrong)
    assert page.status == 422 and (await profile(community)).areas == ()
    page = await visitor.press("Save and go on", timezone="Lagos")
    assert page.heading == "How things stand"
    assert "Kim, with a password" in page.html and "Elm Street" in page.html
    shown = await profile(community)
    assert (shown.name, shown.languages, shown.contact_line) == ("Elm Street", ("en", "es"), "020 7946 0123")
    assert ([area.name for area in shown.areas], shown.timezone) == (["North End", "Riverside"], "Africa/Lagos")
    page = await visitor.press("That is all")
    assert page.heading == "Our ways" and "/first-steps/names" not in page.html
    visitor.client.session.cookie_jar.clear()
    await visitor.open("/sign-in")
    assert (await visitor.press("Sign in", name="kim", password=PASSWORD)).status == 200


async def test_every_step_can_be_left_out(visitor: Any, community: Community, first: Member) -> None:
    """Left for later, they are found again under our ways and by the next link, until a steward says that it is all."""
    await visitor.open(await _link(community, first))
    page = await visitor.press("Sign in as Steward")
    before, seen = await profile(community), []
    while later := [found["href"] for tag, found in page.attributes if found.get("class") == "button quiet"]:
        seen.append(page.heading)
        page = await visitor.open(later[0])
    assert (len(seen), page.heading) == (3, "How things stand")
    assert await profile(community) == before
    assert "/first-steps/names" in (await visitor.open("/settings")).html
    page = await visitor.press("We need none")
    assert page.heading == "Our ways" and "/first-steps/names" not in page.html
    visitor.client.session.cookie_jar.clear()
    await visitor.open(await _link(community, first))
    assert (await visitor.press("Sign in as Steward")).heading == "Your account"
