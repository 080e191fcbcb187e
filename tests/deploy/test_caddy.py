"""Two communities, each behind the Caddy of deploy/Caddyfile, link up and share a need through it."""

import gzip
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.caddy import Proxy, running_caddy
from tests.e2e.commands import environment, manyhands
from tests.ports import free_ports

pytestmark = pytest.mark.deploy

PATIENCE_S = 30


@dataclass(frozen=True)
class Town:
    """A node behind Caddy, and a token of its steward."""

    proxy: Proxy
    token: str

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The JSON answer of one call of the API, through Caddy."""
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        connection = self.proxy.connect()
        try:
            connection.request(method, f"/api/v1{path}", json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            content = answer.read()
            assert answer.status < 300, f"{method} {path}: {answer.status} {content.decode()}"
            return json.loads(content)
        finally:
            connection.close()


def until(found: Callable[[], Any]) -> Any:
    """What `found` answers as soon as it is something."""
    deadline = time.monotonic() + PATIENCE_S
    while not (seen := found()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
    return seen


@contextmanager
def served(home: Path, log: Path, **settings: str) -> Iterator[None]:
    """`manyhands serve` with these settings."""
    command = [sys.executable, "-m", "node", "serve", "--data-dir", str(home)]
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            command, cwd="/", env=environment(**settings), stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("listening on "), log.read_text()
            yield
        finally:
            process.terminate()


@contextmanager
def town(name: str, folder: Path, proxy: Proxy, settings: Mapping[str, str]) -> Iterator[Town]:
    """One community as deploy/README.md sets it up."""
    home = folder / name
    verbs: tuple[tuple[str, ...], ...] = (
        ("init", "--name", name, "--base-url", proxy.url),
        ("member", "add", "Noor", "--role", "steward", "--role", "dispatcher"),
        ("token", "create", "--member", "Noor"),
    )
    ran = [manyhands(*verb, data_dir=home) for verb in verbs]
    assert [one.status for one in ran] == [0, 0, 0], ran
    with served(home, folder / f"{name}.log", **settings):
        yield Town(proxy, ran[-1].out.strip())


@pytest.fixture
def towns(tmp_path: Path) -> Iterator[tuple[Town, Town]]:
    """North and south. Each trusts both Caddys, so both run before a node begins."""
    north_door, north_inside, south_door, south_inside = free_ports(4)
    with ExitStack() as stack:
        north_proxy = stack.enter_context(running_caddy(north_door, north_inside, tmp_path / "caddy-north"))
        south_proxy = stack.enter_context(running_caddy(south_door, south_inside, tmp_path / "caddy-south"))
        trusted = tmp_path / "authorities.pem"
        trusted.write_text(north_proxy.authority.read_text() + south_proxy.authority.read_text())
        settings = {
            "MANYHANDS_TRUSTED_PROXIES": "127.0.0.1",
            "MANYHANDS_DEV_LOOPBACK_PEERS": "true",
            "SSL_CERT_FILE": str(trusted),
        }
        north = {**settings, "MANYHANDS_BIND": f"127.0.0.1:{north_inside}"}
        south = {**settings, "MANYHANDS_BIND": f"127.0.0.1:{south_inside}"}
        yield (
            stack.enter_context(town("north", tmp_path, north_proxy, north)),
            stack.enter_context(town("south", tmp_path, south_proxy, south)),
        )


# C-58, C-68, C-72, T-42
def test_two_communities_behind_caddy_share_a_need(towns: tuple[Town, Town]) -> None:
    north, south = towns
    south.ask("POST", "/peers", {"address": f"{north.proxy.url}/actors/public", "level": "public"})
    until(lambda: "accepted" in json.dumps(south.ask("GET", "/peers")))

    asked = {"notice": {"title": "A pram", "category": "goods"}, "consent": {"board": True, "peers": "all"}}
    need = north.ask("POST", "/needs", asked)
    north.ask("POST", f"/needs/{need['id']}/shares", {"level": "public"})
    until(lambda: "A pram" in json.dumps(south.ask("GET", "/feed")))


# C-58
def test_an_unsigned_message_is_refused_behind_caddy_too(towns: tuple[Town, Town]) -> None:
    north, _ = towns
    connection = north.proxy.connect()
    connection.request("POST", "/inbox", b'{"type": "Create"}', {"content-type": "application/activity+json"})
    assert connection.getresponse().status == 401
    connection.close()


def test_a_page_takes_a_fraction_of_its_bytes_on_the_way(towns: tuple[Town, Town]) -> None:
    """For a telephone on a bad road."""
    north, _ = towns
    page, headers = north.proxy.read("/ask")
    small, how = north.proxy.read("/ask", {"Accept-Encoding": "gzip"})
    assert "content-encoding" not in headers and how["content-encoding"] == "gzip"
    assert len(small) < len(page) / 2 and len(gzip.decompress(small)) == len(page)
    style = re.search(rb'href="(/static/[^"]+\.css[^"]*)"', page)
    assert style is not None
    style_small, kept = north.proxy.read(style[1].decode(), {"Accept-Encoding": "gzip"})
    assert gzip.decompress(style_small) == north.proxy.read(style[1].decode())[0]
    assert "immutable" in kept["cache-control"] and "accept-encoding" in kept["vary"].lower()
