"""`backup`: made, looked into, brought back; and the key that opens them."""

import os
import shutil
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from node import app
from node.cli.passphrases import from_environment, passphrase, text_of
from node.cli.running import data_dir_option, run_to_end, say, settings_of
from node.domain.errors import Conflict
from node.services import backups, forgetting, restoring
from node.services.restoring import Contents, Data
from node.settings import PREFIX, Settings, load_settings
from node.storage.archives import Lock, Opener, is_locked, needs_passphrase, new_identity
from node.storage.keyring import Keyring

PASSPHRASE = f"{PREFIX}BACKUP_PASSPHRASE"
IDENTITY = f"{PREFIX}BACKUP_IDENTITY"
FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(no_args_is_help=False)
def backup() -> None:
    """Copies in a safe place: the data, and apart from it the keyring."""


@backup.command("new-key")
@click.argument("file", type=FILE)
def backup_new_key(file: Path) -> None:
    """Write a new identity, which opens backups, into FILE, and print its public key, for BACKUP_RECIPIENTS."""
    secret, public = new_identity()
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict(f"{file} is there already, and what it opens must not be lost. Choose another name.") from None
    except OSError as error:
        raise Conflict(f"{file} cannot be written: {error.strerror}.") from error
    with os.fdopen(descriptor, "w") as opened:
        opened.write(f"# public key: {public}\n{secret}\n")
    say(public)


@backup.command("create")
@data_dir_option
def backup_create(data_dir: Path | None) -> None:
    """Make a data backup and a keyring backup now; the server may go on running."""
    settings = settings_of(data_dir)
    how = Lock(settings.backup_recipients, "" if settings.backup_recipients else _new_passphrase())

    async def create() -> backups.Made:
        async with app.open_database(settings) as database:
            return await backups.create(database, settings, how, datetime.now(UTC))

    made = run_to_end(create())
    if made.data is None:
        say("The data is on PostgreSQL and was not copied: use pg_dump as deploy/backup.md shows, without the keys.")
    else:
        say(f"Data: {made.data}")
    if made.keyring is None:
        say("The community is sealed, so the keyring backup from before stays as it is.")
    else:
        say(f"Keyring: {made.keyring}")
        say("Keep the two apart, and of the keyring only this newest copy.")


@backup.command("verify")
@click.argument("files", metavar="FILE...", type=FILE, nargs=-1, required=True)
@click.option("--identity", type=FILE, metavar="FILE", help="What opens them, if they are locked for a recipient.")
@data_dir_option
def backup_verify(
    files: tuple[Path, ...],
    identity: Path | None,
    data_dir: Path | None,  # noqa: ARG001 - every verb takes --data-dir
) -> int:
    """Open backups and say what they hold and whether they are whole. Nothing is changed."""
    how = _opener(files, identity)
    with TemporaryDirectory(prefix="manyhands-") as folder:
        looked = [(file, restoring.look_into(file, how, Path(folder))) for file in files]
    for file, found in looked:
        for line in _described(file, found):
            say(line)
    for line in _together([found for _, found in looked]):
        say(line)
    return 1 if any(found.faults for _, found in looked) else 0


@backup.command("restore")
@click.option("--data", "data_file", type=FILE, metavar="FILE", help="The data backup.")
@click.option("--keyring", "keyring_file", type=FILE, metavar="FILE", help="The newest keyring backup.")
@click.option("--identity", type=FILE, metavar="FILE", help="What opens them, if they are locked for a recipient.")
@click.option("--replace", is_flag=True, help="Put it in place of the community that is here.")
@data_dir_option
def backup_restore(
    data_file: Path | None, keyring_file: Path | None, identity: Path | None, replace: bool, data_dir: Path | None
) -> None:
    """Bring a community back, all or nothing. Without a keyring the keys that are here stay."""
    files = [file for file in (data_file, keyring_file) if file is not None]
    if not files:
        raise click.UsageError("Name what to restore: --data FILE, --keyring FILE, or both.")
    here = load_settings(
        data_dir, {"base_url": "http://localhost"}
    )  # only for the folder: its address is in the backup
    if here.config_path.exists() and not replace:
        raise Conflict(f"{here.data_dir} holds a community. To put the backup in its place, add --replace.")
    how = _opener(files, identity)
    with _made(here.data_dir), ExitStack() as stack:
        opened = {file: stack.enter_context(restoring.opened(file, how, here.data_dir)) for file in files}
        data = opened[data_file] if data_file else None
        keyring = opened[keyring_file] if keyring_file else None
        if isinstance(data, Keyring) or isinstance(keyring, Data):
            raise Conflict("--data takes a data backup and --keyring a keyring backup. They were mixed up.")
        settings = _settings(data_dir, here, keyring, data)
        erased = run_to_end(_restored(settings, data, keyring))
    _say_restored(settings, erased)


async def _restored(settings: Settings, data: Data | None, keyring: Keyring | None) -> int:
    kept = await restoring.restore(settings, data, keyring, datetime.now(UTC))
    async with app.open_community(settings) as community:
        return await forgetting.erase_again(community, kept)


def _say_restored(settings: Settings, erased: int) -> None:
    say(f"The community is in {settings.data_dir} again. Everybody has to sign in anew: manyhands member link NAME")
    if erased:
        say(f"Erased since this backup was made, and erased in it again: {erased} of its needs and offers.")
    say("If the server is running, restart it.")


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """A folder made for a community that could not be brought back goes away again."""
    is_new = not folder.exists()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        if is_new:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _settings(data_dir: Path | None, here: Settings, keyring: Keyring | None, data: Data | None) -> Settings:
    """Those of the folder; in a new one, those in the backup, as far as the environment says nothing else."""
    if here.config_path.exists():
        return settings_of(data_dir)
    written = tomllib.loads((keyring.config if keyring else "") or (data.config if data else ""))
    told = {name for name in os.environ if name.startswith(PREFIX)}
    wanted = {"BASE_URL", "DATABASE_URL"} - {name.removeprefix(PREFIX).removesuffix("_FILE") for name in told}
    return load_settings(data_dir, {name.lower(): str(written[name]) for name in wanted if name in written})


def _new_passphrase() -> str:
    return passphrase(PASSPHRASE, "A passphrase for the backups", is_new=True)


def _opener(files: Sequence[Path], identity: Path | None) -> Opener:
    try:
        locked = [file for file in files if is_locked(file)]
    except OSError as error:
        raise Conflict(f"{error.filename} cannot be read: {error.strerror}.") from error
    by_word = [file for file in locked if needs_passphrase(file)]
    word = passphrase(PASSPHRASE, "The passphrase of the backups") if by_word else ""
    text = ""
    if len(locked) > len(by_word):
        text = text_of(identity, "--identity") if identity else from_environment(IDENTITY)
    return Opener(text, word)


def _described(file: Path, found: Contents) -> Iterator[str]:
    made = f", made {found.made_at:%Y-%m-%d %H:%M} UTC" if found.made_at else ""
    yield f"{file.name}: {found.kind} of {found.community or 'a community'}{made}. " + (
        "It is not whole." if found.faults else "It is whole."
    )
    yield from (f"  {fault}" for fault in found.faults)
    if found.kind == "data" and not found.faults:
        yield (
            f"  It holds {found.notices} needs and offers, {len(found.notes)} sealed notes, {found.members} members, "
            "and no key: no note can be opened with it alone."
        )
    elif found.kind == "keyring":
        yield (
            f"  It holds the master key, the keys of {len(found.notes)} sealed notes, and {found.keys} signing keys. "
            "Keep it apart from the data."
        )


def _together(found: Sequence[Contents]) -> Iterator[str]:
    keyring = next((one for one in found if one.kind == "keyring"), None)
    for data in found:
        if keyring is not None and data.kind == "data" and not data.faults:
            opened = len(data.notes & keyring.notes)
            yield (
                f"Together they open {opened} of the {len(data.notes)} sealed notes; "
                f"{len(data.notes) - opened} were erased since."
            )
