"""Serving a community: doors, journal and worker, until the process is told to stop. The only place that knows all."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from node import api, logs
from node.app import current_time, open_community, open_database
from node.context import COMMUNITY, HOME, JOURNAL
from node.services import sealing
from node.services.community import Community, profile_in
from node.settings import Settings
from node.storage.closing import at_work
from node.storage.journal_writer import JournalWriter
from node.storage.master_key import is_sealed
from node.storage.migrate import migrate
from node.watch import until, until_erased, until_sealed
from node.web import routes as pages
from node.web.closed import answer_closed, make_closed_app
from node.worker import Worker

BODY_LIMIT = 1024 * 1024
SHUTDOWN_SECONDS = 10
#: So many new objects are there before the collector looks at them.
NEW_OBJECTS = 5000
#: What other servers know ids or discovery below.
FOR_SERVERS = (
    *("/actors/", "/inbox", "/o/", "/a/", "/agreements/", "/events/"),
    *("/.well-known/", "/nodeinfo/", "/heir/copy"),
)

log = structlog.get_logger("app")


@dataclass(frozen=True)
class Serving:
    """A running server: its real address, and the worker beside it."""

    url: str
    worker: Worker


def make_app(community: Community) -> web.Application:
    """Every door over one community. The journal's writer runs for as long as the application does."""
    app = web.Application(client_max_size=BODY_LIMIT, middlewares=[answer_faults, answer_closed, answer_at_both])
    app[COMMUNITY] = community
    app[JOURNAL] = JournalWriter(community.database.append_to_journal)
    app.cleanup_ctx.append(_write_journal)
    api.setup(app)
    pages.setup(app)
    return app


@web.middleware
async def answer_at_both(request: web.Request, handler: Handler) -> web.StreamResponse:
    """At the address that was left, other servers are answered as ever; people are sent on to the new one."""
    community = request.app[COMMUNITY]
    former = community.homes.former
    if former is None or request.host.lower() != former.host:
        return await handler(request)
    if not request.path.startswith(FOR_SERVERS):
        raise web.HTTPPermanentRedirect(f"{community.base_url}{request.raw_path}")
    request[HOME] = former
    return await handler(request)


@web.middleware
async def answer_faults(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The last net below every door: a fault of ours is logged by its kind alone and answered with one sentence.

    Above every door: nothing here has an address with the character 0 in it, and PostgreSQL cannot even look for it.
    """
    if "%00" in request.raw_path:
        return web.Response(status=404, text="There is nothing here.\n")
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception as error:  # whatever it is, it must not show a traceback or a visitor's address
        log.exception("a request failed", method=request.method, error=type(error).__name__)
        return web.Response(status=500, text="Something went wrong on our side. Please try again.\n")


@asynccontextmanager
async def listening(community: Community) -> AsyncIterator[Serving]:
    """Doors open and worker running, for as long as the block lasts. Raises OSError when the port is taken."""
    runner = web.AppRunner(make_app(community), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    worker = Worker(community)
    try:
        host, port = community.settings.bind_address
        site = web.TCPSite(runner, host, port)
        await site.start()
        async with community.database.hearing(), _beside(worker):
            yield Serving(_real_url(runner, host), worker)
    finally:
        await runner.cleanup()


async def serve(settings: Settings, ready: Callable[[str], None]) -> bool:
    """Run until SIGTERM or SIGINT: stop accepting, finish what was begun, and return False.

    True when the community was sealed or opened again meanwhile: then a new process has to go on, which has nothing of
    the old one's memory.
    """
    logs.configure(settings.log_level)
    stop = _told_to_stop()
    with at_work(settings.data_dir):
        is_over = await _serve(settings, stop, ready)
    return is_over and not await until_erased(stop, settings.data_dir)


async def _serve(settings: Settings, stop: asyncio.Event, ready: Callable[[str], None]) -> bool:
    if is_sealed(settings.data_dir):
        async with _listening_closed(settings) as url:
            ready(url)
            return await until(stop, lambda: not is_sealed(settings.data_dir))
    async with open_community(settings, migrating=True) as community:
        if await sealing.follow(community):
            return True
        async with listening(community) as serving:
            keep_what_is_there()
            ready(serving.url)
            return await until_sealed(stop, community)


async def work(settings: Settings, ready: Callable[[], None]) -> bool:
    """Handle the journal and deliver the outbox beside other processes, until SIGTERM or SIGINT (PostgreSQL only).

    True when a new process has to go on, as with `serve`.
    """
    logs.configure(settings.log_level)
    stop = _told_to_stop()
    with at_work(settings.data_dir):
        is_over = await _work(settings, stop, ready)
    return is_over and not await until_erased(stop, settings.data_dir)


async def _work(settings: Settings, stop: asyncio.Event, ready: Callable[[], None]) -> bool:
    if is_sealed(settings.data_dir):
        ready()
        return await until(stop, lambda: not is_sealed(settings.data_dir))
    async with open_community(settings) as community, community.database.hearing(), _beside(Worker(community)):
        keep_what_is_there()
        ready()
        return await until_sealed(stop, community)


def keep_what_is_there() -> None:
    """Tell the collector of cyclic garbage that whatever is there now stays until the process ends.

    Looking through all of it again and again is up to a fifth of what a delivery costs (docs/performance.md).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)


@asynccontextmanager
async def _listening_closed(settings: Settings) -> AsyncIterator[str]:
    """The doors of a sealed node, each with the same answer, for as long as the block lasts."""
    async with open_database(settings) as database:
        await migrate(database, settings.data_dir / "backups", current_time())
        async with database.reading() as work:
            shown = await profile_in(work)
    runner = web.AppRunner(make_closed_app(shown), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        host, port = settings.bind_address
        await web.TCPSite(runner, host, port).start()
        yield _real_url(runner, host)
    finally:
        await runner.cleanup()


def _told_to_stop() -> asyncio.Event:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop


@asynccontextmanager
async def _beside(worker: Worker) -> AsyncIterator[None]:
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _write_journal(app: web.Application) -> AsyncIterator[None]:
    task = asyncio.create_task(app[JOURNAL].run())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _real_url(runner: web.AppRunner, host: str) -> str:
    port = runner.addresses[0][1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
