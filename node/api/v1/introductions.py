"""Calls about introductions: read, asked for, written, taken back."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from node.api.v1.fields import Answer, Body, Text
from node.api.v1.operations import Access, Call, NoBody, NoQuery, Operation
from node.domain.introductions import LONGEST, MOST_A_MONTH, MOST_AT_ONCE, MOST_WAITING, TEXT_LIMIT, Introduction, Rule
from node.services import introductions
from node.services.introductions import Met, Wish, Words

_Words = Annotated[Text, Field(min_length=1, max_length=TEXT_LIMIT, description="No names, no telephone numbers.")]


class NewIntroduction(Body):
    """Write to the peers `to` about the peer `about`, which asked for it; with `both`, each of them to it as well."""

    about: Annotated[Text, Field(min_length=1, max_length=64)]
    to: Annotated[tuple[Annotated[Text, Field(max_length=64)], ...], Field(min_length=1, max_length=MOST_AT_ONCE)]
    text: _Words
    both: bool = False
    days: Annotated[int, Field(ge=1, le=LONGEST.days)] = LONGEST.days


class NewRequest(Body):
    """Ask the peer `friend` to introduce us."""

    friend: Annotated[Text, Field(min_length=1, max_length=64)]
    text: _Words


class RuleBody(Body):
    """How many we want to see: from one neighbour within 30 days, and waiting in all."""

    wanted: bool
    a_month: Annotated[int, Field(ge=1, le=MOST_A_MONTH)]
    waiting: Annotated[int, Field(ge=1, le=MOST_WAITING)]


class RuleAnswer(Answer):
    """How many we want to see."""

    wanted: bool
    a_month: int
    waiting: int


class AboutAnswer(Answer):
    """A community as its own server shows it to everybody."""

    actor: str
    name: str
    address: str
    summary: str
    url: str | None


class WordsAnswer(Answer):
    """Words that stand until `ends_at`; `friend` is the neighbour who wrote them, or to whom we did."""

    id: str
    friend: str
    text: str
    about: AboutAnswer
    written_at: datetime
    ends_at: datetime


class MetAnswer(Answer):
    """A community that was introduced to us; `id` goes into the calls about it. `peer` is its id once it is known."""

    id: str
    about: AboutAnswer
    words: tuple[WordsAnswer, ...]
    peer: str | None


class AskedAnswer(Answer):
    """The id of the peer that was asked, as in `/peers`."""

    peer: str


class IntroductionsAnswer(Answer):
    """Whom we were introduced to, who asks us to introduce them, whom we asked to introduce us, what we wrote."""

    items: tuple[MetAnswer, ...]
    asking: tuple[WordsAnswer, ...]
    asked: tuple[WordsAnswer, ...]
    written: tuple[WordsAnswer, ...]
    rule: RuleAnswer
    next: str | None


async def read(call: Call[NoBody, NoQuery]) -> IntroductionsAnswer:
    """Everything that stands now."""
    seen = await introductions.overview(call.community, call.member)
    return IntroductionsAnswer(
        items=tuple(map(_met, seen.met)),
        asking=tuple(map(_words, seen.asking)),
        asked=tuple(map(_words, seen.asked)),
        written=tuple(map(_words, seen.written)),
        rule=RuleAnswer(**vars(await introductions.rule(call.community))),
        next=None,
    )


async def write(call: Call[NewIntroduction, NoQuery]) -> IntroductionsAnswer:
    """Introduce a neighbour that asked for it to others."""
    body = call.body
    wish = Wish(body.about, body.to, body.text, both=body.both, lasts=timedelta(days=body.days))
    await introductions.introduce(call.community, wish, call.member)
    return await read(call)  # type: ignore[arg-type]


async def ask(call: Call[NewRequest, NoQuery]) -> WordsAnswer:
    """Ask a neighbour to introduce us."""
    written = await introductions.ask_for(call.community, call.body.friend, call.body.text, call.member)
    return _words(Words(written, written.host))


async def ask_them(call: Call[NoBody, NoQuery]) -> AskedAnswer:
    """Ask the community that was introduced to be neighbours."""
    return AskedAnswer(peer=(await introductions.ask_them(call.community, call.id, call.member)).peer.id)


async def set_aside(call: Call[NoBody, NoQuery]) -> None:
    """Erase the words about a community, or the wish to be introduced."""
    await introductions.set_aside(call.community, call.id, call.member)


async def take_back(call: Call[NoBody, NoQuery]) -> None:
    """Take our own words back."""
    await introductions.take_back(call.community, call.id, call.member)


async def change_rule(call: Call[RuleBody, NoQuery]) -> RuleAnswer:
    """Decide how many we want to see."""
    body = call.body
    changed = await introductions.change_rule(
        call.community, Rule(body.wanted, body.a_month, body.waiting), call.member
    )
    return RuleAnswer(**vars(changed))


_STEWARD = Access.STEWARD

OPERATIONS = (
    Operation(
        "GET", "/introductions", "list_introductions", "Introductions", read, IntroductionsAnswer, access=_STEWARD
    ),
    Operation(
        "POST",
        "/introductions",
        "introduce",
        "Introduce a neighbour to others",
        write,
        IntroductionsAnswer,
        201,
        body=NewIntroduction,
        access=_STEWARD,
        problems=(409,),
    ),
    Operation(
        "POST",
        "/introductions/requests",
        "ask_to_be_introduced",
        "Ask a neighbour to introduce us",
        ask,
        WordsAnswer,
        201,
        body=NewRequest,
        access=_STEWARD,
        problems=(409,),
    ),
    Operation(
        "PATCH",
        "/introductions/rule",
        "change_introductions_rule",
        "How many introductions we want to see",
        change_rule,
        RuleAnswer,
        body=RuleBody,
        access=_STEWARD,
    ),
    Operation(
        "POST",
        "/introductions/{id}/ask",
        "ask_introduced",
        "Ask the community that was introduced for a peering",
        ask_them,
        AskedAnswer,
        access=_STEWARD,
        problems=(409, 502),
    ),
    Operation(
        "POST", "/introductions/{id}/set-aside", "set_introduction_aside", "Set aside", set_aside, None, 204,
        access=_STEWARD,
    ),
    Operation(
        "DELETE", "/introductions/{id}", "take_introduction_back", "Take our words back", take_back, None, 204,
        access=_STEWARD,
    ),
)  # fmt: skip


def _met(met: Met) -> MetAnswer:
    return MetAnswer(
        id=met.id,
        about=_about(met.words[0].introduction),
        words=tuple(map(_words, met.words)),
        peer=met.peer.id if met.peer is not None else None,
    )


def _words(words: Words) -> WordsAnswer:
    one = words.introduction
    return WordsAnswer(
        id=one.id,
        friend=words.friend,
        text=one.text,
        about=_about(one),
        written_at=one.written_at,
        ends_at=one.ends_at,
    )


def _about(introduction: Introduction) -> AboutAnswer:
    return AboutAnswer(**vars(introduction.about))
