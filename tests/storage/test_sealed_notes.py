"""Sealed notes at rest: nothing readable in the file, and nothing left of a key that was destroyed."""

import random
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest
from sqlalchemy import insert

from node.domain.sealed import Contact, SealedNote
from node.storage.database import Database
from node.storage.migrate import migrate
from node.storage.sealed_notes import SealedNotes
from node.storage.tables import sealed_notes
from node.storage.unit_of_work import UnitOfWork
from node.storage.vault import CannotOpen
from tests.storage.conftest import Place
from tests.unit.node.make import NOW, make_notice

NOTE = SealedNote(
    name="Amina",
    contact=(Contact("phone", "555-0101", voicemail_ok=True), Contact("through someone", "Noor")),
    address="the blue door behind the bakery",
    story="Three children, one small room. ☂",
)


async def sealed(database: Database, notice_id: str = "notice1", note: SealedNote = NOTE) -> None:
    async with database.unit_of_work() as work:
        await work.notices.add(make_notice(id=notice_id), f"code {notice_id}", None)
        await SealedNotes(work).add(notice_id, note)


def everything_on_disk(place: Place) -> bytes:
    """All that a thief of the disk would find of this database."""
    if place.server is None:
        return b"".join(path.read_bytes() for path in place.folder.glob("manyhands.db*"))
    place.ask("CHECKPOINT")
    (oid,) = place.ask(f"SELECT oid FROM pg_database WHERE datname = '{place.name}'")
    return b"".join(path.read_bytes() for path in Path(place.server.socket, "data", "base", oid).iterdir())


async def test_a_note_comes_back_whole(database: Database) -> None:
    await sealed(database)
    async with database.reading() as work:
        assert await SealedNotes(work).open("notice1") == NOTE
        assert await SealedNotes(work).open("unknown") is None


async def test_a_changed_note_stays_under_its_own_key(database: Database, place: Place) -> None:
    await sealed(database)
    before = place.stored("sealed_keys", "wrapped_key")
    changed = SealedNote(name="Amina", story="Four children.")
    async with database.unit_of_work() as work:
        await SealedNotes(work).put("notice1", changed)
        assert await SealedNotes(work).open("notice1") == changed
    assert place.stored("sealed_keys", "wrapped_key") == before


async def test_nothing_of_it_can_be_read_on_the_disk(bare_place: Place) -> None:
    database = bare_place.opened()
    await migrate(database, bare_place.folder, NOW)
    await sealed(database)
    await database.close()
    on_disk = everything_on_disk(bare_place)
    assert b"Winter coats" in on_disk  # the first envelope is plain
    for word in (b"Amina", b"555-0101", b"Noor", b"blue door", b"small room"):
        assert word not in on_disk


async def test_every_note_has_a_key_of_its_own(database: Database, place: Place) -> None:
    await sealed(database)
    await sealed(database, "notice2")
    vault = database.vault
    first, second = (
        vault.unwrap(box, notice_id)
        for box, notice_id in zip(place.stored("sealed_keys", "wrapped_key"), ("notice1", "notice2"), strict=True)
    )
    assert first != second
    with pytest.raises(CannotOpen):
        vault.open(second, place.stored("sealed_notes", "box")[0], "notice1")


async def destroyed(database: Database, place: Place) -> tuple[bytes, bytes]:
    """The wrapped key and the box of a note that was erased, while another one stayed."""
    await sealed(database)
    await sealed(database, "notice2")
    key, box = place.stored("sealed_keys", "wrapped_key")[0], place.stored("sealed_notes", "box")[0]
    async with database.unit_of_work() as work:
        await SealedNotes(work).erase("notice1")
        assert await SealedNotes(work).open("notice1") is None
        assert await SealedNotes(work).open("notice2") == NOTE
    return key, box


async def test_a_destroyed_key_leaves_nothing_to_open(database: Database, place: Place) -> None:
    """A box that was kept elsewhere stays shut."""
    _, box = await destroyed(database, place)
    await database.close()
    again = place.opened()
    async with again.unit_of_work() as work:
        await work.connection.execute(insert(sealed_notes).values(notice_id="notice1", box=box))
        assert await SealedNotes(work).open("notice1") is None
    await again.close()


async def test_a_destroyed_key_is_gone_from_the_file_at_once(file: Path, tmp_path: Path) -> None:
    """Neither the key nor the box is left in the file or its log. PostgreSQL does not promise that (postgresql.md)."""
    place = Place(f"sqlite+aiosqlite:///{file}", tmp_path)
    database = place.opened()
    key, box = await destroyed(database, place)
    on_disk = everything_on_disk(place)
    assert place.stored("sealed_keys", "wrapped_key")[0] in on_disk  # the other one's, which shows where to look
    assert key not in on_disk
    assert box not in on_disk
    await database.close()


async def test_a_key_that_was_moved_between_pages_is_gone_from_all_of_them(file: Path, tmp_path: Path) -> None:
    """SQLite moves rows about as tables grow and shrink; where a key once lay it must not be found either."""
    place = Place(f"sqlite+aiosqlite:///{file}", tmp_path)
    database, order = place.opened(), random.Random(7)
    names = [f"n{order.getrandbits(80):020x}" for _ in range(500)]
    keys: dict[str, bytes] = {}
    for start in range(0, 500, 100):
        async with database.unit_of_work() as work:
            for name in names[start : start + 100]:
                await work.notices.add(make_notice(id=name), f"code {name}", None)
                await SealedNotes(work).add(name, NOTE)
        with closing(connect(file)) as connection:
            keys |= dict(connection.execute("SELECT notice_id, wrapped_key FROM sealed_keys"))
        async with database.unit_of_work() as work:
            for name in order.sample(names[: start + 100], start // 2 + 50):
                await SealedNotes(work).erase(name)
    kept = set(place.ask("SELECT notice_id FROM sealed_keys"))
    on_disk = everything_on_disk(place)
    assert kept and all(keys[name] in on_disk for name in kept)
    assert [name for name in names if name not in kept and keys[name] in on_disk] == []
    await database.close()


async def test_a_reader_in_the_way_only_delays_it(file: Path, tmp_path: Path) -> None:
    place = Place(f"sqlite+aiosqlite:///{file}", tmp_path)
    database = place.opened()
    await sealed(database)
    key = place.stored("sealed_keys", "wrapped_key")[0]
    async with database.reading() as reader:
        assert await SealedNotes(reader).open("notice1") == NOTE
        async with database.unit_of_work() as work:
            await SealedNotes(work).erase("notice1")
        assert key in everything_on_disk(place)
    await database.clear_traces()
    assert key not in everything_on_disk(place)
    await database.close()


async def test_erasing_twice_or_nothing_is_as_good_as_once(work: UnitOfWork) -> None:
    await SealedNotes(work).erase("unknown")
    await SealedNotes(work).erase("unknown")
    assert await SealedNotes(work).open("unknown") is None


async def test_a_box_moved_to_another_notice_stays_shut(database: Database) -> None:
    await sealed(database)
    await sealed(database, "notice2", SealedNote(name="Noor"))
    async with database.unit_of_work() as work:
        for table, what in (("sealed_notes", "box"), ("sealed_keys", "wrapped_key")):
            await work.connection.exec_driver_sql(
                f"UPDATE {table} SET {what} = (SELECT {what} FROM {table} WHERE notice_id = 'notice1')"
            )
        with pytest.raises(CannotOpen):
            await SealedNotes(work).open("notice2")


async def test_under_another_master_key_nothing_opens(database: Database, place: Place) -> None:
    await sealed(database)
    thief = place.opened(bytes([9]) * 32)
    async with thief.reading() as work:
        with pytest.raises(CannotOpen):
            await SealedNotes(work).open("notice1")
    await thief.close()
