"""A database comes to today's shape once, whole or not at all, and never from tomorrow's."""

import asyncio
import shutil
import stat
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from node.domain.openings import UNSAID, Reason, Why
from node.domain.sealed import SealedNote
from node.storage.database import Database
from node.storage.migrate import WrongShape, migrate, must_be_current, plan
from node.storage.outbox import DeliveryOutcome
from node.storage.sealed_notes import SealedNotes
from node.storage.tables import metadata
from tests.storage.conftest import Place
from tests.unit.node.make import NOW


@pytest.fixture
async def empty(bare_place: Place) -> AsyncIterator[Database]:
    database = bare_place.opened()
    yield database
    await database.close()


async def test_an_empty_database_gets_every_table(empty: Database, bare_place: Place, tmp_path: Path) -> None:
    todo = await plan(empty)
    assert (todo.current, todo.is_current) == (None, False)
    with pytest.raises(WrongShape, match="manyhands migrate"):
        await must_be_current(empty)
    done = await migrate(empty, tmp_path / "backups", NOW)
    assert done == todo
    assert done.steps[0].startswith("0001: ")
    await must_be_current(empty)
    assert bare_place.tables() >= set(metadata.tables)
    assert not (tmp_path / "backups").exists()  # there was nothing to put aside


async def test_a_second_time_there_is_nothing_to_do(database: Database, tmp_path: Path) -> None:
    done = await migrate(database, tmp_path / "backups", NOW)
    assert done.is_current
    assert done.current is not None
    assert not (tmp_path / "backups").exists()


async def test_the_migrations_lead_exactly_to_the_tables_of_the_program(database: Database) -> None:
    """Whoever changes a table writes its migration."""

    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [found for found in compare_metadata(context, metadata) if found[0] != "modify_comment"]

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_newer_database_is_left_alone(database: Database, place: Place, tmp_path: Path) -> None:
    place.ask("UPDATE alembic_version SET version_num = '9999'")
    for attempt in (plan(database), migrate(database, tmp_path / "backups", NOW), must_be_current(database)):
        with pytest.raises(WrongShape, match="newer"):
            await attempt
    assert place.ask("SELECT version_num FROM alembic_version") == ["9999"]
    assert not (tmp_path / "backups").exists()


async def test_an_older_one_is_brought_forward_and_of_a_file_a_copy_is_put_aside_first(
    empty: Database, bare_place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next shape is made up here: what is upgraded was copied before."""
    await migrate(empty, tmp_path / "backups", NOW)
    versions = tmp_path / "migrations"
    today, further = _with_a_further_step(versions)
    monkeypatch.setattr("node.storage.migrate.__file__", str(versions.parent / "migrate.py"))
    with pytest.raises(WrongShape, match="older"):
        await must_be_current(empty)
    done = await migrate(empty, tmp_path / "backups", NOW)
    assert (done.current, done.steps) == (today, (f"{further}: A further step.",))
    assert bare_place.ask("SELECT version_num FROM alembic_version") == [further]
    assert "further" in bare_place.tables()
    assert (tmp_path / "backups").exists() == (bare_place.server is None)  # a server is copied with its own tool
    for copy in (tmp_path / "backups").glob("*"):
        assert copy.name == "before-migration-20261120T100000Z.db"
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
        before = Place("", tmp_path / "before")
        before.folder.mkdir()
        shutil.copy(copy, before.file)
        assert before.ask("SELECT version_num FROM alembic_version") == [today]
        assert "further" not in before.tables()


async def test_a_migration_that_fails_leaves_everything_as_it_was(
    empty: Database, bare_place: Place, tmp_path: Path
) -> None:
    """A table is in the way of the last one that is created: none of the others stays either."""
    bare_place.ask("CREATE TABLE sealed_notes (in_the_way TEXT)")
    with pytest.raises(DBAPIError, match="already exists"):
        await migrate(empty, tmp_path / "backups", NOW)
    assert bare_place.tables() == {"sealed_notes"}
    bare_place.ask("DROP TABLE sealed_notes")
    await migrate(empty, tmp_path / "backups", NOW)
    await must_be_current(empty)


async def test_what_strangers_had_sent_begins_conversations(
    empty: Database, bare_place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database of the first shape with a message and a profile in it: nothing of either is lost."""
    await _take_the_first_shape(empty, tmp_path, monkeypatch)
    bare_place.ask("INSERT INTO community VALUES (1, 'North Side', 'north', '[\"en\"]', '', '2026-11-01 10:00:00')")
    bare_place.ask(
        "INSERT INTO enquiries (id, note_id, actor, own_actor, name, text, received_at) VALUES "
        "('e1', 'https://social.example/n/1', 'https://Social.example/u/1', 'public', 'Kim', 'Hello', "
        "'2026-11-20 10:00:00.000000')"
    )
    await migrate(empty, tmp_path / "backups", NOW)
    await must_be_current(empty)
    async with empty.unit_of_work() as work:
        found = await work.enquiries.get("e1")
        shown = await work.community.get()
        assert await work.enquiries.count_below("social.example", NOW - timedelta(days=1)) == 1
    assert found is not None
    assert (found.thread, found.name, found.text, found.handle) == ("e1", "Kim", "Hello", "")
    assert shown is not None
    assert (shown.name, shown.strangers_kept_days) == ("North Side", 30)


async def test_what_hangs_on_a_notice_stays_with_it(
    empty: Database, bare_place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database of the first shape with a sealed note in it: every further shape still has it, with its key."""
    await _take_the_first_shape(empty, tmp_path, monkeypatch)
    bare_place.ask(
        "INSERT INTO notices (id, kind, title, category, text, area, urgency, repeat, quantity, unit, languages, "
        "status, remaining, consent_board, consent_peers, consent_public, for_someone_else, standing, code_hash, "
        "created_at, updated_at) VALUES ('n1', 'need', 'Coats', 'goods', '', '', 'this week', 'once', '1', 'one', "
        "'[]', 'open', '1', false, '[]', false, false, false, 'c', '2026-11-01 10:00:00', '2026-11-01 10:00:00')"
    )
    bare_place.ask(
        "INSERT INTO shares (id, notice_id, level, object_id, published_at, updated_at, ends_at, lease_seconds, text, "
        "named, state, document) VALUES ('s1', 'n1', 'peers', 'https://north.example/o/1', '2026-11-01 10:00:00', "
        "'2026-11-01 10:00:00', '2026-12-01 10:00:00', 172800, '', '[]', 'shown', '{}')"
    )
    bare_place.ask(
        "INSERT INTO share_recipients VALUES ('s1', 'https://river.example/actors/peers', "
        "'https://river.example/inbox', 'sent', '2026-11-01 10:00:00')"
    )
    async with empty.unit_of_work() as work:
        await SealedNotes(work).add("n1", SealedNote(name="Kim"))
    await migrate(empty, tmp_path / "backups", NOW)
    await must_be_current(empty)
    async with empty.unit_of_work() as work:
        assert await SealedNotes(work).open("n1") == SealedNote(name="Kim")
        notice = await work.notices.get("n1")
        (copy,) = await work.shares.recipients("s1")
        (share,) = (await work.shares.these(["s1"])).values()
    assert (share.notice_id, share.posting_id, copy.actor) == ("n1", "", "https://river.example/actors/peers")
    assert notice is not None
    assert notice.renewed_at is not None and notice.erased_at is None and notice.wording.access == ()


async def test_two_processes_that_start_together_bring_it_forward_once(
    empty: Database, bare_place: Place, tmp_path: Path
) -> None:
    other = bare_place.opened()
    await asyncio.gather(*(migrate(one, tmp_path / "backups", NOW) for one in (empty, other)))
    for one in (empty, other):
        await must_be_current(one)
    await other.close()


async def test_openings_that_the_first_shape_knew_are_kept(
    empty: Database, bare_place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the audit log, where a reason could hold anything, to lines of their own; the log keeps fields' names."""
    await _take_the_first_shape(empty, tmp_path, monkeypatch)
    bare_place.ask(
        "INSERT INTO audit (at, member_id, action, subject, detail) VALUES "
        "('2026-11-20 10:00:00.000000', 'bo', 'opened a sealed note', 'need1', 'name,contact|call | back'), "
        "('2026-11-20 10:01:00.000000', 'bo', 'opened a sealed note', 'need2', 'story|'), "
        "('2026-11-20 10:02:00.000000', NULL, 'released details were read', 'need1', 'name|https://river.example/a'), "
        "('2026-11-20 10:03:00.000000', 'bo', 'set the status: met', 'need1', '')"
    )
    done = await migrate(empty, tmp_path / "backups", NOW)
    assert done.current == "0001"
    async with empty.reading() as work:
        first, read = await work.openings.of_notice("need1")
        (second,) = await work.openings.of_notice("need2")
    assert (first.member_id, first.fields, first.why) == ("bo", ("name", "contact"), Why(Reason.OTHER, "call | back"))
    assert first.at == NOW
    assert (second.fields, second.why) == (("story",), UNSAID)
    assert (read.member_id, read.reader, read.fields) == (None, "https://river.example/a", ("name",))
    assert bare_place.ask("SELECT detail FROM audit ORDER BY id") == ["name,contact", "story", "name", ""]


# C-46
async def test_what_waits_to_be_sent_stays_in_line(
    empty: Database, bare_place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database of the first shape in which a Create has to be tried again, and its Update waits behind it."""
    await _take_the_first_shape(empty, tmp_path, monkeypatch)
    for number, kind in enumerate(("Create", "Update")):
        bare_place.ask(
            "INSERT INTO activities (id, own_actor, type, object_key, public, sent_to, body, published_at) VALUES "
            f"('a{number}', 'public', '{kind}', 'o1', true, '[]', '', '2026-11-20 10:00:00.000000')"
        )
        bare_place.ask(
            "INSERT INTO outbox (activity_id, inbox, object_key, attempts, due_at, state, trouble) VALUES "
            f"('a{number}', 'https://river.example/inbox', 'o1', {1 - number}, '2026-11-20 10:00:00.000000', "
            "'waiting', '')"
        )
    await migrate(empty, tmp_path / "backups", NOW)
    await must_be_current(empty)
    for kind, attempts in (("Create", 1), ("Update", 0)):
        async with empty.unit_of_work() as work:
            (one,) = await work.outbox.claim(NOW, 9)
            assert (one.activity.type, one.inbox, one.attempts) == (kind, "https://river.example/inbox", attempts)
            await work.outbox.settle([DeliveryOutcome(one.id, delivered=True)])


@pytest.mark.parametrize(
    ("roles", "is_introduced"),
    [(("steward", "helper"), True), (("steward", "dispatcher", "member"), True), (("steward", "member"), False)],
)
async def test_a_community_in_which_people_work_is_introduced(
    empty: Database,
    bare_place: Place,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    roles: tuple[str, ...],
    is_introduced: bool,
) -> None:
    """Nobody is led through first steps who has been working here for a while."""
    await _take_the_first_shape(empty, tmp_path, monkeypatch)
    for number, role in enumerate(roles):
        bare_place.ask(
            "INSERT INTO members (id, name, name_key, roles, created_at) VALUES "
            f"('m{number}', 'M{number}', 'm{number}', '[\"{role}\"]', '2026-11-01 10:00:00')"
        )
    await migrate(empty, tmp_path / "backups", NOW)
    async with empty.reading() as work:
        assert (await work.ways.get()).is_introduced == is_introduced


SOURCE = Path(__file__).parents[2] / "node" / "storage" / "migrations"


async def _take_the_first_shape(empty: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if nothing had come after the first migration, until this is done."""
    with monkeypatch.context() as first:
        _copy_until(folder / "migrations", "0001")
        first.setattr("node.storage.migrate.__file__", str(folder / "migrate.py"))
        await migrate(empty, folder / "backups", NOW)


def _copy_until(folder: Path, last: str) -> None:
    """The migrations up to one of them, as if nothing had come after it."""
    (folder / "versions").mkdir(parents=True)
    versions = [path for path in (SOURCE / "versions").glob("[0-9]*.py") if path.name[:4] <= last]
    for path in (SOURCE / "env.py", *versions):
        target = folder / path.relative_to(SOURCE)
        target.write_text(path.read_text())


def _with_a_further_step(folder: Path) -> tuple[str, str]:
    """All migrations and one more; the ids of the newest and of the further one."""
    newest = max(path.name[:4] for path in (SOURCE / "versions").glob("[0-9]*.py"))
    further = f"{int(newest) + 1:04}"
    _copy_until(folder, newest)
    (folder / "versions" / f"{further}_a_further_step.py").write_text(
        '"""A further step."""\n\nfrom alembic import op\n\n'
        f'revision = "{further}"\ndown_revision = "{newest}"\n\n\n'
        'def upgrade() -> None:\n    op.execute("CREATE TABLE further (x TEXT)")\n'
    )
    return newest, further
