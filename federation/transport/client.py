"""GET and POST to other servers, with every guard in place."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urljoin

import aiohttp

from federation.errors import ForbiddenAddress, NotActivityStreams, TooLarge, Unreachable
from federation.messages import MAX_DOCUMENT_BYTES, Response, combined
from federation.transport.policy import NetworkPolicy, check_url
from federation.transport.resolver import CheckedResolver, Resolve, resolve_by_system

Sign = Callable[[str], Mapping[str, str]]
"""Returns the headers that sign a GET of this URL."""

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_CHUNK: Final = 16 * 1024
_TOO_LONG: Final = "The other server took too long to answer."


@dataclass(frozen=True)
class Limits:
    """How long and how much: seconds to connect and in total, bytes of an answer after decompression, redirects."""

    connect: float = 10
    total: float = 30
    answer: int = MAX_DOCUMENT_BYTES
    hops: int = 3


class Transport:
    """The guarded client. Use one per node and close it at the end.

    No proxy or cookie is ever used, no address is asked that `policy` does not allow, and an IP address is checked
    at the moment it is connected to. Names are resolved by `resolve`.
    """

    def __init__(
        self,
        policy: NetworkPolicy,
        user_agent: str,
        limits: Limits = Limits(),
        resolve: Resolve = resolve_by_system,
    ) -> None:
        self.policy = policy
        self._user_agent = user_agent
        self._limits = limits
        self._resolve = resolve
        self._session: aiohttp.ClientSession | None = None

    async def get(self, url: str, headers: Mapping[str, str], sign: Sign | None = None) -> Response:
        """Fetch `url` and return the answer, whatever its status, after at most three redirects (T-15, T-18).

        Each hop is checked like the first and may not leave https; `sign` is asked anew for each hop, but only
        while it stays on the origin of `url`. Raises ForbiddenAddress, Unreachable, TooLarge (more than 1 MiB after
        decompression, T-19) or NotActivityStreams (redirected in circles).
        """
        return await self._in_time(self._follow(url.partition("#")[0], headers, sign))

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Send `body` to `url` and return the answer without following it anywhere; its body is cut after 16 KiB.

        Raises ForbiddenAddress or Unreachable.
        """
        return await self._ask("POST", url, headers, body)

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _in_time(self, answer: Coroutine[Any, Any, Response]) -> Response:
        try:
            async with asyncio.timeout(self._limits.total):
                return await answer
        except TimeoutError:
            raise Unreachable(_TOO_LONG) from None

    async def _follow(self, url: str, headers: Mapping[str, str], sign: Sign | None) -> Response:
        first, current, visited = check_url(url, self.policy), url, set[str]()
        while current not in visited and len(visited) <= self._limits.hops:
            visited.add(current)
            here = check_url(current, self.policy)
            if here.scheme != first.scheme:
                raise ForbiddenAddress("A redirect may not change between http and https.")
            signed = sign(current) if sign is not None and here.origin() == first.origin() else {}
            response = await self._ask("GET", current, {**headers, **signed}, None)
            location = response.headers.get("location")
            if response.status not in _REDIRECTS or not location:
                return response
            current = urljoin(current, location).partition("#")[0]
        raise NotActivityStreams("The other server sends us from one address to the next.")

    async def _ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Response:
        target = check_url(url, self.policy)
        try:
            async with self._open().request(
                method, target, headers=_written(headers), data=body, allow_redirects=False
            ) as answer:
                content = await self._read(answer, whole=body is None)
                return Response(answer.status, combined(answer.headers.items()), content, url)
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError):
            raise ForbiddenAddress from None
        except TimeoutError:
            raise Unreachable(_TOO_LONG) from None
        except (aiohttp.ClientError, OSError) as error:
            raise Unreachable from error

    async def _read(self, answer: aiohttp.ClientResponse, *, whole: bool) -> bytes:
        if answer.content.at_eof():
            return b""
        content = bytearray()
        limit = self._limits.answer if whole else _CHUNK
        async for chunk in answer.content.iter_chunked(_CHUNK):
            content += chunk
            if len(content) > limit and whole:
                raise TooLarge("The other server's answer is too large.")
            if len(content) > limit:
                break
        return bytes(content[:limit])

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            resolver = CheckedResolver(self.policy, self._resolve)
            self._session = aiohttp.ClientSession(
                # How many are asked at once is for whoever asks to bound: slow servers must not use up all places.
                connector=aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, limit=0, limit_per_host=8),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self._user_agent, "Accept-Encoding": "gzip"},
                timeout=aiohttp.ClientTimeout(total=self._limits.total, connect=self._limits.connect),
                trust_env=False,
            )
        return self._session


def _written(headers: Mapping[str, str]) -> dict[str, str]:
    # Names are the same in any case, but not every server knows that.
    return {_title(name): value for name, value in headers.items()}


_title = lru_cache(64)(str.title)
