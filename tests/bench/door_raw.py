"""Baseline of goal 1: a protocol written by hand over uvloop and httptools, bare checks, group commit by sqlite3."""

import asyncio
import sqlite3
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import httptools
import uvloop
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from tests.bench.bare_checks import check, keys_of
from tests.bench.load import ACCEPTED
from tests.bench.processes import configuration, obey
from tests.bench.store import INTO_JOURNAL, make_file, open_plainly, write_plainly


class Writer:
    """Commits whatever waits, together, as soon as the last commit is back."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._thread = ThreadPoolExecutor(1)
        self._waiting: list[tuple[dict[str, Any], asyncio.Transport]] = []
        self._running = False

    def take(self, row: dict[str, Any], to: asyncio.Transport) -> None:
        self._waiting.append((row, to))
        if not self._running:
            self._running = True
            self._write()

    def _write(self) -> None:
        batch, self._waiting = self._waiting, []
        rows = [row for row, _ in batch]
        loop = asyncio.get_running_loop()
        done = loop.run_in_executor(self._thread, write_plainly, self._connection, INTO_JOURNAL, rows)
        done.add_done_callback(lambda future: self._written(future, batch))

    def _written(self, future: "asyncio.Future[None]", batch: list[tuple[dict[str, Any], asyncio.Transport]]) -> None:
        future.result()
        for _, transport in batch:
            transport.write(ACCEPTED)
        if self._waiting:
            self._write()
        else:
            self._running = False


class Door(asyncio.Protocol):
    """One connection."""

    def __init__(self, keys: Mapping[str, RSAPublicKey], writer: Writer) -> None:
        self._keys = keys
        self._writer = writer
        self._parser = httptools.HttpRequestParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's are not registered as such

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []

    def on_url(self, url: bytes) -> None:
        self._target = url.decode("ascii")

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, part: bytes) -> None:
        self._body.append(part)

    def on_message_complete(self) -> None:
        found = check(self._headers, self._target, b"".join(self._body), self._keys)
        self._writer.take(found.row(), self._transport)


async def main(given: dict[str, Any]) -> None:
    """Answer posts until stdin ends."""
    connection = open_plainly(await make_file(Path(given["folder"])))
    writer, keys = Writer(connection), keys_of(given["keys"])
    server = await asyncio.get_running_loop().create_server(lambda: Door(keys, writer), "127.0.0.1", 0)

    async def answer(asked: dict[str, Any]) -> dict[str, Any]:
        (stored,) = connection.execute(f"SELECT count(*) FROM {asked['table']}").fetchone()
        return {"stored": stored}

    await obey({"port": server.sockets[0].getsockname()[1]}, answer)
    server.close()


if __name__ == "__main__":
    uvloop.run(main(configuration()))
