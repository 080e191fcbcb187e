"""The locked copy for our heir, made at the moment it asks: what is closed or erased by then is not in it."""

import asyncio
from dataclasses import asdict
from datetime import datetime
from typing import Any

import orjson

from node.domain.heirs import MOST_BYTES, MOST_NEEDS, Heir, is_covered
from node.domain.notices import Kind, Notice
from node.services.community import Community, profile_in
from node.services.heirs import heir_asking
from node.storage.audit import AuditEntry
from node.storage.locked_copies import locked
from node.storage.notices import NoticeFilter
from node.storage.sealed_notes import SealedNotes
from node.storage.unit_of_work import UnitOfWork
from schemas.fields import Document

FETCHED = "the heir fetched a locked copy"
OPENED = "two stewards opened the locked copy at the heir"


async def locked_copy(community: Community, reader: str, opened_at: datetime | None) -> Document:
    """The newest copy, for the actor `reader` of our heir alone; by asking for the first one it agrees.

    `opened_at` is when two of our stewards opened an earlier one there. Raises NotFound for everybody else, which looks
    the same as no heir.
    """
    now = community.now()
    async with community.database.unit_of_work() as work:
        heir, peer = await heir_asking(work, reader)
        key, lock = await work.heirs.lock()
        content = await _content(community, work, heir)
        told = opened_at if opened_at is not None and opened_at != heir.opened_at and opened_at <= now else None
        await work.heirs.fetched(now, told)
        await work.audit.add(AuditEntry(now, None, FETCHED, peer.id, peer.host))
        if told is not None:
            await work.audit.add(AuditEntry(now, None, OPENED, peer.id, f"{told:%Y-%m-%d %H:%M} UTC"))
    return await asyncio.to_thread(locked, key, lock, content)


async def _content(community: Community, work: UnitOfWork, heir: Heir) -> bytes:
    """The needs that are covered, longest waiting first, as far as there is room; none that are only practised."""
    shown = await profile_in(work)
    most = 0 if shown.practice.is_under_way else MOST_NEEDS
    found: list[dict[str, Any]] = []
    room = MOST_BYTES
    for notice in await work.notices.waiting(NoticeFilter(Kind.NEED), most):
        if not is_covered(notice, notice.consent, heir):
            continue
        entry = await _entry(work, notice)
        room -= len(orjson.dumps(entry))
        if room < 0:
            break
        found.append(entry)
    about = {"community": shown.name, "address": community.base_url, "made_at": community.now(), "needs": found}
    return orjson.dumps(about)


async def _entry(work: UnitOfWork, notice: Notice) -> dict[str, Any]:
    words, sealed = notice.wording, await SealedNotes(work).open(notice.id)
    return {
        "title": words.title,
        "text": words.text,
        "category": words.category,
        "area": words.area,
        "urgency": words.urgency,
        "needed_by": words.needed_by,
        "languages": words.languages,
        "came_in": notice.created_at,
        "may_be_contacted": notice.on_behalf.may_be_contacted,
        "sealed": asdict(sealed) if sealed is not None else {},
    }
