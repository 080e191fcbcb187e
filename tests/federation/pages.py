"""Somebody's browser at a village: pages as text, forms as they are sent. And a dispatcher's program at the API."""

import html
import re
from types import TracebackType
from typing import Any

import aiohttp

from node.domain.members import Member
from node.services import sign_in
from tests.village import Village

CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class Browser:
    """One visitor with their own cookies, for as long as the block lasts."""

    def __init__(self, at: Village) -> None:
        self._at = at
        self._csrf = ""

    async def __aenter__(self) -> "Browser":
        self._session = aiohttp.ClientSession(
            base_url=self._at.url,
            headers={"Sec-Fetch-Site": "same-origin"},
            cookie_jar=aiohttp.CookieJar(unsafe=True),  # a village's host is an address
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def open(self, path: str) -> str:
        """GET a page; its words and marks, entities resolved."""
        async with self._session.get(path) as answer:
            return self._taken(await answer.text())

    async def press(self, path: str, **fields: str) -> str:
        """POST a form of the page in front."""
        async with self._session.post(path, data={"csrf": self._csrf, **fields}) as answer:
            return self._taken(await answer.text())

    async def walk_in(self, member: Member) -> None:
        """Sign in by a one-time link."""
        link = await sign_in.make_link(self._at.community, member.id)
        path = link.removeprefix(self._at.url)
        await self.open(path)
        await self.press(path)
        await self.open("/account")

    def _taken(self, page: str) -> str:
        found = CSRF.search(page)
        self._csrf = found[1] if found else ""
        return html.unescape(page)


async def call(at: Village, method: str, path: str) -> tuple[int, Any]:
    """One call of the API by the dispatcher's program: the status and the answer, None where it has no words."""
    headers = {"Authorization": f"Bearer {await at.token()}"}
    async with (
        aiohttp.ClientSession(at.url) as session,
        session.request(method, f"/api/v1{path}", headers=headers) as answer,
    ):
        return answer.status, await answer.json() if answer.status != 204 else None
