"""Calls about shares: preview, share, see who saw it, withdraw."""

from datetime import timedelta
from typing import Any

from pydantic import JsonValue, RootModel

from node.api.v1.lookup import notice_of
from node.api.v1.operations import Call, NoBody, NoQuery, Operation
from node.api.v1.share_models import (
    CheckAnswer,
    PreviewQuery,
    ReaderAnswer,
    ReceiptAnswer,
    RecipientAnswer,
    ShareBody,
    SharedNotice,
    ShareLine,
    ShareRecord,
)
from node.domain.errors import NotAllowed
from node.domain.members import Member
from node.domain.notices import Kind
from node.domain.shares import RecipientState, Share, ShareRequest
from node.services import shares
from node.services.shares import Preview, SharingRecord

_HOUR = timedelta(hours=1)


class Document(RootModel[dict[str, JsonValue]]):
    """Exactly the ActivityPub object that would be sent."""


async def preview(kind: Kind, call: Call[NoBody, PreviewQuery]) -> Document:
    """The document as it would be sent, also where consent does not cover it yet: nothing is sent by this call."""
    return Document((await _previewed(kind, call)).document)


async def check(kind: Kind, call: Call[NoBody, PreviewQuery]) -> CheckAnswer:
    """What readers would see, what to look at again, and what forbids the share."""
    found = await _previewed(kind, call)
    listed = tuple(ReaderAnswer(peer=one.peer.id, name=one.peer.name, reason=one.reason) for one in found.readers)
    return CheckAnswer(html=found.html, warnings=found.warnings, blocked=found.blocked, readers=listed)


async def share(kind: Kind, call: Call[ShareBody, NoQuery]) -> ShareLine:
    """Share a notice. Raises ConsentMissing or Conflict where it may not be."""
    notice = await notice_of(kind, call)
    request = _to_request(call.body, call.member)
    return share_line(await shares.share(call.community, notice.id, request, call.member, call.form_id))


async def read(call: Call[NoBody, NoQuery]) -> ShareRecord:
    """Who saw a share, where each copy stands, and who confirmed that it is erased."""
    return _record(await shares.get(call.community, call.id))


async def withdraw(call: Call[NoBody, NoQuery]) -> ShareLine:
    """Take a share back from everyone who has it."""
    return share_line(await shares.withdraw(call.community, call.id, call.member))


def share_line(share: Share) -> ShareLine:
    """The share as answers show it."""
    return ShareLine(**_line_fields(share))


OF_NOTICES = (
    Operation(
        "POST",
        "/{kind}s/{id}/shares",
        "share_{kind}",
        "Share one {kind}",
        share,
        ShareLine,
        201,
        body=ShareBody,
        location="/shares/{id}",
        problems=(409,),
    ),
    Operation(
        "GET",
        "/{kind}s/{id}/shares/preview",
        "preview_share_of_{kind}",
        "Exactly the document that would be sent",
        preview,
        Document,
        query=PreviewQuery,
        problems=(409,),
    ),
    Operation(
        "GET",
        "/{kind}s/{id}/shares/check",
        "check_share_of_{kind}",
        "Warnings before sharing, and what forbids it",
        check,
        CheckAnswer,
        query=PreviewQuery,
        problems=(409,),
    ),
)

OPERATIONS = (
    Operation("GET", "/shares/{id}", "get_share", "Who saw a share, deliveries and receipts", read, ShareRecord),
    Operation("DELETE", "/shares/{id}", "withdraw_share", "Withdraw a share", withdraw, ShareLine),
)


async def _previewed(kind: Kind, call: Call[NoBody, PreviewQuery]) -> Preview:
    notice = await notice_of(kind, call)
    return await shares.preview(call.community, notice.id, _to_request(call.query, call.member), call.member)


def _to_request(asked: ShareBody | PreviewQuery, member: Member) -> ShareRequest:
    if asked.override_category and not member.is_steward:
        raise NotAllowed("Only a steward can decide that a notice of this category is shared publicly.")
    lease = {} if asked.lease_hours is None else {"lease_hours": asked.lease_hours}
    return ShareRequest(
        level=asked.level,
        peers=asked.peers or (),
        text=asked.text or "",
        reply_by=asked.reply_by,
        override_category=asked.override_category,
        **lease,
    )


def _record(record: SharingRecord) -> ShareRecord:
    notice = record.notice
    return ShareRecord(
        notice=SharedNotice(id=notice.id, kind=notice.kind, title=notice.wording.title, status=notice.status.value),
        recipients=tuple(
            RecipientAnswer(actor=line.actor, name=line.name, state=line.state, changed_at=line.changed_at)
            for line in record.recipients
        ),
        receipts=tuple(
            ReceiptAnswer(actor=line.actor, name=line.name, erased_at=line.changed_at)
            for line in record.recipients
            if line.state == RecipientState.ERASED
        ),
        **_line_fields(record.share),
    )


def _line_fields(share: Share) -> dict[str, Any]:
    return {
        "id": share.id,
        "object": share.object_id,
        "level": share.level,
        "state": share.state,
        "notice_id": share.notice_id,
        "text": share.text,
        "peers": share.named,
        "lease_hours": share.lease / _HOUR,
        "reply_by": share.reply_by,
        "published": share.published_at,
        "updated": share.updated_at,
        "ends_at": share.ends_at,
    }
