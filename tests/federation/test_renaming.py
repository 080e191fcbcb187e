"""What a community is called, and what its areas are called, reaches whoever knows it."""

from dataclasses import replace

from node.domain.areas import Area
from node.domain.notices import Status
from node.domain.postings import Audience, Draft, PostingWords
from node.domain.shares import Level
from node.services import areas, audit, needs, postings, who_we_are
from node.services.who_we_are import WhoWeAre
from tests.village import Village, befriend, get, settle, turn_of

AS2 = "application/activity+json"


async def test_a_new_name_is_told_and_the_address_stays(north: Village, river: Village) -> None:
    await befriend(river, north)
    known = (await river.peer(north)).peer
    await who_we_are.change(north.community, WhoWeAre("Upper North Side", "", "UTC"), north.dispatcher)
    await settle(north, river)
    renamed = (await river.peer(north)).peer
    assert renamed == replace(known, name="Upper North Side")
    line = (await audit.listing(river.community, river.dispatcher))[0]
    assert (line.action, line.detail) == (
        "a neighbour changed its name",
        "North Side Neighbours → Upper North Side",
    )
    await who_we_are.change(north.community, WhoWeAre("Upper North Side", "555 0100", "UTC"), north.dispatcher)
    assert not await turn_of(north.worker), "what others do not see is told to nobody"
    await who_we_are.change(river.community, WhoWeAre("upper north side", "", "UTC"), river.dispatcher)
    await settle(north, river)
    assert (await north.peer(river)).peer.name == "River Street Circle", "nobody takes them for us"


async def test_what_is_open_follows_the_new_name_of_its_area(north: Village, river: Village) -> None:
    """Needs, and places worth knowing; what is closed stays as it was written, and so does what is taken off it."""
    await befriend(river, north)
    closed, coats = await north.ask("A lamp"), await north.ask()
    await needs.change_status(north.community, closed.notice.id, Status.MET, north.dispatcher)
    await north.share(coats, Level.PEERS)
    words = PostingWords("Warm room", area="North Side")
    await postings.write(north.community, Draft(words, Audience.PEERS), north.dispatcher)
    await areas.add(north.community, ["North Side", "Quay"], north.dispatcher)
    await settle(north, river)
    await areas.change(north.community, "North Side", Area("Upper  Side"), "Quay", north.dispatcher)
    await settle(north, river)
    assert {entry.item.area for entry in await river.feed()} == {"Upper Side"}
    assert (await north.notice(coats.notice.id)).wording.area == "Upper Side"
    assert (await north.notice(closed.notice.id)).wording.area == "North Side"
    assert "Quay, Upper Side" in (await get(f"{north.url}/actors/public", Accept=AS2))[1].decode()
    await areas.remove(north.community, "Upper Side", north.dispatcher)
    await settle(north, river)
    assert {entry.item.area for entry in await river.feed()} == {"Upper Side"}
