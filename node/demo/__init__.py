"""`manyhands demo`: one community's need is met by another, and a third one is introduced, before your eyes."""

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path

from node.demo.story import walk_through
from node.demo.towns import bring_sample, found, name_of_this_machine, running
from node.demo.walking import StepFailed, Walk

__all__ = ["NAMES", "StepFailed", "show"]

NAMES = ("North Side Neighbours", "River Street Circle", "Market Hall Kitchen")
#: Names of this machine, so that a browser keeps the sign-ins apart. Not every machine has the last one.
HOSTS = ("localhost", "127.0.0.1", "127.0.0.2")

Say = Callable[[str], None]


async def show(say: Say, once: bool, stop: asyncio.Event) -> None:
    """Tell the story line by line; without `once`, stay up until `stop` is set. Raises StepFailed naming the step."""
    with tempfile.TemporaryDirectory(prefix="manyhands-demo-", ignore_cleanup_errors=True) as folder:
        towns = [
            await found(name, name_of_this_machine(host), Path(folder) / host)
            for name, host in zip(NAMES, HOSTS, strict=True)
        ]
        asking, helping, newcomer = towns
        brought = await bring_sample(asking)
        say(f"{asking.place.name} brought in a spreadsheet: {len(brought.added)} needs and offers.")
        async with running(asking), running(helping), running(newcomer):
            for town in towns:
                say(f"{town.place.name} is at {town.settings.base_url} (sign in once: {town.link})")
            await _walk_unless(stop, Walk(asking.place, helping.place, newcomer.place), say)
            if not once:
                say("All three stay up: sign in with the links above and look around. Ctrl-C ends the demo.")
                await stop.wait()


async def _walk_unless(stop: asyncio.Event, walk: Walk, say: Say) -> None:
    walking, stopped = asyncio.create_task(walk_through(walk, say)), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({walking, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not walking.done():
            raise StepFailed("The demo was stopped before its last step.")
        await walking
    finally:
        walking.cancel()
        stopped.cancel()
        await asyncio.gather(walking, stopped, return_exceptions=True)
