"""Measured processes: started, told what to do one line at a time, their CPU time read from outside."""

import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

LINE: Final = 64 * 1024 * 1024
SECONDS_TO_END: Final = 30

Answer = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class Broken(Exception):
    """A measured process ended or did not understand."""


class Measured:
    """A process of its own; `told` is what it said when it was ready."""

    def __init__(self, process: asyncio.subprocess.Process, told: dict[str, Any]) -> None:
        self._process = process
        self.told = told

    def cpu_seconds(self) -> float:
        """CPU time of all of its threads so far."""
        return cpu_seconds(self._process.pid)

    async def ask(self, what: str, **more: Any) -> dict[str, Any]:
        """Let it do something and wait until it is done. Raises Broken."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **more}).encode() + b"\n")
        return await _line(self._process)

    async def end(self) -> None:
        """Close its ears; it ends by itself."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), SECONDS_TO_END)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def measured(module: str, configuration: Mapping[str, Any]) -> AsyncIterator[Measured]:
    """The module `tests.bench.<module>` in a process of its own, for as long as the block lasts."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"tests.bench.{module}"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE,
        env=os.environ | {"PYTHONWARNINGS": "default"},
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(configuration).encode() + b"\n")
    found = Measured(process, await _line(process))
    try:
        yield found
    finally:
        await found.end()


def cpu_seconds(pid: int) -> float:
    """CPU time of all threads of a process so far, its children's not."""
    # What clock_getcpuclockid(3) computes: the CPU clock of another process, to the nanosecond.
    return time.clock_gettime_ns((~pid << 3) | 2) / 1e9


def configuration() -> dict[str, Any]:
    """Within a measured process: what it was started with."""
    found: dict[str, Any] = json.loads(sys.stdin.readline())
    return found


async def obey(ready: dict[str, Any], answer: Answer) -> None:
    """Within a measured process: say `ready`, then do what each line asks, until there are no more lines."""
    _say(ready)
    while line := await asyncio.to_thread(sys.stdin.readline):
        with contextlib.suppress(asyncio.CancelledError):
            _say(await answer(json.loads(line)))


def _say(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


async def _line(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line:
        raise Broken(f"a measured process ended with {await process.wait()}")
    found: dict[str, Any] = json.loads(line)
    return found
