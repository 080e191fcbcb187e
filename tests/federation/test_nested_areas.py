"""A community may tell others no more than the largest area around something; then nothing smaller leaves it."""

from decimal import Decimal

import pytest

from node.domain.areas import Area
from node.domain.notices import Status
from node.domain.postings import Audience, Draft, PostingWords
from node.domain.redaction.findings import Finding, Telling
from node.domain.shares import Level, ShareRequest
from node.services import areas, audit, link_texts, needs, postings, shares
from node.services.community import profile
from node.services.needs import Asked
from schemas.fields import Document
from tests.village import Village, befriend, get, settle, turn_of

AS2 = "application/activity+json"
SMALLER = ("Mill Lane", "Riverside", "51.2", "51.25")


@pytest.fixture
async def coats(north: Village, river: Village) -> Asked:
    """Mill Lane lies in Riverside, that in North Side; coats are needed there, and a neighbour sees it."""
    await befriend(river, north)
    await areas.add(north.community, ["North Side", "Quay"], north.dispatcher)
    await areas.add(north.community, ["Riverside"], north.dispatcher, "North Side")
    await areas.add(north.community, ["Mill Lane"], north.dispatcher, "Riverside")
    for name, within, middle in (("North Side", "", "51.5"), ("Mill Lane", "Riverside", "51.2")):
        drawn = Area(name, Decimal(middle), Decimal("-0.1"), within)
        await areas.change(north.community, name, drawn, "", north.dispatcher)
    asked = await north.ask(area="Mill Lane")
    await north.share(asked, Level.PEERS)
    await postings.write(
        north.community, Draft(PostingWords("Warm room", area="Riverside"), Audience.PEERS), north.dispatcher
    )
    await settle(north, river)
    return asked


async def larger_only(north: Village, *, is_so: bool = True) -> None:
    await areas.tell_larger_only(north.community, north.dispatcher, is_so=is_so)


async def told(north: Village, river: Village) -> dict[str, str]:
    """Where each thing is, as the neighbour reads it."""
    await settle(north, river)
    return {entry.item.title: entry.item.area for entry in await river.feed()}


def place_named(document: Document) -> str | None:
    place = document.get("location")
    return str(place["name"]) if isinstance(place, dict) else None


async def left(north: Village) -> str:
    """Everything that others may read of what is shared now."""
    async with north.community.database.reading() as work:
        found = await work.shares.shown(tuple(Level), 100)
    actor = (await get(f"{north.url}/actors/public", Accept=AS2))[1].decode()
    return " ".join((*(one.document.decode() for one in found), actor, *(await link_texts.card(north.community)).areas))


async def test_each_area_is_told_by_its_name_until_a_community_decides_otherwise(
    north: Village, river: Village, coats: Asked
) -> None:
    assert await told(north, river) == {"Winter coats for children": "Mill Lane", "Warm room": "Riverside"}
    await larger_only(north)
    assert await told(north, river) == {"Winter coats for children": "North Side", "Warm room": "North Side"}
    everything = await left(north)
    assert not [word for word in SMALLER if word in everything] and "51.55" in everything
    assert (await north.notice(coats.notice.id)).wording.area == "Mill Lane", "here it stays as it was"
    log = await audit.listing(north.community, north.dispatcher)
    assert log[0].action == "changed what others are told of our areas"
    await larger_only(north)
    assert not await turn_of(north.worker), "twice is as good as once"
    await larger_only(north, is_so=False)
    assert await told(north, river) == {"Winter coats for children": "Mill Lane", "Warm room": "Riverside"}
    assert "Mill Lane" in await left(north)


async def test_words_that_are_none_of_our_areas_are_taken_back_too(
    north: Village, river: Village, coats: Asked
) -> None:
    soup = await north.ask("Soup", area="by the old well")
    await north.share(soup, Level.PEERS)
    assert (await told(north, river))["Soup"] == "by the old well"
    await larger_only(north)
    assert (await told(north, river))["Soup"] == ""
    shown = await shares.preview(
        north.community, coats.notice.id, ShareRequest(Level.PEERS, text="Up riverside."), north.dispatcher
    )
    assert Finding(Telling.SMALLER_AREA, ("Riverside",)) in shown.findings
    await areas.add(north.community, ["By the old well"], north.dispatcher, "Quay")
    assert (await told(north, river))["Soup"] == "Quay", "now it is one of ours"
    assert (await north.notice(soup.notice.id)).wording.area == "by the old well"


async def test_what_is_shown_first_is_what_is_told_to_everybody(north: Village, river: Village, coats: Asked) -> None:
    await larger_only(north)
    soup = await north.ask("Soup", area="riverside: mill lane")
    assert (await north.notice(soup.notice.id)).wording.area == "riverside: mill lane", "it begins further in"
    chairs = await north.ask("Chairs", area="north side: riverside: MILL LANE")
    for one, place in ((soup, None), (chairs, "North Side")):
        shown = await shares.preview(
            north.community, one.notice.id, ShareRequest(Level.PUBLIC), north.dispatcher, "the same form"
        )
        assert place_named(shown.document) == place
        assert not [word for word in SMALLER if word.lower() in shown.html.lower()]
        assert Telling.AREA not in {finding.about for finding in shown.findings}, "it does not travel"
        await north.share(one)
    everything = await left(north)
    assert not [word for word in SMALLER if word.lower() in everything.lower()]
    for page in ("feeds/needs.atom", "tags/mutualaid"):
        status, body = await get(f"{north.url}/{page}")
        assert status == 200 and b"Chairs" in body and not [word for word in SMALLER if word.encode() in body]


async def test_other_names_reach_others_only_where_they_are_told(north: Village, river: Village, coats: Asked) -> None:
    """A smaller area's new name stays here; a larger one's goes to all that is told under it, and to nothing else."""
    await larger_only(north)
    await settle(north, river)
    await areas.change(north.community, "Mill Lane", Area("Ferry Lane", within="Riverside"), "", north.dispatcher)
    assert (await north.notice(coats.notice.id)).wording.area == "Ferry Lane"
    assert not await turn_of(north.worker), "nobody elsewhere hears of it"
    await areas.change(north.community, "North Side", Area("Upper Side"), "", north.dispatcher)
    assert set((await told(north, river)).values()) == {"Upper Side"}
    assert (await north.notice(coats.notice.id)).wording.area == "Ferry Lane"
    await areas.change(north.community, "Riverside", Area("Riverside", within="Quay"), "", north.dispatcher)
    assert set((await told(north, river)).values()) == {"Quay"}
    assert [one.name for one in (await profile(north.community)).areas] == [
        "Upper Side", "Quay", "Riverside", "Ferry Lane",
    ]  # fmt: skip


async def test_a_smaller_area_that_is_taken_off_is_not_told_after_all(
    north: Village, river: Village, coats: Asked
) -> None:
    await larger_only(north)
    await areas.remove(north.community, "Mill Lane", north.dispatcher)
    assert await told(north, river) == {"Winter coats for children": "", "Warm room": "North Side"}
    await needs.change_status(north.community, coats.notice.id, Status.PARTLY_MET, north.dispatcher)
    assert "Mill Lane" not in await left(north)
    await areas.remove(north.community, "North Side", north.dispatcher)
    assert (await told(north, river))["Warm room"] == "Riverside", "now it is the largest"


async def test_moving_flat_areas_tells_nobody_anything(north: Village, river: Village, coats: Asked) -> None:
    await areas.change(north.community, "Riverside", Area("Riverside"), "", north.dispatcher)
    await areas.remove(north.community, "Mill Lane", north.dispatcher)
    await settle(north, river)
    assert (await told(north, river))["Winter coats for children"] == "Mill Lane"
    async with north.community.database.reading() as work:
        (one,) = await work.shares.of_notice(coats.notice.id)
    assert one.share.updated_at == one.share.published_at, "its words are as they were sent"
