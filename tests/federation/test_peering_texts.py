"""The agreement text: each side reads the other's before it says yes, it is kept, and a change is told."""

import pytest

from node.domain.errors import Conflict, Invalid, NotAllowed
from node.domain.link_texts import LONGEST, mark_of
from node.domain.members import Role
from node.domain.peers import PeerLevel
from node.services import fingerprints, link_texts, members, peers
from node.services.link_texts import Texts
from tests.village import Village, befriend, settle

NORTH = "We answer within a day.\n\nWhat you share with us we never pass on."
RIVER = "Please call before you hand something back."


async def write(one: Village, text: str) -> None:
    await link_texts.write(one.community, text, one.dispatcher)


async def texts(one: Village, other: Village) -> Texts:
    return await link_texts.texts(one.community, (await one.peer(other)).peer.id)


async def test_both_read_the_others_text_before_they_say_yes_and_it_is_kept(north: Village, river: Village) -> None:
    await write(north, f"  {NORTH}  \r\n")
    await write(river, RIVER)
    assert await link_texts.before_asking(river.community, f"{north.url}/actors/public") == NORTH
    await river.add_peer(north, PeerLevel.PEERS)
    await settle(north, river)
    asked = await texts(north, river)
    assert (asked.theirs, asked.agreed) == (RIVER, None)
    await peers.accept(north.community, (await north.peer(river)).peer.id, north.dispatcher)
    await settle(north, river)
    for one, other, ours, theirs in ((north, river, NORTH, RIVER), (river, north, RIVER, NORTH)):
        agreed = (await texts(one, other)).agreed
        assert agreed is not None
        assert (agreed.ours, agreed.theirs) == (ours, theirs)
        assert not (await texts(one, other)).theirs_has_changed


async def test_a_change_is_told_and_what_was_agreed_stays_until_it_is_read(north: Village, river: Village) -> None:
    """Also where the news is lost on the way and comes with the next look; the link goes on all the while."""
    await write(north, NORTH)
    await befriend(river, north)
    north.clock.forward(days=3)
    await write(north, "Now we answer within a week.")
    await settle(north, river)
    found = await texts(river, north)
    assert found.agreed is not None
    assert (found.theirs, found.agreed.theirs, found.theirs_has_changed) == (
        "Now we answer within a week.",
        NORTH,
        True,
    )
    assert await link_texts.changed_by(river.community) == {(await river.peer(north)).peer.id}
    assert (await texts(north, river)).ours_has_changed
    peer_id = (await river.peer(north)).peer.id
    with pytest.raises(Conflict, match="once more"):
        await link_texts.note_read(river.community, peer_id, mark_of(NORTH), river.dispatcher)
    read = await link_texts.note_read(river.community, peer_id, found.mark, river.dispatcher)
    assert read.agreed is not None
    assert (read.theirs_has_changed, read.agreed.at) == (False, river.clock())
    await river.close_doors()
    await write(north, "")
    await settle(north)
    await river.open_doors()
    await fingerprints.look_again(river.community, peer_id, river.dispatcher)
    assert ((await texts(river, north)).theirs, (await texts(river, north)).theirs_has_changed) == ("", True)


async def test_a_foreign_text_stays_plain_text(north: Village, river: Village) -> None:
    await befriend(river, north)
    await write(north, "<b>Hello</b> & <script>alert(1)</script>")
    await settle(north, river)
    assert (await texts(river, north)).theirs == "<b>Hello</b> & <script>alert(1)</script>"


async def test_the_text_is_bounded_and_a_stewards_to_write(north: Village) -> None:
    with pytest.raises(Invalid):
        await write(north, "x" * (LONGEST + 1))
    noor = await members.add(north.community, "Noor", frozenset({Role.DISPATCHER}))
    with pytest.raises(NotAllowed):
        await link_texts.write(north.community, "Hello", noor)
    await write(north, "x" * LONGEST)
    assert len((await link_texts.card(north.community)).agreement) == LONGEST


async def test_the_same_text_again_is_not_told_again(north: Village, river: Village) -> None:
    await befriend(river, north)
    await write(north, NORTH)
    await settle(north, river)
    await write(north, f"{NORTH}\n")
    async with north.community.database.queueing() as work:
        assert await work.outbox.claim(north.clock(), 10) == ()
