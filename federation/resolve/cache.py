"""Keys of others, kept for a day (C-80 to C-82, T-5, T-22)."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from federation.errors import BadSignature, Gone, KeyUnreachable
from federation.keys import PublicKey
from schemas.actors import Actor

Fetch = Callable[[str], Awaitable[tuple[PublicKey, Actor]]]
"""Fetches a key and its owner; raises BadSignature, KeyUnreachable or Gone."""

KEPT: Final = timedelta(hours=24)
FAILURE_KEPT: Final = timedelta(minutes=5)
# A server that is being restarted should not be unknown for as long as one that has no such key.
UNREACHABLE_KEPT: Final = timedelta(minutes=1)
REFETCH_EVERY: Final = timedelta(minutes=5)
MAX_KEYS: Final = 5_000
MAX_FETCHES_AT_ONCE: Final = 32
_MAX_KEY_ID: Final = 2048

Value = TypeVar("Value")
_Found = PublicKey | BadSignature | KeyUnreachable | Gone


@dataclass(frozen=True)
class _Entry:
    found: _Found
    until: datetime


class KeyCache:
    """Finds keys through `fetch`, remembers what was found and what was not, and forgets the longest unused.

    `now` tells the time. Several requests for one key share one fetch; at most `MAX_FETCHES_AT_ONCE` run together.
    """

    def __init__(self, fetch: Fetch, now: Callable[[], datetime], size: int = MAX_KEYS) -> None:
        self._fetch = fetch
        self._now = now
        self._size = size
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._refetched: OrderedDict[str, datetime] = OrderedDict()
        self._running: dict[str, asyncio.Task[_Entry]] = {}

    async def find(self, key_id: str) -> PublicKey:
        """Return the key with this id, known or fetched; raises BadSignature, KeyUnreachable or Gone."""
        entry = self._entries.get(key_id)
        if entry is None or entry.until <= self._now():
            entry = await self._load(key_id)
        else:
            self._entries.move_to_end(key_id)
        return _answer(entry.found)

    async def refetch(self, key_id: str) -> PublicKey:
        """Fetch a key that did not fit once more, at most once in five minutes; else answer as `find` does (C-81)."""
        last = self._refetched.get(key_id)
        if last is not None and self._now() - last < REFETCH_EVERY:
            return await self.find(key_id)
        _put(self._refetched, key_id, self._now(), self._size)
        return _answer((await self._load(key_id)).found)

    def forget(self, owner: str) -> None:
        """Forget every key of the actor `owner`; every key there is, where it is empty."""
        if owner:
            self._keep_only(owner, frozenset())
        else:
            self._entries.clear()

    async def _load(self, key_id: str) -> _Entry:
        task = self._running.get(key_id)
        if task is None:
            if len(self._running) >= MAX_FETCHES_AT_ONCE or len(key_id) > _MAX_KEY_ID:
                raise KeyUnreachable
            task = asyncio.create_task(self._fetched(key_id))
            self._running[key_id] = task
            task.add_done_callback(lambda _: self._running.pop(key_id, None))
        # One waiter giving up must not take the answer from the others.
        return await asyncio.shield(task)

    async def _fetched(self, key_id: str) -> _Entry:
        found: _Found
        try:
            found, actor = await self._fetch(key_id)
            self._keep_only(actor.id, _listed(actor))
        except (BadSignature, KeyUnreachable, Gone) as error:
            found = error
        entry = _Entry(found, self._now() + _lifetime(found))
        _put(self._entries, key_id, entry, self._size)
        return entry

    def _keep_only(self, owner: str, listed: frozenset[str]) -> None:
        for key_id, entry in list(self._entries.items()):
            if isinstance(entry.found, PublicKey) and entry.found.owner == owner and key_id not in listed:
                del self._entries[key_id]


def _listed(actor: Actor) -> frozenset[str]:
    return frozenset({key.id for key in actor.public_keys} | {key.id for key in actor.assertion_method})


def _lifetime(found: _Found) -> timedelta:
    if isinstance(found, PublicKey):
        return KEPT
    return UNREACHABLE_KEPT if isinstance(found, KeyUnreachable) else FAILURE_KEPT


def _answer(found: _Found) -> PublicKey:
    if isinstance(found, PublicKey):
        return found
    # A new error each time: an exception that is raised twice collects the traces of both.
    if isinstance(found, Gone):
        raise Gone
    raise type(found)(str(found))


def _put(kept: "OrderedDict[str, Value]", key: str, value: Value, size: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > size:
        kept.popitem(last=False)
