"""Three running communities and whatever may happen between them: a stranger never gets what is not for everyone."""

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from node.domain.consent import Consent
from node.domain.errors import ManyhandsError
from node.domain.notices import Kind, Status
from node.domain.peers import PeerLevel
from node.domain.shares import Level
from node.services import consents, forgetting, needs, peers, responses, shares
from node.services.consents import Said
from node.services.needs import Asked
from tests.properties.founded import Founded, founded_in
from tests.properties.onlookers import all_that, everything_in
from tests.village import SEALED, Clock, Village, opened, settle

NOTICES = st.integers(0, 3)
NEIGHBOURS = st.sampled_from(["river", "market"])
SECRETS = (SEALED.name, SEALED.address, SEALED.story, SEALED.contact[0].value)


def word(number: int) -> str:
    """A word that stands in one notice alone."""
    return f"unmistakable{number}x"


@dataclass
class Thing:
    """A notice, and the levels at which it was ever shared."""

    asked: Asked
    levels: set[Level]


class Neighbourhood(RuleBasedStateMachine):
    """North shares. River may become its peer, and may be parted from again. Nobody ever says yes to market."""

    def __init__(self, founded: dict[str, Founded]) -> None:
        super().__init__()
        self.founded = founded
        self.loop = asyncio.new_event_loop()
        self.stack = AsyncExitStack()
        self.things: list[Thing] = []
        self.river_was_let_in = False

    def do(self, deed: Awaitable[object]) -> None:
        """Something happens, or is refused and changes nothing; then everything that follows from it."""

        async def done() -> None:
            with suppress(ManyhandsError):
                await deed
            self.clock.forward(seconds=1)
            await settle(*self.villages.values())

        self.loop.run_until_complete(done())

    @initialize(consents=st.lists(st.booleans(), min_size=2, max_size=3))
    def open(self, consents: list[bool]) -> None:
        self.clock = Clock()
        self.villages = self.loop.run_until_complete(self._open())
        for may_be_public in consents:
            self.somebody_asks(may_be_public)

    async def _open(self) -> dict[str, Village]:
        place = Path(self.stack.enter_context(TemporaryDirectory()))
        return {
            name: await self.stack.enter_async_context(opened(one.copied_to(place / name), self.clock))
            for name, one in self.founded.items()
        }

    @property
    def north(self) -> Village:
        return self.villages["north"]

    # --- what may happen ----------------------------------------------------------------------------------------------

    @rule(may_be_public=st.booleans())
    def somebody_asks(self, may_be_public: bool) -> None:
        async def ask() -> None:
            consent = Consent(board=True, peers="all", public=may_be_public)
            kind = Kind.OFFER if len(self.things) % 2 else Kind.NEED
            title = f"Thing {word(len(self.things))}"
            self.things.append(Thing(await self.north.ask(title, consent=consent, kind=kind), set()))

        self.do(ask())

    @rule(which=NOTICES, level=st.sampled_from(Level))
    def a_dispatcher_shares(self, which: int, level: Level) -> None:
        async def share() -> None:
            thing = self.things[which % len(self.things)]
            named = tuple(one.peer.id for one in await peers.listing(self.north.community) if self._is_river(one))
            await self.north.share(thing.asked, level, peers=named if level is Level.NAMED else ())
            thing.levels.add(level)

        self.do(share())

    def _is_river(self, standing: peers.PeerStanding) -> bool:
        return standing.peer.host == self.villages["river"].community.host

    @rule(which=NOTICES, deed=st.sampled_from(["withdraw", "correct", "stop", "erase", *Status]))
    def something_changes(self, which: int, deed: str) -> None:
        self.do(self._change(self.things[which % len(self.things)].asked, deed))

    async def _change(self, asked: Asked, deed: str) -> None:
        community, by, notice_id = self.north.community, self.north.dispatcher, asked.notice.id
        if deed == "withdraw":
            for share in await shares.shares_of(community, notice_id):
                await shares.withdraw(community, share.id, by)
        elif deed == "correct":
            await needs.correct(community, notice_id, asked.notice.wording, by)
        elif deed == "stop":
            await consents.stop_sharing_by_code(community, asked.code, Said((), is_given=False))
        elif deed == "erase":
            await forgetting.erase_by_code(community, asked.code)
        else:
            await needs.change_status(community, notice_id, Status(deed), by)

    @rule(who=NEIGHBOURS, level=st.sampled_from(PeerLevel))
    def a_neighbour_follows_or_asks_for_a_peering(self, who: str, level: PeerLevel) -> None:
        self.do(self.villages[who].add_peer(self.north, level))

    @rule(who=NEIGHBOURS, deed=st.sampled_from([peers.block, peers.unblock, peers.decline]))
    def north_decides_about(self, who: str, deed: object) -> None:
        self.do(self._decide(self.north, self.villages[who], deed))

    @rule(deed=st.sampled_from([peers.accept, peers.accept, peers.pause, peers.resume]))
    def north_decides_about_river(self, deed: object) -> None:
        self.river_was_let_in |= deed is peers.accept
        self.do(self._decide(self.north, self.villages["river"], deed))

    @rule(who=NEIGHBOURS)
    def a_neighbour_blocks_north(self, who: str) -> None:
        self.do(self._decide(self.villages[who], self.north, peers.block))

    async def _decide(self, by: Village, about: Village, deed: object) -> None:
        for standing in await peers.listing(by.community):
            if standing.peer.host == about.community.host:
                await deed(by.community, standing.peer.id, by.dispatcher)  # type: ignore[operator]

    @rule(who=NEIGHBOURS)
    def a_neighbour_offers_help(self, who: str) -> None:
        async def offer() -> None:
            one = self.villages[who]
            for entry in await one.feed():
                help_offered = responses.HelpOffer(entry.item.available or 1, "We can bring it.")
                await responses.offer_help(one.community, entry.item.id, help_offered, one.dispatcher)

        self.do(offer())

    @rule()
    def north_agrees_and_releases_all(self) -> None:
        async def agree() -> None:
            for line in await responses.listing(self.north.community):
                released = ("name", "contact", "address", "arrival")
                await responses.agree(self.north.community, line.response.id, released, None, self.north.dispatcher)

        self.do(agree())

    @rule(days=st.sampled_from([1, 8, 40]))
    def time_passes(self, days: int) -> None:
        async def wait() -> None:
            self.clock.forward(days=days)
            for one in self.villages.values():
                await one.run_clocks()

        self.do(wait())

    # --- and what nobody may see --------------------------------------------------------------------------------------

    async def _look(self) -> None:
        shown = await self._public_now()
        for reader, seen in [(name, await self.all_that(name)) for name in await self._strangers()]:
            for number in range(len(self.things)):
                assert (word(number).encode() in seen) is (number in shown), (reader, number, shown)
            for secret in SECRETS:
                assert secret.encode() not in seen, reader
        await self._nothing_private_arrived()

    async def _public_now(self) -> set[int]:
        shown = set()
        for number, thing in enumerate(self.things):
            for share in await shares.shares_of(self.north.community, thing.asked.notice.id):
                if share.is_shown and share.level is Level.PUBLIC:
                    assert thing.asked.notice.consent.public
                    assert Level.PUBLIC in thing.levels
                    shown.add(number)
        return shown

    async def _strangers(self) -> list[str]:
        """Nobody at all; market, always; river, until it is let in and after it is parted from."""
        known = [one for one in await peers.listing(self.north.community) if self._is_river(one)]
        is_peer = self.river_was_let_in and known and known[0].peer.may_exchange
        return ["nobody", "market", *([] if is_peer else ["river"])]

    async def all_that(self, reader: str) -> bytes:
        """All that north gives to one reader."""
        return await all_that(self.north, self.villages.get(reader), [one.asked.notice.id for one in self.things])

    async def _nothing_private_arrived(self) -> None:
        """What other communities hold of North: all that was ever public, and for river what was for its eyes."""
        for name in ("market", "river"):
            held = await everything_in(self.villages[name])
            for number, thing in enumerate(self.things):
                for_all = Level.PUBLIC in thing.levels
                for_river = name == "river" and self.river_was_let_in and thing.levels
                if not for_all and not for_river:
                    assert word(number) not in held, (name, number)
            assert SEALED.story not in held

    def teardown(self) -> None:
        async def end() -> None:
            try:
                if self.things:
                    await self._look()
            finally:
                await self.stack.aclose()

        self.loop.run_until_complete(end())
        self.loop.close()


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Founded]]:
    names = {"north": "North Side Neighbours", "river": "River Street Circle", "market": "Market Hall Kitchen"}
    folder = tmp_path_factory.mktemp("founded")
    yield {short: founded_in(folder / short, name) for short, name in names.items()}


# C-23, C-24, C-33, C-137, T-27, T-28
def test_a_stranger_never_gets_what_is_not_for_everyone(founded: dict[str, Founded]) -> None:
    run_state_machine_as_test(
        lambda: Neighbourhood(founded),
        settings=settings(
            max_examples=5,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.reuse, Phase.generate),  # a smaller example would cost minutes
        ),
    )


def test_the_look_itself_can_tell(founded: dict[str, Founded]) -> None:
    """A peer does read what strangers do not, until it is parted from; or the property above would say nothing."""
    one = Neighbourhood(founded)
    one.open([True, False])
    one.a_neighbour_follows_or_asks_for_a_peering("river", PeerLevel.PEERS)
    one.a_neighbour_follows_or_asks_for_a_peering("market", PeerLevel.PEERS)
    one.north_decides_about_river(peers.accept)
    one.a_dispatcher_shares(1, Level.PEERS)
    try:
        for reader, reads in (("river", True), ("market", False), ("nobody", False)):
            seen = one.loop.run_until_complete(one.all_that(reader))
            assert (word(1).encode() in seen) is reads, reader
        assert one.loop.run_until_complete(one._strangers()) == ["nobody", "market"]
        one.north_decides_about("river", peers.block)
        assert word(1).encode() not in one.loop.run_until_complete(one.all_that("river"))
        assert one.loop.run_until_complete(one._strangers()) == ["nobody", "market", "river"]
    finally:
        one.teardown()
