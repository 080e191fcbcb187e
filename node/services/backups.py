"""Backups: the data, dated and several of them, without a key; and the keyring, of which only the newest copy is kept.

An old data backup and the newest keyring together open what is still to be opened today, and nothing that was erased in
between. Both are made while the server runs.
"""

import asyncio
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from node.domain.errors import Conflict
from node.settings import Settings
from node.storage.archives import Lock, lock, pack
from node.storage.copies import copy_without_keys, file_of
from node.storage.database import Database
from node.storage.keyring import Keyring, dump, read_keys
from node.storage.migrate import plan
from node.storage.vault import has_master_key, read_master_key

FORMAT = 1
DATABASE = "manyhands.db"
MANIFEST = "manifest.json"
CONFIG = "config.toml"
KEYRING = "keyring.age"
DATED = "data-{:%Y%m%dT%H%M%SZ}.age"
_DATED = re.compile(r"data-(\d{8}T\d{6})Z\.age")
EVERY = timedelta(days=1)
_LEFT_OVER = timedelta(hours=6)


@dataclass(frozen=True)
class Made:
    """What was written. `data` is None on PostgreSQL, `keyring` while the node is sealed."""

    data: Path | None
    keyring: Path | None


async def create(database: Database, settings: Settings, how: Lock, now: datetime) -> Made:
    """Write a data backup, then the keyring, each locked as `how` says.

    The keyring comes second, so that it holds every key that the data still needs. Raises Conflict, CannotOpen,
    OSError, sqlite3.Error; an older backup is replaced only by one that is whole.
    """
    async with database.reading() as work:
        profile = await work.community.get()
    if profile is None:
        raise Conflict("This community has not been set up yet. Run: manyhands init")
    data = await _data(database, settings, how, now, profile.name) if database.is_sqlite else None
    keyring = await _keyring(database, settings, how, now, profile.name)
    return Made(data, keyring)


async def create_due(database: Database, settings: Settings, now: datetime) -> Made | None:
    """A day after the last backup make the next, if there is a recipient to lock it for; None if nothing was due."""
    last = newest(settings)
    if not settings.backup_recipients or (last is not None and now - last < EVERY):
        return None
    return await create(database, settings, Lock(settings.backup_recipients), now)


def newest(settings: Settings) -> datetime | None:
    """When the newest backup was made; None where there is none."""
    if settings.database_url.startswith("sqlite"):
        dated = _dated(settings)
        return datetime.strptime(dated[0].stem, "data-%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if dated else None
    keyring = settings.keyring_dir / KEYRING
    return datetime.fromtimestamp(keyring.stat().st_mtime, UTC) if keyring.exists() else None


@contextmanager
def workroom(folder: Path) -> Iterator[Path]:
    """A folder inside `folder` for what is not encrypted yet or no longer; it goes away again, also after a crash."""
    for left in folder.glob(".backup-*"):
        if datetime.now(UTC).timestamp() - left.stat().st_mtime > _LEFT_OVER.total_seconds():
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=folder) as made:
        yield Path(made)


async def _data(database: Database, settings: Settings, how: Lock, now: datetime, community: str) -> Path:
    shape = (await plan(database)).current
    manifest = {
        "manyhands": "data",
        "format": FORMAT,
        "community": community,
        "base_url": settings.base_url,
        "made_at": now.isoformat(),
        "shape": shape,
    }
    return await asyncio.to_thread(_write_data, settings, how, now, orjson.dumps(manifest))


def _write_data(settings: Settings, how: Lock, now: datetime, manifest: bytes) -> Path:
    target = _folder(settings.backup_dir) / DATED.format(now)
    with workroom(settings.data_dir) as room:
        copy_without_keys(file_of(settings.database_url), room / DATABASE)
        pack({MANIFEST: manifest, CONFIG: _config(settings).encode(), DATABASE: room / DATABASE}, room / "packed")
        lock(room / "packed", target, how)
    for old in _dated(settings)[settings.backups_kept :]:
        old.unlink()
    return target


async def kept_in(database: Database) -> frozenset[str]:
    """The notices that nobody erased."""
    async with database.reading() as work:
        return frozenset(await work.notices.not_erased())


async def _keyring(database: Database, settings: Settings, how: Lock, now: datetime, community: str) -> Path | None:
    if not has_master_key(settings.data_dir):
        return None
    keyring = Keyring(
        community,
        settings.base_url,
        _config(settings),
        now,
        read_master_key(settings.data_dir),
        await read_keys(database),
        await kept_in(database),
    )
    return await asyncio.to_thread(_write_keyring, settings, how, dump(keyring))


def _write_keyring(settings: Settings, how: Lock, text: bytes) -> Path:
    target = _folder(settings.keyring_dir) / KEYRING
    lock(text, target, how)  # from memory: keys in plain leave no trace on the disk
    return target


def _dated(settings: Settings) -> list[Path]:
    """Data backups, the newest first."""
    found = settings.backup_dir.glob("data-*.age")
    return sorted((path for path in found if _DATED.fullmatch(path.name)), reverse=True)


def _config(settings: Settings) -> str:
    return settings.config_path.read_text(encoding="utf-8") if settings.config_path.exists() else ""


def _folder(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
