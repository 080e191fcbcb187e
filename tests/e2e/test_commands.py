"""Every verb as a person types it: what it prints, its exit status, and one plain sentence when something is wrong."""

import json
import re
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from node.cli import VERBS
from tests.e2e.commands import (
    LINK,
    Ran,
    manyhands,
    picture,
    process,
    refused,
)
from tests.ports import free_port


def test_init_prints_one_link_and_its_picture(first_run: tuple[Path, Ran]) -> None:
    _, ran = first_run

    assert (ran.status, ran.err) == (0, "")
    assert len(LINK.findall(ran.out)) == 1
    assert "North Side Neighbours" in ran.out
    assert re.search("[▀▄█]{5}", ran.out)


def test_init_keeps_everything_for_its_owner(first_run: tuple[Path, Ran]) -> None:
    folder, _ = first_run

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()} == {0o600}
    assert (folder / "config.toml").is_file()


def test_init_again_says_what_exists_and_changes_nothing(home: Path) -> None:
    before = picture(home)

    ran = process("init", "--name", "Other", "--base-url", "https://other.example", data_dir=home)

    assert ran.status == 0
    assert "North Side Neighbours" in ran.out
    assert "Nothing was changed" in ran.out
    assert not LINK.search(ran.out)
    assert picture(home) == before


@pytest.mark.parametrize("url", ["hands.example", "http://hands.example", "https://hands.example/path"])
def test_init_refuses_an_address_it_cannot_be_reached_at(url: str, tmp_path: Path) -> None:
    refused(manyhands("init", "--name", "N", "--base-url", url, data_dir=tmp_path / "data"), 2, "BASE_URL")
    assert not (tmp_path / "data").exists()


def test_init_into_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    refused(
        manyhands("init", "--name", "N", "--base-url", "http://localhost:1", data_dir=tmp_path / "file"), 1, "folder"
    )


@pytest.mark.parametrize("name", ["", "   ", "x" * 200])
def test_init_refuses_a_name_that_is_none_and_leaves_no_community(name: str, tmp_path: Path) -> None:
    ran = manyhands("init", "--name", name, "--base-url", "http://localhost:1", data_dir=tmp_path / "data")

    refused(ran, 1, "name")
    assert not (tmp_path / "data" / "config.toml").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("dance",),
        ("init",),
        ("member",),
        ("serve", "--colour", "red"),
        ("serve", "--bind", "nowhere"),
        ("member", "add"),
        ("member", "add", "Alma"),
        ("member", "add", "Alma", "--role", "king"),
        ("token", "create"),
        ("peer", "level", "someone", "friends"),
        ("import", "file.csv"),
        ("migrate", "now"),
    ],
)
def test_wrong_use_is_one_sentence_and_status_2(arguments: tuple[str, ...], home: Path) -> None:
    refused(manyhands(*arguments, data_dir=home), 2)


def test_without_a_verb_it_says_how_to_go_on() -> None:
    ran = manyhands()

    assert ran.status == 2
    assert ran.err.count("\n") == 1


def test_help_tells_of_every_verb() -> None:
    ran = manyhands("--help")
    assert ran.status == 0
    assert [line.split()[0] for line in ran.out.partition("Commands:")[2].splitlines() if line[2:3].strip()] == [*VERBS]


def test_a_current_database_has_nothing_to_migrate(home: Path) -> None:
    for option in ((), ("--plan",), ("--check",)):
        ran = manyhands("migrate", *option, data_dir=home)
        assert (ran.status, ran.err) == (0, "")
        assert "Nothing to do" in ran.out


def test_an_older_database_is_told_planned_and_migrated(home: Path) -> None:
    with closing(sqlite3.connect(home / "manyhands.db")) as connection, connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        connection.execute("PRAGMA foreign_keys = OFF")
        for table in tables:
            if not table.startswith("sqlite_"):
                connection.execute(f"DROP TABLE [{table}]")

    refused(manyhands("member", "list", data_dir=home), 1, "manyhands migrate")
    assert manyhands("migrate", "--check", data_dir=home).status == 1
    assert manyhands("migrate", "--plan", data_dir=home).out.startswith("To do: ")
    assert manyhands("migrate", data_dir=home).out.startswith("Done: ")
    assert manyhands("migrate", "--check", data_dir=home).status == 0


def test_the_doctor_says_what_is_not_right(home: Path) -> None:
    home.chmod(0o755)
    (home / "master.key").chmod(0o644)

    ran = manyhands("doctor", "--json", data_dir=home, MANYHANDS_BIND=f"127.0.0.1:{free_port()}")

    found = {check["name"]: check["ok"] for check in json.loads(ran.out)["checks"]}
    assert ran.status == 1
    assert (found["settings"], found["database"], found["devices"]) == (True, True, True)
    assert (found["folder"], found["secrets"], found["server"]) == (False, False, False)
    said = manyhands("doctor", data_dir=home, MANYHANDS_SMTP_URL="smtp://127.0.0.1:1").out
    assert "chmod 700" in said and "LOOK  mail: The mail server of SMTP_URL cannot be reached" in said


def test_a_server_that_is_not_there_is_not_well(home: Path) -> None:
    ran = manyhands("healthcheck", data_dir=home, MANYHANDS_BIND=f"127.0.0.1:{free_port()}")

    assert ran.status == 1
    assert "No server answers" in ran.out + ran.err


def test_config_show_tells_where_each_value_came_from(home: Path) -> None:
    ran = manyhands("config", "show", data_dir=home, MANYHANDS_SMTP_URL="smtp://me:pw@mail.example")

    lines = ran.out.splitlines()
    assert any(line.startswith("BASE_URL = http://localhost:") and "config.toml" in line for line in lines)
    assert "SMTP_URL = smtp://me:…@mail.example  (environment MANYHANDS_SMTP_URL)" in lines
    assert "LOG_LEVEL = info  (default)" in lines
    assert "pw" not in ran.out.replace("/pw", "")


def test_details_of_a_failure_are_for_those_who_ask(home: Path) -> None:
    shutil.rmtree(home)
    home.mkdir()

    assert "Traceback" in manyhands("member", "list", data_dir=home, MANYHANDS_LOG_LEVEL="debug").err
