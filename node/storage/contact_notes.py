"""The log of reaching people, one row for each try. It goes with the sealed note it is about."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.contact_notes import ContactNote, Reached
from node.storage.tables import contact_notes


class ContactNotes:
    """Rows are only ever added, so that nobody's note replaces another's."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, note: ContactNote, form_hash: str | None) -> None:
        """Store a new one."""
        values = {
            "id": note.id,
            "notice_id": note.notice_id,
            "reached": note.reached,
            "words": note.words,
            "noted_at": note.noted_at,
            "member_id": note.by,
            "form_hash": form_hash,
        }
        await self._connection.execute(insert(contact_notes).values(values))

    async def by_form(self, form_hash: str) -> ContactNote | None:
        """The one that was noted with this form."""
        found = await self._all(select(contact_notes).where(contact_notes.c.form_hash == form_hash))
        return found[0] if found else None

    async def of_notice(self, notice_id: str, limit: int) -> tuple[ContactNote, ...]:
        """The newest about one notice, newest first."""
        return await self._all(_newest_first().where(contact_notes.c.notice_id == notice_id).limit(limit))

    async def last_of(self, notice_ids: Iterable[str], limit: int) -> dict[str, ContactNote]:
        """The newest about each of these notices, among the newest `limit` about all of them."""
        wanted = contact_notes.c.notice_id.in_(set(notice_ids))
        found = await self._all(_newest_first().where(wanted).limit(limit))
        return {note.notice_id: note for note in reversed(found)}

    async def forget(self, notice_id: str) -> None:
        """Erase everything that was noted about reaching the person behind this notice."""
        await self._connection.execute(delete(contact_notes).where(contact_notes.c.notice_id == notice_id))

    async def _all(self, query: Select[Any]) -> tuple[ContactNote, ...]:
        return tuple(_note(row) for row in await self._connection.execute(query))


def _newest_first() -> Select[Any]:
    return select(contact_notes).order_by(contact_notes.c.noted_at.desc(), contact_notes.c.id.desc())


def _note(row: Row[Any]) -> ContactNote:
    return ContactNote(row.id, row.notice_id, Reached(row.reached), row.words, row.noted_at, row.member_id)
