"""What a running process waits for: to be told to stop, or that the community was sealed or opened again."""

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from node.services import sealing
from node.services.community import Community
from node.storage.master_key import is_sealed

#: How soon the server notices that it was sealed by a command, and by a process on another machine.
LOOK_S = 0.5
SEALED_ELSEWHERE_S = 5

log = structlog.get_logger("watch")


async def until_sealed(stop: asyncio.Event, community: Community) -> bool:
    """Wait until told to stop, or until the community is sealed by a page, a command, or on another machine: True."""
    news = asyncio.create_task(_sealed_elsewhere(community))
    try:
        return await until(stop, lambda: community.database.vault.is_locked or is_sealed(community.settings.data_dir))
    finally:
        if is_sealed(community.settings.data_dir):
            community.database.vault.forget()
        news.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await news


async def _sealed_elsewhere(community: Community) -> None:
    """What another machine decided is in the database alone; on SQLite there is no other machine."""
    while not community.database.is_sqlite:
        await asyncio.sleep(SEALED_ELSEWHERE_S)
        try:
            await sealing.follow(community)
        except Exception as error:  # the database may be gone for a while
            log.warning("whether the node was sealed cannot be read", error=type(error).__name__)


async def until(stop: asyncio.Event, happened: Callable[[], bool]) -> bool:
    """Wait until `stop` is set (False) or something happened (True)."""
    while not stop.is_set():
        if happened():
            return True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_S):
                await stop.wait()
    return False
