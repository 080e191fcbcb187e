"""What was asked and answered about shared notices, at either side. It goes with the notice, the share or the copy."""

from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.questions import Question, key_of
from node.domain.responses import Side
from node.storage.claiming import WAITING
from node.storage.tables import activities, outbox, questions

#: On one page; older ones are shown as newer ones go.
MOST_SHOWN = 400


class Questions:
    """One row for each thing that was said."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, question: Question, form_hash: str | None = None) -> None:
        """Store a new one."""
        await self._connection.execute(insert(questions).values(vars(question) | {"form_hash": form_hash}))

    async def get(self, question_id: str) -> Question | None:
        """The one with this id."""
        return await self._one(questions.c.id == question_id)

    async def by_note(self, note_id: str) -> Question | None:
        """The one that was said with this note."""
        return await self._one(questions.c.note_id == note_id)

    async def by_form(self, form_hash: str) -> Question | None:
        """The one that was written with this form."""
        return await self._one(questions.c.form_hash == form_hash)

    async def between(self, object_id: str, remote_actor: str) -> tuple[Question, ...]:
        """What we and they said about a notice, oldest first."""
        return await self._many(questions.c.object_id == object_id, questions.c.remote_actor == remote_actor)

    async def of_thread(self, thread: str) -> tuple[Question, ...]:
        """Everything that was said in one, oldest first."""
        return await self._many(questions.c.thread == thread)

    async def of_notice(self, notice_id: str) -> tuple[Question, ...]:
        """What anybody asked about a notice of ours, and our answers, oldest first."""
        return await self._many(questions.c.notice_id == notice_id)

    async def of_side(self, side: Side) -> tuple[Question, ...]:
        """Everything of one side, oldest first."""
        return await self._many(questions.c.side == side)

    async def forget(self, object_id: str) -> None:
        """Erase everything that was said about this notice, with what sent it and still waits."""
        await self._connection.execute(delete(questions).where(questions.c.object_id == object_id))
        await self._connection.execute(delete(activities).where(activities.c.object_key == key_of(object_id)))

    async def forget_ended(self) -> None:
        """Erase what sent questions and answers that are gone, once nothing of it waits."""
        is_one = activities.c.object_key.startswith(key_of(""))
        is_here = exists().where(activities.c.object_key == key_of("") + questions.c.object_id)
        waits = exists().where(outbox.c.activity_id == activities.c.id, outbox.c.state == WAITING)
        await self._connection.execute(delete(activities).where(is_one, ~is_here, ~waits))

    async def _one(self, condition: ColumnElement[bool]) -> Question | None:
        row = (await self._connection.execute(select(questions).where(condition))).one_or_none()
        return None if row is None else _question(row)

    async def _many(self, *conditions: ColumnElement[bool]) -> tuple[Question, ...]:
        newest = select(questions).where(*conditions).order_by(questions.c.said_at.desc(), questions.c.id.desc())
        rows = (await self._connection.execute(newest.limit(MOST_SHOWN))).all()
        return tuple(_question(row) for row in reversed(rows))


def _question(row: Row[Any]) -> Question:
    values = dict(row._mapping)
    del values["form_hash"]
    return Question(**values | {"side": Side(row.side)})
