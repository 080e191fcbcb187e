"""What strangers do with what they read: likes and shares are counted, reports wait for stewards, blocks are obeyed."""

import pytest

from node.domain.errors import NotAllowed, NotFound
from node.domain.members import Member
from node.domain.peers import Direction, OwnActor
from node.domain.shares import Level
from node.domain.strangers import MOST_REPORTED, MOST_REPORTS, Reaction
from node.services import enquiries, needs, peers, reports, shares
from schemas.activities import Announce, Block, Flag, Follow, Like, Undo
from tests.federation.outsider import PUBLIC, Outsider
from tests.village import Village, befriend, key_of, settle


async def counted(north: Village, share_id: str) -> dict[Reaction, int]:
    return await enquiries.counts(north.community, share_id, north.dispatcher)


async def test_likes_and_shares_are_counted_once_for_each_and_taken_back(north: Village, elsewhere: Outsider) -> None:
    """The same one twice counts once, and only the one who did it can take it back."""
    share = await north.share(await north.ask())
    robin, sam = elsewhere.actor("robin"), elsewhere.actor("sam")
    for number, actor in enumerate((robin, robin, sam)):
        like = Like(id=f"{elsewhere.url}/likes/{number}", actor=actor, object=share.object_id)
        assert await elsewhere.say(north, like) == 202
    announce = Announce(id=f"{elsewhere.url}/shows/1", actor=sam, to=(PUBLIC,), object=share.object_id)
    assert await elsewhere.say(north, announce) == 202
    await settle(north)
    assert await counted(north, share.id) == {Reaction.LIKE: 2, Reaction.ANNOUNCE: 1}
    for number, (actor, about) in enumerate(((robin, "likes/2"), (sam, "likes/2"), (sam, "shows/1"))):
        undo = Undo(id=f"{elsewhere.url}/undos/{number}", actor=actor, object=f"{elsewhere.url}/{about}")
        assert await elsewhere.say(north, undo) == 202
    await settle(north)
    assert await counted(north, share.id) == {Reaction.LIKE: 1}
    assert elsewhere.received == []


async def test_of_who_liked_nothing_is_kept(north: Village, elsewhere: Outsider) -> None:
    """Neither as an actor nor beside the count; only the journal knows an id for thirty days, so as not to repeat."""
    share = await north.share(await north.ask())
    robin = elsewhere.actor("robin")
    await elsewhere.say(north, Like(id=f"{elsewhere.url}/likes/1", actor=robin, object=share.object_id))
    await settle(north)
    async with north.community.database.reading() as work:
        assert await work.peers.actor(robin) is None
        rows = (await work.connection.exec_driver_sql("SELECT * FROM reactions")).all()
    assert len(rows) == 1
    assert "robin" not in str(rows)


async def test_what_one_cannot_see_one_cannot_react_to(north: Village, elsewhere: Outsider) -> None:
    share = await north.share(await north.ask(), Level.PEERS)
    robin = elsewhere.actor("robin")
    await elsewhere.say(north, Like(id=f"{elsewhere.url}/likes/1", actor=robin, object=share.object_id))
    await elsewhere.say(north, Flag(id=f"{elsewhere.url}/flags/1", actor=robin, object=(share.object_id,)))
    await settle(north)
    assert await counted(north, share.id) == {}
    assert await reports.listing(north.community, north.dispatcher) == ()


# C-115
async def test_a_report_about_ours_waits_for_the_stewards_and_is_never_answered(
    north: Village, elsewhere: Outsider
) -> None:
    """Cleaned words, only what is ours, and no sign to its sender."""
    share = await north.share(await north.ask())
    server = elsewhere.actor("server")
    about = (share.object_id, "https://other.example/o/1", f"{north.url}/actors/public")
    flag = Flag(id=f"{elsewhere.url}/flags/1", actor=server, object=about, content="<p>Not <script>x</script>true</p>")
    assert await elsewhere.say(north, flag) == 202
    foreign = Flag(id=f"{elsewhere.url}/flags/2", actor=server, object=("https://other.example/o/1",))
    assert await elsewhere.say(north, foreign) == 202
    await settle(north)
    (line,) = await reports.listing(north.community, north.dispatcher)
    assert line.report.objects == (share.object_id, f"{north.url}/actors/public")
    assert (line.report.actor, line.report.text) == (server, "Not true")
    about = [(one.notice.id if one.notice else None, one.share) for one in line.about]
    assert about == [(share.notice_id, share), (None, None)]
    assert await reports.is_waiting(north.community, north.dispatcher)
    assert elsewhere.received == []
    await reports.done(north.community, line.report.id, north.dispatcher)
    assert await reports.listing(north.community, north.dispatcher) == ()


async def test_of_one_report_only_so_much_of_ours_is_kept(north: Village, elsewhere: Outsider) -> None:
    """However long the list in it, and each thing once."""
    server, ours = elsewhere.actor("server"), [f"{north.url}/actors/{own}" for own in OwnActor]
    flag = {"id": f"{elsewhere.url}/flags/1", "type": "Flag", "actor": server, "object": ours * 30}
    assert await elsewhere.say(north, flag) == 202
    await settle(north)
    (line,) = await reports.listing(north.community, north.dispatcher)
    assert [one.id for one in line.about] == ours
    assert MOST_REPORTED == 20


async def test_reports_are_for_stewards_and_bounded(north: Village, elsewhere: Outsider) -> None:
    server = elsewhere.actor("server")
    for number in range(MOST_REPORTS + 3):
        flag = Flag(id=f"{elsewhere.url}/flags/{number}", actor=server, object=(f"{north.url}/actors/public",))
        await elsewhere.say(north, flag)
    await settle(north)
    assert len(await reports.listing(north.community, north.dispatcher)) == MOST_REPORTS
    member = Member("m", "Kim", frozenset(), north.clock())
    with pytest.raises(NotAllowed):
        await reports.listing(north.community, member)
    with pytest.raises(NotAllowed):
        await reports.get(north.community, "any", member)
    with pytest.raises(NotFound):
        await reports.get(north.community, "any", north.dispatcher)
    north.clock.forward(days=31)
    await north.run_clocks()
    assert await reports.listing(north.community, north.dispatcher) == ()


# C-114
async def test_who_blocks_us_gets_nothing_more_and_no_answer(north: Village, elsewhere: Outsider) -> None:
    """Its Follow of us ends, and what waits for it is dropped."""
    robin = elsewhere.actor("robin")
    follow = Follow(id=f"{elsewhere.url}/follows/1", actor=robin, object=f"{north.url}/actors/public")
    assert await elsewhere.say(north, follow) == 202
    await settle(north)
    asked = await north.ask()
    share = await north.share(asked)
    block = Block(id=f"{elsewhere.url}/blocks/1", actor=robin, object=f"{north.url}/actors/public")
    assert await elsewhere.say(north, block) == 202
    await north.worker.handle_journal()
    await settle(north)
    assert [one["type"] for one in elsewhere.received] == ["Accept"]
    await north.share(await north.ask("Two chairs"))
    await needs.correct(north.community, asked.notice.id, asked.notice.wording, north.dispatcher)
    await settle(north)
    assert [one["type"] for one in elsewhere.received] == ["Accept"]
    await shares.withdraw(north.community, share.id, north.dispatcher)
    await settle(north)
    assert [one["type"] for one in elsewhere.received] == ["Accept", "Delete"]


# C-114
async def test_a_linked_community_that_blocks_us_is_followed_no_longer(north: Village, river: Village) -> None:
    await befriend(river, north)
    block = {
        "id": f"{river.url}/a/block1",
        "type": "Block",
        "actor": f"{river.url}/actors/peers",
        "object": f"{north.url}/actors/peers",
    }
    outside = Outsider(river.url, river.clock)
    outside.keys[f"{river.url}/actors/peers"] = key_of(river, OwnActor.PEERS)
    assert await outside.say(north, block) == 202
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    assert await river.feed() == ()
    async with north.community.database.reading() as work:
        assert not await work.peers.accepted(Direction.OUTGOING, [f"{river.url}/actors/peers"])


# C-52
async def test_our_own_block_is_not_told_to_whom_it_is_for(north: Village, elsewhere: Outsider) -> None:
    """They learn that their Follow is rejected, and nothing of a block."""
    robin = elsewhere.actor("robin")
    follow = Follow(id=f"{elsewhere.url}/follows/1", actor=robin, object=f"{north.url}/actors/peers")
    assert await elsewhere.say(north, follow) == 202
    await settle(north)
    (standing,) = await peers.listing(north.community)
    await peers.accept(north.community, standing.peer.id, north.dispatcher)
    await peers.block(north.community, standing.peer.id, north.dispatcher)
    await settle(north)
    assert "Block" not in {one["type"] for one in elsewhere.received}
    assert elsewhere.received[-1]["type"] in {"Reject", "Undo"}


# C-100, T-30
async def test_what_a_followed_community_shows_comes_from_where_it_is(
    north: Village, river: Village, elsewhere: Outsider
) -> None:
    """Whatever copy was sent along, and only if it is public and its author not blocked."""
    await north.add_peer(river)
    await settle(north, river)
    author = elsewhere.actor("robin")
    note = elsewhere.note(author)
    hidden = elsewhere.note(author, "/notes/2", to=[f"{author}/followers"])
    outside = Outsider(river.url, river.clock)
    shower = f"{river.url}/actors/public"
    outside.keys[shower] = key_of(river)
    for number, about in enumerate((note | {"content": "<p>Forged words</p>"}, hidden["id"])):
        announce = {"id": f"{river.url}/a/show{number}", "type": "Announce", "actor": shower, "object": about}
        assert await outside.say(north, announce | {"to": [PUBLIC]}) == 202
    await settle(north)
    item = (await north.only_item()).item
    assert (item.actor, item.title) == (author, "Soup on Sunday")


# T-30, C-99
async def test_a_blocked_author_does_not_come_in_through_somebody_else(
    north: Village, river: Village, elsewhere: Outsider
) -> None:
    await north.add_peer(river)
    author = elsewhere.actor("robin")
    follow = Follow(id=f"{elsewhere.url}/follows/1", actor=author, object=f"{north.url}/actors/peers")
    await elsewhere.say(north, follow)
    await settle(north, river)
    (theirs,) = [one for one in await peers.listing(north.community) if one.peer.host != river.community.host]
    await peers.block(north.community, theirs.peer.id, north.dispatcher)
    note = elsewhere.note(author)
    outside = Outsider(river.url, river.clock)
    shower = f"{river.url}/actors/public"
    outside.keys[shower] = key_of(river)
    announce = Announce(id=f"{river.url}/a/show1", actor=shower, to=(PUBLIC,), object=note["id"])
    assert await outside.say(north, announce) == 202
    await settle(north)
    assert await north.feed() == ()
    assert "/notes/1" not in elsewhere.asked


# C-100
async def test_what_strangers_show_is_not_even_asked_for(north: Village, elsewhere: Outsider) -> None:
    robin = elsewhere.actor("robin")
    note = elsewhere.note(robin)
    announce = Announce(id=f"{elsewhere.url}/shows/1", actor=robin, to=(PUBLIC,), object=note["id"])
    assert await elsewhere.say(north, announce) == 202
    await settle(north)
    assert await north.feed() == ()
    assert "/notes/1" not in elsewhere.asked
