"""The call about where one need or offer went."""

from datetime import datetime

from node.api.v1.fields import Answer
from node.api.v1.lookup import notice_of
from node.api.v1.operations import Call, NoBody, NoQuery, Operation
from node.domain.notices import Kind
from node.domain.responses import ResponseState
from node.domain.shares import Level, RecipientState, ShareState
from node.services import sharing_record
from node.services.sharing_record import NeedRecord, Sent


class CopyLine(Answer):
    """One other server's copy: when it was sent, and since when it is as it is now."""

    name: str
    actor: str
    state: RecipientState
    sent_at: datetime | None
    changed_at: datetime


class SentLine(Answer):
    """One share; `has_more` where only the copies of which something was learnt last are listed."""

    share: str
    level: Level
    state: ShareState
    published_at: datetime
    copies: tuple[CopyLine, ...]
    has_more: bool


class AnswerLine(Answer):
    """One offer of help, and whether that community may still read what was released."""

    response: str
    peer: str
    state: ResponseState
    may_read: bool
    updated_at: datetime


class ReadingLine(Answer):
    """One time another community read released fields of the sealed note: their names, never what stood in them."""

    peer: str
    fields: tuple[str, ...]
    at: datetime


class RecordAnswer(Answer):
    """Who was sent what and when, who offered, who read which fields, what is erased and what is still waited for."""

    sent: tuple[SentLine, ...]
    responses: tuple[AnswerLine, ...]
    readings: tuple[ReadingLine, ...]


async def read(kind: Kind, call: Call[NoBody, NoQuery]) -> RecordAnswer:
    """The whole sharing record of one notice."""
    notice = await notice_of(kind, call)
    return _answer(await sharing_record.of_notice(call.community, notice.id, call.member))


OF_NOTICES = (
    Operation(
        "GET", "/{kind}s/{id}/record", "get_sharing_record_of_{kind}", "Where one {kind} went", read, RecordAnswer
    ),
)


def _answer(record: NeedRecord) -> RecordAnswer:
    return RecordAnswer(
        sent=tuple(map(_sent, record.sent)),
        responses=tuple(
            AnswerLine(
                response=line.response.id,
                peer=line.peer_name,
                state=line.response.state,
                may_read=line.response.is_running,
                updated_at=line.response.updated_at,
            )
            for line in record.answers
        ),
        readings=tuple(ReadingLine(peer=line.reader_name, fields=line.fields, at=line.at) for line in record.readings),
    )


def _sent(one: Sent) -> SentLine:
    share = one.share
    return SentLine(
        share=share.id,
        level=share.level,
        state=share.state,
        published_at=share.published_at,
        has_more=one.has_more,
        copies=tuple(
            CopyLine(
                name=line.name, actor=line.actor, state=line.state, sent_at=line.sent_at, changed_at=line.changed_at
            )
            for line in one.copies
        ),
    )
