"""What dispatchers wrote back to strangers, kept as long as the conversation is."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.strangers import Answer
from node.storage.claiming import WAITING
from node.storage.tables import activities, answers, enquiries, outbox


class Answers:
    """One row per note of ours; its id is never used again."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, answer: Answer, form_hash: str | None) -> None:
        """Store a new one."""
        await self._connection.execute(insert(answers).values(vars(answer) | {"form_hash": form_hash}))

    async def put(self, answer: Answer) -> None:
        """Store a changed one."""
        await self._connection.execute(update(answers).where(answers.c.id == answer.id).values(vars(answer)))

    async def get(self, answer_id: str) -> Answer | None:
        """The one with this id."""
        return await self._one(answers.c.id == answer_id)

    async def by_object(self, object_id: str) -> Answer | None:
        """The one whose note has this id."""
        return await self._one(answers.c.object_id == object_id)

    async def by_form(self, form_hash: str) -> Answer | None:
        """The one written with this form."""
        return await self._one(answers.c.form_hash == form_hash)

    async def of_threads(self, threads: Iterable[str]) -> tuple[Answer, ...]:
        """What was written back in these conversations, oldest first."""
        query = select(answers).where(answers.c.thread.in_(set(threads))).order_by(answers.c.written_at, answers.c.id)
        return tuple(_answer(row) for row in await self._connection.execute(query))

    async def to(self, actor: str) -> tuple[Answer, ...]:
        """Everything that was written back to this actor."""
        query = select(answers).where(answers.c.actor == actor).order_by(answers.c.written_at, answers.c.id)
        return tuple(_answer(row) for row in await self._connection.execute(query))

    async def standing(self) -> tuple[Answer, ...]:
        """Everything that was written back and not taken back."""
        query = select(answers).where(answers.c.taken_back.is_(False))
        return tuple(_answer(row) for row in await self._connection.execute(query))

    async def forget_ended(self) -> None:
        """Forget the answers of conversations that are gone, with what sent them, once nothing of it waits."""
        is_here = exists().where(enquiries.c.thread == answers.c.thread)
        waits = exists().where(outbox.c.object_key == answers.c.object_id, outbox.c.state == WAITING)
        over = list(await self._connection.scalars(select(answers.c.object_id).where(~is_here, ~waits)))
        if over:
            await self._connection.execute(delete(activities).where(activities.c.object_key.in_(over)))
            await self._connection.execute(delete(answers).where(answers.c.object_id.in_(over)))

    async def _one(self, condition: ColumnElement[bool]) -> Answer | None:
        row = (await self._connection.execute(select(answers).where(condition))).one_or_none()
        return None if row is None else _answer(row)


def _answer(row: Row[Any]) -> Answer:
    values = dict(row._mapping)
    del values["form_hash"]
    return Answer(**values)
