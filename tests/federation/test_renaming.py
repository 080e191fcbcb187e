"""What a community is called, and what its areas are called, reaches whoever knows it."""

from dataclasses import replace

from node.services import audit, who_we_are
from node.services.who_we_are import WhoWeAre
from tests.village import Village, befriend, settle, turn_of


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
