"""Setting a community up, and showing what it was told."""

import json
import shutil
from pathlib import Path

import click
import segno
from babel.dates import LOCALTZ

from node import app
from node.cli.running import data_dir_option, run_to_end, say, settings_of
from node.domain.errors import Conflict
from node.services.community import profile
from node.settings import CONFIG_FILE, PREFIX, Settings, load_settings, origins


@click.command()
@click.option("--name", required=True, help="What the community is called.")
@click.option("--base-url", required=True, metavar="URL", help="Its public address, such as https://hands.example.org.")
@data_dir_option
def init(name: str, base_url: str, data_dir: Path | None) -> None:
    """Set up a community: keys, database, and a link for its first steward."""
    settings = load_settings(data_dir, {"base_url": base_url})
    if settings.config_path.exists():
        _say_what_exists(settings_of(data_dir))
        return
    timezone = settings.timezone or _machine_timezone()
    done = _set_up(settings, name, timezone)
    changes = "TIMEZONE changes" if settings.timezone else "a steward changes"
    say(f"{done.name} is set up in {settings.data_dir}. Times are told for {timezone}; {changes} that.")
    say("Open this link once, within a day, to become its first steward:")
    say(done.link)
    segno.make(done.link, error="m").terminal(compact=True)
    say(f"Start it with: manyhands serve --data-dir {settings.data_dir}")
    say("To be able to seal it in an emergency, choose a passphrase: manyhands seal --prepare")


def _machine_timezone() -> str:
    """What this machine's own clock is set to; UTC where it does not say."""
    return getattr(LOCALTZ, "key", None) or "UTC"


def _set_up(settings: Settings, name: str, timezone: str) -> app.Initialised:
    """All or nothing: a folder made for a community that could not be set up goes away again."""
    is_new = not settings.data_dir.exists()
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        done = run_to_end(app.initialise(settings, name, timezone))
        _write_config(settings, _told_database(settings))
    except Conflict:
        raise _already_there(settings, is_new) from None
    except BaseException:
        if is_new:
            shutil.rmtree(settings.data_dir, ignore_errors=True)
        raise
    return done


def _already_there(settings: Settings, is_new: bool) -> Conflict:
    if settings.database_url.startswith("sqlite"):
        return Conflict(
            f"{settings.data_dir} holds a community whose setting up was interrupted. Remove the folder and try again."
        )
    if is_new:
        shutil.rmtree(settings.data_dir, ignore_errors=True)
    return Conflict(
        "The database in DATABASE_URL already holds a community. Name an empty one; or, to run that community on a "
        "further machine, copy its data directory there instead."
    )


def _say_what_exists(settings: Settings) -> None:
    async def name() -> str:
        async with app.open_community(settings) as community:
            return (await profile(community)).name

    say(f"{run_to_end(name())} is already set up in {settings.data_dir}, at {settings.base_url}. Nothing was changed.")
    say("For a new link to sign in with, run: manyhands member link NAME")


def _told_database(settings: Settings) -> str:
    """The line that remembers which database server was named; none for one that stands in a file of its own."""
    sources = {origin.name: origin.source for origin in origins(settings.data_dir, {"base_url": settings.base_url})}
    is_plain = sources["DATABASE_URL"] == f"environment {PREFIX}DATABASE_URL"
    return f"DATABASE_URL = {json.dumps(settings.database_url)}\n" if is_plain else ""


def _write_config(settings: Settings, more: str) -> None:
    """The file appears whole or not at all: it is what says that a community is set up."""
    text = (
        "# Settings of this community's server; the names are explained in the documentation.\n"
        "# The environment (MANYHANDS_BASE_URL and so on) wins over what is written here.\n"
        f'BASE_URL = "{settings.base_url}"\n{more}'
    )
    draft = settings.data_dir / f".{CONFIG_FILE}.new"
    draft.write_text(text, encoding="utf-8")
    draft.chmod(0o600)
    draft.replace(settings.config_path)


@click.group(no_args_is_help=False)
def config() -> None:
    """What the server was told from outside."""


@config.command("show")
@data_dir_option
def config_show(data_dir: Path | None) -> None:
    """Print each setting's value and where it came from; passwords are left out."""
    for origin in origins(data_dir):
        say(f"{origin.name} = {origin.shown}  ({origin.source})")
