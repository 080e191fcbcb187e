"""Typing verbs: in a process of their own, or inside this one."""

import io
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

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


def picture(folder: Path) -> dict[str, bytes]:
    """Every file but SQLite's own side files, which reading may touch."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal")))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def notices_in(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "manyhands.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM notices").fetchone()[0])


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
