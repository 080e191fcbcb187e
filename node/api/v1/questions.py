"""Calls about questions between two communities, before anybody offers."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from node.api.v1.fields import Answer, Body, Text
from node.api.v1.lookup import notice_of
from node.api.v1.operations import Call, NoBody, NoQuery, Operation
from node.domain.notices import Kind
from node.domain.questions import TEXT_LIMIT
from node.services import questions
from node.services.questions import Thread, Words


class QuestionBody(Body):
    """`with_details`: a telephone number or an e-mail address in it may go to them."""

    text: Annotated[Text, Field(max_length=TEXT_LIMIT)]
    with_details: bool = False


class SaidAnswer(Answer):
    """One thing that was said, by us (`ours`) or by them."""

    ours: bool
    text: str
    said_at: datetime


class ThreadAnswer(Answer):
    """A conversation, oldest first. `id` is empty while nothing was said. `waits`: they spoke last."""

    id: str
    peer: str
    waits: bool
    said: tuple[SaidAnswer, ...]


class ThreadList(Answer):
    """All of them; `next` is always null."""

    items: tuple[ThreadAnswer, ...]
    next: str | None


async def asked(call: Call[NoBody, NoQuery]) -> ThreadAnswer:
    """What we asked about a notice of another community, and what they answered."""
    return _thread(await questions.of_item(call.community, call.id, call.member))


async def ask(call: Call[QuestionBody, NoQuery]) -> ThreadAnswer:
    """Ask about a notice of another community, before offering."""
    await questions.ask(call.community, call.id, _words(call), call.member)
    return _thread(await questions.of_item(call.community, call.id, call.member))


async def of_notice(kind: Kind, call: Call[NoBody, NoQuery]) -> ThreadList:
    """What other communities asked about a notice of ours, each with our answers."""
    notice = await notice_of(kind, call)
    found = await questions.of_notice(call.community, notice.id, call.member)
    return ThreadList(items=tuple(map(_thread, found)), next=None)


async def read(call: Call[NoBody, NoQuery]) -> ThreadAnswer:
    """One conversation about a notice of ours."""
    return _thread(await questions.thread(call.community, call.id, call.member))


async def answer(call: Call[QuestionBody, NoQuery]) -> ThreadAnswer:
    """Answer what another community asked about a notice of ours."""
    await questions.answer(call.community, call.id, _words(call), call.member)
    return _thread(await questions.thread(call.community, call.id, call.member))


OF_NOTICES = (
    Operation(
        "GET",
        "/{kind}s/{id}/questions",
        "list_questions_about_{kind}",
        "What other communities ask about one {kind}",
        of_notice,
        ThreadList,
    ),
)

OPERATIONS = (
    Operation("GET", "/feed/{id}/questions", "get_questions_asked", "What we asked about it", asked, ThreadAnswer),
    Operation(
        "POST",
        "/feed/{id}/questions",
        "ask_question",
        "Ask about it before offering",
        ask,
        ThreadAnswer,
        201,
        body=QuestionBody,
        problems=(409,),
    ),
    Operation("GET", "/questions/{id}", "get_question", "One conversation about a notice of ours", read, ThreadAnswer),
    Operation(
        "POST",
        "/questions/{id}",
        "answer_question",
        "Answer what another community asked",
        answer,
        ThreadAnswer,
        201,
        body=QuestionBody,
        problems=(409,),
    ),
)


def _words(call: Call[QuestionBody, NoQuery]) -> Words:
    return Words(call.body.text, call.body.with_details, call.form_id)


def _thread(thread: Thread) -> ThreadAnswer:
    said = tuple(SaidAnswer(ours=one.is_ours, text=one.text, said_at=one.said_at) for one in thread.said)
    return ThreadAnswer(id=thread.id, peer=thread.peer_name, waits=thread.waits, said=said)
