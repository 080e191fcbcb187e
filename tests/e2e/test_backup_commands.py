"""Backups as a person makes them, looks into them, and brings a community back from them."""

import json
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from node.services.backups import create_due
from node.storage.copies import KEY_TABLES, PASSING_TABLES
from tests.e2e.commands import LINK, PATIENCE_S, ROOT, environment, manyhands, notices_in, picture, refused, served
from tests.e2e.town import Running, Safe
from tests.ports import free_port
from tests.postgresql import Databases
from tests.village import Clock, found, opened


@pytest.fixture
def safe(tmp_path: Path) -> Safe:
    identity = tmp_path / "stick" / "identity.txt"
    identity.parent.mkdir()
    ran = manyhands("backup", "new-key", identity)
    assert (ran.status, stat.S_IMODE(identity.stat().st_mode)) == (0, 0o600)
    return Safe(identity, ran.out.strip(), tmp_path / "cellar", tmp_path / "attic")


@pytest.fixture
def running(home: Path) -> Iterator[Running]:
    port = free_port()
    with served(home, port):
        yield Running(home, port)


def test_an_old_backup_with_the_newest_keyring_does_not_open_what_was_erased(
    home: Path, safe: Safe, tmp_path: Path
) -> None:
    port = free_port()
    with served(home, port):
        town = Running(home, port)
        coats, soup = town.ask("Winter coats", "Amina"), town.ask("Hot soup", "Tomas")
        old = safe.create(home)
        town.erase(coats["code"])
        later = town.ask("A lift to the clinic", "Vera")
        shutil.copy(old, tmp_path / "old.age")
        safe.create(home)
    new_home, port = tmp_path / "new", free_port()
    ran = safe.restore(new_home, "--data", tmp_path / "old.age", "--keyring", safe.newest_keyring)
    assert (ran.status, ran.err) == (0, ""), ran
    assert "erased in it again: 1 of its needs and offers." in ran.out
    with served(new_home, port):
        town = Running(new_home, port)
        status, said = town.note(coats["id"])
        assert (status, "was erased" in said) == (404, True)
        assert json.loads(town.send(f"/api/v1/needs/{coats['id']}")[1])["status"] == "no longer needed"
        assert "Winter coats" not in town.send("/api/v1/needs")[1]
        status, said = town.note(soup["id"])
        assert (status, json.loads(said)["name"]) == (200, "Tomas")
        assert town.note(later["id"])[0] == 404  # it was asked for after the old backup
        assert town.send(f"/r/{soup['code']}")[0] == 200  # codes go on opening


def test_a_data_backup_holds_no_key_and_nobody_is_signed_in_by_it(home: Path, safe: Safe, tmp_path: Path) -> None:
    token = manyhands("member", "link", "Steward", data_dir=home)
    assert LINK.search(token.out)
    data = safe.create(home)
    identity = safe.identity.read_text().splitlines()[-1]
    with closing(sqlite3.connect(home / "manyhands.db")) as live:
        keys = [row[0] for row in live.execute("SELECT private_pem_wrapped FROM actor_keys")]
    opened = opened_by_age(data, identity)
    (tmp_path / "b.zip").write_bytes(opened)
    shutil.unpack_archive(tmp_path / "b.zip", tmp_path / "b")
    everything = b"".join(path.read_bytes() for path in (tmp_path / "b").rglob("*"))
    assert keys and not any(key in everything for key in keys)
    assert (home / "master.key").read_bytes() not in everything
    with closing(sqlite3.connect(tmp_path / "b" / "manyhands.db")) as copy:
        for table in ("sealed_keys", "actor_keys", "sessions", "sign_in_links"):
            assert copy.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
        assert copy.execute("SELECT count(*) FROM members").fetchone() == (1,)
    assert not list(home.glob(".backup-*"))


def opened_by_age(file: Path, identity: str) -> bytes:
    import pyrage  # noqa: PLC0415 - only to look from outside

    return pyrage.decrypt(file.read_bytes(), [pyrage.x25519.Identity.from_str(identity)])


def test_several_data_backups_are_kept_and_one_keyring(home: Path, safe: Safe) -> None:
    safe.data.mkdir()
    for day in range(1, 5):
        (safe.data / f"data-202611{day:02}T100000Z.age").touch()
    (safe.data / "data-of-mine.age").touch()
    ran = manyhands("backup", "create", data_dir=home, MANYHANDS_BACKUPS_KEPT="3", **safe.told())
    assert ran.status == 0
    first = safe.newest_keyring.read_bytes()
    names = sorted(path.name for path in safe.data.iterdir())
    assert names[:2] == ["data-20261103T100000Z.age", "data-20261104T100000Z.age"]
    assert (len(names), names[-1]) == (4, "data-of-mine.age")
    safe.create(home)
    assert [path.name for path in safe.keyring.iterdir()] == ["keyring.age"]
    assert safe.newest_keyring.read_bytes() != first
    assert {stat.S_IMODE(path.stat().st_mode) for path in safe.keyring.iterdir()} == {0o600}


def test_verify_says_what_they_hold_and_whether_they_are_whole(home: Path, safe: Safe, running: Running) -> None:
    running.ask("Winter coats", "Amina")
    soup = running.ask("Hot soup", "Tomas")
    data = safe.create(home)
    running.erase(soup["code"])
    shutil.copy(data, data.with_name("kept.age"))
    safe.create(home)
    look = ("backup", "verify", data.with_name("kept.age"), safe.newest_keyring, "--identity", safe.identity)
    ran = manyhands(*look)
    assert (ran.status, ran.err) == (0, "")
    assert "kept.age: data of North Side Neighbours, made 20" in ran.out
    assert "2 needs and offers, 2 sealed notes, 1 members, and no key" in ran.out
    assert "the keys of 1 sealed notes, and 6 signing keys" in ran.out
    assert "Together they open 1 of the 2 sealed notes; 1 were erased since." in ran.out


def test_a_damaged_backup_and_a_wrong_identity_are_told(home: Path, safe: Safe, tmp_path: Path) -> None:
    data = safe.create(home)
    damaged = bytearray(data.read_bytes())
    damaged[-400] ^= 1
    (tmp_path / "damaged.age").write_bytes(damaged)
    (tmp_path / "letter.txt").write_text("Dear all")
    manyhands("backup", "new-key", tmp_path / "other.txt")
    verify = ("backup", "verify")
    refused(manyhands(*verify, tmp_path / "damaged.age", "--identity", safe.identity), 1, "damaged")
    refused(manyhands(*verify, data, "--identity", tmp_path / "other.txt"), 1, "identity")
    refused(manyhands(*verify, data), 1, "--identity")
    refused(manyhands(*verify, data, "--identity", tmp_path / "nowhere"), 1, "nowhere")
    refused(manyhands(*verify, tmp_path / "letter.txt"), 1, "not a backup")
    refused(manyhands(*verify, tmp_path / "nothing.age"), 1, "nothing.age")
    refused(manyhands("backup", "new-key", safe.identity), 1, "there already")


def test_a_restore_is_refused_without_a_clear_word_and_leaves_no_trace(home: Path, safe: Safe, tmp_path: Path) -> None:
    data, before = safe.create(home), picture(home)
    new = tmp_path / "new"
    refused(safe.restore(home, "--data", data), 1, "--replace")
    refused(safe.restore(new), 2, "--data")
    refused(safe.restore(new, "--data", data), 1, "--keyring")
    refused(safe.restore(new, "--data", safe.newest_keyring, "--keyring", data), 1, "mixed up")
    refused(manyhands("backup", "restore", "--data", data, "--keyring", safe.newest_keyring, data_dir=new), 1, "--id")
    assert picture(home) == before
    assert not new.exists()


def test_an_older_keyring_or_that_of_others_is_refused(home: Path, safe: Safe, tmp_path: Path) -> None:
    safe.create(home)
    shutil.copy(safe.newest_keyring, tmp_path / "older.age")
    data = safe.create(home)
    new = tmp_path / "new"
    refused(safe.restore(new, "--data", data, "--keyring", tmp_path / "older.age"), 1, "older than the data")
    manyhands("init", "--name", "Others", "--base-url", "http://localhost:1", data_dir=new)
    before = picture(new)
    refused(safe.restore(new, "--replace", "--keyring", safe.newest_keyring), 1, "another community")
    assert picture(new) == before


def test_the_data_comes_back_under_a_running_server_and_the_keys_here_stay(
    home: Path, safe: Safe, running: Running
) -> None:
    coats, soup = running.ask("Winter coats", "Amina"), running.ask("Hot soup", "Tomas")
    data = safe.create(home)
    running.erase(coats["code"])
    running.ask("A lift", "Vera")
    ran = safe.restore(home, "--data", data, "--replace")
    assert (ran.status, ran.err) == (0, ""), ran
    assert notices_in(home) == 2
    assert running.note(coats["id"])[0] == 404
    assert json.loads(running.note(soup["id"])[1])["name"] == "Tomas"
    assert manyhands("doctor", data_dir=home).out.count("LOOK") == 1  # only that no server answers where it is told


def test_a_passphrase_is_piped_in_and_opens_it_again(home: Path, tmp_path: Path) -> None:
    def typed(*arguments: str | Path, said: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "node", *map(str, arguments)]
        return subprocess.run(
            command, env=environment(), input=said, capture_output=True, text=True, timeout=PATIENCE_S, cwd="/"
        )

    made = typed("backup", "create", "--data-dir", home, said="blue otters swim at noon\n")
    assert made.returncode == 0, made.stderr
    keyring = home / "keyring" / "keyring.age"
    assert "1 master" not in made.stdout and keyring.exists()
    wrong = typed("backup", "verify", keyring, said="blue otters\n")
    assert (wrong.returncode, "passphrase" in wrong.stderr, "Traceback" in wrong.stderr) == (1, True, False)
    (tmp_path / "word").write_text("blue otters swim at noon\n")
    right = manyhands("backup", "verify", keyring, MANYHANDS_BACKUP_PASSPHRASE_FILE=str(tmp_path / "word"))
    assert "6 signing keys" in right.out
    nothing = typed("backup", "create", "--data-dir", home, said="")
    assert (nothing.returncode, "MANYHANDS_BACKUP_PASSPHRASE_FILE" in nothing.stderr) == (1, True)


def test_the_copy_before_a_migration_holds_no_key_nor_do_earlier_ones(home: Path, running: Running) -> None:
    running.ask("Winter coats", "Amina")
    earlier = home / "backups" / "before-migration-20250101T000000Z.db"
    earlier.parent.mkdir()
    with closing(sqlite3.connect(home / "manyhands.db")) as live:
        live.execute("VACUUM INTO ?", (str(earlier),))
        (key,) = live.execute("SELECT wrapped_key FROM sealed_keys").fetchone()
    assert key in earlier.read_bytes()
    assert manyhands("migrate", data_dir=home).status == 0
    assert key not in earlier.read_bytes()
    assert running.note(json.loads(running.send("/api/v1/needs")[1])["items"][0]["id"])[0] == 200


async def test_one_of_each_is_made_every_day(safe: Safe, tmp_path: Path) -> None:
    clock, settings = Clock(), await found("North Side", tmp_path / "north")
    told = {"backup_recipients": (safe.recipient,), "backup_dir": safe.data, "keyring_dir": safe.keyring}
    async with opened(settings, clock) as north:
        database = north.community.database
        assert await create_due(database, settings, clock()) is None  # nobody it could be locked for
        settings = settings.model_copy(update=told)
        for hours, made in ((0, True), (23, False), (1, True), (1, False)):
            clock.forward(hours=hours)
            assert (await create_due(database, settings, clock()) is not None) == made
    assert sorted(path.name for path in safe.data.iterdir()) == [
        "data-20261120T100000Z.age",
        "data-20261121T100000Z.age",
    ]
    assert len(list(safe.keyring.iterdir())) == 1


def test_on_postgresql_the_keyring_is_ours_and_the_data_is_dumped_without_keys(
    databases: Databases, safe: Safe, tmp_path: Path
) -> None:
    home, port = tmp_path / "data", free_port()
    with databases.lend_empty() as url, databases.lend_empty() as other:
        init = ("init", "--name", "North Side", "--base-url", f"http://localhost:{port}")
        assert manyhands(*init, data_dir=home, MANYHANDS_DATABASE_URL=url).status == 0
        with served(home, port):
            town = Running(home, port)
            coats, soup = town.ask("Winter coats", "Amina"), town.ask("Hot soup", "Tomas")
            dump(databases, url, tmp_path / "dump.sql")
            town.erase(coats["code"])
            ran = manyhands("backup", "create", data_dir=home, **safe.told())
        assert (ran.status, "pg_dump" in ran.out) == (0, True)
        assert not safe.data.exists()
        refused(safe.restore(home, "--replace", "--data", tmp_path / "data.age"), 1, "data.age")
        databases.server.run(name_of(other), f"\\i {tmp_path / 'dump.sql'}")
        new, told = tmp_path / "new", {"MANYHANDS_DATABASE_URL": other}
        restore = ("backup", "restore", "--keyring", safe.newest_keyring, "--identity", safe.identity)
        ran = manyhands(*restore, data_dir=new, **told)
        assert (ran.status, ran.err) == (0, ""), ran
        assert "erased in it again: 1 of" in ran.out
        rewritten = (new / "config.toml").read_text().replace(name_of(url), name_of(other))
        (new / "config.toml").write_text(rewritten)
        with served(new, port):
            town = Running(new, port)
            assert town.note(coats["id"])[0] == 404
            assert json.loads(town.note(soup["id"])[1])["name"] == "Tomas"


def name_of(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


def dump(databases: Databases, url: str, target: Path) -> None:
    """As deploy/backup.md shows it."""
    shown = re.findall(r"--exclude-table-data=\w+", (ROOT / "deploy" / "backup.md").read_text())
    server = databases.server
    assert sorted(one.partition("=")[2] for one in shown) == sorted((*KEY_TABLES, *PASSING_TABLES))
    place = ["--host", server.socket, "--username", "postgres", "--file", str(target), name_of(url)]
    subprocess.run([str(server.binaries / "pg_dump"), *shown, *place], check=True, timeout=PATIENCE_S)
