"""A notice as a row of its table, and back."""

from typing import Any

from sqlalchemy import Row

from node.domain.consent import Consent
from node.domain.notices import Kind, Notice, Status, Urgency, Wording
from node.domain.on_behalf import OnBehalf
from node.domain.repeating import Repeat


def values_of(notice: Notice) -> dict[str, object]:
    """What a row holds of a notice that may change."""
    wording = notice.wording
    return {
        "kind": notice.kind,
        "title": wording.title,
        "category": wording.category,
        "own_category": wording.own_category,
        "text": wording.text,
        "area": wording.area,
        "urgency": wording.urgency,
        "needed_by": wording.needed_by,
        "repeat": wording.repeat,
        "repeat_until": wording.repeat_until,
        "quantity": wording.quantity,
        "unit": wording.unit,
        "languages": list(wording.languages),
        "access": list(wording.access),
        "status": notice.status,
        "remaining": notice.remaining,
        "consent_board": notice.consent.board,
        "consent_peers": notice.consent.peers if notice.consent.covers_all_peers else list(notice.consent.peers),
        "consent_public": notice.consent.public,
        "for_someone_else": notice.for_someone_else,
        "they_know": notice.on_behalf.knows,
        "may_be_contacted": notice.on_behalf.may_be_contacted,
        "standing": notice.standing,
        "renewed_at": notice.renewed_at,
        "erased_at": notice.erased_at,
        "returns_on": notice.returns_on,
        "rounds_from": notice.rounds_from,
        "whole_id": notice.whole_id,
        "number": notice.number,
        "created_at": notice.created_at,
        "updated_at": notice.updated_at,
    }


def notice_from(row: Row[Any]) -> Notice:
    """The notice in a row."""
    peers = row.consent_peers if isinstance(row.consent_peers, str) else tuple(row.consent_peers)
    return Notice(
        id=row.id,
        kind=Kind(row.kind),
        wording=_wording(row),
        created_at=row.created_at,
        updated_at=row.updated_at,
        status=Status(row.status),
        remaining=row.remaining,
        consent=Consent(row.consent_board, peers, row.consent_public),
        for_someone_else=row.for_someone_else,
        on_behalf=OnBehalf(row.they_know, row.may_be_contacted),
        standing=row.standing,
        renewed_at=row.renewed_at,
        erased_at=row.erased_at,
        returns_on=row.returns_on,
        rounds_from=row.rounds_from,
        whole_id=row.whole_id,
        number=row.number,
    )


def _wording(row: Row[Any]) -> Wording:
    return Wording(
        title=row.title,
        category=row.category,
        text=row.text,
        area=row.area,
        urgency=Urgency(row.urgency),
        needed_by=row.needed_by,
        repeat=Repeat(row.repeat),
        repeat_until=row.repeat_until,
        quantity=row.quantity,
        unit=row.unit,
        languages=tuple(row.languages),
        access=tuple(row.access),
        own_category=row.own_category,
    )
