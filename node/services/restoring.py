"""Looking into backups, and bringing a community back from them."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

from node.domain.errors import Conflict
from node.services.backups import CONFIG, DATABASE, FORMAT, MANIFEST, kept_in, workroom
from node.settings import Settings
from node.storage import copies
from node.storage.archives import Opener, is_locked, unlock, unpack
from node.storage.database import Database
from node.storage.keyring import Keyring, parse, put_keys
from node.storage.master_key import SEALED, is_sealed
from node.storage.migrate import migrate
from node.storage.vault import CannotOpen, Vault, has_master_key, load_vault, put_master_key, read_master_key


@dataclass(frozen=True)
class Data:
    """An opened data backup. `made_at` is None for a copy put aside before a migration: it does not say."""

    file: Path
    community: str = ""
    base_url: str = ""
    config: str = ""
    made_at: datetime | None = None


@dataclass(frozen=True)
class Contents:
    """What a backup holds. `faults` are sentences; there are none where it is whole."""

    kind: str
    community: str
    made_at: datetime | None
    notices: int = 0
    members: int = 0
    notes: frozenset[str] = frozenset()
    keys: int = 0
    faults: tuple[str, ...] = ()


@contextmanager
def opened(source: Path, how: Opener, folder: Path) -> Iterator[Data | Keyring]:
    """A backup, decrypted for as long as the block lasts: data inside `folder`, a keyring in memory alone.

    Of a keyring each key has been tried. A copy put aside before a migration is data, too. Raises CannotOpen where it
    is something else, damaged, or from a newer program; OSError.
    """
    with workroom(folder) as room:
        if not is_locked(source):
            yield _plain(source, room)
            return
        text = unlock(source, room / "packed", how)
        if text is None:
            unpack(room / "packed", room)
            yield _described(room)
            return
        keyring = parse(text)
        keyring.check()
        yield keyring


def look_into(source: Path, how: Opener, folder: Path) -> Contents:
    """What a backup holds, and whether it is whole. Raises CannotOpen where that cannot be told, OSError."""
    with opened(source, how, folder) as backup:
        if isinstance(backup, Keyring):
            keys = sum(len(rows) for rows in backup.keys.values()) - len(backup.notice_ids)
            return Contents("keyring", backup.community, backup.made_at, notes=backup.notice_ids, keys=keys)
        faults = [] if copies.is_whole(backup.file) else ["The database in it is damaged."]
        if not faults and any(copies.count(backup.file, table) for table in copies.KEY_TABLES):
            faults.append("It holds keys, as copies of earlier versions did. Make a new backup and remove this one.")
        if faults:
            return Contents("data", backup.community, backup.made_at, faults=tuple(faults))
        return Contents(
            "data",
            backup.community,
            backup.made_at,
            notices=copies.count(backup.file, "notices"),
            members=copies.count(backup.file, "members"),
            notes=copies.notes_in(backup.file),
        )


async def restore(settings: Settings, data: Data | None, keyring: Keyring | None, now: datetime) -> frozenset[str]:
    """Put what the backups hold in place of what is in `settings.data_dir`, all or nothing.

    Returns the notices that nobody had erased; whatever else is there now has to be erased again. Without `keyring` the
    keys that are here stay. The master key is never replaced by another one. The configuration is written last, and
    only where there is none: it is what says that a community is here. Raises Conflict, CannotOpen, OSError,
    sqlite3.Error.
    """
    _check_pair(settings, data, keyring)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if keyring is not None and not has_master_key(settings.data_dir):
        put_master_key(settings.data_dir, keyring.master_key)
    async with _database(settings) as database:
        await migrate(database, settings.data_dir / "backups", now)
        kept = keyring.kept if keyring else await kept_in(database)
        if data is not None:
            await _to_this_shape(data.file, database.vault, now)
            keys = keyring.keys if keyring else None
            await asyncio.to_thread(copies.fill_from, copies.file_of(settings.database_url), data.file, keys)
        elif keyring is not None:
            await put_keys(database, keyring.keys)
    _write_config(settings, (keyring.config if keyring else "") or (data.config if data else ""))
    return kept


def _check_pair(settings: Settings, data: Data | None, keyring: Keyring | None) -> None:
    if data is not None and not settings.database_url.startswith("sqlite"):
        raise Conflict(
            "A data backup is for SQLite, and this community is on PostgreSQL. Bring its data back with pg_restore, "
            "then its keys with: manyhands backup restore --keyring FILE"
        )
    if is_sealed(settings.data_dir):
        raise Conflict(SEALED)
    if keyring is None and not has_master_key(settings.data_dir):
        raise Conflict("There is no master key here. Name the newest keyring, too: --keyring FILE")
    if keyring is None and not copies.file_of(settings.database_url).exists():
        raise Conflict("There is no database here whose keys could stay. Name the newest keyring, too: --keyring FILE")
    is_other = (
        has_master_key(settings.data_dir) and keyring and keyring.master_key != read_master_key(settings.data_dir)
    )
    if is_other:
        raise Conflict("This keyring belongs to another community. Restore it into an empty folder.")
    if data and keyring and data.made_at and keyring.made_at < data.made_at:
        raise Conflict(
            "This keyring is older than the data, so it lacks keys. Name the newest keyring; only that one is kept."
        )


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings.database_url, load_vault(settings.data_dir))
    try:
        yield database
    finally:
        await database.close()


async def _to_this_shape(file: Path, vault: Vault, now: datetime) -> None:
    copy = Database(f"sqlite+aiosqlite:///{file}", vault)
    try:
        await migrate(copy, file.parent, now)
    finally:
        await copy.close()


def _plain(source: Path, room: Path) -> Data:
    if not copies.is_database(source):
        raise CannotOpen(f"{source} is not a backup made by manyhands.")
    shutil.copyfile(source, room / DATABASE)
    return Data(room / DATABASE)


def _described(room: Path) -> Data:
    try:
        manifest = orjson.loads((room / MANIFEST).read_bytes())
        if manifest["manyhands"] != "data" or manifest["format"] != FORMAT:
            raise CannotOpen("This backup was written by a newer manyhands. Install that one, then try again.")
        config = (room / CONFIG).read_text(encoding="utf-8")
        made_at = datetime.fromisoformat(manifest["made_at"])
        return Data(room / DATABASE, manifest["community"], manifest["base_url"], config, made_at)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotOpen("The backup is damaged.") from error


def _write_config(settings: Settings, text: str) -> None:
    if settings.config_path.exists() or not text:
        return
    draft = settings.data_dir / f".{CONFIG}.new"
    draft.write_text(text, encoding="utf-8")
    draft.chmod(0o600)
    draft.replace(settings.config_path)
