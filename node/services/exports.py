"""Everything a community holds, to take along: it can leave at any time, and take its work with it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict, dataclass

from node.domain.retention import HIDDEN_BELOW
from node.services.community import Community, profile_in, zone_of
from node.storage.audit import AuditEntry
from node.storage.exporting import LEFT_OUT, SHEETS, Row, Sheet
from node.storage.sealed_notes import SealedNotes
from node.storage.unit_of_work import UnitOfWork

__all__ = ["SEALED", "Row", "Sheet", "Taken", "take_along"]

SEALED, PAST = "sealed_notes", "past"
ABOUT_SEALED = "names, numbers, addresses and stories, opened: keep this file locked away, and erase it soon"

Write = Callable[[str, tuple[str, ...], AsyncIterator[Row]], Awaitable[None]]
"""Writes one sheet: its name, its columns, its rows."""


@dataclass(frozen=True)
class Taken:
    """What was written: the community's name and time zone, each sheet with what it holds, and what was left out."""

    community_name: str
    timezone: str
    sheets: tuple[tuple[str, str], ...]
    left_out: tuple[tuple[str, str], ...]


async def take_along(community: Community, write: Write, with_sealed: bool = False) -> Taken:
    """Hand every sheet to `write`, all of one moment. The sealed notes only `with_sealed`. It is logged.

    Raises CannotOpen where a sealed note cannot be opened, and whatever `write` raises.
    """
    async with community.database.reading() as work:
        shown = await profile_in(work)
        for sheet in SHEETS:
            rows = work.exporting.rows(sheet)
            await write(sheet.name, sheet.columns, _without_small(rows) if sheet.name == PAST else rows)
        if with_sealed:
            await write(SEALED, ("notice_id", "note"), _sealed_notes(work))
    action = "exported everything, sealed notes too" if with_sealed else "exported everything but the sealed notes"
    async with community.database.unit_of_work() as work:
        await work.audit.add(AuditEntry(community.now(), None, action, "community"))
    sheets = tuple((sheet.name, sheet.about) for sheet in SHEETS)
    left_out = tuple((name, why) for name, why in LEFT_OUT.items() if not (with_sealed and name == SEALED))
    return Taken(
        shown.name,
        zone_of(community, shown).key,
        (*sheets, (SEALED, ABOUT_SEALED)) if with_sealed else sheets,
        left_out,
    )


async def _without_small(rows: AsyncIterator[Row]) -> AsyncIterator[Row]:
    """A small number might lead to somebody."""
    async for row in rows:
        yield row if row["how_many"] >= HIDDEN_BELOW else {**row, "how_many": None, "met": None}


async def _sealed_notes(work: UnitOfWork) -> AsyncIterator[Row]:
    for notice_id in await SealedNotes(work).kept():
        note = await SealedNotes(work).open(notice_id)
        if note is not None:
            yield {"notice_id": notice_id, "note": asdict(note)}
