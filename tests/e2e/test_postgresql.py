"""A community that keeps its things in PostgreSQL: set up, served, worked for, looked over, and told what is wrong."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from node.cli.faults import sentence_for
from tests.e2e.commands import PATIENCE_S, Ran, environment, manyhands, refused, served
from tests.ports import free_port
from tests.postgresql import Databases


def init(data_dir: Path, port: int, **extra: str) -> Ran:
    url = f"http://localhost:{port}"
    return manyhands("init", "--name", "North Side Neighbours", "--base-url", url, data_dir=data_dir, **extra)


@contextmanager
def working(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """`manyhands worker` as a process of its own."""
    command = [sys.executable, "-m", "node", "worker", "--data-dir", str(folder)]
    pipe = subprocess.PIPE
    worker = subprocess.Popen(command, env=environment(), stdout=pipe, stderr=pipe, text=True, cwd="/")
    try:
        assert worker.stdout is not None
        assert worker.stdout.readline().startswith("working for http://localhost:")
        yield worker
    finally:
        worker.kill()
        worker.communicate()


def test_the_whole_life_of_a_community(databases: Databases, tmp_path: Path) -> None:
    home, port = tmp_path / "data", free_port()
    here = {"data_dir": home, "MANYHANDS_BIND": f"127.0.0.1:{port}"}
    with databases.lend_empty() as url:
        assert "sign-in" in init(home, port, MANYHANDS_DATABASE_URL=url).out
        assert not (home / "manyhands.db").exists()
        assert url in (home / "config.toml").read_text()  # so no later verb has to be told again
        assert "Nothing was changed" in init(home, port).out
        assert manyhands("migrate", "--check", data_dir=home).status == 0
        assert "Nothing to do" in manyhands("migrate", "--plan", data_dir=home).out
        with served(home, port) as server, working(home) as worker:
            assert manyhands("healthcheck", **here).status == 0
            assert manyhands("doctor", **here).status == 0
            assert manyhands("member", "add", "Alma", "--role", "helper", **here).status == 0
            assert "Alma" in manyhands("member", "list", **here).out
            for process in (worker, server):
                process.send_signal(signal.SIGTERM)
                assert process.wait(timeout=PATIENCE_S) == 0
                assert process.stderr is not None
                assert process.stderr.read() == ""
        assert databases.server.run(url.partition("@/")[2].partition("?")[0], "SELECT count(*) FROM members") == ["2"]


def test_a_database_holds_one_community(databases: Databases, tmp_path: Path) -> None:
    with databases.lend_empty() as url:
        assert init(tmp_path / "first", 1, MANYHANDS_DATABASE_URL=url).status == 0
        refused(init(tmp_path / "second", 2, MANYHANDS_DATABASE_URL=url), 1, "already holds a community")
        assert not (tmp_path / "second").exists()
        assert "Nothing was changed" in init(tmp_path / "first", 1).out


def test_an_address_from_a_file_of_secrets_stays_there(databases: Databases, tmp_path: Path) -> None:
    secret, home = tmp_path / "secret", tmp_path / "data"
    with databases.lend_empty() as url:
        secret.write_text(url)
        assert init(home, 1, MANYHANDS_DATABASE_URL_FILE=str(secret)).status == 0
        assert "DATABASE_URL" not in (home / "config.toml").read_text()
        assert "Steward" in manyhands("member", "list", data_dir=home, MANYHANDS_DATABASE_URL_FILE=str(secret)).out


def test_an_older_database_is_told_and_brought_forward(databases: Databases, tmp_path: Path) -> None:
    home = tmp_path / "data"
    with databases.lend_empty() as url:
        assert init(home, 1, MANYHANDS_DATABASE_URL=url).status == 0
        name = url.partition("@/")[2].partition("?")[0]
        databases.server.run(name, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        assert manyhands("migrate", "--check", data_dir=home).status == 1
        assert "To do: 0001" in manyhands("migrate", "--plan", data_dir=home).out
        refused(manyhands("member", "list", data_dir=home), 1, "manyhands migrate")
        assert "Done: 0001" in manyhands("migrate", data_dir=home).out
        assert manyhands("migrate", "--check", data_dir=home).status == 0


def test_a_worker_beside_sqlite_is_wrong_use(home: Path) -> None:
    refused(manyhands("worker", data_dir=home), 2, "PostgreSQL", "manyhands serve")


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("postgresql+asyncpg://postgres@/nowhere?host={socket}", "createdb"),
        ("postgresql+asyncpg://nobody@/postgres?host={socket}", "name or password"),
        ("postgresql+asyncpg://postgres@/postgres?host=/no/such/folder", "socket"),
        ("postgresql+asyncpg://postgres@127.0.0.1:{port}/postgres", "does not answer"),
    ],
)
def test_what_is_wrong_with_the_address_is_told(address: str, word: str, databases: Databases, home: Path) -> None:
    url = address.format(socket=databases.server.socket, port=free_port())
    for verb in ("serve", "worker", "migrate"):
        refused(manyhands(verb, data_dir=home, MANYHANDS_DATABASE_URL=url), 1, word)


def test_a_name_that_stands_for_no_machine_is_told() -> None:
    assert "DATABASE_URL" in sentence_for(socket.gaierror(-2, "Name or service not known"))


def test_a_missing_driver_is_told() -> None:
    assert "make postgres" in sentence_for(ModuleNotFoundError("No module named 'asyncpg'", name="asyncpg"))
