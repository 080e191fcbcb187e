"""Asking a community's own JSON API, as any program of its members would."""

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from node.domain.errors import Conflict

PATIENCE_S = 30


class Answered(Conflict):
    """The API answered with an error; the message is what it said."""


@dataclass(frozen=True)
class Api:
    """One community's API with a member's token."""

    base_url: str
    token: str

    async def get(self, path: str) -> Any:
        """The answer to a GET. Raises Answered."""
        return await asyncio.to_thread(self._ask, "GET", path, None)

    async def post(self, path: str, body: Mapping[str, object] | None = None) -> Any:
        """The answer to a POST. Raises Answered."""
        return await asyncio.to_thread(self._ask, "POST", path, json.dumps(body or {}).encode())

    def _ask(self, method: str, path: str, body: bytes | None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.base_url}/api/v1{path}", body, headers, method=method)
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({})
        )  # never through a proxy: it is this machine
        try:
            with opener.open(request, timeout=PATIENCE_S) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise Answered(_said(error)) from error
        except OSError as error:
            raise Answered(f"{self.base_url} does not answer.") from error


def _said(error: urllib.error.HTTPError) -> str:
    try:
        problem = json.loads(error.read())
        return str(problem.get("detail") or problem.get("title") or error.code)
    except (ValueError, AttributeError):
        return f"It answered {error.code}."
