"""Every verb as a person types it: what it prints, its exit status, and one plain sentence when something is wrong."""

import io
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest

from node.cli import run

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "node" / "samples"
NOBODY = 65534
SHEET, MAPPING = SAMPLES / "needs_and_offers.csv", SAMPLES / "needs_and_offers.toml"
LINK = re.compile(r"^http://localhost:\d+/sign-in/\S+$", re.MULTILINE)
PATIENCE_S = 60


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str


def environment(**extra: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MANYHANDS_")}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | extra


def typed(arguments: tuple[str | Path, ...], data_dir: Path | None) -> list[str]:
    return [str(argument) for argument in arguments] + (["--data-dir", str(data_dir)] if data_dir else [])


def process(*arguments: str | Path, data_dir: Path) -> Ran:
    """The program as a process of its own, as a person starts it."""
    command = [sys.executable, "-m", "node", *typed(arguments, data_dir)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=PATIENCE_S, cwd="/")
    return Ran(done.returncode, done.stdout, done.stderr)


def manyhands(*arguments: str | Path, data_dir: Path | None = None, **extra: str) -> Ran:
    """The same verb inside this process, which spares a second for every start."""
    out, err = io.StringIO(), io.StringIO()
    with patch.dict(os.environ, environment(**extra), clear=True), redirect_stdout(out), redirect_stderr(err):
        status = run(typed(arguments, data_dir))
    return Ran(status, out.getvalue(), err.getvalue())


@contextmanager
def ordinary_account() -> Iterator[None]:
    """The superuser may read every folder, so it steps down for a moment."""
    is_superuser = os.geteuid() == 0
    if is_superuser:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_superuser:
            os.seteuid(0)


def refused(ran: Ran, status: int, *words: str) -> None:
    """One plain sentence on stderr, nothing else."""
    assert (ran.status, ran.out) == (status, ""), ran
    assert ran.err.count("\n") == 1, ran.err
    assert ran.err.startswith("manyhands: ")
    assert "Traceback" not in ran.err
    for word in words:
        assert word in ran.err, ran.err


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def picture(folder: Path) -> dict[str, bytes]:
    """Every file but SQLite's own side files, which reading may touch."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal")))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def notices_in(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "manyhands.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM notices").fetchone()[0])


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    folder = tmp_path_factory.mktemp("home") / "data"
    url = f"http://localhost:{free_port()}"
    return folder, process("init", "--name", "North Side Neighbours", "--base-url", url, data_dir=folder)


@pytest.fixture
def home(first_run: tuple[Path, Ran], tmp_path: Path) -> Path:
    """A community of this test's own."""
    shutil.copytree(first_run[0], tmp_path / "data")
    return tmp_path / "data"


@contextmanager
def served(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    server = subprocess.Popen(
        [sys.executable, "-m", "node", "serve", "--bind", f"127.0.0.1:{port}", "--data-dir", str(folder)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
    )
    try:
        assert server.stdout is not None
        assert server.stdout.readline().startswith("listening on http://")
        yield server
    finally:
        server.kill()
        server.communicate()


# --- init -----------------------------------------------------------------------------------------------------------


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


# --- wrong use ------------------------------------------------------------------------------------------------------


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


def test_help_is_no_failure() -> None:
    assert manyhands("--help").status == 0


# --- serve ----------------------------------------------------------------------------------------------------------


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


# --- members, tokens, peers -----------------------------------------------------------------------------------------


def test_members_are_added_listed_and_given_links(home: Path) -> None:
    added = manyhands("member", "add", "Alma", "--role", "helper", "--role", "dispatcher", data_dir=home)
    link = manyhands("member", "link", "alma", data_dir=home)

    assert LINK.fullmatch(added.out.strip())
    assert LINK.fullmatch(link.out.strip())
    assert added.out != link.out
    assert "Alma: dispatcher, helper" in manyhands("member", "list", data_dir=home).out.splitlines()


def test_member_names_are_taken_once_and_must_be_known(home: Path) -> None:
    manyhands("member", "add", "Alma", "--role", "helper", data_dir=home)

    refused(manyhands("member", "add", "ALMA", "--role", "helper", data_dir=home), 1, "already")
    refused(manyhands("member", "add", "  ", "--role", "helper", data_dir=home), 1, "call you")
    refused(manyhands("member", "link", "Nobody", data_dir=home), 1, "Nobody")
    refused(manyhands("token", "create", "--member", "Nobody", data_dir=home), 1, "Nobody")


def test_a_token_is_printed_and_nothing_else(home: Path) -> None:
    manyhands("member", "add", "Alma", "--role", "helper", data_dir=home)

    ran = manyhands("token", "create", "--member", "Alma", "--label", "script", data_dir=home)

    assert re.fullmatch(r"mh_[\w-]{40,}\n", ran.out)
    assert ran.err == ""


@pytest.mark.parametrize("address", ["nonsense", "@", "@a@b@c", "ftp://x.example", "", "http://[::1"])
def test_an_address_of_no_community_is_refused(address: str, home: Path) -> None:
    refused(manyhands("peer", "add", address, data_dir=home), 1)
    assert manyhands("peer", "list", data_dir=home).out == ""


def test_an_address_where_nobody_answers_is_refused(home: Path) -> None:
    address = f"http://localhost:{free_port()}/actors/public"

    refused(manyhands("peer", "add", address, data_dir=home, MANYHANDS_DEV_LOOPBACK_PEERS="true"), 1)


@pytest.mark.parametrize("verb", ["accept", "pause", "block", "drop"])
def test_an_unknown_peer_is_named(verb: str, home: Path) -> None:
    refused(manyhands("peer", verb, "@public@nowhere.example", data_dir=home), 1, "@public@nowhere.example")


# --- import ---------------------------------------------------------------------------------------------------------


def test_a_dry_run_tells_everything_and_stores_nothing(home: Path) -> None:
    ran = manyhands("import", SHEET, "--mapping", MAPPING, "--dry-run", data_dir=home)

    assert (ran.status, ran.err) == (0, "")
    assert "Row 2: need · groceries · Groceries for a household · 1 · this week" in ran.out
    assert "rows 9, 31" in ran.out
    assert "Row 70 says the same as row 3" in ran.out
    assert "14 Tannery Row" in ran.out
    assert "How did you hear of us?" in ran.out
    assert "Maribel" not in ran.out
    assert "555-0101" not in ran.out
    assert notices_in(home) == 0


def test_the_same_file_twice_adds_nothing(home: Path) -> None:
    first = manyhands("import", SHEET, "--mapping", MAPPING, data_dir=home)
    stored = notices_in(home)
    second = manyhands("import", SHEET, "--mapping", MAPPING, data_dir=home)

    assert stored >= 60
    assert f"{stored} needs and offers were brought in; 0 were here already." in first.out
    assert f"0 needs and offers were brought in; {stored} were here already." in second.out
    assert notices_in(home) == stored


def test_names_and_numbers_rest_only_in_sealed_notes(home: Path) -> None:
    manyhands("import", SHEET, "--mapping", MAPPING, data_dir=home)

    everything = b"".join(path.read_bytes() for path in home.rglob("manyhands.db*"))

    assert b"Groceries for a household" in everything
    for private in (b"Maribel", b"555-0101", b"2025550108", b"Tannery", b"behind the bakery"):
        assert private not in everything


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Row 1"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "text"),
        (b"PK\x03\x04", "workbook"),
        (b"Alma,Beto\nChela,Dana\n", "names none of the columns"),
    ],
)
def test_a_file_that_is_no_such_spreadsheet_brings_nothing_in(content: bytes, said: str, home: Path) -> None:
    (home.parent / "bad.csv").write_bytes(content)

    refused(manyhands("import", home.parent / "bad.csv", "--mapping", MAPPING, data_dir=home), 1, said)
    assert notices_in(home) == 0


@pytest.mark.parametrize(
    ("line", "said"), [('"never closed\r\n', "Row 71"), ("," * 30 + "x\r\n", "Row 71 has 31 cells")]
)
def test_a_file_that_breaks_at_its_last_row_brings_nothing_in(line: str, said: str, home: Path) -> None:
    (home.parent / "bad.csv").write_bytes(SHEET.read_bytes() + line.encode())

    refused(manyhands("import", home.parent / "bad.csv", "--mapping", MAPPING, data_dir=home), 1, said)
    assert notices_in(home) == 0


def test_files_that_are_not_there_or_no_mapping_are_named(home: Path) -> None:
    refused(manyhands("import", home / "no.csv", "--mapping", MAPPING, data_dir=home), 1, "no.csv")
    refused(manyhands("import", SHEET, "--mapping", home / "no.toml", data_dir=home), 1, "no.toml")
    refused(manyhands("import", SHEET, "--mapping", SHEET, data_dir=home), 1, "TOML")
    refused(manyhands("import", home, "--mapping", MAPPING, data_dir=home), 1, str(home))


# --- looking after it -----------------------------------------------------------------------------------------------


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
    assert (found["settings"], found["database"]) == (True, True)
    assert (found["folder"], found["secrets"], found["server"]) == (False, False, False)
    assert "chmod 700" in manyhands("doctor", data_dir=home).out


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
