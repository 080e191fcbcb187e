"""How a verb reaches the community: settings first, then one event loop for the whole deed."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from node.app import open_community
from node.services.community import Community
from node.settings import Settings, load_settings

try:
    import uvloop
except ImportError:  # it exists for CPython on Unix only
    FASTEST_LOOP: Callable[[], asyncio.AbstractEventLoop] | None = None
else:
    FASTEST_LOOP = uvloop.new_event_loop

T = TypeVar("T")
Verb = TypeVar("Verb", bound=Callable[..., Any])


def data_dir_option(verb: Verb) -> Verb:
    """Every verb takes --data-dir; without it MANYHANDS_DATA_DIR counts, then ./data."""
    option = click.option(
        "--data-dir",
        type=click.Path(path_type=Path),
        default=None,
        metavar="DIR",
        help="Where the community's things are (default: MANYHANDS_DATA_DIR, else ./data).",
    )
    return option(verb)


def settings_of(data_dir: Path | None, **given: str | None) -> Settings:
    """The settings of an existing community. Raises SettingsWrong."""
    settings = load_settings(data_dir, given)
    settings.data_dir.stat()  # a folder that cannot be read is named before anything else goes wrong in it
    return settings


def run_to_end(deed: Coroutine[Any, Any, T]) -> T:
    """Run one deed in an event loop of its own."""
    with asyncio.Runner(loop_factory=FASTEST_LOOP) as runner:
        return runner.run(deed)


def with_community(data_dir: Path | None, deed: Callable[[Community], Awaitable[T]]) -> T:
    """Do something with the community whose things are in `data_dir`, also while its server runs."""
    settings = settings_of(data_dir)

    async def opened() -> T:
        async with open_community(settings) as community:
            return await deed(community)

    return run_to_end(opened())


def begin_anew() -> NoReturn:
    """Go on with the same command in the same process id, with nothing left of this one's memory."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "node", *sys.argv[1:]])


def say(line: str = "") -> None:
    """One line on stdout, at once."""
    click.echo(line)
    sys.stdout.flush()
