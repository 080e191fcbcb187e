"""Whatever happens in whatever order: a stranger reads what is shared with everyone, and nothing else, ever."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from node import app
from node.domain.consent import Consent
from node.domain.errors import ManyhandsError
from node.domain.members import Member, Role
from node.domain.notices import Kind, Notice, Status, Wording
from node.domain.peers import OwnActor
from node.domain.shares import Level, Share, ShareRequest
from node.services import consents, forgetting, members, needs, peers, published, received, shares
from node.services.community import Community
from node.services.consents import Said
from node.services.needs import Asked, Entry
from node.settings import Settings
from schemas.activities import Activity, Follow, Undo
from tests.unit.node.make import make_actor
from tests.village import SEALED, Clock

BASE = "http://127.0.0.1:9"
HOSTS = tuple(f"http://127.0.0.1:{port}" for port in (1, 2, 3))  # nobody listens there
READERS = (None, *(f"{host}/actors/{own}" for host in HOSTS for own in ("public", "peers")))

CONSENTS = st.builds(Consent, board=st.just(True), peers=st.sampled_from(["all", "all", ()]), public=st.booleans())
ASKING = st.tuples(st.just("ask"), CONSENTS, st.sampled_from(Kind))
SHARING = st.tuples(st.just("share"), st.integers(0, 2), st.sampled_from(Level))
CHANGING = st.tuples(
    st.sampled_from(["correct", "correct", "withdraw", "stop", "erase", *Status]), st.integers(0, 2), st.none()
)
LINKING = st.tuples(
    st.sampled_from(["follow", "peer", "undo", "decline", "pause", "resume", "block", "unblock"]),
    st.integers(0, len(HOSTS) - 1),
    st.none(),
)
PEERING = st.integers(0, len(HOSTS) - 1).map(lambda host: [("peer", host, None), ("accept", host, None)])
Step = tuple[str, object, object]
#: Something is asked, some link up, this and that happens, and in the end something is shared.
HISTORIES = st.tuples(
    st.lists(ASKING, min_size=1, max_size=3),
    st.lists(PEERING, max_size=2).map(lambda pairs: [step for pair in pairs for step in pair]),
    st.lists(SHARING | LINKING | CHANGING, max_size=8),
    st.lists(SHARING, min_size=1, max_size=3),
).map(lambda parts: [step for part in parts for step in part])

PEER_DEEDS: dict[str, Callable[[Community, str, Member], Awaitable[object]]] = {
    "accept": peers.accept,
    "decline": peers.decline,
    "pause": peers.pause,
    "resume": peers.resume,
    "block": peers.block,
    "unblock": peers.unblock,
}


@dataclass
class History:
    """What was asked and shared, and which hosts a steward ever said yes to."""

    community: Community
    steward: Member
    asked: list[Asked] = field(default_factory=list)
    made: list[Share] = field(default_factory=list)
    accepted: set[str] = field(default_factory=set)

    async def happen(self, step: Step) -> None:
        """One step; what cannot be done at this moment is refused and changes nothing."""
        deed, first, second = step
        with suppress(ManyhandsError):
            if isinstance(first, Consent) and isinstance(second, Kind):
                await self._ask(first, second)
            elif isinstance(first, int) and isinstance(second, Level):
                await self._share(self.asked[first % len(self.asked)].notice, second)
            elif isinstance(first, int) and deed in {"follow", "peer", "undo"}:
                await self._hear(deed, HOSTS[first])
            elif isinstance(first, int) and deed in PEER_DEEDS:
                await self._decide(deed, HOSTS[first])
            elif isinstance(first, int):
                await self._change(deed, self.asked[first % len(self.asked)])
        self.community.now.forward(seconds=1)  # type: ignore[attr-defined]

    async def _ask(self, consent: Consent, kind: Kind) -> None:
        wording = Wording(f"Thing {word(len(self.asked))}", "goods", text="Please ask for the blue one.")
        self.asked.append(await needs.ask(self.community, Entry(kind, wording, SEALED, consent)))

    async def _share(self, notice: Notice, level: Level) -> None:
        known = tuple(standing.peer.id for standing in await peers.listing(self.community))
        request = ShareRequest(level, known[:1] if level is Level.NAMED else ())
        self.made.append(await shares.share(self.community, notice.id, request, self.steward))

    async def _hear(self, deed: str, host: str) -> None:
        """A neighbour follows the public feed, asks for a peering, or takes its question back."""
        own = "public" if deed == "follow" else "peers"
        follow = Follow(id=f"{host}/a/{own}", actor=f"{host}/actors/{own}", object=f"{BASE}/actors/{own}")
        activity: Activity = follow
        if deed == "undo":
            activity = Undo(id=f"{host}/a/undo", actor=follow.actor, object=follow.id or "", undone_type="Follow")
        sender = make_actor(follow.actor, inbox=f"{follow.actor}/inbox", shared_inbox=f"{host}/inbox")
        async with self.community.database.unit_of_work() as work:
            await received.handle(self.community, work, received.Prepared(activity, sender, is_new=True))

    async def _decide(self, deed: str, host: str) -> None:
        peer = await peers.find(self.community, host.removeprefix("http://"))
        await PEER_DEEDS[deed](self.community, peer.id, self.steward)
        if deed == "accept":
            self.accepted.add(host)

    async def _change(self, deed: str, asked: Asked) -> None:
        notice = await needs.get(self.community, asked.notice.id)
        if deed == "withdraw":
            for share in await shares.shares_of(self.community, notice.id):
                await shares.withdraw(self.community, share.id, self.steward)
        elif deed == "correct":
            wording = replace(notice.wording, text="Or the green one.")
            await needs.correct(self.community, notice.id, wording, self.steward)
        elif deed == "stop":
            await consents.stop_sharing_by_code(self.community, asked.code, Said((), is_given=False))
        elif deed == "erase":
            await forgetting.erase_by_code(self.community, asked.code)
        else:
            await needs.change_status(self.community, notice.id, Status(deed), self.steward)

    async def strangers(self) -> list[str | None]:
        """Readers nobody here ever said yes to, and those we have paused or blocked since."""
        parted = {one.peer.host for one in await peers.listing(self.community) if not one.peer.may_exchange}
        known = {host for host in self.accepted if host.removeprefix("http://") not in parted}
        return [reader for reader in READERS if reader is None or not reader.startswith(tuple(known) or " ")]

    async def everything_for(self, reader: str | None) -> bytes:
        """All that this reader gets at all our addresses."""
        found = [shown.document for own in OwnActor for shown in await published.visible(self.community, own, reader)]
        async with self.community.database.reading() as work:
            rows = await work.connection.exec_driver_sql("SELECT id FROM activities")
            activities = [str(row[0]) for row in rows]
        for share in self.made:
            read = await published.read_object(self.community, share.object_id, reader)
            found.append(read.body or b"" if read else b"")
        for activity_id in activities:
            read = await published.read_activity(self.community, activity_id, reader)
            found.append(read.body or b"" if read else b"")
        return b"\n".join(found)

    async def shown_to_everyone(self) -> set[int]:
        """Which notices a public share shows now, each with the consent for it."""
        shown = set()
        for number, asked in enumerate(self.asked):
            for share in await shares.shares_of(self.community, asked.notice.id):
                if share.is_shown and share.level is Level.PUBLIC:
                    assert asked.notice.consent.public
                    shown.add(number)
        return shown


def word(number: int) -> str:
    """A word that stands in one notice alone."""
    return f"unmistakable{number}x"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community's folder as `init` leaves it; every history begins with a copy."""
    folder = tmp_path_factory.mktemp("founded")
    with closing(asyncio.new_event_loop()) as loop:
        loop.run_until_complete(app.initialise(settings_in(folder), "North Side Neighbours"))
    return folder


def settings_in(folder: Path) -> Settings:
    return Settings(base_url=BASE, data_dir=folder, dev_loopback_peers=True)


async def tell(folder: Path, steps: list[Step], check: Callable[[History], Awaitable[None]]) -> None:
    """A history from its beginning, and a look at its end."""
    async with app.open_community(settings_in(folder), Clock()) as community:
        steward = await members.add(community, "Robin", frozenset({Role.DISPATCHER, Role.STEWARD}))
        history = History(community, steward)
        for step in steps:
            await history.happen(step)
        await check(history)


async def strangers_see_only_what_everyone_may(history: History) -> None:
    public = await history.shown_to_everyone()
    for reader in await history.strangers():
        seen = await history.everything_for(reader)
        for number in range(len(history.asked)):
            assert (word(number).encode() in seen) is (number in public), (reader, number)
        for secret in (SEALED.name, SEALED.address, SEALED.story, SEALED.contact[0].value):
            assert secret.encode() not in seen


# C-23, C-24, C-33, T-27
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(steps=HISTORIES)
def test_a_stranger_never_reads_what_is_not_shared_with_everyone(founded: Path, steps: list[Step]) -> None:
    with TemporaryDirectory() as place:
        folder = Path(shutil.copytree(founded, Path(place) / "north"))
        asyncio.run(tell(folder, steps, strangers_see_only_what_everyone_may))


def test_the_look_itself_can_tell(founded: Path, tmp_path: Path) -> None:
    """A peer that was accepted does read what strangers do not, or the property above would say nothing."""

    async def the_peer_reads_it(history: History) -> None:
        assert len(history.made) == 1
        assert word(0).encode() in await history.everything_for(f"{HOSTS[0]}/actors/peers")
        assert word(0).encode() not in await history.everything_for(f"{HOSTS[1]}/actors/peers")
        await strangers_see_only_what_everyone_may(history)

    consent = Consent(board=True, peers="all")
    steps: list[Step] = [("ask", consent, Kind.NEED), ("peer", 0, None), ("peer", 1, None), ("accept", 0, None)]
    folder = Path(shutil.copytree(founded, tmp_path / "north"))
    asyncio.run(tell(folder, [*steps, ("share", 0, Level.PEERS)], the_peer_reads_it))


def test_what_its_owner_erased_is_nowhere_any_more(founded: Path, tmp_path: Path) -> None:
    """Neither in what can be read nor in the database itself."""

    async def nothing_is_left(history: History) -> None:
        async with history.community.database.reading() as work:
            for table, column in (("shares", "document"), ("activities", "body"), ("notices", "title")):
                rows = await work.connection.exec_driver_sql(f"SELECT {column} FROM {table}")
                assert not any(word(0) in str(row[0]) for row in rows), table

    everyone = Consent(board=True, peers="all", public=True)
    steps: list[Step] = [("ask", everyone, Kind.NEED), ("share", 0, Level.PUBLIC), ("erase", 0, None)]
    folder = Path(shutil.copytree(founded, tmp_path / "north"))
    asyncio.run(tell(folder, steps, nothing_is_left))
