"""Sealing a community and opening it again, as a person types it, with the server running and after a restart."""

import json
import signal
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from node.storage.vault import CannotOpen, Vault
from tests.e2e.commands import LINK, PATIENCE_S, manyhands, refused, served
from tests.e2e.town import Running
from tests.ports import free_port
from tests.postgresql import Databases

WORDS = "blue otters swim at noon"
TOLD = {"MANYHANDS_SEAL_PASSPHRASE": WORDS}


def status_of(url: str) -> int | None:
    """None while nothing listens: the process is beginning anew."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return None


def wait_for(status: int, url: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while status_of(url) != status:
        assert time.monotonic() < until, f"{url} never answered {status}"
        time.sleep(0.1)


def stopped(server: subprocess.Popen[str]) -> str:
    """Told to stop, it does; what it had logged."""
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=PATIENCE_S) == 0
    assert server.stderr is not None
    return server.stderr.read()


def test_sealed_and_opened_again_beside_the_running_server(home: Path) -> None:
    assert manyhands("seal", "--prepare", data_dir=home, **TOLD).status == 0
    port = free_port()
    with served(home, port) as server:
        town = Running(home, port)
        coats = town.ask("Winter coats", "Amina")
        link = LINK.search(manyhands("member", "link", "Steward", data_dir=home).out)
        assert link is not None
        ran = manyhands("seal", data_dir=home)
        assert (ran.status, ran.err) == (0, ""), ran
        wait_for(503, f"{town.url}/")
        wait_for(200, f"{town.url}/livez")
        for path in ("/", "/ask", f"/r/{coats['code']}", "/inbox", "/actors/public", "/api/v1/needs", "/readyz"):
            assert town.send(path)[0] == 503, path
        assert town.send("/api/v1/needs", b"{}")[0] == 503
        assert "We are closed for now" in town.send("/")[1]
        refused(manyhands("seal", data_dir=home), 1, "sealed already")
        refused(manyhands("member", "list", data_dir=home), 1, "manyhands unseal")
        refused(manyhands("serve", "--bind", "nowhere", data_dir=home), 2, "BIND")
        refused(manyhands("unseal", data_dir=home, MANYHANDS_SEAL_PASSPHRASE="red otters swim at noon"), 1, "not the")
        assert "LOOK  secrets: The community is sealed" in manyhands("doctor", data_dir=home).out
        ran = manyhands("unseal", data_dir=home, MANYHANDS_SEAL_PASSPHRASE="  blue otters swim  at noon ")
        assert (ran.status, ran.err) == (0, ""), ran
        wait_for(200, f"{town.url}/")
        assert json.loads(town.note(coats["id"])[1])["name"] == "Amina"
        assert "Traceback" not in stopped(server)
    with closing(sqlite3.connect(home / "manyhands.db")) as database:
        for table in ("sessions", "sign_in_links"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # the old link is gone
    refused(manyhands("unseal", data_dir=home, **TOLD), 1, "not sealed")


def test_it_stays_sealed_through_a_restart_and_the_disk_opens_nothing(home: Path) -> None:
    port = free_port()
    with served(home, port):
        Running(home, port).ask("Winter coats", "Amina")
    master = bytes.fromhex((home / "master.key").read_text())
    assert manyhands("seal", data_dir=home, **TOLD).status == 0  # the first time it takes the passphrase
    everything = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    for spelling in (master, master.hex().encode(), WORDS.encode(), b"Amina"):
        assert spelling not in everything
    with closing(sqlite3.connect(home / "manyhands.db")) as database:
        notice_id, wrapped = database.execute("SELECT notice_id, wrapped_key FROM sealed_keys").fetchone()
    with pytest.raises(CannotOpen):
        Vault(bytes(32)).unwrap(wrapped, notice_id)
    assert Vault(master).unwrap(wrapped, notice_id)
    for _ in range(2):
        with served(home, port) as server:
            assert status_of(f"http://127.0.0.1:{port}/") == 503
            assert "Traceback" not in stopped(server)


def test_interrupted_between_its_steps_it_is_finished_at_the_next_start(home: Path) -> None:
    assert manyhands("seal", "--prepare", data_dir=home, **TOLD).status == 0
    (home / "master.key").rename(home / ".master.key.gone")  # the power fails here
    refused(manyhands("member", "list", data_dir=home), 1, "manyhands unseal")
    assert manyhands("unseal", data_dir=home, **TOLD).status == 0
    assert not (home / ".master.key.gone").exists()
    assert manyhands("member", "list", data_dir=home).status == 0


@pytest.mark.parametrize("words", ["short", "x" * 15, "x" * 201])
def test_a_passphrase_that_will_not_do_changes_nothing(words: str, home: Path) -> None:
    refused(manyhands("seal", data_dir=home, MANYHANDS_SEAL_PASSPHRASE=words), 1, "from 16 to 200 characters")
    assert not (home / "master.key.wrapped").exists()
    assert (home / "master.key").exists()


def test_backups_are_made_while_sealed_without_a_keyring(home: Path, tmp_path: Path) -> None:
    public = manyhands("backup", "new-key", tmp_path / "identity.txt").out.strip()
    told = {"MANYHANDS_BACKUP_RECIPIENTS": public}
    assert manyhands("backup", "create", data_dir=home, **told).status == 0
    keyring = (home / "keyring" / "keyring.age").read_bytes()
    assert manyhands("seal", data_dir=home, **TOLD).status == 0
    ran = manyhands("backup", "create", data_dir=home, **told)
    assert (ran.status, "stays as it is" in ran.out) == (0, True)
    assert (home / "keyring" / "keyring.age").read_bytes() == keyring
    restore = ("backup", "restore", "--replace", "--keyring", home / "keyring" / "keyring.age")
    refused(manyhands(*restore, "--identity", tmp_path / "identity.txt", data_dir=home), 1, "unseal")


def test_another_machine_over_the_same_database_is_sealed_too(databases: Databases, tmp_path: Path) -> None:
    home, twin, port = tmp_path / "data", tmp_path / "twin", free_port()
    with databases.lend_empty() as url:
        init = ("init", "--name", "North Side", "--base-url", f"http://localhost:{port}")
        assert manyhands(*init, data_dir=home, MANYHANDS_DATABASE_URL=url).status == 0
        assert manyhands("seal", "--prepare", data_dir=home, **TOLD).status == 0
        subprocess.run(["cp", "-r", str(home), str(twin)], check=True)
        key = (home / "master.key").read_bytes()
        with served(twin, port):
            assert status_of(f"http://127.0.0.1:{port}/") == 200
            assert manyhands("seal", data_dir=home).status == 0
            wait_for(503, f"http://127.0.0.1:{port}/")
        assert not (twin / "master.key").exists()
        bare = tmp_path / "bare"
        subprocess.run(["cp", "-r", str(twin), str(bare)], check=True)
        (bare / "master.key.wrapped").unlink()
        (bare / "master.key").write_bytes(key)
        refused(manyhands("serve", "--bind", "127.0.0.1:0", data_dir=bare), 1, "sealed on another machine")
        assert (bare / "master.key").read_bytes() == key  # the only one this machine has
