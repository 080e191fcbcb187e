"""The accessibility checker axe, which is put into pages from outside."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from tests.ports import listening_at
from tests.suites import is_required

_PROGRAM = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
_LONG = {"Content-Type": "text/javascript", "Cache-Control": "max-age=86400, immutable"}


@asynccontextmanager
async def axe() -> AsyncIterator[str]:
    """The address of the checker's program, for as long as the block lasts.

    A browser reads what has an address once and keeps it, which is much sooner done than telling it half a megabyte
    for every page. Without the program the test is skipped, or fails where MANYHANDS_TEST_REQUIRE insists.
    """
    program = _program().read_bytes()

    async def answer(_request: web.BaseRequest) -> web.Response:
        return web.Response(body=program, headers=_LONG)

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    listening = listening_at(0)
    await web.SockSite(runner, listening).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/axe.js"
    finally:
        await runner.cleanup()


def _program() -> Path:
    if _PROGRAM.exists():
        return _PROGRAM
    reason = "axe is not on this machine; `make test-deps` installs it"
    if is_required("axe", os.environ.get("MANYHANDS_TEST_REQUIRE", "")):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
