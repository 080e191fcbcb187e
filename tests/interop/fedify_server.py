"""Starts the independent server of tests/interop/fedify and speaks to its control door."""

import json
import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.suites import FEDIFY, needs

READY: Final = "listening on "
NO_PROXY: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class CommandFailed(Exception):
    """The independent server could not do what it was told; the message is its own."""


@dataclass(frozen=True)
class FedifyServer:
    """A running independent server. Its own calls block: from async code use `asyncio.to_thread`."""

    url: str

    @property
    def actor(self) -> str:
        """The id of the one person who lives there."""
        return f"{self.url}/users/stranger"

    def follow(self, actor: str) -> str:
        """It asks to follow `actor`; answers the Follow's id. Returns when the Follow was delivered."""
        return str(self.command("follow", actor=actor)["id"])

    def unfollow(self, actor: str) -> str:
        """It takes its Follow of `actor` back."""
        return str(self.command("unfollow", actor=actor)["id"])

    def post(self, content: str) -> str:
        """It sends a public note to its followers; answers the note's id."""
        return str(self.command("post", content=content)["id"])

    def edit(self, post: str, content: str) -> None:
        """It sends the Update of a note of its own."""
        self.command("edit", id=post, content=content)

    def delete(self, post: str) -> None:
        """It sends the Delete of a note of its own."""
        self.command("delete", id=post)

    def propose(self, **wanted: str) -> dict[str, str]:
        """It sends a proposal to its followers; answers the proposal's id and its intent's."""
        return {name: str(value) for name, value in self.command("propose", **wanted).items()}

    def offer(self, actor: str, **wanted: str) -> str:
        """It offers `actor` an agreement about a proposal; answers the Offer's id."""
        return str(self.command("offer", actor=actor, **wanted)["id"])

    def agree(self, offer: str, hours: int) -> str:
        """It accepts an Offer that it received, for some hours; answers the agreement's id."""
        return str(self.command("agree", offer=offer, hours=str(hours))["agreement"])

    def read(self, kind: str, document: Any) -> dict[str, Any]:
        """What the native class `kind` of its vocabulary understands of a document. Raises CommandFailed."""
        return self.command("read", kind=kind, document=document)

    def market(self) -> list[dict[str, Any]]:
        """The offers, and the answers to offers, that reached it, as its native classes understood them."""
        return self.view("market")

    def inbox(self) -> list[dict[str, Any]]:
        """Every message that reached it.

        Each has: type, id, actor, object, content, status, believed, by_http_signature, scheme (rfc9421 or cavage).
        """
        return self.view("inbox")

    def timeline(self) -> list[dict[str, Any]]:
        """The notes of others as it would show them now: id, author, content, published, updated, url."""
        return self.view("timeline")

    def followers(self) -> list[str]:
        """The ids of the actors that follow it."""
        return self.view("followers")

    def command(self, name: str, **body: Any) -> dict[str, Any]:
        """POST /control/`name`. Raises CommandFailed with what the server said."""
        request = urllib.request.Request(f"{self.url}/control/{name}", json.dumps(body).encode(), method="POST")
        try:
            with NO_PROXY.open(request, timeout=30) as answer:
                done: dict[str, Any] = json.load(answer)
                return done
        except urllib.error.HTTPError as refusal:
            with refusal:
                raise CommandFailed(refusal.read().decode()) from None

    def view(self, name: str) -> list[Any]:
        """GET /control/`name`."""
        with NO_PROXY.open(f"{self.url}/control/{name}", timeout=10) as answer:
            seen: list[Any] = json.load(answer)
            return seen


@contextmanager
def running_fedify(log: Path, *flags: str) -> Iterator[FedifyServer]:
    """The server on a free port of this machine, stopped at the end; what it says on stderr goes to `log`."""
    node = needs("fedify")
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [str(node), "server.mjs", "0", *flags],
            cwd=FEDIFY,
            env={name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        with process:
            try:
                yield FedifyServer(_address(process, log))
            finally:
                process.kill()


def _address(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line.startswith(READY):
        raise CommandFailed(f"the server did not start: {line}{log.read_text()}")
    return line.removeprefix(READY).strip()
