"""Which words of a notice also stand in other, private words. Answers nothing but what the notice itself says."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from node.domain.redaction.common_words import COMMON, SMALL
from node.domain.spelling import fold

_TOKEN = re.compile(r"\w+(?:['’-]\w+)*")
RUN = 3
SHORTEST_NAME = 2
SHORTEST_WORD = 3


@dataclass(frozen=True)
class Overlap:
    """Pieces of the notice, as they are written there: likely names, whole phrases, and other rare words."""

    names: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Token:
    text: str
    folded: str
    start: int
    end: int


def overlap(text: str, name: str, private: Iterable[str]) -> Overlap:
    """What `text` has in common with a person's `name` and with the other `private` texts."""
    said = _tokens(text)
    of_name = {token.folded for token in _tokens(name) if len(token.folded) >= SHORTEST_NAME}
    others = [_tokens(part) for part in (name, *private)]
    known = {token.folded for part in others for token in part}
    names = [token for token in said if _is_name(token, of_name, known)]
    phrases, covered = _phrases(text, said, _runs(others))
    words = [token for token in said if _is_rare(token) and token.folded in known and token.start not in covered]
    shown = {token.folded for token in names}
    return Overlap(
        _once(token.text for token in names),
        phrases,
        _once(token.text for token in words if token.folded not in shown),
    )


def _tokens(text: str) -> tuple[_Token, ...]:
    return tuple(_Token(one.group(0), fold(one.group(0)), one.start(), one.end()) for one in _TOKEN.finditer(text))


def _is_name(token: _Token, of_name: set[str], known: set[str]) -> bool:
    is_capital = token.text[:1].isupper()
    if token.folded in of_name:
        return is_capital or token.folded not in COMMON
    return is_capital and token.folded in known and token.folded not in COMMON


def _is_rare(token: _Token) -> bool:
    return len(token.folded) >= SHORTEST_WORD and token.folded not in COMMON


def _runs(parts: Iterable[tuple[_Token, ...]]) -> set[tuple[str, ...]]:
    return {run for part in parts for run in _runs_of([token.folded for token in part])}


def _runs_of(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)]


def _phrases(text: str, said: tuple[_Token, ...], known: set[tuple[str, ...]]) -> tuple[tuple[str, ...], set[int]]:
    """The longest stretches of the text made of known runs, and where the words inside them start."""
    runs = _runs_of([token.folded for token in said])
    inside: set[int] = set()
    for at, run in enumerate(runs):
        if run in known and not SMALL.issuperset(run):
            inside.update(range(at, at + RUN))
    stretches: list[str] = []
    for at in sorted(inside):
        if at - 1 not in inside:
            first = at
        if at + 1 not in inside:
            stretches.append(" ".join(text[said[first].start : said[at].end].split()))
    return _once(stretches), {said[at].start for at in inside}


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple({fold(text): text for text in texts}.values())
