"""How a community asks at its two doors: questions of its own, both ways or not, and on which sites they may stand."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit

from node.domain.errors import Invalid
from node.domain.notices import Kind
from node.domain.phrases import say

MOST_QUESTIONS = 5
QUESTION_LIMIT = 200
MOST_OPTIONS = 8
OPTION_LIMIT = 80
MOST_SITES = 10
_QUESTION_ID = re.compile(r"[A-Za-z0-9]{1,40}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")


class Sort(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes or no"


class AskedOf(StrEnum):
    """Whom a question is for."""

    BOTH = "both"
    NEEDS = "needs"
    OFFERS = "offers"


@dataclass(frozen=True)
class OwnQuestion:
    """A question of the community's own: its words as they are asked, and for a choice what can be chosen."""

    id: str
    words: str
    sort: Sort = Sort.TEXT
    asked_of: AskedOf = AskedOf.BOTH
    options: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[tuple[str, str, str], ...]:
        """What can be chosen, as lists of choices are written: value, label, nothing more."""
        return tuple((one, one, "") for one in self.options)

    def is_for(self, kind: Kind) -> bool:
        """Whether somebody who asks, or who offers, reads it."""
        return self.asked_of in {AskedOf.BOTH, AskedOf.NEEDS if kind == Kind.NEED else AskedOf.OFFERS}


@dataclass(frozen=True)
class Doors:
    """`own_questions` are asked at the doors in this order; their answers are sealed.

    `asks_both_ways`: whoever asked is asked what they would like to share some day, and the other way round.
    `framed_by`: origins of the sites that may show our doors in a frame.
    """

    own_questions: tuple[OwnQuestion, ...] = ()
    asks_both_ways: bool = True
    framed_by: tuple[str, ...] = ()

    def questions_for(self, kind: Kind) -> tuple[OwnQuestion, ...]:
        """What somebody who asks, or who offers, reads."""
        return tuple(one for one in self.own_questions if one.is_for(kind))


def check_questions(questions: Iterable[OwnQuestion]) -> tuple[OwnQuestion, ...]:
    """Return them tidied; those without words are left out. Raises Invalid under `words_N` and `options_N`, from 1."""
    tidied = tuple(_tidy(one) for one in questions)
    faults: dict[str, str] = {}
    for number, one in enumerate(tidied, 1):
        if one.words:
            faults |= _faults(one, number)
    if faults:
        raise Invalid(faults)
    kept = tuple(one for one in tidied if one.words)
    if len(kept) > MOST_QUESTIONS or not all(_QUESTION_ID.fullmatch(one.id) for one in kept):
        raise Invalid({}, say("Ask at most %(most)s questions of your own.", most=MOST_QUESTIONS))
    return kept


def check_sites(sites: Iterable[str]) -> tuple[str, ...]:
    """The origins of these addresses, each once. Raises Invalid under `framed_by`."""
    found = tuple(dict.fromkeys(_origin(one) for one in sites if one.strip()))
    if len(found) > MOST_SITES:
        raise Invalid({"framed_by": say("Write at most %(most)s sites.", most=MOST_SITES)})
    return found


def _tidy(question: OwnQuestion) -> OwnQuestion:
    options = dict.fromkeys(" ".join(one.split()) for one in question.options)
    options.pop("", None)
    is_choice = question.sort is Sort.CHOICE
    return replace(question, words=" ".join(question.words.split()), options=tuple(options) if is_choice else ())


def _faults(question: OwnQuestion, number: int) -> dict[str, str]:
    faults: dict[str, str] = {}
    if len(question.words) > QUESTION_LIMIT:
        faults[f"words_{number}"] = say("Please use at most %(most)s characters.", most=QUESTION_LIMIT)
    if question.sort is not Sort.CHOICE:
        return faults
    if not 2 <= len(question.options) <= MOST_OPTIONS:
        faults[f"options_{number}"] = say("Write from two to %(most)s answers, one on each line.", most=MOST_OPTIONS)
    elif any(len(one) > OPTION_LIMIT for one in question.options):
        faults[f"options_{number}"] = say("Please use at most %(most)s characters for an answer.", most=OPTION_LIMIT)
    return faults


def _origin(address: str) -> str:
    """`https://our-group.example` from whatever address of that site was written. Raises Invalid."""
    try:
        parts = urlsplit(address.strip().lower())
        is_whole = parts.scheme == "https" and _HOST.fullmatch(parts.netloc) is not None
    except ValueError:
        is_whole = False
    if not is_whole:
        fault = say("Write full addresses such as https://our-group.example, one on each line.")
        raise Invalid({"framed_by": fault})
    return f"https://{parts.netloc}"
