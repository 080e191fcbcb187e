"""What waits for a neighbour that does not answer, as a steward sees to it at `/health`."""

from node.domain.shares import Level, RecipientState
from node.services import shares
from tests.federation.pages import Browser
from tests.village import Village, befriend, settle


async def test_who_does_not_answer_is_shown_and_tried_again(north: Village, river: Village) -> None:
    await befriend(river, north)
    await river.close_doors()
    await north.share(await north.ask(), Level.PEERS)
    await settle(north)
    async with Browser(north) as steward:
        await steward.walk_in(north.dispatcher)
        page = await steward.open("/health")
        assert "River Street Circle" in page
        assert "Their server has not answered since" in page
        assert "The other server could not be reached." in page
        assert "Winter coats" not in page, "it is nobody's business here what it is"
        await river.open_doors()
        await settle(north, river)
        assert await river.feed() == (), "it is not time yet"
        host = river.community.host
        assert "What waits for them goes out now" in await steward.press("/health/again", host=host)
        await settle(north, river)
        assert len(await river.feed()) == 1
        assert "Nothing waits for them any more" in await steward.press("/health/again", host=host), "of an older page"
        page = await steward.open("/health")
        assert "every neighbour answers" in page
        assert "from the clocks of other servers" in page, (
            "the village's clock stands still, that of its socket goes on"
        )
        assert "Nothing waits for them any more" in await steward.open(f"/health/give-up?host={host}")


async def test_what_is_given_up_never_arrives_but_for_what_asks_to_erase(north: Village, river: Village) -> None:
    await befriend(river, north)
    gone = await north.share(await north.ask("A cot"), Level.PEERS)
    await settle(north, river)
    await river.close_doors()
    await shares.withdraw(north.community, gone.id, north.dispatcher)
    share = await north.share(await north.ask(), Level.PEERS)
    await settle(north)
    async with Browser(north) as steward:
        await steward.walk_in(north.dispatcher)
        host = river.community.host
        assert "What asks them to erase something goes on waiting" in await steward.open(f"/health/give-up?host={host}")
        page = await steward.press("/health/give-up", host=host)
        assert "It is given up" in page
        assert "Something waits for them since" in page and "Give up …" not in page
    async with north.community.database.reading() as work:
        (copy,) = await work.shares.recipients(share.id)
    assert copy.state is RecipientState.UNREACHABLE
    await river.open_doors()
    north.clock.forward(days=1)
    await settle(north, river)
    assert await river.feed() == ()
