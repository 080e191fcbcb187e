"""Baseline of goal 2: the usual design. aiohttp, bare checks, and an ORM session with its own commit for every post."""

from pathlib import Path
from typing import Any

import uvloop
from aiohttp import web
from sqlalchemy import event, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from node.storage.sqlite import PRAGMAS
from node.storage.tables import journal
from tests.bench.bare_checks import check, keys_of
from tests.bench.processes import configuration, obey
from tests.bench.store import make_file


class Entity(DeclarativeBase):
    """What the ORM maps."""

    metadata = journal.metadata


class JournalEntry(Entity):
    """A row of the journal as an object."""

    __table__ = journal


def engine_of(file: Path) -> AsyncEngine:
    """The node's own file, as durable as the node opens it."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{file}")

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    return engine


async def main(given: dict[str, Any]) -> None:
    """Answer posts until stdin ends."""
    keys, engine = keys_of(given["keys"]), engine_of(await make_file(Path(given["folder"])))
    sessions = async_sessionmaker(engine, expire_on_commit=False)

    async def post_inbox(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        found = check(headers, request.raw_path, await request.read(), keys)
        moment = {"received_at": found.now, "due_at": found.now}
        async with sessions() as session, session.begin():
            session.add(JournalEntry(**found.row() | moment))
        return web.Response(status=202)

    async def answer(asked: dict[str, Any]) -> dict[str, Any]:
        async with sessions() as session:
            table = Entity.metadata.tables[asked["table"]]
            return {"stored": await session.scalar(select(func.count()).select_from(table))}

    app = web.Application()
    app.router.add_post("/inbox", post_inbox)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await obey({"port": runner.addresses[0][1]}, answer)
    await runner.cleanup()
    await engine.dispose()


if __name__ == "__main__":
    uvloop.run(main(configuration()))
