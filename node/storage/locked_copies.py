"""The locked copy for an heir: one key, wrapped once for each pair of stewards, and what it locks.

A wrap is a box in a box: the outer one opens with one steward's words, the inner one with the other's. Words become
keys by Argon2id, boxes are AES-256-GCM, as for the vault and the master key on disk. Whoever holds the copy holds no
more than this, and one set of words alone opens nothing.
"""

import base64
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import orjson
from argon2.low_level import Type, hash_secret_raw

from node.storage.master_key import LANES, MEMORY_KIB, TIME_COST
from node.storage.vault import KEY_BYTES, CannotOpen, Vault

FORMAT: Final = 1
_SALT_BYTES: Final = 16
_PAIR, _COPY = "pair of stewards", "locked copy"
_NOT_THESE = "These are not two stewards' words for this copy."


@dataclass(frozen=True)
class Lock:
    """What every copy carries in plain: the salt, and the key in its wraps. It says nothing about anybody."""

    salt: str
    wraps: tuple[str, ...]


def make_lock(key: bytes, words: Sequence[str]) -> Lock:
    """Wrap a key for each pair of these stewards' words. Slow on purpose."""
    salt = os.urandom(_SALT_BYTES)
    vaults = [_vault(one, salt, (TIME_COST, MEMORY_KIB, LANES)) for one in words]
    wraps = [first.wrap(second.wrap(key, _PAIR), _PAIR) for first, second in combinations(vaults, 2)]
    return Lock(salt.hex(), tuple(_text(wrap) for wrap in wraps))


def locked(key: bytes, lock: Lock, content: bytes) -> dict[str, Any]:
    """A copy that only two stewards open."""
    return {
        "manyhands": _COPY,
        "format": FORMAT,
        "kdf": "argon2id",
        "cost": [TIME_COST, MEMORY_KIB, LANES],
        "salt": lock.salt,
        "wraps": list(lock.wraps),
        "box": _text(Vault(key).wrap(content, _COPY)),
    }


def is_copy(read: Mapping[str, Any]) -> bool:
    """Whether a document has the shape of a copy that this program can open."""
    strings = all(isinstance(read.get(name), str) for name in ("salt", "box"))
    wraps = read.get("wraps")
    is_list = isinstance(wraps, list) and 1 <= len(wraps) <= 66 and all(isinstance(one, str) for one in wraps)
    known = (read.get("manyhands"), read.get("format"), read.get("kdf"), read.get("cost"))
    return strings and is_list and known == (_COPY, FORMAT, "argon2id", [TIME_COST, MEMORY_KIB, LANES])


def unlocked(copy: bytes, words: tuple[str, str]) -> bytes:
    """What a copy holds, with two stewards' words in any order. Slow on purpose. Raises CannotOpen."""
    try:
        read = orjson.loads(copy)
        if not is_copy(read):
            raise CannotOpen("This copy cannot be read.")
        salt, box = bytes.fromhex(read["salt"]), base64.b64decode(read["box"])
        wraps = [base64.b64decode(wrap) for wrap in read["wraps"]]
    except ValueError as error:
        raise CannotOpen("This copy cannot be read.") from error
    one, two = (_vault(typed, salt, (TIME_COST, MEMORY_KIB, LANES)) for typed in words)
    for wrap in wraps:
        for outer, inner in ((one, two), (two, one)):
            try:
                return Vault(inner.unwrap(outer.unwrap(wrap, _PAIR), _PAIR)).unwrap(box, _COPY)
            except CannotOpen:
                continue
    raise CannotOpen(_NOT_THESE)


def _vault(words: str, salt: bytes, cost: tuple[int, int, int]) -> Vault:
    time, memory, lanes = cost
    return Vault(hash_secret_raw(words.encode(), salt, time, memory, lanes, KEY_BYTES, Type.ID))


def _text(box: bytes) -> str:
    return base64.b64encode(box).decode()
