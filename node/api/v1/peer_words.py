"""Calls about the words in which two communities compare their keys."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from node.api.v1.fields import Answer, Body, Text
from node.api.v1.operations import Access, Call, NoBody, NoQuery, Operation
from node.services import fingerprints
from node.services.fingerprints import Fingerprint


class WordsBody(Body):
    """The words that they read to you."""

    words: Annotated[Text, Field(min_length=1, max_length=200)]


class WordsAnswer(Answer):
    """Six words, the same at both ends; "" where their keys are not known here.

    `compared_at` is when a steward last compared them; `changed` tells that a key came since then.
    """

    words: str
    compared_at: datetime | None
    changed: bool


async def read(call: Call[NoBody, NoQuery]) -> WordsAnswer:
    """The words for the link with one community."""
    return _answer(await fingerprints.fingerprint(call.community, call.id))


async def compared(call: Call[WordsBody, NoQuery]) -> WordsAnswer:
    """Note that a steward compared them. Raises Conflict where the words are others."""
    return _answer(await fingerprints.note_compared(call.community, call.id, call.body.words, call.member))


OPERATIONS = (
    Operation("GET", "/peers/{id}/words", "read_words_of_peer", "The keys of both in words", read, WordsAnswer),
    Operation(
        "POST",
        "/peers/{id}/words",
        "compare_words_of_peer",
        "Note that the words were compared",
        compared,
        WordsAnswer,
        body=WordsBody,
        access=Access.STEWARD,
        problems=(409,),
    ),
)


def _answer(found: Fingerprint) -> WordsAnswer:
    return WordsAnswer(words=found.words, compared_at=found.compared_at, changed=found.has_changed)
