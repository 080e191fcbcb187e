"""A PostgreSQL server of our own, on a socket in a folder of its own. The machine's own server is left alone."""

import asyncio
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from node.storage.database import Database
from node.storage.migrate import migrate, plan
from node.storage.tables import metadata
from node.storage.vault import Vault

USER: Final = "postgres"
#: For tests, which have nothing to lose: commits do not wait for the disk.
CARELESS: Final = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class NoServer(Exception):
    """PostgreSQL is not here, or did not start."""


def programs() -> Path | None:
    """The folder of its programs, which Debian keeps off the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if folders:
        return folders[-1]
    found = shutil.which("initdb")
    return Path(found).parent if found else None


@dataclass(frozen=True)
class Server:
    """A running server; `socket` is the folder of its socket, `pid` its first process."""

    binaries: Path
    socket: str
    pid: int

    def url(self, database: str = "postgres") -> str:
        """How the node is told of a database on it."""
        return f"postgresql+asyncpg://{USER}@/{database}?host={self.socket}"

    def run(self, database: str, *statements: str) -> list[str]:
        """The lines that other hands get for these statements; columns are divided by `|`."""
        command = [str(self.binaries / "psql"), "--host", self.socket, "--username", USER, "--dbname", database]
        flags = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
        typed = [part for statement in statements for part in ("--command", statement)]
        done = subprocess.run([*command, *flags, *typed], check=True, capture_output=True, text=True)
        return done.stdout.splitlines()

    def create(self, database: str, template: str = "template0") -> None:
        """A new database, empty or a copy of `template`."""
        self.run("postgres", f"CREATE DATABASE {database} TEMPLATE {template} ENCODING 'UTF8'")


@contextmanager
def postgresql(options: str = "") -> Iterator[Server]:
    """A new server, for as long as the block lasts; without `options` it is as durable as born. Raises NoServer."""
    binaries = programs()
    if binaries is None:
        raise NoServer("PostgreSQL is not installed here; `make test-deps` installs it.")
    with tempfile.TemporaryDirectory(prefix="manyhands-postgresql-") as folder:
        if os.geteuid() == 0:
            owner = pwd.getpwnam(USER)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        data = f"{folder}/data"
        born = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        _run(str(binaries / "initdb"), *born, data)
        control = (str(binaries / "pg_ctl"), "--pgdata", data, "--wait", "--silent")
        _run(*control, "--log", f"{folder}/log", "--options", f"-k {folder} -c listen_addresses= {options}", "start")
        try:
            yield Server(binaries, folder, int(Path(f"{data}/postmaster.pid").read_text().split()[0]))
        finally:
            _run(*control, "--mode", "immediate", "stop")  # by the process id in its own folder


def _run(*command: str) -> None:
    # It refuses to run as root.
    user, group = (USER, USER) if os.geteuid() == 0 else (None, None)
    quiet = subprocess.DEVNULL
    done = subprocess.run(
        command, check=False, stdin=quiet, stdout=quiet, stderr=quiet, cwd="/", user=user, group=group
    )
    if done.returncode:
        raise NoServer(f"PostgreSQL did not start: {Path(command[0]).name} failed.")


class Databases:
    """Databases of the program's shape, lent to one test after the other and emptied in between."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._free: list[str] = []
        self._numbers = itertools.count()
        server.create("shaped")
        with ThreadPoolExecutor(1) as beside_a_running_loop:
            self._shape = beside_a_running_loop.submit(asyncio.run, _shape(server.url("shaped"))).result()

    @contextmanager
    def lend(self) -> Iterator[str]:
        """The address of a database with nothing in it, for as long as the block lasts."""
        name = self._free.pop() if self._free else self._new_one()
        try:
            yield self.server.url(name)
        finally:
            self._empty(name)
            self._free.append(name)

    @contextmanager
    def lend_empty(self) -> Iterator[str]:
        """The address of a database without any table, which is gone afterwards."""
        name = f"empty{next(self._numbers)}"
        self.server.create(name)
        try:
            yield self.server.url(name)
        finally:
            self.server.run("postgres", f"DROP DATABASE {name} WITH (FORCE)")

    def _new_one(self) -> str:
        name = f"lent{next(self._numbers)}"
        self.server.create(name, "shaped")
        return name

    def _empty(self, name: str) -> None:
        """What a test left behind, sessions included; the shape too may have been played with."""
        gone = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        rows = [f"DELETE FROM {table}" for table in reversed(metadata.sorted_tables)]
        shape = f"UPDATE alembic_version SET version_num = '{self._shape}'"
        self.server.run("postgres", gone)
        self.server.run(name, "; ".join([*rows, shape]))


async def _shape(url: str) -> str:
    database = Database(url, Vault(bytes(32)))
    await migrate(database, Path("/nowhere"), datetime.now(UTC))
    current = (await plan(database)).current
    await database.close()
    return str(current)
