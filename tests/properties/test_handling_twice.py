"""Whatever a neighbour says, and however often it says it again: said twice is said once."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from federation.keys import PrivateKey, generate_rsa
from node.domain.ids import ID_LENGTH
from node.domain.peers import PeerLevel
from node.domain.shares import Level
from node.services import peers
from node.storage.tables import metadata
from tests.federation.outsider import AS, PUBLIC, Outsider, outsider
from tests.ports import free_port
from tests.properties.founded import Founded
from tests.village import START, Clock, Village, found, opened, settle

DEEDS = """accept follow follow-peers follow-instance post need update shows forwarded ask announce like flag offer
    withdraw-offer profile nonsense delete unfollow reject block""".split()
#: What a neighbour may say, and about which of three notes or notices.
WORDS = st.tuples(st.sampled_from(DEEDS), st.integers(0, 2))
#: Which of the things said before are said again after each of them.
TALKS = st.lists(st.tuples(WORDS, st.lists(st.integers(0, 9), max_size=2)), min_size=1, max_size=9)

Word = tuple[str, int]
Talk = list[tuple[Word, list[int]]]
Said = dict[str, Any]
Holdings = dict[str, list[str]]
#: Ids, prints of codes, and the proofs over what contains them.
RANDOM = re.compile(rf"\b([0-9a-f]{{64}}|[A-Za-z0-9]{{{ID_LENGTH}}}|z[1-9A-Za-z]{{80,90}})\b")
NOT_COMPARED = {"journal", "sealed_notes", "sealed_keys"}  # the last two are encrypted anew every time


@dataclass(frozen=True)
class Acquainted(Founded):
    """A community and its neighbour, with what was said before the talk begins."""

    port: int
    key: PrivateKey
    asked: Said  # its Follow of her, which she has not answered yet
    shared: list[str]  # three notices that are there for everyone


@pytest.fixture(scope="module")
def acquainted(tmp_path_factory: pytest.TempPathFactory) -> Acquainted:
    with closing(asyncio.new_event_loop()) as loop:
        return loop.run_until_complete(met(tmp_path_factory.mktemp("founded")))


async def met(folder: Path) -> Acquainted:
    settings, port, key, clock = await found("North Side Neighbours", folder), free_port(), generate_rsa("x"), Clock()
    async with opened(settings, clock) as north, rosa(clock, port, key) as server:
        shared = [await north.share(await north.ask(title), Level.PUBLIC) for title in ("Coats", "Chairs", "A lamp")]
        await peers.add(north.community, f"{server.url}/users/rosa", PeerLevel.PUBLIC, north.dispatcher)
        await settle(north)
        (asked,) = [one for one in server.received if one["type"] == "Follow"]
        return Acquainted(settings, port, key, asked, [one.object_id for one in shared])


@asynccontextmanager
async def rosa(clock: Clock, port: int, key: PrivateKey) -> AsyncIterator[Outsider]:
    """The neighbour's server, with an outbox that has nothing in it, and a note to show."""
    async with outsider(clock, port) as server:
        actor = f"{server.url}/users/rosa"
        server.keys[actor] = replace(key, id=f"{actor}#main-key")
        server.actor("rosa")
        outbox = {"@context": AS, "id": f"{actor}/outbox", "type": "OrderedCollection", "orderedItems": []}
        server.documents["/users/rosa/outbox"] = outbox
        server.note(actor, "/notes/shown", content="<p>Look at this</p>")
        yield server


@dataclass
class Neighbour:
    """Somebody of another kind of server, and what she can talk about."""

    server: Outsider
    actor: str
    asked: Said
    shared: list[str]

    @property
    def base(self) -> str:
        return self.server.url

    @property
    def ours(self) -> str:
        """The actor of the community that she talks to."""
        return str(self.asked["actor"])

    def _wish(self, own: str, about: int) -> dict[str, str]:
        """Another of our actors to follow; each wish has an id of its own."""
        return {"id": f"{self.base}/follows/{own}-{about}", "object": self.ours.replace("public", own)}

    def says(self, number: int, word: Word) -> Said:
        """The `number`th thing she says. Every word is one she could really send."""
        deed, about = word
        note = f"{self.base}/notes/{about}"
        envelope = {"id": f"{self.base}/a/{number}", "actor": self.actor, "published": "2026-11-20T10:00:00Z"}
        return envelope | self._about_us(deed, about) | self._about_her(deed, note, number)

    def _about_us(self, deed: str, about: int) -> Said:
        shared = self.shared[about % len(self.shared)]
        follow = {"id": f"{self.base}/follows/{about}", "type": "Follow", "actor": self.actor, "object": self.ours}
        agreement = {
            "type": "Agreement",
            "stipulates": {
                "type": "Commitment",
                "satisfies": f"{shared}#primary",
                "resourceQuantity": {"hasUnit": "one", "hasNumericalValue": str(about + 1)},
            },
        }
        offer = {"id": f"{self.base}/offers/{about}", "type": "Offer", "actor": self.actor, "object": agreement}
        words: dict[str, Said] = {
            "follow": follow,
            "follow-peers": follow | self._wish("peers", about),
            "follow-instance": follow | self._wish("instance", about),
            "unfollow": {"type": "Undo", "object": follow},
            "accept": {"type": "Accept", "object": self.asked},
            "reject": {"type": "Reject", "object": self.asked},
            "announce": {"type": "Announce", "object": shared, "to": [PUBLIC]},
            "like": {"type": "Like", "object": shared},
            "flag": {"type": "Flag", "object": [shared, self.ours], "content": "Please look at this."},
            "block": {"type": "Block", "object": self.ours},
            "offer": offer,
            "withdraw-offer": {"type": "Undo", "object": {"id": offer["id"], "type": "Offer", "actor": self.actor}},
        }
        return words.get(deed, {})

    def _about_her(self, deed: str, note: str, number: int) -> Said:
        post = {"id": note, "type": "Note", "attributedTo": self.actor, "to": [PUBLIC], "content": f"<p>{number}</p>"}
        need = post | {
            "purpose": "request",
            "publishes": {"type": "Intent", "id": f"{note}#primary", "action": "transfer", "name": f"Need {number}"},
        }
        later = {"updated": f"2026-11-20T11:{number:02}:00Z"}
        message = post | {"to": [self.ours], "inReplyTo": self.shared[0], "id": f"{note}-message"}
        words: dict[str, Said] = {
            "post": {"type": "Create", "to": [PUBLIC], "object": post},
            "need": {"type": "Create", "to": [PUBLIC], "object": need},
            "update": {"type": "Update", "to": [PUBLIC], "object": post | later},
            "delete": {"type": "Delete", "to": [PUBLIC], "object": {"id": note, "type": "Tombstone"}},
            "ask": {"type": "Create", "to": [self.ours], "object": message},
            "shows": {"type": "Announce", "to": [PUBLIC], "object": f"{self.base}/notes/shown"},
            "forwarded": {"type": "Create", "to": [PUBLIC], "object": f"{self.base}/notes/shown"},
            "profile": {"type": "Update", "to": [PUBLIC], "object": self.server.document_of("rosa")},
            "nonsense": {"type": "Arrive", "object": note},
        }
        return words.get(deed, {})


async def hear(acquainted: Acquainted, talk: Talk, *, again: bool) -> Holdings:
    """What the community holds after all of it was said once, or with all the repetitions."""
    clock = Clock()
    with TemporaryDirectory() as place:
        copy = acquainted.copied_to(Path(place) / "north")
        async with opened(copy, clock) as north, rosa(clock, acquainted.port, acquainted.key) as server:
            neighbour = Neighbour(server, f"{server.url}/users/rosa", acquainted.asked, acquainted.shared)
            said: list[Said] = []
            for number, (word, repeated) in enumerate(talk):
                clock.time = START + (number + 1) * timedelta(minutes=10)
                said.append(neighbour.says(number, word))
                assert await server.say(north, said[-1]) == 202
                await settle(north)
                await repeat(north, server, [said[which % len(said)] for which in repeated if again])
            await repeat(north, server, said if again else [])
            clock.time = START + timedelta(hours=2)
            return await holdings(north)


async def repeat(north: Village, server: Outsider, said: list[Said]) -> None:
    """The same again, each a second later and signed anew."""
    for one in said:
        north.clock.forward(seconds=1)
        assert await server.say(north, one) == 202
    if said:
        await settle(north)


async def holdings(north: Village) -> Holdings:
    """Every row of every table but the journal, in the order they came; what is random gets a number instead."""
    tables: Holdings = {}
    names: dict[str, str] = {}
    async with north.community.database.reading() as work:
        for table in metadata.sorted_tables:
            if table.name not in NOT_COMPARED:
                rows = await work.connection.exec_driver_sql(f"SELECT * FROM {table.name} ORDER BY rowid")
                tables[table.name] = [numbered(repr(tuple(row)), names) for row in rows]
    return tables


def numbered(text: str, names: dict[str, str]) -> str:
    return RANDOM.sub(lambda found: names.setdefault(found[0], f"<{len(names)}>"), text)


# C-89, C-94, C-103
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.reuse, Phase.generate),  # a smaller example would cost minutes
)
@given(talk=TALKS)
def test_said_twice_is_said_once(acquainted: Acquainted, talk: Talk) -> None:
    once = asyncio.run(hear(acquainted, talk, again=False))
    twice = asyncio.run(hear(acquainted, talk, again=True))
    for table, rows in once.items():
        assert twice[table] == rows, table


# C-89: the journal remembers for a while; said again after that, nothing is there twice, only answers are given anew
async def test_said_again_when_the_journal_has_forgotten(acquainted: Acquainted, tmp_path: Path) -> None:
    clock = Clock()
    async with (
        opened(acquainted.copied_to(tmp_path / "north"), clock) as north,
        rosa(clock, acquainted.port, acquainted.key) as server,
    ):
        neighbour = Neighbour(server, f"{server.url}/users/rosa", acquainted.asked, acquainted.shared)
        for number, deed in enumerate(DEEDS):
            said = neighbour.says(number, (deed, 0))
            await repeat(north, server, [said])
            before = {table: len(rows) for table, rows in (await holdings(north)).items()}
            async with north.community.database.unit_of_work() as work:
                await work.journal.forget_before(clock() + timedelta(days=1))
            await repeat(north, server, [said])
            after = {table: len(rows) for table, rows in (await holdings(north)).items()}
            grown = {table for table in before if after[table] != before[table]}
            assert grown <= {"activities"}, deed
            assert not grown or deed in ANSWERED_AGAIN, deed


ANSWERED_AGAIN = {"follow", "follow-instance", "delete"}
