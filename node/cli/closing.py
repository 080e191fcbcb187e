"""`close`: the community ends, its neighbours are told, and everything it holds is erased."""

import time
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import click

from node import app, logs, serving
from node.cli.running import data_dir_option, run_to_end, say
from node.domain.errors import Conflict
from node.services import closing
from node.services.closing import Left, Neighbour, Told
from node.services.community import Community, profile_in
from node.settings import Settings, load_settings
from node.storage.closing import Ending, alone, ending_of
from node.storage.database import Database
from node.storage.master_key import SEALED, is_sealed
from node.storage.vault import KEY_BYTES, Vault

LONGEST_WAIT_MIN = 24 * 60
SERVER_STOPS_WITHIN_S = 30
SAID = {
    Told.ERASED: "has erased its copies",
    Told.TOLD: "was told, no answer yet",
    Told.NOTHING_HELD: "was told; it held nothing of ours that it would have to answer for",
    Told.UNREACHABLE: "could not be reached",
}


@click.command()
@click.option("--name", "typed", metavar="NAME", help="The community's name, exactly, instead of being asked for it.")
@click.option(
    "--wait",
    "minutes",
    type=click.IntRange(0, LONGEST_WAIT_MIN),
    default=10,
    show_default=True,
    metavar="MINUTES",
    help="For how long neighbours are given time to answer.",
)
@data_dir_option
def close(typed: str | None, minutes: int, data_dir: Path | None) -> None:
    """End the community: take back what it shares, tell its neighbours, and erase everything it holds."""
    ending, settings = _found(data_dir)
    name = ending.name if ending else run_to_end(_name(settings))
    if typed is None:
        _explain(name, settings)
        typed = click.prompt(f"Type the community's name ({name}) to end it", err=True).strip()
    if typed != name:
        raise click.UsageError("This is not the community's name. Nothing was changed.")
    if ending is None or not ending.is_erasing:
        ending = _leave(settings, timedelta(minutes=minutes))
    _say_left(_erase(settings), settings)


def _found(data_dir: Path | None) -> tuple[Ending | None, Settings]:
    """How far it had come before, and the settings, which may be erased already."""
    place = load_settings(data_dir, {"base_url": "http://localhost"}).data_dir
    ending = ending_of(place) if place.is_dir() else None
    settings = load_settings(data_dir, {"base_url": ending.base_url} if ending else {})
    settings.data_dir.stat()
    if is_sealed(settings.data_dir) and (ending is None or not ending.is_erasing):
        raise Conflict(SEALED)
    return ending, settings


async def _name(settings: Settings) -> str:
    async with app.open_community(settings) as community, community.database.reading() as work:
        return (await profile_in(work)).name


def _explain(name: str, settings: Settings) -> None:
    is_sqlite = settings.database_url.startswith("sqlite")
    kept = "the database, the keys and the backups" if is_sqlite else "every table, the keys and the backups"
    say(f"This ends {name} for good. Nobody can undo it.")
    say("1. Everything it shares is taken back, tasks go back to where they came from, and every neighbour is asked to")
    say("   erase its copies. Then every link with them ends.")
    say(f"2. Then {kept} of {settings.data_dir} are erased.")
    say("What cannot be erased from here: copies on other disks and machines, such as a keyring on a stick or an")
    say("export; and what is held by a neighbour that does not answer.")
    say("To keep a copy of everything first: manyhands export DIR")


def _leave(settings: Settings, wait: timedelta) -> Ending:
    """Tell everybody; from the end of this on nothing opens any more."""
    logs.configure("error")
    say("Neighbours are being told.")
    ending, told = run_to_end(_take_leave(settings, wait))
    for one in told:
        say(f"{one.name} {_said(one)}.")
    return closing.end_telling(settings, ending)


def _said(one: Neighbour) -> str:
    is_silent = one.told is Told.TOLD and not one.answers
    return "was told; servers of its kind send no answer" if is_silent else SAID[one.told]


async def _take_leave(settings: Settings, wait: timedelta) -> tuple[Ending, tuple[Neighbour, ...]]:
    """Beside a running server, which delivers; else with the doors open here, so that neighbours can answer."""
    async with AsyncExitStack() as stack:
        is_alone = stack.enter_context(alone(settings.data_dir))
        community: Community = await stack.enter_async_context(app.open_community(settings))
        if is_alone:
            await stack.enter_async_context(serving.listening(community))
        ending = await closing.begin(community)
        return ending, await closing.take_leave(community, ending, wait)


def _erase(settings: Settings) -> Left:
    """Once the server has noticed that it is over, and let go of everything."""
    until = time.monotonic() + SERVER_STOPS_WITHIN_S
    while True:
        with alone(settings.data_dir) as is_alone:
            if is_alone:
                if not settings.database_url.startswith("sqlite"):
                    run_to_end(_empty(settings))
                return closing.erase(settings)
        if time.monotonic() > until:
            raise Conflict("The server did not stop by itself, so nothing is erased yet. Stop it, then run this again.")
        time.sleep(closing.LOOK_AGAIN_S)


async def _empty(settings: Settings) -> None:
    database = Database(settings.database_url, Vault(bytes(KEY_BYTES)))
    try:
        await closing.empty(database)
    finally:
        await database.close()


def _say_left(left: Left, settings: Settings) -> None:
    say(f"Everything in {settings.data_dir} is erased.")
    if not settings.database_url.startswith("sqlite"):
        say("The tables in PostgreSQL are empty. The database itself, its backups, and data directories on other")
        say("machines are yours to remove.")
    for path in left.elsewhere:
        say(f"It lies elsewhere, so it is yours to remove: {path}")
    for path in left.not_ours:
        say(f"It was not made by manyhands and stays: {path}")
    say("Copies that were carried away, such as the keyring on another disk, have to be destroyed by hand.")
