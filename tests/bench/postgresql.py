"""A PostgreSQL server of our own, on a socket in a folder of its own, with the settings it is born with (fsync on)."""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

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


@asynccontextmanager
async def postgresql() -> AsyncIterator[str]:
    """A new server, for as long as the block lasts: the folder of its socket. Raises NoServer."""
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
            yield folder
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
