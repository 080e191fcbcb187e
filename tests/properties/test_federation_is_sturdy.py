"""Whatever other servers send or ask for, signed or not: no answer is a fault of ours, and nothing behind it is."""

import asyncio
import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode

from federation.keys import KeyPair, generate_ed25519, generate_rsa
from federation.messages import ACTIVITY_JSON, LD_JSON_WITH_PROFILE, Request
from federation.signing import Scheme, sign
from node.domain.peers import PeerLevel
from node.domain.shares import Level
from node.services import peers
from node.settings import Settings
from tests.properties.doors import AS, Things, all_doors, inbox_alone
from tests.properties.test_api_is_sturdy import wait_for
from tests.village import Clock, found, opened, settle

PATIENCE = 60
OURS_TO_BLAME = ("a request failed", "an activity could not be handled", "Traceback")
SEVERAL = settings(
    max_examples=10, suppress_health_check=list(HealthCheck), derandomize=True, database=None, deadline=None
)
#: How a request is signed; None leaves it as it was made up.
SIGNATURES = st.sampled_from([None, *Scheme])


class RealClock(Clock):
    """Gives the time that it is: the node that is served afterwards looks at a clock of its own."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


class Neighbour(ThreadingHTTPServer):
    """A server whose only actor, Rosa, is there for everybody, and whose inbox takes everything."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), NeighboursDoor)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.actor = f"{self.url}/users/rosa"
        rsa, edwards = generate_rsa(f"{self.actor}#main-key"), generate_ed25519(f"{self.actor}#ed25519-key")
        self.keys = KeyPair(rsa, edwards)
        multikey = {"id": edwards.id, "type": "Multikey", "controller": self.actor}
        self.documents: dict[str, Any] = {
            "/users/rosa": {
                "@context": AS,
                "id": self.actor,
                "type": "Person",
                "preferredUsername": "rosa",
                "inbox": f"{self.actor}/inbox",
                "publicKey": {"id": rsa.id, "owner": self.actor, "publicKeyPem": rsa.public_pem},
                "assertionMethod": [multikey | {"publicKeyMultibase": edwards.public_multibase}],
            },
            "/notes/1": {"@context": AS, "id": f"{self.url}/notes/1", "type": "Note", "attributedTo": self.actor},
        }


class NeighboursDoor(BaseHTTPRequestHandler):
    server: Neighbour

    def do_GET(self) -> None:
        found = self.server.documents.get(self.path)
        self._answer(200 if found else 404, json.dumps(found).encode() if found else b"")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(202, b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", LD_JSON_WITH_PROFILE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that the base class gave it
        """Not a word."""


@dataclass
class Served:
    """A running node, what it says, and what there is to speak of with it."""

    url: str
    folder: Path
    neighbour: Neighbour
    things: Things
    log: Path
    session: requests.Session = field(default_factory=requests.Session)

    def ask(self, prepared: requests.PreparedRequest, scheme: Scheme | None) -> int:
        """Send it, signed by Rosa in this way, and see that the answer is no fault of ours."""
        if scheme is not None:
            body = prepared.body or b""
            written = body.encode() if isinstance(body, str) else body
            kind = prepared.headers.get("Content-Type") or ACTIVITY_JSON
            request = Request(prepared.method or "", f"{self.url}{prepared.path_url}", {"content-type": kind}, written)
            for name in ("Signature", "Signature-Input", "Digest", "Content-Digest", "Date"):
                prepared.headers.pop(name, None)
            prepared.headers.update(sign(request, self.neighbour.keys, scheme, datetime.now(UTC)))
        response = self.session.send(prepared, timeout=PATIENCE, allow_redirects=False)
        assert response.status_code < 500, (prepared.method, prepared.url, scheme, prepared.body)
        return response.status_code

    def say(self, activity: dict[str, Any]) -> int:
        """One whole activity of Rosa's."""
        body = json.dumps({"@context": AS, "actor": self.neighbour.actor} | activity)
        made = requests.Request("POST", f"{self.url}/inbox", {"Content-Type": ACTIVITY_JSON}, data=body.encode())
        return self.ask(made.prepare(), Scheme.CAVAGE)

    def journal(self) -> list[tuple[str, str, str]]:
        """Type, state and trouble of everything that was taken, once none of it waits for its first try."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with closing(sqlite3.connect(self.folder / "manyhands.db")) as database:
                rows = database.execute("SELECT type, state, trouble, attempts FROM journal").fetchall()
            if not any(state == "waiting" and attempts == 0 for _, state, _, attempts in rows):
                return [(kind, state, trouble) for kind, state, trouble, _ in rows]
            time.sleep(0.1)
        raise AssertionError("what was taken was never handled")


@pytest.fixture(scope="module")
def neighbour() -> Iterator[Neighbour]:
    with Neighbour() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


async def founded(folder: Path, neighbour: Neighbour) -> tuple[Settings, Things]:
    """A community that follows Rosa, with something shared at every level that it shows to her or hides from her."""
    settings = await found("North Side Neighbours", folder)
    async with opened(settings, RealClock()) as north:
        await peers.add(north.community, neighbour.actor, PeerLevel.PUBLIC, north.dispatcher)
        shared = [await north.share(await north.ask(title), Level.PUBLIC) for title in ("Coats", "Chairs")]
        shared.append(await north.share(await north.ask("A lamp"), Level.PEERS))
        await settle(north)
        async with north.community.database.reading() as work:
            sent = [str(row[0]) for row in await work.connection.exec_driver_sql("SELECT id FROM activities")]
    theirs = [f"{neighbour.url}/notes/1", f"{neighbour.url}/follows/1", f"{neighbour.url}/offers/1"]
    actors = [f"{settings.base_url}/actors/{own}" for own in ("public", "peers", "instance")]
    objects = [one.object_id for one in shared]
    ids = (*theirs, *actors, *objects, *(f"{one}#primary" for one in objects), *sent)
    return settings, Things(settings.base_url, neighbour.actor, ids)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, neighbour: Neighbour) -> Iterator[Served]:
    """A node in a process of its own, ended by its id."""
    folder = tmp_path_factory.mktemp("sturdy") / "north"
    with closing(asyncio.new_event_loop()) as loop:
        own, things = loop.run_until_complete(founded(folder, neighbour))
    log = folder.parent / "log"
    environment = {"BASE_URL": own.base_url, "BIND": own.bind, "DEV_LOOPBACK_PEERS": "true", "INBOX_RATE": "1000000"}
    command = [sys.executable, "-m", "node", "serve", "--data-dir", str(folder)]
    with (
        log.open("wb") as written,
        subprocess.Popen(
            command,
            env=os.environ | {f"MANYHANDS_{name}": value for name, value in environment.items()},
            stdout=written,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            wait_for(f"{own.base_url}/livez")
            yield Served(own.base_url, folder, neighbour, things, log)
        finally:
            process.terminate()


def is_nobodys_fault(served: Served) -> None:
    """Neither what was answered nor what was done with it afterwards shows a fault of ours."""
    unexpected = [(kind, trouble) for kind, _, trouble in served.journal() if trouble.isidentifier()]
    assert unexpected == []
    said = served.log.read_text(errors="replace")
    assert [line for line in said.splitlines() if any(blame in line for blame in OURS_TO_BLAME)] == []


# C-56 to C-63, T-21
def test_no_door_for_other_servers_has_a_fault(served: Served) -> None:
    """By a description of each door: right shapes and wrong ones, each signed in every way and in none."""
    api = schemathesis.openapi.from_dict(all_doors(served.things))
    operations = [found.ok() for found in api.get_all_operations()]
    assert len(operations) >= 25
    statuses: set[int] = set()
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @SEVERAL
            @given(case=operation.as_strategy(generation_mode=mode), scheme=SIGNATURES)
            def run(case: schemathesis.Case, scheme: Scheme | None) -> None:
                made = requests.Request(**case.as_transport_kwargs(base_url=served.url))
                statuses.add(served.ask(made.prepare(), scheme))

            with contextlib.suppress(Unsatisfiable):  # a door without parameters has no wrong shape
                run()
    assert {200, 400, 401, 404, 405, 415} <= statuses
    is_nobodys_fault(served)


RAW = st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode(errors="surrogatepass"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
).map(lambda value: json.dumps(value).encode())
KINDS = st.sampled_from([ACTIVITY_JSON, LD_JSON_WITH_PROFILE, "application/ld+json", "text/plain", ""])


# C-56 to C-60
def test_no_body_finds_a_fault(served: Served) -> None:
    """Bytes that are no JSON, JSON that is no activity: signed well, so that they are really read."""
    deep, wide = b"[" * 5_000, b'{"a":' * 5_000
    long = b'{"content":"' + b"x" * (1024 * 1024) + b'"}'

    odd = st.sampled_from([b"", deep, wide, long, b"NaN", b'{"a":1e999}'])

    @settings(SEVERAL, max_examples=60)
    @given(body=RAW | JSON | odd, kind=KINDS, how=SIGNATURES)
    def run(body: bytes, kind: str, how: Scheme | None) -> None:
        made = requests.Request("POST", f"{served.url}/inbox", {"Content-Type": kind}, data=body).prepare()
        made.headers["Content-Length"] = str(len(body))
        assert served.ask(made, how) in {400, 401, 413, 415}

    run()
    is_nobodys_fault(served)


# C-60, C-111
def test_no_activity_finds_a_fault(served: Served) -> None:
    """Whole activities of somebody known, about things that are there, with anything in their fields."""
    follow = {"id": f"{served.neighbour.url}/follows/1", "type": "Follow", "object": f"{served.url}/actors/public"}
    assert served.say(follow) == 202
    api = schemathesis.openapi.from_dict(inbox_alone(served.things))
    (operation,) = [found.ok() for found in api.get_all_operations()]
    statuses: set[int] = set()

    @settings(SEVERAL, max_examples=200)
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE), scheme=st.sampled_from(Scheme))
    def run(case: schemathesis.Case, scheme: Scheme) -> None:
        made = requests.Request(**case.as_transport_kwargs(base_url=served.url))
        statuses.add(served.ask(made.prepare(), scheme))

    run()
    assert 202 in statuses
    assert len({kind for kind, state, _ in served.journal() if state == "handled"}) >= 8
    is_nobodys_fault(served)
