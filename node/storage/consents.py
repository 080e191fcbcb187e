"""The history of what was agreed to: rows are only ever added, and go with their notice."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.consent import Asking, Channel, ConsentEntry, Question, Use
from node.storage.tables import consents


class Consents:
    """Each yes and each no, in the order in which they were said."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, notice_id: str, entries: Iterable[ConsentEntry]) -> None:
        """Write down further answers."""
        rows = [_values(entry) | {"notice_id": notice_id} for entry in entries]
        if rows:
            await self._connection.execute(insert(consents), rows)

    async def of_notice(self, notice_id: str) -> tuple[ConsentEntry, ...]:
        """Every answer about a notice, oldest first."""
        query = select(consents).where(consents.c.notice_id == notice_id).order_by(consents.c.id)
        return tuple(_entry(row) for row in await self._connection.execute(query))

    async def agreed_among(self, notice_ids: Iterable[str], use: Use) -> frozenset[str]:
        """Of these notices, those about which the newest answer to this use is a yes."""
        wanted = consents.c.notice_id.in_(set(notice_ids)), consents.c.use == use, consents.c.peer_id == ""
        query = select(consents.c.notice_id, consents.c.given).where(*wanted).order_by(consents.c.id)
        newest = {row.notice_id: row.given for row in await self._connection.execute(query)}
        return frozenset(notice_id for notice_id, given in newest.items() if given)

    async def forget(self, notice_id: str) -> None:
        """Every answer about a notice goes."""
        await self._connection.execute(delete(consents).where(consents.c.notice_id == notice_id))


def _values(entry: ConsentEntry) -> dict[str, object]:
    return {
        "use": entry.question.use,
        "peer_id": entry.question.peer,
        "given": entry.is_given,
        "wording": entry.wording,
        "language": entry.asking.language,
        "channel": entry.asking.channel,
        "member_id": entry.asking.by,
        "at": entry.at,
    }


def _entry(row: Row[Any]) -> ConsentEntry:
    return ConsentEntry(
        question=Question(Use(row.use), row.peer_id),
        is_given=row.given,
        wording=row.wording,
        asking=Asking(Channel(row.channel), row.language, row.member_id),
        at=row.at,
    )
