"""What shifts leave written for each other, until somebody takes it off or its time is over."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.hand_over import HandOverNote
from node.storage.tables import hand_over_notes


class HandOverNotes:
    """Rows are added and removed, never changed: nobody writes over another's words."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, note: HandOverNote, form_hash: str | None) -> None:
        """Store a new one."""
        values = {"id": note.id, "text": note.text, "noted_at": note.noted_at, "member_id": note.by}
        await self._connection.execute(insert(hand_over_notes).values(values | {"form_hash": form_hash}))

    async def by_form(self, form_hash: str) -> HandOverNote | None:
        """The one that was written with this form."""
        query = select(hand_over_notes).where(hand_over_notes.c.form_hash == form_hash)
        row = (await self._connection.execute(query)).one_or_none()
        return HandOverNote(row.id, row.text, row.noted_at, row.member_id) if row else None

    async def newest(self, limit: int) -> tuple[HandOverNote, ...]:
        """What is there, newest first."""
        query = select(hand_over_notes).order_by(hand_over_notes.c.noted_at.desc(), hand_over_notes.c.id.desc())
        rows = await self._connection.execute(query.limit(limit))
        return tuple(HandOverNote(row.id, row.text, row.noted_at, row.member_id) for row in rows)

    async def remove(self, note_id: str) -> None:
        """Erase one. One that is not there is no fault."""
        await self._connection.execute(delete(hand_over_notes).where(hand_over_notes.c.id == note_id))

    async def forget_before(self, moment: datetime) -> int:
        """Erase what was written before `moment`; answers how many."""
        query = delete(hand_over_notes).where(hand_over_notes.c.noted_at < moment)
        return (await self._connection.execute(query)).rowcount
