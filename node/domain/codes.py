"""What people say instead of a password: codes such as `blue-otter-calm-lantern-4127`, and phrases for the door.

What was split has one code: its second part is opened by `blue-otter-calm-lantern-4127-2`.

There are DESCRIBING² · THINGS² · 10⁴ codes, about 2^47. What that is worth under the limits of `node.web.tries` is
reckoned in docs/adr, "A code of four words". Codes of the first kind, `blue-otter-4127`, are not given out any more and
go on working.
"""

import re
from collections.abc import Sequence

from node.domain.easy_words import DESCRIBING, EARLIER_FIRST, EARLIER_SECOND, THINGS
from node.domain.spelling import plain_digits

NUMBERS = 10_000
#: How many codes there are, and how many there were of the first kind.
CODES = len(DESCRIBING) ** 2 * len(THINGS) ** 2 * NUMBERS
EARLIER_CODES = len(EARLIER_FIRST) * len(EARLIER_SECOND) * NUMBERS

PATTERN = re.compile(r"[a-z]+-[a-z]+(-[a-z]+-[a-z]+)?-\d{4}(-\d{1,2})?")
_EARLIER = re.compile(r"[a-z]+-[a-z]+-\d{4}(-\d{1,2})?")
_PART = re.compile(r"(.+-\d{4})-(\d{1,2})")
_DIGITS = 4

#: Nobody types more than this for a code; the rest is not looked at.
_LONGEST = 200
_WORDS = (DESCRIBING, THINGS, DESCRIBING, THINGS)


def code_from(chance: bytes) -> str:
    """The code that at least 16 random bytes stand for; the same bytes always give the same code."""
    rest, number = divmod(int.from_bytes(chance[:16], "big"), NUMBERS)
    words = []
    for choice in _WORDS:
        rest, place = divmod(rest, len(choice))
        words.append(choice[place])
    return f"{'-'.join(words)}-{number:04d}"


def earlier_code_from(chance: bytes) -> str:
    """The code of the first kind that was made of at least 8 such bytes."""
    rest, number = divmod(int.from_bytes(chance[:8], "big"), NUMBERS)
    rest, second = divmod(rest, len(EARLIER_SECOND))
    return f"{EARLIER_FIRST[rest % len(EARLIER_FIRST)]}-{EARLIER_SECOND[second]}-{number:04d}"


def phrase_from(chance: bytes) -> str:
    """Two easy words that at least 8 random bytes stand for: what somebody says at the door."""
    rest, second = divmod(int.from_bytes(chance[:8], "big"), len(THINGS))
    return f"{DESCRIBING[rest % len(DESCRIBING)]} {THINGS[second]}"


def tidy_code(typed: str) -> str:
    """The code as it is stored, from how people type it: capitals, spaces, missing or further dashes, own digits."""
    lower = plain_digits(typed[:_LONGEST]).lower()
    letters, digits = "".join(re.findall(r"[a-z]+", lower)), "".join(re.findall(r"[0-9]+", lower))
    words = _words_in(letters, _WORDS) or _words_in(letters, (EARLIER_FIRST, EARLIER_SECOND))
    if words:
        return "-".join(filter(None, (*words, digits[:_DIGITS], digits[_DIGITS:])))
    return "-".join(re.findall(r"[a-z]+|[0-9]+", lower))


def part_code(code: str, number: int) -> str:
    """The code of a part of what a code opens: the same words, and the part's number behind them from the second on."""
    whole, _number = whole_and_part(code)
    return whole if number == 1 else f"{whole}-{number}"


def whole_and_part(code: str) -> tuple[str, int]:
    """A tidy code without the number of a part behind it, and that number; 1 where there is none."""
    found = _PART.fullmatch(code)
    return (found[1], int(found[2])) if found else (code, 1)


def is_earlier(code: str) -> bool:
    """Whether a tidy code is of the first, shorter kind."""
    return _EARLIER.fullmatch(code) is not None


def _words_in(letters: str, choices: Sequence[Sequence[str]]) -> tuple[str, ...] | None:
    """One word of each list, in order, that together are exactly these letters."""
    if not choices:
        return None if letters else ()
    for word in choices[0]:
        following = _words_in(letters.removeprefix(word), choices[1:]) if letters.startswith(word) else None
        if following is not None:
            return (word, *following)
    return None
