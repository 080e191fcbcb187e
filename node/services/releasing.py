"""What was released to a helping community, read from us while the lease holds. The one way a sealed field travels."""

from dataclasses import asdict
from datetime import datetime

from node.domain.errors import NotFound
from node.domain.openings import READ_BY_HELPER, Opening
from node.domain.responses import Response, Side
from node.domain.sealed import SealedNote
from node.services.community import Community
from node.services.meeting import meeting_phrase
from node.storage.audit import AuditEntry
from node.storage.sealed_notes import SealedNotes
from schemas.fields import Document


async def coordinate(community: Community, agreement_id: str, reader: str) -> Document:
    """The released fields and the meeting phrase, for the helper's actor `reader` alone and only while the lease holds.

    It is logged.

    Raises NotFound for everyone else, which looks the same as no such agreement.
    """
    now = community.now()
    async with community.database.unit_of_work() as work:
        response = await work.responses.by_agreement(agreement_id)
        if response is None or response.notice_id is None or not _may_read(response, reader, now):
            raise NotFound
        note = await SealedNotes(work).open(response.notice_id)
        if note is None:
            raise NotFound
        opening = Opening(
            id=community.new_id(), at=now, fields=response.released, reader=reader, notice_id=response.notice_id
        )
        await work.openings.add(opening)
        detail = ",".join(response.released)
        await work.audit.add(AuditEntry(now, None, READ_BY_HELPER, response.notice_id, detail))
    return _released(note, response.released) | {"meeting_phrase": meeting_phrase(community, response)}


def _released(note: SealedNote, names: tuple[str, ...]) -> Document:
    fields: Document = {name: getattr(note, name) for name in names if name not in {"contact", "arrival_card"}}
    if "contact" in names:
        fields["contact"] = [
            {"method": one.method, "value": one.value, "voicemail_ok": one.voicemail_ok} for one in note.contact
        ]
    if "arrival_card" in names:
        fields["arrival_card"] = {**asdict(note.arrival_card), "anything_else": note.arrival}
    return fields


def _may_read(response: Response, reader: str, now: datetime) -> bool:
    is_in_time = response.lease_until is not None and now < response.lease_until
    return response.side is Side.ORIGIN and response.remote_actor == reader and response.is_running and is_in_time
