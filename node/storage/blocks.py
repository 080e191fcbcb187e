"""Senders and servers that a steward blocked. A blocked neighbour is in its own table, with what was agreed."""

from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.blocks import Block, BlockKind
from node.storage.tables import blocks


class Blocks:
    """One row per actor or host. `changed` tells that somebody was blocked, or is heard again."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.changed = False

    async def add(self, block: Block) -> None:
        """Store a new one."""
        self.changed = True
        await self._connection.execute(insert(blocks).values(vars(block)))

    async def get(self, block_id: str) -> Block | None:
        """The one with this id."""
        return await self._one(blocks.c.id == block_id)

    async def by_subject(self, subject: str) -> Block | None:
        """The one of this actor or host."""
        return await self._one(blocks.c.subject == subject)

    async def all(self) -> tuple[Block, ...]:
        """Every one, newest first."""
        query = select(blocks).order_by(blocks.c.created_at.desc(), blocks.c.id)
        return tuple(_block(row) for row in await self._connection.execute(query))

    async def remove(self, block_id: str) -> None:
        """End one."""
        self.changed = True
        await self._connection.execute(delete(blocks).where(blocks.c.id == block_id))

    async def _one(self, condition: ColumnElement[bool]) -> Block | None:
        row = (await self._connection.execute(select(blocks).where(condition))).one_or_none()
        return None if row is None else _block(row)


def _block(row: Row[Any]) -> Block:
    return Block(**(dict(row._mapping) | {"kind": BlockKind(row.kind)}))
