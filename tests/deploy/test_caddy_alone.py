"""What other communities sign comes through Caddy exactly as they sent it."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from federation.cavage import sign_headers
from federation.digest import digest_header
from federation.keys import PublicKey, generate_rsa
from federation.messages import LD_JSON_WITH_PROFILE, Request, combined
from federation.signatures import verify
from tests.deploy.caddy import Proxy, running_caddy
from tests.ports import free_port

pytestmark = pytest.mark.deploy

OWNER = "https://south.example/actors/public"
KEY = generate_rsa(f"{OWNER}#main-key")
BODY = '{"type": "Create",  "summary": "Suppe für alle"}\n'.encode()


@dataclass(frozen=True)
class Behind:
    """A door behind Caddy that keeps each request as it came: (target, headers, body)."""

    proxy: Proxy
    came: list[tuple[str, Mapping[str, str], bytes]]

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> int:
        connection: HTTPSConnection = self.proxy.connect()
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            if body:
                connection.putheader("content-length", str(len(body)))
            connection.endheaders(body or None)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Behind]:
    came: list[tuple[str, Mapping[str, str], bytes]] = []

    class Door(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("content-length", "0"))
            came.append((self.path, combined(self.headers.items()), self.rfile.read(length)))
            self.send_response(204)
            self.end_headers()

        do_GET = do_POST = answer  # noqa: N815 - the names the standard library looks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in the standard library
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            with running_caddy(free_port(), server.server_port, tmp_path / "caddy") as proxy:
                yield Behind(proxy, came)
        finally:
            server.shutdown()
            thread.join()


async def is_still_signed(behind: Behind, method: str, now: datetime) -> bool:
    target, headers, body = behind.came[-1]
    request = Request(method, f"{behind.proxy.url}{target}", headers, body)

    async def find_key(key_id: str) -> PublicKey:
        return PublicKey(key_id, OWNER, KEY.public_pem)

    proven = await verify(request, find_key, now, frozenset({behind.proxy.site}))
    return proven.id == KEY.id


# C-68, C-69, C-72, T-2, T-42
@pytest.mark.parametrize("target", ["/inbox", "/actors/public/inbox?a=%40b&c=%7E", "/o/%40ana%2Fb/./c//d"])
async def test_a_signed_message_is_still_signed_behind_caddy(behind: Behind, target: str) -> None:
    now = datetime.now(UTC)
    request = Request("POST", f"{behind.proxy.url}{target}", {"content-type": LD_JSON_WITH_PROFILE}, BODY)
    headers = {**request.headers, **sign_headers(request, KEY, now)}
    assert behind.send("POST", target, headers, BODY) == 204
    assert behind.came[-1][0] == target
    assert behind.came[-1][2] == BODY
    assert behind.came[-1][1]["digest"] == digest_header(BODY)
    assert await is_still_signed(behind, "POST", now)


# C-67, C-72, T-42
async def test_a_signed_question_is_still_signed_behind_caddy(behind: Behind) -> None:
    now = datetime.now(UTC)
    target = "/o/7f%2D1?page=1&q=%C3%BC"
    headers = sign_headers(Request("GET", f"{behind.proxy.url}{target}"), KEY, now)
    assert behind.send("GET", target, headers) == 204
    assert await is_still_signed(behind, "GET", now)


# T-31
def test_caddy_throws_away_what_a_reader_claims_about_where_it_comes_from(behind: Behind) -> None:
    claimed = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "north.example"}
    behind.send("GET", "/", {"Host": behind.proxy.site, **claimed})
    _, headers, _ = behind.came[-1]
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "https"
    assert headers["x-forwarded-host"] == behind.proxy.site
    assert headers["host"] == behind.proxy.site


def test_caddy_refuses_what_is_larger_than_anybody_sends(behind: Behind) -> None:
    status = behind.send("POST", "/inbox", {"Host": behind.proxy.site}, b"x" * (34 * 1024 * 1024))
    assert status in {413, 502}
    assert not behind.came or len(behind.came[-1][2]) <= 33 * 1024 * 1024
