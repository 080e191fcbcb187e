"""What only PostgreSQL has: many processes over one database, taking turns and telling each other.

Deciding transactions are one at a time over all processes, as on SQLite: an advisory lock that ends with the
transaction. So what was read stays true until it is stored, and nothing has to be done twice. Queues need no turn:
what one process has claimed the others pass over.

LISTEN and advisory locks belong to a session. A pooler that hands sessions out by the transaction takes both away.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import uuid4

import structlog
from sqlalchemy import Integer, NullPool, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from node.storage.news import News, Topic
from node.storage.turns import Turn

CHANNEL: Final = "manyhands"
LOCKS: Final = 0x4D48  # our part of the numbers that all programs using this database share
LISTEN_AGAIN_S: Final = 1.0
LONGEST_ABOUT: Final = 7_000  # of the 8,000 bytes that one notification may have
#: A session that waits for its turn longer than this, or holds it longer without a word, is ended by the server.
PATIENCE_MS: Final = {"lock_timeout": 10_000, "idle_in_transaction_session_timeout": 60_000}

_AWAIT_TURN: Final = select(func.pg_advisory_xact_lock(LOCKS, bindparam("turn", type_=Integer)))

log = structlog.get_logger("storage")


def open_engine(url: str, **more: Any) -> AsyncEngine:
    """An engine whose sessions are impatient."""
    told = {"application_name": "manyhands"} | {name: str(value) for name, value in PATIENCE_MS.items()}
    return create_async_engine(url, connect_args={"server_settings": told}, **more)


async def await_turn(connection: AsyncConnection, turn: Turn) -> None:
    """Wait until no transaction of any other process has this turn; it ends with the transaction."""
    await connection.execute(_AWAIT_TURN, {"turn": turn})


class Others:
    """The other processes over the same database."""

    def __init__(self, url: str) -> None:
        # Sessions that are not lent out again: what they hold must end with them.
        self._apart = open_engine(url, poolclass=NullPool)
        self._name = uuid4().hex

    @asynccontextmanager
    async def keep_out(self, turn: Turn) -> AsyncIterator[bool]:
        """Whether this turn is ours for as long as the block lasts; False where another process has it."""
        async with self._apart.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            yield bool(await connection.scalar(select(func.pg_try_advisory_lock(LOCKS, turn))))

    async def tell(self, connection: AsyncConnection, news: frozenset[News]) -> None:
        """Let the others know once this transaction is committed."""
        for one in sorted(news, key=lambda one: (one.topic, one.about)):
            about = one.about if len(one.about.encode()) <= LONGEST_ABOUT else ""
            payload = f"{self._name} {one.topic} {about}"
            await connection.execute(select(func.pg_notify(CHANNEL, payload)))

    async def listen(self, hear: Callable[[News], None]) -> None:
        """Hear what the others tell, for ever; a session that breaks off is made anew.

        Whatever may have been missed meanwhile is told as news about nothing in particular.
        """
        while True:
            try:
                await self._listen_once(hear)
            except Exception as error:  # the server may be gone for a while; it is listened to again when it is back
                log.warning("the other processes cannot be heard", error=type(error).__name__)
            await asyncio.sleep(LISTEN_AGAIN_S)

    async def close(self) -> None:
        """Let go of every session."""
        await self._apart.dispose()

    async def _listen_once(self, hear: Callable[[News], None]) -> None:
        def received(_connection: object, _pid: int, _channel: str, payload: str) -> None:
            teller, topic, about = payload.split(" ", 2)
            if teller != self._name and topic in set(Topic):
                hear(News(Topic(topic), about))

        broken = asyncio.Event()
        async with self._apart.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None
            driver.add_termination_listener(lambda _: broken.set())
            await driver.add_listener(CHANNEL, received)
            for topic in Topic:
                hear(News(topic))
            await broken.wait()


async def fault(engine: AsyncEngine) -> str | None:
    """What is wrong with the server's own settings, as one sentence; None where nothing is."""
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        encoding = await connection.scalar(text("SHOW server_encoding"))
        sessions = {await connection.scalar(select(func.pg_backend_pid())) for _ in range(3)}
    if encoding != "UTF8":
        return f"The database is kept in the encoding {encoding}. Make a new one in UTF8, and move everything there."
    if len(sessions) > 1:
        return "A pooler stands in front of PostgreSQL that shares sessions. Set it to session mode, or go round it."
    return None
