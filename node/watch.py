"""What a running process waits for: to be told to stop, or that the community was sealed or opened again."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

import structlog

from node.services import closing, sealing
from node.services.community import Community
from node.storage.closing import is_closing, is_erasing
from node.storage.master_key import is_sealed

#: How soon the server notices that it was sealed by a command, and by a process on another machine.
LOOK_S = 0.5
SEALED_ELSEWHERE_S = 5

log = structlog.get_logger("watch")


async def until_sealed(stop: asyncio.Event, community: Community) -> bool:
    """Wait until told to stop, or until the community is sealed by a page, a command, or on another machine: True.

    Also where it has ended and is about to be erased.
    """
    directory = community.settings.data_dir
    news = asyncio.create_task(_sealed_elsewhere(community))
    try:
        return await until(
            stop, lambda: community.database.vault.is_locked or is_sealed(directory) or is_erasing(directory)
        )
    finally:
        if is_sealed(directory) or is_erasing(directory):
            community.database.vault.forget()
        news.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await news


async def until_erased(stop: asyncio.Event, directory: Path) -> bool:
    """Whether the community has ended; then wait, with everything let go, until all of it is erased.

    A container ends with its server, and `close` may be at work in the same one.
    """
    if not is_erasing(directory):
        return False
    await until(stop, lambda: not is_closing(directory))
    return True


async def _sealed_elsewhere(community: Community) -> None:
    """What another machine decided is in the database alone; on SQLite there is no other machine."""
    while not community.database.is_sqlite:
        await asyncio.sleep(SEALED_ELSEWHERE_S)
        try:
            if await sealing.follow(community) or await closing.is_gone(community.database):
                community.database.vault.forget()
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
