"""A PostgreSQL server of our own, on a socket in a folder of its own, with the settings it is born with (fsync on)."""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.processes import cpu_seconds

USER: Final = "postgres"
DURABLE: Final = "PostgreSQL synchronous_commit=on, fsync=on"


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
    """A running server; `socket` is the folder of its socket."""

    socket: str
    pid: int

    def cpu_seconds(self) -> float:
        """CPU time so far of all of its processes that are still there."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return sum(cpu_seconds(int(pid)) for pid in [self.pid, *children])


@asynccontextmanager
async def postgresql() -> AsyncIterator[Server]:
    """A new server, for as long as the block lasts. Raises NoServer."""
    binaries = programs()
    if binaries is None:
        raise NoServer("PostgreSQL is not installed here; `make test-deps` installs it.")
    with tempfile.TemporaryDirectory(prefix="manyhands-bench-") as folder:
        if os.geteuid() == 0:
            owner = pwd.getpwnam(USER)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        data = f"{folder}/data"
        await _run(str(binaries / "initdb"), "--username=postgres", "--auth=trust", "--encoding=UTF8", data)
        control = (str(binaries / "pg_ctl"), "--pgdata", data, "--wait", "--silent")
        options = f"-k {folder} -c listen_addresses="
        await _run(*control, "--log", f"{folder}/log", "--options", options, "start")
        try:
            yield Server(folder, int(Path(f"{data}/postmaster.pid").read_text().split()[0]))
        finally:
            await _run(*control, "--mode", "fast", "stop")


async def _run(*command: str) -> None:
    await asyncio.to_thread(_run_now, command)


def _run_now(command: tuple[str, ...]) -> None:
    # It refuses to run as root.
    user, group = (USER, USER) if os.geteuid() == 0 else (None, None)
    quiet = subprocess.DEVNULL
    done = subprocess.run(
        command, check=False, stdin=quiet, stdout=quiet, stderr=quiet, cwd="/", user=user, group=group
    )
    if done.returncode:
        raise NoServer(f"PostgreSQL did not start: {Path(command[0]).name} failed.")
