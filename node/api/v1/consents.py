"""Calls about what was agreed to, about asking the person first, and about calling back."""

from typing import Any

from node.api.v1.consent_models import (
    CallBackAnswer,
    CallBackBody,
    CallBackList,
    ConsentLineAnswer,
    ConsentList,
    ConsentNote,
    SaidBody,
)
from node.api.v1.lookup import notice_of
from node.api.v1.operations import Call, NoBody, NoQuery, Operation
from node.domain.call_backs import CallBack
from node.domain.consent import Question, Use
from node.domain.errors import Invalid
from node.domain.notices import Kind
from node.services import call_backs, consents, peers
from node.services.call_backs import Wish
from node.services.community import Community
from node.services.consents import ConsentLine, Said


async def record(kind: Kind, call: Call[ConsentNote, NoQuery]) -> ConsentList:
    """Write down what the person said; shares beyond it end at once."""
    notice = await notice_of(kind, call)
    said = _to_said(call.body, await _questions(call.community, call.body))
    await consents.record(call.community, notice.id, said, call.member)
    return ConsentList(items=await lines_of(call.community, notice.id), next=None)


async def ask_first(kind: Kind, call: Call[CallBackBody, NoQuery]) -> CallBackAnswer:
    """Note that the person is to be asked. The same question twice is noted once."""
    notice = await notice_of(kind, call)
    wish = Wish(call.body.level, call.body.peers or (), call.body.due)
    return _call_back(await call_backs.ask_first(call.community, notice.id, wish, call.member))


async def listing(call: Call[NoBody, NoQuery]) -> CallBackList:
    """Everybody who is still to be called back or asked."""
    found = await call_backs.due(call.community)
    return CallBackList(items=tuple(_call_back(line.call_back) for line in found), next=None)


async def answer(call: Call[SaidBody, NoQuery]) -> CallBackAnswer:
    """Write down the answer; that settles it."""
    await call_backs.answer(call.community, call.id, _to_said(call.body, ()), call.member)
    return _call_back((await call_backs.get(call.community, call.id)).call_back)


async def let_be(call: Call[NoBody, NoQuery]) -> None:
    """Nobody has to call back, or to ask."""
    await call_backs.let_be(call.community, call.id, call.member)


async def lines_of(community: Community, notice_id: str) -> tuple[ConsentLineAnswer, ...]:
    """Every answer about a notice as answers show it, oldest first."""
    return tuple(map(_line, await consents.history(community, notice_id)))


OF_NOTICES = (
    Operation(
        "POST",
        "/{kind}s/{id}/consents",
        "note_consent_of_{kind}",
        "Write down what the person behind one {kind} agreed to, or took back",
        record,
        ConsentList,
        201,
        body=ConsentNote,
        problems=(409,),
    ),
    Operation(
        "POST",
        "/{kind}s/{id}/callbacks",
        "ask_first_about_{kind}",
        "Note that the person is to be asked before one {kind} is shared",
        ask_first,
        CallBackAnswer,
        201,
        body=CallBackBody,
        problems=(409,),
    ),
)

OPERATIONS = (
    Operation(
        "GET",
        "/callbacks",
        "list_callbacks",
        "Everybody who is still to be called back or asked",
        listing,
        CallBackList,
    ),
    Operation(
        "POST",
        "/callbacks/{id}/answer",
        "answer_callback",
        "Write down what the person answered",
        answer,
        CallBackAnswer,
        body=SaidBody,
        problems=(409,),
    ),
    Operation("DELETE", "/callbacks/{id}", "let_callback_be", "Nobody has to call back, or to ask", let_be, None, 204),
)


async def _questions(community: Community, note: ConsentNote) -> tuple[Question, ...]:
    if note.use != Use.NAMED:
        return (Question(note.use),)
    chosen = dict.fromkeys(note.peers or ())
    if not chosen:
        raise Invalid({"peers": "Choose at least one community."})
    if not {standing.peer.id for standing in await peers.listing(community)}.issuperset(chosen):
        raise Invalid({"peers": "There is no community with one of these ids."})
    return tuple(Question(Use.NAMED, peer) for peer in chosen)


def _to_said(body: SaidBody, questions: tuple[Question, ...]) -> Said:
    return Said(questions, body.given, body.wording, body.channel, body.language or "")


def _line(line: ConsentLine) -> ConsentLineAnswer:
    entry = line.entry
    return ConsentLineAnswer(
        use=entry.question.use,
        peer=entry.question.peer or None,
        given=entry.is_given,
        wording=entry.wording,
        language=entry.asking.language,
        channel=entry.asking.channel,
        at=entry.at,
        by=line.by_name or None,
    )


def _call_back(call_back: CallBack) -> CallBackAnswer:
    fields: dict[str, Any] = {name: getattr(call_back, name) for name in ("id", "notice_id", "noted_at", "settled_at")}
    return CallBackAnswer(
        use=call_back.questions[0].use if call_back.questions else None,
        peers=tuple(question.peer for question in call_back.questions if question.peer),
        due=call_back.due_at,
        **fields,
    )
