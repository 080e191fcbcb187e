"""The other side of the wire: connections that send posts, and a server that takes deliveries."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias, cast

import orjson

ACCEPTED: Final = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
AT_MOST_SECONDS: Final = 300
_END: Final = b"\r\n\r\n"
_KEY: Final = re.compile(rb'keyid="[^"#]*#([a-z0-9-]+)"', re.IGNORECASE)

Counted: TypeAlias = Counter[bytes]


class NotAccepted(Exception):
    """A post was answered by something else than 202."""


class _Sender(asyncio.Protocol):
    """One connection: sends the next post as soon as the last is answered."""

    def __init__(self, posts: "asyncio.Queue[bytes]", took: list[float]) -> None:
        self._posts = posts
        self._took = took
        self._received = b""
        self._sent_at = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's are not registered as such
        self._next()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if _END not in self._received:
            return
        if not self._received.startswith(b"HTTP/1.1 202"):
            self._finish(NotAccepted(self._received[:500].decode("latin-1")))
            return
        self._took.append(time.perf_counter() - self._sent_at)
        self._received = b""
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        self._finish(error or NotAccepted("the server closed the connection"))

    def _next(self) -> None:
        if self._posts.empty():
            self._finish(None)
            return
        self._sent_at = time.perf_counter()
        self._transport.write(self._posts.get_nowait())

    def _finish(self, error: Exception | None) -> None:
        if self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)
        self._transport.close()


async def send(port: int, posts: Sequence[bytes], connections: int) -> list[float]:
    """Send these posts over so many connections at once; seconds each took. Raises NotAccepted."""
    waiting: asyncio.Queue[bytes] = asyncio.Queue()
    for post in posts:
        waiting.put_nowait(post)
    took: list[float] = []
    loop = asyncio.get_running_loop()
    opened = [loop.create_connection(lambda: _Sender(waiting, took), "127.0.0.1", port) for _ in range(connections)]
    senders = [protocol for _, protocol in await asyncio.gather(*opened)]
    async with asyncio.timeout(AT_MOST_SECONDS):
        await asyncio.gather(*(sender.done for sender in senders))
    return took


class _Taker(asyncio.Protocol):
    """One connection of a server that shows `documents` to whoever asks, and answers every POST with 202."""

    def __init__(self, documents: Mapping[str, dict[str, Any]], arrived: Counted) -> None:
        self._documents = documents
        self._arrived = arrived
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's are not registered as such

    def data_received(self, data: bytes) -> None:
        self._received += data
        while True:
            head, end, rest = self._received.partition(_END)
            length = _content_length(head)
            if not end or len(rest) < length:
                return
            self._received = rest[length:]
            if head.startswith(b"POST"):
                self._arrived[_key(head)] += 1
                self._transport.write(ACCEPTED)
            else:
                self._transport.write(self._shown(head))

    def _shown(self, head: bytes) -> bytes:
        path = head.split(b" ", 2)[1].decode()
        body = orjson.dumps(self._documents[path])
        kind = b"Content-Type: application/activity+json\r\n"
        return b"HTTP/1.1 200 OK\r\n%bContent-Length: %d\r\n\r\n%b" % (kind, len(body), body)


@asynccontextmanager
async def taker(documents: Mapping[str, dict[str, Any]], arrived: Counted) -> AsyncIterator[int]:
    """A server on this machine, for as long as the block lasts: its port.

    `documents` are by path; in `arrived` each delivery is counted by the name of the key it says it is signed with.
    """
    server = await asyncio.get_running_loop().create_server(lambda: _Taker(documents, arrived), "127.0.0.1", 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()


def _key(head: bytes) -> bytes:
    found = _KEY.search(head)
    return found[1] if found else b"unsigned"


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
