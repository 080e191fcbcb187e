"""Whether everything is as it should be: the database's shape, the folder, the running server."""

import json
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from node.cli.faults import sentence_for
from node.cli.running import data_dir_option, run_to_end, say, settings_of
from node.domain.checks import Check, Standing
from node.services import health
from node.services.health import InTheDatabase
from node.settings import Settings, SettingsWrong
from node.storage import migrate as shape
from node.storage.database import Database
from node.storage.master_key import open_vault
from node.worker.mail import Trouble, check

PATIENCE_S = 5


@click.command()
@click.option("--plan", "only_plan", is_flag=True, help="Only print what would be done.")
@click.option("--check", "only_check", is_flag=True, help="Only tell by the exit status whether something is to do.")
@data_dir_option
def migrate(only_plan: bool, only_check: bool, data_dir: Path | None) -> int:
    """Bring the database to this program's shape; a copy is put aside first."""
    settings = settings_of(data_dir)
    todo = run_to_end(_migrated(settings, only_plan or only_check))
    if todo.is_current:
        say("The database already has this program's shape. Nothing to do.")
        return 0
    for step in todo.steps:
        say(f"{'To do' if only_plan or only_check else 'Done'}: {step}")
    return 1 if only_check else 0


async def _migrated(settings: Settings, only_look: bool) -> shape.Plan:
    async with _database(settings) as database:
        if only_look:
            return await shape.plan(database)
        return await shape.migrate(database, settings.data_dir / "backups", datetime.now(UTC))


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings.database_url, open_vault(settings.data_dir))
    try:
        yield database
    finally:
        await database.close()


@click.command()
@data_dir_option
def healthcheck(data_dir: Path | None) -> int:
    """Ask the running server whether it is well; exit 0 if so."""
    check = _server(settings_of(data_dir))
    say(check.said)
    return 0 if check.is_ok else 1


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
@data_dir_option
def doctor(as_json: bool, data_dir: Path | None) -> int:
    """Look everything over and say in plain words what is not right."""
    checks = list(_checks(data_dir))
    is_well = all(check.is_ok for check in checks)
    if as_json:
        found = [{"name": check.name, "ok": check.is_ok, "said": check.line} for check in checks]
        say(json.dumps({"ok": is_well, "checks": found}))
    else:
        for check in checks:
            say(f"{'fine ' if check.is_ok else 'LOOK '} {check.name}: {check.line}")
    return 0 if is_well else 1


def _checks(data_dir: Path | None) -> Iterator[Check]:
    try:
        settings = settings_of(data_dir)
    except (SettingsWrong, OSError) as error:
        yield Check("settings", Standing.LOOK, sentence_for(error))
        return
    now = datetime.now(UTC)
    for name, look in health.MACHINE.items():
        yield _looked(name, partial(look, settings, now))
    for name, ask in health.DATABASE.items():
        yield _looked(name, partial(_asked, ask, settings))
    yield _server(settings)


def _looked(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except Exception as error:  # a check that cannot be made is itself something to look at
        return Check(name, Standing.LOOK, sentence_for(error))


def _asked(ask: InTheDatabase, settings: Settings) -> Check:
    async def asked() -> Check:
        async with _database(settings) as database:
            found = await ask(database, settings)
        return await _greeted(found, settings) if found.name == "mail" and settings.smtp_url else found

    return run_to_end(asked())


async def _greeted(found: Check, settings: Settings) -> Check:
    """The same, with how the mail server answers now; a page does not ask it."""
    try:
        said = f"The mail server {await check(settings)} answers and takes mail from us."
    except Trouble as trouble:
        return Check(found.name, Standing.LOOK, str(trouble))
    return replace(found, said=f"{found.said} {said}", remedy="", command="")


def _server(settings: Settings) -> Check:
    host, port = settings.bind_address
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    address = f"http://[{here}]:{port}/livez" if ":" in here else f"http://{here}:{port}/livez"
    request = urllib.request.Request(address, headers={"Host": settings.host})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=PATIENCE_S) as answer:
            return Check(
                "server",
                Standing.FINE if answer.status == 200 else Standing.LOOK,
                f"The server answers on {settings.bind}.",
            )
    except urllib.error.HTTPError as error:
        return Check("server", Standing.LOOK, f"The server on {settings.bind} is not well: it answered {error.code}.")
    except OSError:
        return Check("server", Standing.LOOK, f"No server answers on {settings.bind}. Start it with: manyhands serve")
