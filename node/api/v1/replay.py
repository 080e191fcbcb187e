"""Idempotency-Key: the same request sent twice, even at the same moment, is done once and answered the same."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from weakref import WeakValueDictionary

from node.api.v1.problem_json import BadKey
from node.services import replays
from node.services.community import Community
from node.storage.replays import KeptAnswer

HEADER = "Idempotency-Key"

_KEY = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True)
class Attempt:
    """One request that may be a repetition. `fingerprint` tells requests apart without saying what they hold."""

    member_id: str
    key: str
    fingerprint: str

    @property
    def form_id(self) -> str:
        """The same for the same request, so that what a crash left half-answered is not done twice."""
        return f"{self.member_id} {self.key} {self.fingerprint}"


class Locks:
    """One lock per key, gone when nobody holds or awaits it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def hold(self, member_id: str, key: str) -> AsyncIterator[None]:
        """Only one at a time for this member and key."""
        lock = self._locks.get((member_id, key))
        if lock is None:
            lock = self._locks[(member_id, key)] = asyncio.Lock()
        async with lock:
            yield


def checked_key(key: str) -> str:
    """The key as it was sent. Raises BadKey for one that is empty, too long or not plain ASCII."""
    if not _KEY.fullmatch(key):
        raise BadKey("An Idempotency-Key is 1 to 200 letters, digits or signs without spaces.")
    return key


def fingerprint(community: Community, call: str, body: bytes) -> str:
    """The same for the same call and body; says nothing of what they hold without the master key."""
    digest = hashlib.sha256(body).hexdigest()
    return community.database.vault.fingerprint(f"request {call} {digest}").hex()


async def once(
    community: Community, attempt: Attempt, locks: Locks, run: Callable[[], Awaitable[bytes]], status: int
) -> tuple[bytes, bool]:
    """What `run` answers, and whether it was answered before. Errors are not kept: they can be put right.

    An answer rests boxed, because it may hold a person's code. Raises Conflict when the key was used for another
    request.
    """
    vault, label = community.database.vault, f"replay {attempt.member_id} {attempt.key}"
    async with locks.hold(attempt.member_id, attempt.key):
        kept = await replays.recall(community, attempt.member_id, attempt.key, attempt.fingerprint)
        if kept is not None:
            return vault.unwrap(kept.body, label), True
        body = await run()
        answer = KeptAnswer(attempt.fingerprint, status, vault.wrap(body, label))
        await replays.keep(community, attempt.member_id, attempt.key, answer)
        return body, False
