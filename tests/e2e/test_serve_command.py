"""Running a community, and every reason why it cannot be run: one plain sentence each."""

import signal
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.commands import (
    MAPPING,
    PATIENCE_S,
    SHEET,
    manyhands,
    ordinary_account,
    picture,
    process,
    refused,
    served,
)
from tests.ports import free_port


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_serve_answers_beside_every_other_verb_and_stops_when_told(home: Path, told: signal.Signals) -> None:
    port = free_port()
    with served(home, port) as server:
        here = {"data_dir": home, "MANYHANDS_BIND": f"127.0.0.1:{port}"}
        assert manyhands("healthcheck", **here).status == 0
        assert manyhands("doctor", **here).status == 0
        assert manyhands("member", "add", "Alma", "--role", "helper", **here).status == 0
        assert manyhands("token", "create", "--member", "Alma", **here).status == 0
        assert manyhands("peer", "list", **here).status == 0
        assert manyhands("migrate", **here).status == 0
        assert manyhands("import", SHEET, "--mapping", MAPPING, **here).status == 0
        server.send_signal(told)
        assert server.wait(timeout=PATIENCE_S) == 0
        assert server.stderr is not None
        assert "Traceback" not in server.stderr.read()


def test_a_refusal_is_the_same_from_a_process_of_its_own(home: Path) -> None:
    refused(process("member", "link", "Nobody", data_dir=home), 1, "Nobody")
    refused(process("dance", data_dir=home), 2, "dance")


def test_a_taken_port_is_named(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused(manyhands("serve", "--bind", f"127.0.0.1:{port}", data_dir=home), 1, "port", "--bind")


@pytest.mark.parametrize("verb", [("serve",), ("member", "list"), ("doctor",), ("migrate",), ("config", "show")])
def test_a_folder_without_a_community_says_how_to_begin(verb: tuple[str, ...], tmp_path: Path) -> None:
    ran = manyhands(*verb, data_dir=tmp_path)

    assert ran.status == 1
    assert "manyhands init" in ran.out + ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("verb", [("serve",), ("member", "list"), ("config", "show")])
def test_an_unreadable_folder_is_named(verb: tuple[str, ...], home: Path) -> None:
    home.chmod(0)
    try:
        with ordinary_account():
            refused(manyhands(*verb, data_dir=home), 1, str(home))
    finally:
        home.chmod(0o700)


def test_a_folder_that_may_not_be_made_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with ordinary_account():
            ran = manyhands("init", "--name", "N", "--base-url", "http://localhost:1", data_dir=tmp_path / "data")
    finally:
        tmp_path.chmod(0o700)
    refused(ran, 1, str(tmp_path))
    assert not (tmp_path / "data").exists()


def test_a_data_directory_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    refused(manyhands("serve", data_dir=tmp_path / "file"), 1, "folder")


@pytest.mark.parametrize("verb", [("serve",), ("member", "list"), ("migrate",)])
def test_a_database_newer_than_the_program_is_left_alone(verb: tuple[str, ...], home: Path) -> None:
    with closing(sqlite3.connect(home / "manyhands.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = picture(home)

    refused(manyhands(*verb, data_dir=home), 1, "newer")
    assert picture(home) == before


def test_a_damaged_database_is_told(home: Path) -> None:
    for side in home.glob("manyhands.db-*"):
        side.unlink()
    (home / "manyhands.db").write_bytes(b"this is no database" * 500)

    refused(manyhands("serve", data_dir=home), 1, "database")


def test_a_missing_master_key_is_told(home: Path) -> None:
    (home / "master.key").unlink()

    refused(manyhands("serve", data_dir=home), 1, "master.key")
    assert not (home / "master.key").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("BASE_URL", "nonsense"), ("LOG_LEVEL", "loud"), ("PEER_NETWORKS", "everywhere"), ("DATABASE_URL", "nonsense")],
)
def test_a_wrong_setting_is_named(name: str, value: str, home: Path) -> None:
    refused(manyhands("serve", data_dir=home, **{f"MANYHANDS_{name}": value}), 1, name)


def test_a_wrong_config_file_is_named(home: Path) -> None:
    (home / "config.toml").write_text("BASE_URL = https://no-quotes.example\n")

    refused(manyhands("serve", data_dir=home), 1, "config.toml")
