"""From names to addresses, every one of them checked before it is connected to (T-16, T-17)."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence

from aiohttp.abc import AbstractResolver, ResolveResult

from federation.errors import PrivateAddress
from federation.transport.networks import parse_address
from federation.transport.policy import NetworkPolicy

Resolve = Callable[[str, int], Awaitable[Sequence[tuple[str, int]]]]
"""Finds the addresses of a host name: (address, port) pairs; raises OSError when there are none."""


async def resolve_by_system(host: str, port: int) -> Sequence[tuple[str, int]]:
    """Ask the operating system for the addresses of `host`."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(str(place[0]), int(place[1])) for *_, place in found]


class CheckedResolver(AbstractResolver):
    """Resolves a name, and refuses it altogether when any of its addresses may not be reached."""

    def __init__(self, policy: NetworkPolicy, resolve: Resolve) -> None:
        self._policy = policy
        self._resolve = resolve

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of `host`; PrivateAddress when one is not allowed, OSError when there are none."""
        found = await self._resolve(host, port)
        results = [self._checked(host, address, number) for address, number in found]
        results = [result for result in results if family in (socket.AF_UNSPEC, result["family"])]
        if not results:
            raise OSError(f"no address for {host}")
        return results

    async def close(self) -> None:
        """Nothing is held open."""

    def _checked(self, host: str, text: str, port: int) -> ResolveResult:
        address = parse_address(text)
        if address is None or not self._policy.allows(address):
            raise PrivateAddress
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6
        return ResolveResult(
            hostname=host, host=str(address), port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST
        )
