"""Whether everything is as it should be: the database's shape, the folder, the running server."""

import json
import shutil
import stat
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from node.cli.faults import sentence_for
from node.cli.running import data_dir_option, run_to_end, say, settings_of
from node.domain.tellings import TellingState, Way
from node.services import backups
from node.settings import Settings, SettingsWrong
from node.storage import migrate as shape
from node.storage.database import Database
from node.storage.master_key import SEALED, has_passphrase, is_sealed, open_vault
from node.storage.vault import MASTER_KEY_FILE, CannotOpen, load_vault
from node.worker.mail import Trouble, check

ROOM_NEEDED = 200 * 1024 * 1024
PATIENCE_S = 5
STALE_DAYS = 3
NOBODY_YET = "Members may be told on their devices; nobody wants to be yet."
OTHER_KEY = (
    "Where a member's device takes messages is locked with another master key. Put that key back from your keyring "
    "backup; or a steward switches telling on devices off and on again at /settings/devices."
)
NOT_TAKEN = (
    "The last message to a member's devices was taken by no push service. Can this server reach the Internet over "
    "https? If it can, that member may switch it off and on again at /account/devices."
)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, and what was found in plain words."""

    name: str
    ok: bool
    said: str


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
    return 0 if check.ok else 1


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
@data_dir_option
def doctor(as_json: bool, data_dir: Path | None) -> int:
    """Look everything over and say in plain words what is not right."""
    checks = list(_checks(data_dir))
    if as_json:
        say(json.dumps({"ok": all(check.ok for check in checks), "checks": [asdict(check) for check in checks]}))
    else:
        for check in checks:
            say(f"{'fine ' if check.ok else 'LOOK '} {check.name}: {check.said}")
    return 0 if all(check.ok for check in checks) else 1


def _checks(data_dir: Path | None) -> Iterator[Check]:
    try:
        settings = settings_of(data_dir)
    except (SettingsWrong, OSError) as error:
        yield Check("settings", False, sentence_for(error))
        return
    yield Check("settings", True, f"The community's address is {settings.base_url}.")
    for look in (_folder, _secrets, _room, _shape, _backups, _mail, _devices, _federation, _server):
        yield _looked(look, settings)


def _looked(look: Callable[[Settings], Check], settings: Settings) -> Check:
    try:
        return look(settings)
    except Exception as error:  # a check that cannot be made is itself something to look at
        return Check(look.__name__.strip("_"), False, sentence_for(error))


def _folder(settings: Settings) -> Check:
    others = stat.S_IMODE(settings.data_dir.stat().st_mode) & 0o077
    if others:
        return Check("folder", False, f"Others on this machine may look into it. Run: chmod 700 {settings.data_dir}")
    return Check("folder", True, f"{settings.data_dir} is for its owner only.")


def _secrets(settings: Settings) -> Check:
    if is_sealed(settings.data_dir):
        return Check("secrets", False, SEALED)
    path = settings.data_dir / MASTER_KEY_FILE
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Check("secrets", False, f"Others on this machine may read the master key. Run: chmod 600 {path}")
    load_vault(settings.data_dir)
    said = "The master key is whole and for its owner only."
    if not has_passphrase(settings.data_dir):
        said += " To be able to seal the community in an emergency, run: manyhands seal --prepare"
    return Check("secrets", True, said)


def _room(settings: Settings) -> Check:
    free = shutil.disk_usage(settings.data_dir).free
    said = f"{free // (1024 * 1024)} MB are free on the disk."
    return Check("room", free >= ROOM_NEEDED, said if free >= ROOM_NEEDED else f"Only {said} Make room soon.")


def _shape(settings: Settings) -> Check:
    if fault := run_to_end(_fault(settings)):
        return Check("database", False, fault)
    if run_to_end(_migrated(settings, only_look=True)).is_current:
        return Check("database", True, "The database has this program's shape.")
    return Check("database", False, "The database is older than this program. Run: manyhands migrate")


async def _fault(settings: Settings) -> str | None:
    async with _database(settings) as database:
        return await database.fault()


def _backups(settings: Settings) -> Check:
    last = backups.newest(settings)
    if last is None and not settings.backup_recipients:
        return Check("backups", True, "None are made by themselves. deploy/backup.md tells how to change that.")
    if last is None:
        return Check("backups", False, "There is none yet. Run: manyhands backup create")
    days = (datetime.now(UTC) - last).days
    said = f"The newest is of {last:%Y-%m-%d}, in {settings.backup_dir}."
    return Check("backups", days < STALE_DAYS, said if days < STALE_DAYS else f"{said} Run: manyhands backup create")


def _mail(settings: Settings) -> Check:
    if not settings.smtp_url:
        return Check("mail", True, "None is sent (SMTP_URL is off). Pages, codes and feeds work without it.")
    try:
        return Check("mail", True, f"The mail server {run_to_end(check(settings))} answers and takes mail from us.")
    except Trouble as trouble:
        return Check("mail", False, str(trouble))


def _devices(settings: Settings) -> Check:
    return run_to_end(told_on_devices(settings))


async def told_on_devices(settings: Settings) -> Check:
    """Whether members are told on their devices, and whether that comes through; nobody's device is asked for."""
    async with _database(settings) as database, database.reading() as work:
        if not (await work.ways.get()).push:
            return Check("devices", True, "Nobody is told on a device; stewards can switch it on at /settings/devices.")
        members = await work.tellings.devices.members()
        try:
            for member_id in members:
                await work.tellings.devices.of(member_id)
        except CannotOpen:
            return Check("devices", False, OTHER_KEY)
        last = await work.tellings.last_outcome(Way.PUSH)
    if last is TellingState.GIVEN_UP:
        return Check("devices", False, NOT_TAKEN)
    said = "something was taken lately" if last else "nothing was sent lately"
    return Check("devices", True, f"Members may be told on their devices; {said}." if members else NOBODY_YET)


def _federation(settings: Settings) -> Check:
    if settings.dev_loopback_peers:
        return Check("federation", True, "Federation may use this machine's addresses (DEV_LOOPBACK_PEERS).")
    said = "on" if settings.federation == "on" else "off: nothing is exchanged with other communities"
    return Check("federation", True, f"Federation is {said}.")


def _server(settings: Settings) -> Check:
    host, port = settings.bind_address
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    address = f"http://[{here}]:{port}/livez" if ":" in here else f"http://{here}:{port}/livez"
    request = urllib.request.Request(address, headers={"Host": settings.host})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=PATIENCE_S) as answer:
            return Check("server", answer.status == 200, f"The server answers on {settings.bind}.")
    except urllib.error.HTTPError as error:
        return Check("server", False, f"The server on {settings.bind} is not well: it answered {error.code}.")
    except OSError:
        return Check("server", False, f"No server answers on {settings.bind}. Start it with: manyhands serve")
