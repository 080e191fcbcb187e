"""What goes over a village's wire, byte for byte: a door in front of its door that writes down both directions."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from aiohttp import web

from node import serving
from tests.village import Village, free_port


@dataclass
class Exchange:
    """One request and its answer, as they went over the wire."""

    at: str
    asked: bytes = b""
    answered: bytes = b""

    @property
    def line(self) -> str:
        """Method and path."""
        return self.asked.partition(b"\r\n")[0].rpartition(b" ")[0].decode()


@dataclass
class Wire:
    """Every exchange, in order."""

    exchanges: list[Exchange] = field(default_factory=list)

    async def carry(self, name: str, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one request and its answer; each connection carries one."""
        exchange = Exchange(name)
        self.exchanges.append(exchange)
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        line = await reader.readline()
        exchange.asked += line
        inner_writer.write(line + b"Connection: close\r\n")

        def hear(part: bytes) -> None:
            exchange.asked += part

        def say(part: bytes) -> None:
            exchange.answered += part

        asking = asyncio.create_task(_pump(reader, inner_writer, hear))
        await _pump(inner_reader, writer, say)
        asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking
        for one in (inner_writer, writer):
            one.close()
            with suppress(ConnectionError):
                await one.wait_closed()


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter, note: Callable[[bytes], None]) -> None:
    with suppress(ConnectionError):
        while part := await source.read(65536):
            note(part)
            target.write(part)
            await target.drain()


@asynccontextmanager
async def recorded(one: Village, wire: Wire, *routes: web.RouteDef) -> AsyncIterator[None]:
    """Let everything that reaches or leaves this village go over the wire; `routes` are doors of the test's own."""
    await one.close_doors()
    inner = free_port()
    application = serving.make_app(one.community)
    application.add_routes(routes)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", inner).start()
    one._runner = runner
    server = await asyncio.start_server(
        lambda reader, writer: wire.carry(one.community.host, inner, reader, writer), "127.0.0.1", one.port
    )
    try:
        yield
    finally:
        server.close()
        await server.wait_closed()
