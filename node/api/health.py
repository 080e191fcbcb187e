"""For whatever watches the process: does it run, and can it do its work?"""

import asyncio

from aiohttp import web

from node.context import community_of

#: Seconds the database may take before it counts as not answering.
PATIENCE = 5


async def livez(_request: web.Request) -> web.Response:
    """200 as long as the process answers at all."""
    return web.Response(text="ok", headers={"Cache-Control": "no-store"})


async def readyz(request: web.Request) -> web.Response:
    """200 when the database answers, 503 otherwise."""
    is_ready = await _is_database_answering(request)
    text = "ok" if is_ready else "The database does not answer."
    return web.Response(text=text, status=200 if is_ready else 503, headers={"Cache-Control": "no-store"})


def setup(app: web.Application) -> None:
    """Give the application `/livez` and `/readyz`."""
    app.router.add_get("/livez", livez)
    app.router.add_get("/readyz", readyz)


async def _is_database_answering(request: web.Request) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            return await community_of(request).database.is_answering()
    except (TimeoutError, OSError):
        return False
