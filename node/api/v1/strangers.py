"""Calls about what strangers send: messages and our answers, reports, and who is blocked."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from node.api.v1.fields import Answer, Body, Text
from node.api.v1.operations import Access, Call, NoBody, NoQuery, Operation
from node.domain.members import Member
from node.domain.strangers import ANSWER_LIMIT, Enquiry
from node.services import answering, blocks, enquiries, reports
from node.services.community import Community
from node.services.enquiries import AnswerState, EnquiryLine, Said
from node.services.reports import ReportLine


class SenderAnswer(Answer):
    """Who wrote, by their own server's word; `name` and `handle` may be empty."""

    name: str
    handle: str
    server: str


class EnquiryAnswer(Answer):
    """The newest message of a conversation. `notice`, `posting` and `share` are what it is about, if it is ours."""

    id: str
    sender: SenderAnswer
    notice: str | None
    posting: str | None
    share: str | None
    text: str
    received_at: datetime
    answered: bool


class EnquiryList(Answer):
    """The newest first; `next` is always null."""

    items: tuple[EnquiryAnswer, ...]
    next: str | None


class SaidAnswer(Answer):
    """One message: theirs, or ours with what became of it."""

    id: str
    ours: bool
    text: str
    at: datetime
    state: AnswerState | None


class ConversationAnswer(EnquiryAnswer):
    """The whole conversation, oldest first."""

    said: tuple[SaidAnswer, ...]


class NewAnswer(Body):
    """For the sender alone. What looks like a telephone number or an e-mail address goes only `with_details`."""

    text: Annotated[Text, Field(min_length=1, max_length=ANSWER_LIMIT)]
    with_details: bool = False


class ReportedAnswer(Answer):
    """Something of ours; `notice`, `posting` and `share` are null where it is the community itself."""

    id: str
    notice: str | None
    posting: str | None
    share: str | None


class ReportAnswer(Answer):
    """What another server says is wrong."""

    id: str
    server: str
    text: str
    received_at: datetime
    about: tuple[ReportedAnswer, ...]


class ReportList(Answer):
    """The newest first; `next` is always null."""

    items: tuple[ReportAnswer, ...]
    next: str | None


class Whom(StrEnum):
    """One sender, or everybody on their server."""

    SENDER = "sender"
    SERVER = "server"


class BlockSender(Body):
    """Whom to hear nothing from any more."""

    whom: Whom = Whom.SENDER


class BlockServer(Body):
    """A server's name, such as `social.example`."""

    server: Annotated[Text, Field(min_length=1, max_length=2000)]


class BlockedKind(StrEnum):
    """A community is also listed under peers."""

    COMMUNITY = "community"
    SENDER = "sender"
    SERVER = "server"


class BlockAnswer(Answer):
    """Whom we hear nothing from. `subject` is a host, or a sender's actor id."""

    id: str
    kind: BlockedKind
    subject: str
    name: str


class BlockList(Answer):
    """Communities, then the others, the newest first; `next` is always null."""

    items: tuple[BlockAnswer, ...]
    next: str | None


async def list_enquiries(call: Call[NoBody, NoQuery]) -> EnquiryList:
    """Every conversation with its newest message."""
    lines = await enquiries.listing(call.community, call.member)
    return EnquiryList(items=tuple(EnquiryAnswer(**_fields(line)) for line in lines), next=None)


async def read_enquiry(call: Call[NoBody, NoQuery]) -> ConversationAnswer:
    """One conversation."""
    found = await enquiries.conversation(call.community, call.id, call.member)
    return ConversationAnswer(**_fields(found.line), said=tuple(map(_said, found.said)))


async def answer(call: Call[NewAnswer, NoQuery]) -> ConversationAnswer:
    """Write back. Raises PeerTrouble where the sender's server cannot be asked."""
    body = call.body
    await answering.answer(
        call.community, call.id, body.text, call.member, with_details=body.with_details, form_id=call.form_id
    )
    found = await enquiries.conversation(call.community, call.id, call.member)
    return ConversationAnswer(**_fields(found.line), said=tuple(map(_said, found.said)))


async def take_back(call: Call[NoBody, NoQuery]) -> None:
    """Have an answer erased."""
    await answering.take_back(call.community, call.id, call.member)


async def done(call: Call[NoBody, NoQuery]) -> None:
    """Forget a conversation."""
    await enquiries.done(call.community, call.id, call.member)


async def block_sender(call: Call[BlockSender, NoQuery]) -> BlockList:
    """Hear nothing more from whoever wrote."""
    found = await enquiries.conversation(call.community, call.id, call.member)
    if call.body.whom is Whom.SENDER:
        await blocks.block_sender(call.community, call.id, call.member)
    else:
        await blocks.block_server(call.community, found.line.host, call.member)
    return await _blocked(call.community, call.member)


async def list_reports(call: Call[NoBody, NoQuery]) -> ReportList:
    """Every report that waits."""
    lines = await reports.listing(call.community, call.member)
    return ReportList(items=tuple(map(_report, lines)), next=None)


async def done_report(call: Call[NoBody, NoQuery]) -> None:
    """Forget a report."""
    await reports.done(call.community, call.id, call.member)


async def list_blocks(call: Call[NoBody, NoQuery]) -> BlockList:
    """Everybody who is blocked."""
    return await _blocked(call.community, call.member)


async def block_server(call: Call[BlockServer, NoQuery]) -> BlockList:
    """Hear nothing more from a server."""
    await blocks.block_server(call.community, call.body.server, call.member)
    return await _blocked(call.community, call.member)


async def unblock(call: Call[NoBody, NoQuery]) -> None:
    """Hear from them again. Raises NotFound."""
    await blocks.unblock(call.community, call.id, call.member)


_STEWARD = Access.STEWARD

OPERATIONS = (
    Operation("GET", "/enquiries", "list_enquiries", "List what strangers wrote to us", list_enquiries, EnquiryList),
    Operation("GET", "/enquiries/{id}", "get_enquiry", "Read one conversation", read_enquiry, ConversationAnswer),
    Operation("DELETE", "/enquiries/{id}", "forget_enquiry", "Forget one conversation", done, None, 204),
    Operation(
        "POST",
        "/enquiries/{id}/answers",
        "answer_enquiry",
        "Write back to whoever wrote, to them alone",
        answer,
        ConversationAnswer,
        201,
        body=NewAnswer,
        problems=(409, 502),
    ),
    Operation("DELETE", "/answers/{id}", "take_answer_back", "Have an answer of ours erased", take_back, None, 204),
    Operation(
        "POST",
        "/enquiries/{id}/block",
        "block_sender",
        "Hear nothing more from whoever wrote, or from their server",
        block_sender,
        BlockList,
        body=BlockSender,
        access=_STEWARD,
    ),
    Operation(
        "GET", "/reports", "list_reports", "List what others reported", list_reports, ReportList, access=_STEWARD
    ),
    Operation("DELETE", "/reports/{id}", "forget_report", "Forget one report", done_report, None, 204, access=_STEWARD),
    Operation("GET", "/blocks", "list_blocks", "List who is blocked", list_blocks, BlockList, access=_STEWARD),
    Operation(
        "POST",
        "/blocks",
        "block_server",
        "Hear nothing more from a server",
        block_server,
        BlockList,
        body=BlockServer,
        access=_STEWARD,
    ),
    Operation("DELETE", "/blocks/{id}", "unblock", "Hear from them again", unblock, None, 204, access=_STEWARD),
)


def _fields(line: EnquiryLine) -> dict[str, object]:
    enquiry = line.enquiry
    return {
        "id": enquiry.id,
        "sender": SenderAnswer(name=enquiry.name, handle=enquiry.handle, server=line.host),
        "notice": line.notice.id if line.notice is not None else None,
        "posting": line.posting.id if line.posting is not None else None,
        "share": line.share.id if line.share is not None else None,
        "text": enquiry.text,
        "received_at": enquiry.received_at,
        "answered": line.is_answered,
    }


def _said(said: Said) -> SaidAnswer:
    words = said.words
    if isinstance(words, Enquiry):
        return SaidAnswer(id=words.id, ours=False, text=words.text, at=words.received_at, state=None)
    return SaidAnswer(id=words.id, ours=True, text=words.text, at=words.written_at, state=said.state)


async def _blocked(community: Community, by: Member) -> BlockList:
    found = await blocks.listing(community, by)
    known = [
        BlockAnswer(id=peer.id, kind=BlockedKind.COMMUNITY, subject=peer.host, name=peer.name) for peer in found.peers
    ]
    others = [
        BlockAnswer(id=one.id, kind=BlockedKind(one.kind), subject=one.subject, name=one.name) for one in found.others
    ]
    return BlockList(items=(*known, *others), next=None)


def _report(line: ReportLine) -> ReportAnswer:
    about = tuple(
        ReportedAnswer(
            id=one.id,
            notice=one.notice.id if one.notice else None,
            posting=one.posting.id if one.posting else None,
            share=one.share.id if one.share else None,
        )
        for one in line.about
    )
    report = line.report
    return ReportAnswer(id=report.id, server=line.host, text=report.text, received_at=report.received_at, about=about)
