"""Free ports of this machine, for servers that must know their address before they start.

They lie below those that the system gives to connections going out (on Linux from 32768 on), so that none of those
takes one before its server listens; and every process of a parallel run looks for them in a stretch of its own.
"""

import asyncio
import os
import random
import socket
from collections.abc import Iterator
from contextlib import closing

#: Browsers go to none of several ports up to 10080.
FIRST, LAST = 11_000, 32_000
STRETCH = 1_000


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listened on a moment ago; a long while passes before it is named again."""
    return next(port for _, port in zip(range(STRETCH), _ports, strict=False) if _is_free(port))


def free_ports(count: int) -> tuple[int, ...]:
    """As many different ones."""
    return tuple(free_port() for _ in range(count))


def listening_at(port: int) -> socket.socket:
    """A socket of 127.0.0.1 for a server that is going to listen there."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", port))
    return made


async def let_nobody_in(listening: socket.socket) -> None:
    """From now on nobody new gets in; whoever got in is known to the server afterwards, so that it can see them out.

    Before Python 3.12 asyncio forgets, and never closes, a connection that it accepted right before its server closed.
    """
    asyncio.get_running_loop().remove_reader(listening)
    await asyncio.sleep(0)
    await asyncio.sleep(0)


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _in_turn(worker: int) -> Iterator[int]:
    """The ports of one process of the run, over and over. Where to begin is left to chance, for the sake of others."""
    first = FIRST + worker * STRETCH % (LAST - FIRST)
    begin = random.randrange(STRETCH)
    while True:
        yield from range(first + begin, first + STRETCH)
        yield from range(first, first + begin)


_ports = _in_turn(int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")))
