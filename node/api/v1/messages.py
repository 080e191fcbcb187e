"""Text messages for a device that sends them: it asks what waits, and says what became of each."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from node.api.v1.fields import Answer, Body
from node.api.v1.operations import Access, Call, NoQuery, Operation
from node.domain.tellings import Verdict, Way
from node.services import tellings

MOST = 20


class Outcome(StrEnum):
    """What became of a message: `failed` is tried again later, `refused` is not."""

    SENT = "sent"
    FAILED = "failed"
    REFUSED = "refused"


class TakeMessages(Body):
    """How many the device can send now."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = MOST


class MessageAnswer(Answer):
    """One text message. The same `id` once more is the same message: who has sent it says so and sends nothing."""

    id: str
    to: str
    text: str


class MessageList(Answer):
    """Messages to send now. What is not settled within a quarter of an hour is given out again, three times at most."""

    items: tuple[MessageAnswer, ...]


class MessageOutcome(Body):
    """What became of one message."""

    outcome: Outcome


_VERDICTS = {Outcome.SENT: Verdict.TAKEN, Outcome.FAILED: Verdict.NOT_NOW, Outcome.REFUSED: Verdict.REFUSED}


async def take(call: Call[TakeMessages, NoQuery]) -> MessageList:
    """Give out what waits."""
    taken = await tellings.take(call.community, Way.TEXT, call.body.limit)
    return MessageList(items=tuple(MessageAnswer(id=one.id, to=one.to, text=one.letter.text) for one in taken))


async def settle(call: Call[MessageOutcome, NoQuery]) -> None:
    """Note what became of one."""
    await tellings.settle_text(call.community, call.id, _VERDICTS[call.body.outcome])


_GATEWAY = Access.GATEWAY

OPERATIONS = (
    Operation(
        *("POST", "/messages/take", "take_messages", "Text messages to send now", take, MessageList),
        body=TakeMessages,
        access=_GATEWAY,
    ),
    Operation(
        *("POST", "/messages/{id}/outcome", "settle_message", "What became of a text message", settle, None, 204),
        body=MessageOutcome,
        access=_GATEWAY,
        problems=(404,),
    ),
)
