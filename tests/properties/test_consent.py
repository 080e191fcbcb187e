"""Whatever people say in whatever order, no share reaches further than the newest answers allow."""

import asyncio
import shutil
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from node import app
from node.domain.consent import ALL, Channel, Consent, Question, Use
from node.domain.errors import ManyhandsError
from node.domain.members import Member, Role
from node.domain.notices import Kind, Wording
from node.domain.peers import Direction, Follow, FollowState, OwnActor, Peer, PeerLevel
from node.domain.shares import Level, ShareRequest
from node.services import call_backs, consents, members, needs, shares
from node.services.call_backs import Wish
from node.services.community import Community
from node.services.consents import Said
from node.services.needs import Asked, Entry, NoticeFilter
from node.settings import Settings
from tests.unit.node.make import make_actor
from tests.village import SEALED, START, Clock

HOSTS = ("river.example", "hill.example")  # nobody listens there
PEERS = tuple(f"peer-{host}" for host in HOSTS)
QUESTIONS = (
    Question(Use.BOARD),
    Question(Use.PEERS),
    Question(Use.PUBLIC),
    *(Question(Use.NAMED, peer) for peer in PEERS),
    Question(Use.MESSAGE),
)
BEGINNINGS = st.builds(
    Consent, board=st.booleans(), peers=st.sampled_from([ALL, (), PEERS[:1], PEERS]), public=st.booleans()
)
SAYING = st.tuples(
    st.sampled_from(["tells a dispatcher", "writes with the code"]), st.sampled_from(QUESTIONS), st.booleans()
)
SHARING = st.tuples(st.just("share"), st.sampled_from(Level), st.sampled_from([PEERS[:1], PEERS[1:], PEERS]))
ASKING = st.tuples(st.just("ask first"), st.sampled_from(Level), st.sampled_from([PEERS[:1], PEERS]))
STOPPING = st.tuples(st.just("stop"), st.none(), st.none())
Step = tuple[str, object, object]


@dataclass
class History:
    """One notice in a community with two neighbours, and everything anybody said about it."""

    community: Community
    dispatcher: Member
    asked: Asked

    async def happen(self, step: Step) -> None:
        """One step; what may not be done is refused and changes nothing."""
        deed, first, second = step
        with suppress(ManyhandsError):
            if isinstance(first, Question) and isinstance(second, bool):
                await self._say(deed, first, second)
            elif isinstance(first, Level) and isinstance(second, tuple):
                await self._wish(deed, first, second if first is Level.NAMED else ())
            else:
                await consents.stop_sharing_by_code(self.community, self.asked.code, Said((), is_given=False))
        self.community.now.forward(minutes=90)  # type: ignore[attr-defined]

    async def _say(self, deed: str, question: Question, yes: bool) -> None:
        said = Said((question,), yes, "May they?", Channel.PHONE, "en")
        if deed == "tells a dispatcher":
            await consents.record(self.community, self.asked.notice.id, said, self.dispatcher)
        else:
            await consents.record_by_code(self.community, self.asked.code, said)

    async def _wish(self, deed: str, level: Level, peers: tuple[str, ...]) -> None:
        notice_id = self.asked.notice.id
        if deed == "share":
            await shares.share(self.community, notice_id, ShareRequest(level, peers), self.dispatcher)
        else:
            await call_backs.ask_first(self.community, notice_id, Wish(level, peers), self.dispatcher)

    async def check(self) -> None:
        """Worked out here once more, from the rows as they are."""
        async with self.community.database.reading() as work:
            rows = await work.consents.of_notice(self.asked.notice.id)
            shown = [one.share for one in await work.shares.of_notice(self.asked.notice.id) if one.share.is_shown]
            notice = await work.notices.get(self.asked.notice.id)
            waiting = await work.call_backs.open_of(self.asked.notice.id)
        yes = {row.question for row in rows if row.is_given and row is last(rows, row.question)}
        for share in shown:
            assert allowed(share.level, share.named, yes), (share.level, share.named, yes)
        assert notice is not None
        assert notice.consent.public == (Question(Use.PUBLIC) in yes)
        assert notice.consent.covers_all_peers == (Question(Use.PEERS) in yes)
        for call_back in waiting:
            assert not set(call_back.questions) <= yes, "nobody is to be asked what they agreed to"


def last(rows: Iterable[object], question: Question) -> object:
    """The newest row about a question."""
    return [row for row in rows if getattr(row, "question", None) == question][-1]


def allowed(level: Level, named: tuple[str, ...], yes: set[Question]) -> bool:
    """Whether these yeses cover a share."""
    if level is Level.PUBLIC:
        return Question(Use.PUBLIC) in yes
    if Question(Use.PEERS) in yes:
        return True
    return level is Level.NAMED and all(Question(Use.NAMED, peer) in yes for peer in named)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community's folder with two neighbours; every history begins with a copy."""
    folder = tmp_path_factory.mktemp("founded")
    with closing(asyncio.new_event_loop()) as loop:
        loop.run_until_complete(found(folder))
    return folder


async def found(folder: Path) -> None:
    await app.initialise(settings_in(folder), "North Side Neighbours")
    async with app.open_community(settings_in(folder), Clock()) as community, community.database.unit_of_work() as work:
        for host, peer_id in zip(HOSTS, PEERS, strict=True):
            actor = f"https://{host}/actors/peers"
            await work.peers.add(Peer(peer_id, f"@a@{host}", host, host, PeerLevel.PEERS, START, None, actor))
            await work.peers.put_actor(make_actor(actor, inbox=f"{actor}/inbox", shared_inbox=f"https://{host}/inbox"))
            follow = Follow(f"{actor}#f", Direction.INCOMING, OwnActor.PEERS, actor, FollowState.ACCEPTED, START)
            await work.peers.put_follow(follow)


def settings_in(folder: Path) -> Settings:
    return Settings(base_url="http://127.0.0.1:9", data_dir=folder, dev_loopback_peers=True)


async def tell(folder: Path, beginning: Consent, steps: list[Step]) -> History:
    """A history from its beginning, looked at after every step."""
    async with app.open_community(settings_in(folder), Clock()) as community:
        dispatcher = await members.add(community, "Robin", frozenset({Role.DISPATCHER}))
        entry = Entry(Kind.NEED, Wording("Winter coats", "goods"), SEALED, beginning)
        history = History(community, dispatcher, await needs.ask(community, entry))
        for step in steps:
            await history.happen(step)
            await history.check()
        return history


# C-131
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BEGINNINGS, st.lists(SHARING | SAYING | SAYING | ASKING | STOPPING, min_size=2, max_size=12))
def test_no_share_reaches_further_than_the_newest_answers(founded: Path, beginning: Consent, steps: list[Step]) -> None:
    with TemporaryDirectory() as place:
        folder = Path(shutil.copytree(founded, Path(place) / "north"))
        asyncio.run(tell(folder, beginning, steps))


def test_the_look_itself_can_tell() -> None:
    """What is not covered would be seen, or the property above would say nothing."""
    assert allowed(Level.PEERS, (), {Question(Use.PEERS)})
    assert not allowed(Level.PEERS, (), {Question(Use.PUBLIC), Question(Use.NAMED, PEERS[0])})
    assert not allowed(Level.NAMED, PEERS, {Question(Use.NAMED, PEERS[0])})
    assert not allowed(Level.PUBLIC, (), {Question(Use.PEERS)})


def test_shares_do_come_about_and_end(founded: Path, tmp_path: Path) -> None:
    """A yes, a share, a no: the steps of the property do what their names say."""

    async def told(folder: Path) -> list[bool]:
        beginning = Consent(peers=ALL)
        steps: list[Step] = [("share", Level.PEERS, PEERS), ("share", Level.NAMED, PEERS[:1])]
        steps += [("tells a dispatcher", Question(Use.NAMED, PEERS[0]), True)]
        steps += [("writes with the code", Question(Use.PEERS), False)]
        await tell(folder, beginning, steps)
        async with app.open_community(settings_in(folder), Clock()) as community, community.database.reading() as work:
            (notice,) = await work.notices.waiting(NoticeFilter(Kind.NEED), 10)
            return [one.share.is_shown for one in await work.shares.of_notice(notice.id)]

    # What was for the one community alone goes on: it has its own yes.
    folder = Path(shutil.copytree(founded, tmp_path / "north"))
    assert asyncio.run(told(folder)) == [False, True]
