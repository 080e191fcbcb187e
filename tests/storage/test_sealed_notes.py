"""Sealed notes at rest: nothing readable in the file, and nothing left of a key that was destroyed."""

from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

from node.domain.sealed import Contact, SealedNote
from node.storage.database import Database
from node.storage.unit_of_work import UnitOfWork
from node.storage.vault import CannotOpen
from tests.storage.conftest import opened
from tests.unit.node.make import make_notice

NOTE = SealedNote(
    name="Amina",
    contact=(Contact("phone", "555-0101", voicemail_ok=True), Contact("through someone", "Noor")),
    address="the blue door behind the bakery",
    story="Three children, one small room. ☂",
)


async def sealed(database: Database, notice_id: str = "notice1", note: SealedNote = NOTE) -> None:
    async with database.unit_of_work() as work:
        await work.notices.add(make_notice(id=notice_id), f"code {notice_id}", None)
        await work.sealed_notes.add(notice_id, note)


def column(file: Path, table: str, name: str) -> list[bytes]:
    with closing(connect(file)) as connection:
        return [row[0] for row in connection.execute(f"SELECT {name} FROM {table}")]


def everything_on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("manyhands.db*"))


async def test_a_note_comes_back_whole(database: Database) -> None:
    await sealed(database)
    async with database.reading() as work:
        assert await work.sealed_notes.open("notice1") == NOTE
        assert await work.sealed_notes.open("unknown") is None


async def test_a_changed_note_stays_under_its_own_key(database: Database, file: Path) -> None:
    await sealed(database)
    before = column(file, "sealed_keys", "wrapped_key")
    changed = SealedNote(name="Amina", story="Four children.")
    async with database.unit_of_work() as work:
        await work.sealed_notes.put("notice1", changed)
        assert await work.sealed_notes.open("notice1") == changed
    assert column(file, "sealed_keys", "wrapped_key") == before


async def test_nothing_of_it_can_be_read_in_the_file(database: Database, tmp_path: Path) -> None:
    await sealed(database)
    on_disk = everything_on_disk(tmp_path)
    assert b"Winter coats" in on_disk  # the first envelope is plain
    for word in (b"Amina", b"555-0101", b"Noor", b"blue door", b"small room"):
        assert word not in on_disk


async def test_every_note_has_a_key_of_its_own(database: Database, file: Path) -> None:
    await sealed(database)
    await sealed(database, "notice2")
    vault = database.vault
    first, second = (
        vault.unwrap(box, notice_id)
        for box, notice_id in zip(column(file, "sealed_keys", "wrapped_key"), ("notice1", "notice2"), strict=True)
    )
    assert first != second
    with pytest.raises(CannotOpen):
        vault.open(second, column(file, "sealed_notes", "box")[0], "notice1")


async def test_a_destroyed_key_leaves_nothing_to_open(database: Database, file: Path, tmp_path: Path) -> None:
    """Neither the key nor the box is left in the file's own pages, and a box kept elsewhere stays shut."""
    await sealed(database)
    await sealed(database, "notice2")
    key, box = column(file, "sealed_keys", "wrapped_key")[0], column(file, "sealed_notes", "box")[0]
    async with database.unit_of_work() as work:
        await work.sealed_notes.erase("notice1")
        assert await work.sealed_notes.open("notice1") is None
        assert await work.sealed_notes.open("notice2") == NOTE
    await database.close()
    with closing(connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    on_disk = everything_on_disk(tmp_path)
    assert column(file, "sealed_keys", "wrapped_key")[0] in on_disk  # the other one's, which shows where to look
    assert key not in on_disk
    assert box not in on_disk
    again = opened(file)
    async with again.unit_of_work() as work:
        await work.connection.exec_driver_sql("INSERT INTO sealed_notes VALUES ('notice1', ?)", (box,))
        assert await work.sealed_notes.open("notice1") is None
    await again.close()


async def test_erasing_twice_or_nothing_is_as_good_as_once(work: UnitOfWork) -> None:
    await work.sealed_notes.erase("unknown")
    await work.sealed_notes.erase("unknown")
    assert await work.sealed_notes.open("unknown") is None


async def test_a_box_moved_to_another_notice_stays_shut(database: Database) -> None:
    await sealed(database)
    await sealed(database, "notice2", SealedNote(name="Noor"))
    async with database.unit_of_work() as work:
        for table, what in (("sealed_notes", "box"), ("sealed_keys", "wrapped_key")):
            await work.connection.exec_driver_sql(
                f"UPDATE {table} SET {what} = (SELECT {what} FROM {table} WHERE notice_id = 'notice1')"
            )
        with pytest.raises(CannotOpen):
            await work.sealed_notes.open("notice2")


async def test_under_another_master_key_nothing_opens(database: Database, file: Path) -> None:
    await sealed(database)
    thief = opened(file, bytes([9]) * 32)
    async with thief.reading() as work:
        with pytest.raises(CannotOpen):
            await work.sealed_notes.open("notice1")
    await thief.close()
