"""The keys of two communities in six easy words, the same at both ends, to be compared on the telephone."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from node.domain.easy_words import DESCRIBING, THINGS

_WORDS = (DESCRIBING, THINGS) * 3


@dataclass(frozen=True)
class Keys:
    """One community's peers actor and the marks of every key in its document."""

    actor: str
    marks: frozenset[str]


@dataclass(frozen=True)
class Compared:
    """The marks of the keys on both sides whose words a steward compared, and when."""

    ours: frozenset[str]
    theirs: frozenset[str]
    at: datetime

    def covers(self, ours: Keys, theirs: Keys) -> bool:
        """Whether every key of now was there then; an old one that is gone changes the words, but brings nobody in."""
        return ours.marks <= self.ours and theirs.marks <= self.theirs


def mark_of(key: str) -> str:
    """What stands for a public key as it is written in a document; spaces and line ends do not count."""
    return hashlib.sha256("".join(key.split()).encode()).hexdigest()[:32]


def words_for(one: Keys, other: Keys) -> str:
    """Six words that stand for both sides' keys, whichever side asks; about 2^50 phrases."""
    number = int.from_bytes(hashlib.sha256(b"".join(sorted((_digest(one), _digest(other))))).digest(), "big")
    words = []
    for choice in _WORDS:
        number, place = divmod(number, len(choice))
        words.append(choice[place])
    return " ".join(words)


def _digest(keys: Keys) -> bytes:
    return hashlib.sha256("\n".join(_lines(keys)).encode()).digest()


def _lines(keys: Keys) -> Iterable[str]:
    yield keys.actor
    yield from sorted(keys.marks)
