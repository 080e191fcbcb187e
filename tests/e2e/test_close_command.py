"""A community ends, as a person types it: neighbours have erased their copies, and nothing is left on the disk."""

import asyncio
import shutil
import signal
import sqlite3
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
import pytest

from node.app import current_time
from node.demo.story import Walk, agreed, asked, linked, offered, shared
from node.demo.towns import Town, bring_sample, found, running
from node.storage.closing import Ending, mark
from tests.e2e.commands import PATIENCE_S, Ran, manyhands, picture, process, refused, served
from tests.ports import free_port
from tests.postgresql import Databases

NAME = "North Side Neighbours"
RUNNING = "SELECT count(*) FROM responses WHERE state = 'agreed'"


def written(town: Town) -> Path:
    """The data directory of a town of this process, as commands find it."""
    settings = town.settings
    (settings.data_dir / "config.toml").write_text(
        f'BASE_URL = "{settings.base_url}"\nBIND = "{settings.bind}"\nDEV_LOOPBACK_PEERS = true\n'
    )
    return settings.data_dir


async def two_towns(folder: Path) -> tuple[Town, Town]:
    """Two linked communities; the second one holds a notice of the first, and has agreed to help with it."""
    north = await found(NAME, "127.0.0.1", folder / "north")
    river = await found("River Street Circle", "localhost", folder / "river")
    await bring_sample(north)
    walk = Walk(north.place, river.place, newcomer=river.place)  # nobody new comes in these steps
    async with running(north), running(river):
        for step in (linked, asked, shared, offered, agreed):
            await step(walk)
    return north, river


@contextmanager
def kept_running(town: Town) -> Iterator[None]:
    """The town's server, in a thread of this process."""
    loop, ready, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def run() -> None:
        async with running(town):
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    try:
        assert ready.wait(PATIENCE_S)
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def held(town: Town, query: str) -> int:
    with closing(sqlite3.connect(town.settings.data_dir / "manyhands.db")) as database:
        return int(database.execute(query).fetchone()[0])


def is_empty(folder: Path) -> bool:
    return list(folder.iterdir()) == []


def test_the_neighbour_has_erased_its_copies_and_nothing_is_left(tmp_path: Path) -> None:
    north, river = asyncio.run(two_towns(tmp_path))
    home = written(north)
    (home / "backups").mkdir()
    (home / "backups" / "data-20261120T100000Z.age").write_bytes(b"an older backup")
    assert held(river, "SELECT count(*) FROM feed_items") == held(river, RUNNING) == 1
    before = picture(home)
    refused(process("close", "--name", "North Side", data_dir=home), 2, "not the community's name")
    refused(process("close", "--name", NAME, "--wait", "1441", data_dir=home), 2, "--wait")
    assert picture(home) == before
    with kept_running(river):
        ran = process("close", "--name", NAME, "--wait", "1", data_dir=home)
    assert (ran.status, ran.err) == (0, ""), ran
    assert f"River Street Circle ({river.settings.host}) has erased its copies." in ran.out
    assert is_empty(home)
    assert held(river, "SELECT count(*) FROM feed_items") == 0
    assert held(river, RUNNING) == 0
    assert held(river, "SELECT count(*) FROM follows") == 0
    assert held(river, "SELECT count(*) FROM remote_actors WHERE id LIKE 'http://127.0.0.1:%'") == 0
    refused(process("close", "--name", NAME, data_dir=home), 1, "holds no community")


def test_beside_the_running_server_which_stops_and_the_task_goes_back(tmp_path: Path) -> None:
    north, river = asyncio.run(two_towns(tmp_path))
    home = written(river)
    with kept_running(north), served(home, river.settings.bind_address[1]) as server:
        assert held(north, RUNNING) == 1
        ran = process("close", "--name", "River Street Circle", "--wait", "1", data_dir=home)
        assert (ran.status, ran.err) == (0, ""), ran
        assert server.wait(timeout=PATIENCE_S) == 0
        assert server.stderr is not None
        assert "Traceback" not in server.stderr.read()
    assert f"{NAME} ({north.settings.host}) was told" in ran.out
    assert is_empty(home)
    assert held(north, "SELECT count(*) FROM responses WHERE state = 'returned'") == 1
    assert held(north, "SELECT count(*) FROM follows") == 0


def test_a_neighbour_that_is_down_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    north, river = asyncio.run(two_towns(tmp_path))
    home, stick = written(north), tmp_path / "stick"
    stick.mkdir()
    (stick / "keyring.age").write_bytes(b"the newest keyring")
    (home / "minutes.txt").write_text("what we spoke about")
    with (home / "config.toml").open("a") as config:
        config.write(f'KEYRING_DIR = "{stick}"\n')
    ran = process("close", "--name", NAME, "--wait", "0", data_dir=home)
    assert (ran.status, ran.err) == (0, ""), ran
    assert f"River Street Circle ({river.settings.host}) could not be reached." in ran.out
    assert f"yours to remove: {stick / 'keyring.age'}" in ran.out
    assert f"stays: {home / 'minutes.txt'}" in ran.out
    assert [path.name for path in home.iterdir()] == ["minutes.txt"]
    assert (stick / "keyring.age").exists()


def test_interrupted_it_goes_on_and_nothing_half_erased_is_usable(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr("node.storage.erasing.erase_master_keys", fail)  # the disk fails when the database is gone
        assert manyhands("close", "--name", NAME, "--wait", "0", data_dir=home, **at(home)).status == 1
    assert not (home / "manyhands.db").exists()
    refused(manyhands("member", "list", data_dir=home), 1, "manyhands close")
    refused(manyhands("serve", "--bind", "127.0.0.1:0", data_dir=home), 1, "manyhands close")
    refused(manyhands("close", "--name", "South", data_dir=home), 2, "Nothing was changed")
    (home / "config.toml").unlink()
    ran = manyhands("close", "--name", NAME, data_dir=home)
    assert (ran.status, ran.err) == (0, ""), ran
    assert is_empty(home)


def test_halfway_through_the_database_its_keys_are_gone_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object) -> None:
        raise OSError(5, "Input/output error")

    assert rows(home, "actor_keys") > 0
    with monkeypatch.context() as broken:
        broken.setattr("node.storage.erasing.overwrite", fail)
        assert manyhands("close", "--name", NAME, "--wait", "0", data_dir=home, **at(home)).status == 1
    assert (rows(home, "actor_keys"), rows(home, "sealed_keys")) == (0, 0)
    assert manyhands("close", "--name", NAME, data_dir=home).status == 0
    assert is_empty(home)


def test_it_is_said_what_happens_before_the_name_is_asked_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(click, "prompt", lambda *_asked, **_more: "Something else")
    before = picture(home)
    ran = manyhands("close", data_dir=home)
    assert (ran.status, "Nothing was changed" in ran.err) == (2, True)
    for words in ("manyhands export DIR", "keyring on a stick", "does not answer", f"of {home}"):
        assert words in ran.out
    assert picture(home) == before


def test_while_it_ends_pages_say_so_and_neighbours_are_still_answered(home: Path) -> None:
    port = free_port()
    with served(home, port) as server:
        mark(home, Ending(NAME, f"http://localhost:{port}", current_time()))
        assert status_and_text(f"http://127.0.0.1:{port}/ask")[0] == 503
        assert "We are closing" in status_and_text(f"http://127.0.0.1:{port}/")[1]
        assert status_and_text(f"http://127.0.0.1:{port}/actors/public")[0] == 200
        server.send_signal(signal.SIGTERM)  # the machine is started anew while neighbours are being told
        assert server.wait(timeout=PATIENCE_S) == 0
    with served(home, port):
        assert status_and_text(f"http://127.0.0.1:{port}/ask")[0] == 503
        ran = manyhands("close", "--name", NAME, "--wait", "0", data_dir=home)
    assert (ran.status, ran.err, is_empty(home)) == (0, "", True), ran


def test_postgresql_is_emptied_at_once(databases: Databases, tmp_path: Path) -> None:
    home, port = tmp_path / "data", free_port()
    with databases.lend_empty() as url:
        init = ("init", "--name", NAME, "--base-url", f"http://localhost:{port}")
        assert manyhands(*init, data_dir=home, MANYHANDS_DATABASE_URL=url).status == 0
        twin = Path(shutil.copytree(home, tmp_path / "twin"))  # on another machine
        with served(home, port) as server, served(twin, free_port()) as other:
            ran: Ran = manyhands("close", "--name", NAME, "--wait", "0", data_dir=home)
            assert (ran.status, ran.err) == (0, ""), ran
            assert server.wait(timeout=PATIENCE_S) == 0
            assert other.wait(timeout=PATIENCE_S) == 1
        assert "The tables in PostgreSQL are empty" in ran.out
        assert is_empty(home)
        name = url.partition("@/")[2].partition("?")[0]
        for table in ("community", "members", "actor_keys", "sealed_keys", "audit"):
            assert databases.server.run(name, f"SELECT count(*) FROM {table}") == ["0"]


def at(home: Path) -> dict[str, str]:
    """Doors on a port of this test's own."""
    return {"MANYHANDS_BIND": f"127.0.0.1:{free_port()}"}


def rows(home: Path, table: str) -> int:
    with closing(sqlite3.connect(home / "manyhands.db")) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def status_and_text(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
            return int(answer.status), answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
