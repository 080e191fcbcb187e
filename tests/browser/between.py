"""What happens between communities for one page alone, and is over afterwards."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta

from federation.errors import Unreachable
from node.domain.errors import Conflict
from node.domain.hosts import failed
from node.domain.look import Accent
from node.domain.members import Role
from node.domain.peers import Direction, Follow, FollowState, OwnActor, Peer, PeerLevel, RemoteActor
from node.domain.pictures import bare
from node.domain.practice import Practice
from node.domain.second_yes import of_link, of_share
from node.domain.shares import Level, ShareRequest
from node.services import areas, heirs, link_texts, look, members, peers, second_yes, shares, shifts
from node.services.community import profile, save_profile
from node.services.second_yes import Deed
from node.services.shifts import ShiftDraft
from node.storage.outbox import DeliveryOutcome, OutgoingActivity
from tests.browser.scene import Scene
from tests.pictures import PNG
from tests.village import settle

DAY = timedelta(days=1)
HILL, AT_HILL = "hill.example", "https://hill.example/actors/peers"
AGREED = "We answer within a day, and keep nothing of yours that you take back.\n\nAsk for Noor on Thursdays."


@asynccontextmanager
async def a_second_neighbour(scene: Scene) -> AsyncIterator[None]:
    """Somebody else that we are linked with. It stays."""
    async with scene.north.community.database.unit_of_work() as work:
        if await work.peers.by_host(HILL) is None:
            friend = Peer(
                "hill", f"@hill@{HILL}", HILL, "Hill Street Pantry", PeerLevel.PEERS, scene.clock(), None, AT_HILL
            )
            await work.peers.add(friend)
        follow = Follow(
            f"{AT_HILL}/1", Direction.INCOMING, OwnActor.PEERS, AT_HILL, FollowState.ACCEPTED, scene.clock()
        )
        await work.peers.put_follow(follow)
    scene.ids["hill"] = "hill"
    yield


async def a_shift_is_taken(scene: Scene) -> None:
    """A dispatcher takes a shift. It stays, and is written down once."""
    community, somebody = scene.north.community, scene.north.dispatcher
    start = scene.clock() + timedelta(days=1)
    await shifts.write(community, ShiftDraft(start, start + timedelta(hours=3), "Telephone"), somebody, "sight")
    [line] = await shifts.listing(community, somebody)
    await shifts.take(community, line.shift.id, somebody)


@asynccontextmanager
async def it_rests_and_moved(scene: Scene) -> AsyncIterator[None]:
    """The second neighbour rests for two weeks, and says that it lives elsewhere."""
    async with a_second_neighbour(scene):
        now = scene.clock()
        actor = RemoteActor(
            AT_HILL, "Organization", "hill", "Hill Street Pantry", f"{AT_HILL}/inbox", None, None, "", True, now,
            resting_until=now + timedelta(days=14),
        )  # fmt: skip
        async with scene.north.community.database.unit_of_work() as work:
            peer = await work.peers.get("hill")
            assert peer is not None
            await work.peers.put(replace(peer, moving_to="https://pantry.example/actors/peers"))
            await work.peers.put_actor(actor)
        yield
        async with scene.north.community.database.unit_of_work() as work:
            await work.peers.put(peer)
            await work.peers.put_actor(replace(actor, resting_until=None))


@asynccontextmanager
async def it_practises(scene: Scene) -> AsyncIterator[None]:
    """As if what is asked and offered here were not real."""
    community = scene.north.community
    shown = await profile(community)
    await save_profile(community, replace(shown, practice=Practice.ON))
    yield
    await save_profile(community, shown)


@asynccontextmanager
async def it_has_a_logo(scene: Scene) -> AsyncIterator[None]:
    """As a community looks that chose a colour and a picture."""
    community, steward = scene.north.community, scene.north.dispatcher
    before = (await profile(community)).accent
    await look.wear(community, Accent.PLUM, bare(PNG), steward)
    yield
    await look.take_logo_off(community, steward)
    await look.wear(community, Accent(before), None, steward)


@asynccontextmanager
async def only_larger_areas_are_told(scene: Scene) -> AsyncIterator[None]:
    """As stewards may choose: neighbours read the side of town, and no more of where."""
    community, steward = scene.north.community, scene.north.dispatcher
    await areas.tell_larger_only(community, steward, is_so=True)
    yield
    await areas.tell_larger_only(community, steward, is_so=False)


@asynccontextmanager
async def it_sends_mail(scene: Scene) -> AsyncIterator[None]:
    """As if a server for e-mail were set. Nobody asks to be written to meanwhile, so it is asked for nothing."""
    community = scene.north.community
    before = community.settings
    given = before.model_copy(update={"smtp_url": "smtp://127.0.0.1:1", "mail_from": "hands@north.example"})
    object.__setattr__(community, "settings", given)
    yield
    object.__setattr__(community, "settings", before)


@asynccontextmanager
async def a_link_ended(scene: Scene) -> AsyncIterator[None]:
    """With a community that held a copy of something of ours, and has not answered yet."""
    if "ended" not in scene.ids:
        north, lane = scene.north, "lane.example"
        actor = f"https://{lane}/actors/peers"
        async with north.community.database.unit_of_work() as work:
            await work.peers.add(
                Peer("lane", f"@lane@{lane}", lane, "Lantern Lane", PeerLevel.PEERS, scene.clock(), None, actor)
            )
            await work.peers.put_follow(
                Follow(f"{actor}/1", Direction.INCOMING, OwnActor.PEERS, actor, FollowState.ACCEPTED, scene.clock())
            )
            await work.peers.put_actor(
                RemoteActor(
                    actor, "Organization", "lane", "Lantern Lane", f"{actor}/inbox", None, None, "", True, scene.clock()
                )
            )
        wanted = ShareRequest(Level.NAMED, ("lane",))
        await shares.share(north.community, scene.ids["family"], wanted, north.dispatcher)
        await peers.drop(north.community, "lane", north.dispatcher)
        scene.ids["ended"] = "lane"
    yield


@asynccontextmanager
async def one_yes_to_a_link(scene: Scene) -> AsyncIterator[None]:
    """Links take two stewards, and the other one has said yes to the community that asks."""
    north, market = scene.north, scene.ids["market"]
    known = {one.name: one for one in await members.listing(north.community)}
    other = known.get("Sol") or await members.add(north.community, "Sol", frozenset({Role.STEWARD, Role.DISPATCHER}))
    await second_yes.require_two(north.community, Deed.LINKS, True, None)
    await peers.accept(north.community, market, other)
    yield
    await second_yes.take_back(north.community, of_link(market), other)
    await second_yes.require_two(north.community, Deed.LINKS, False, None)


@asynccontextmanager
async def one_yes_to_a_share(scene: Scene) -> AsyncIterator[None]:
    """Sharing takes two, and a dispatcher has said yes."""
    north, need = scene.north, scene.ids["family"]
    await second_yes.require_two(north.community, Deed.SHARES, True, None)
    with suppress(Conflict):
        await shares.share(north.community, need, ShareRequest(Level.NAMED, (scene.ids["mill"],)), scene.opener)
    yield
    await second_yes.take_back(north.community, of_share(need), scene.north.dispatcher)
    await second_yes.require_two(north.community, Deed.SHARES, False, None)


@asynccontextmanager
async def an_agreement_text(scene: Scene) -> AsyncIterator[None]:
    """The north writes something to whoever links with it."""
    await link_texts.write(scene.north.community, AGREED, scene.north.dispatcher)
    yield
    await link_texts.write(scene.north.community, "", scene.north.dispatcher)


@asynccontextmanager
async def a_copy_of_a_dark_mill(scene: Scene) -> AsyncIterator[tuple[str, ...]]:
    """The mill named the north, which holds its copy and has heard nothing for two days; the words of two stewards."""
    north, mill, there = scene.north, scene.mill, scene.ids["mill"]
    words = await heirs.choose(mill.community, (await mill.peer(north)).peer.id, 2, mill.dispatcher)
    await heirs.hold(north.community, there, north.dispatcher)
    if "insulin" not in scene.ids:
        scene.ids["insulin"] = (await mill.ask("Insulin needs a fridge")).notice.id
    await heirs.hold(north.community, there, north.dispatcher)
    copy = await heirs.held(north.community, there)
    assert copy is not None
    async with north.community.database.unit_of_work() as work:
        await work.heirs.keep(replace(copy, dark_since=scene.clock() - timedelta(days=2)))
    yield words
    await heirs.stop_holding(north.community, there, north.dispatcher)
    await heirs.end(mill.community, mill.dispatcher)


@asynccontextmanager
async def an_heir_that_cannot(scene: Scene) -> AsyncIterator[None]:
    """The north named the mill, which said that it cannot hold a copy."""
    north, mill = scene.north, scene.mill
    await heirs.choose(north.community, scene.ids["mill"], 2, north.dispatcher)
    await heirs.refuse(mill.community, (await mill.peer(north)).peer.id, mill.dispatcher)
    yield
    await heirs.end(north.community, north.dispatcher)
    await settle(north, mill)


@asynccontextmanager
async def a_mill_that_does_not_answer(scene: Scene) -> AsyncIterator[None]:
    """Something waits for it since yesterday; and others on the machine may look into our folder."""
    north, host, now = scene.north.community, scene.mill.community.host, scene.clock()
    said = OutgoingActivity("https://sight.example/a", OwnActor.PEERS, "Create", "sight", b"{}", now - DAY)
    async with north.database.unit_of_work() as work:
        await work.outbox.add(said, [f"http://{host}/inbox"], now - DAY)
        claimed = await work.outbox.claim(now, 99)
        outcomes = [DeliveryOutcome(one.id, False, now + DAY, Unreachable.sentence) for one in claimed]
        await work.outbox.settle(outcomes)
        await work.hosts.put(failed(None, host, now - DAY))
    north.settings.data_dir.chmod(0o755)
    yield
    north.settings.data_dir.chmod(0o700)
    async with north.database.unit_of_work() as work:
        await work.outbox.forget_about("sight")
        await work.hosts.are_well([host])
