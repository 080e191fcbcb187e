"""Bringing a community's spreadsheet in: each row's needs and offers, once, however often the file is read.

What came in is known by what its row says and means. So the same file, read in the same way, also takes it back.
"""

import asyncio
from collections.abc import Mapping as Readable
from dataclasses import dataclass
from datetime import datetime, timedelta

from node.domain.categories import AS_SHIPPED, OwnCategories
from node.domain.consent import Intake, Use
from node.domain.errors import Invalid
from node.domain.members import Member, must_be_steward_or_command_line
from node.domain.notices import Notice, Status
from node.domain.phrases import say
from node.domain.practice import NOT_REAL
from node.domain.spreadsheets import (
    Draft,
    Mapping,
    Most,
    Reading,
    Sheet,
    SpreadsheetWrong,
    is_workbook,
    parse_mapping,
    read_drafts,
    read_sheet,
)
from node.services import forgetting, needs
from node.services.community import Community
from node.services.for_real import must_be_for_real
from node.services.needs import Entry, form_of
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork

__all__ = [
    "Added",
    "Brought",
    "Draft",
    "Reading",
    "TakenBack",
    "bring_in",
    "entry_of",
    "here_already",
    "open_sheet",
    "read_spreadsheet",
    "take_back",
]

#: What a form on the web can carry from page to page.
LARGEST_FILE = 500_000
LARGEST_MAPPING = 100_000
MOST_ROWS = 1000
MOST_COLUMNS = 100
TOOK_BACK = "took a spreadsheet back"
#: For so long the codes of what came in are told again, should the first answer not have arrived.
CODES_TOLD_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class Added:
    """A draft that became a notice, when, and the code with which its owner comes back to it."""

    draft: Draft
    notice_id: str
    code: str
    at: datetime


@dataclass(frozen=True)
class Brought:
    """What came in now, and what had come in from the same answers before."""

    added: tuple[Added, ...]
    earlier: tuple[Added, ...]

    def to_be_told(self, now: datetime) -> tuple[Added, ...]:
        """What came in now or a moment ago, by row: whose owners do not know their code yet."""
        recent = [one for one in (*self.added, *self.earlier) if now - one.at < CODES_TOLD_FOR]
        return tuple(sorted(recent, key=lambda one: one.draft.row))


@dataclass(frozen=True)
class TakenBack:
    """What is gone again, and what stays, because somebody has read it or done something with it since."""

    gone: tuple[Draft, ...]
    staying: tuple[Notice, ...]


def read_spreadsheet(spreadsheet: bytes, mapping_file: bytes, own: OwnCategories = AS_SHIPPED) -> Reading:
    """What a spreadsheet says through its mapping, where the categories are these; stores nothing.

    Raises MappingWrong and SpreadsheetWrong.
    """
    mapping: Mapping = parse_mapping(mapping_file, own)
    facts = mapping.file
    return read_drafts(read_sheet(spreadsheet, facts.encoding, facts.delimiter), mapping, own)


def open_sheet(spreadsheet: bytes, mapping: Mapping | None = None) -> Sheet:
    """The rows of a file that somebody sent with a form, where it is small enough for that.

    Raises SpreadsheetWrong with what to do about it.
    """
    if len(spreadsheet) > LARGEST_FILE and not is_workbook(spreadsheet):
        raise SpreadsheetWrong(
            say("The file is larger than %(size)s kB. Split it into smaller ones.", size=LARGEST_FILE // 1000)
        )
    encoding, delimiter = (mapping.file.encoding, mapping.file.delimiter) if mapping else ("", "")
    sheet = read_sheet(spreadsheet, encoding, delimiter, Most(MOST_COLUMNS, MOST_ROWS))
    if len(sheet.header) == 1:
        raise SpreadsheetWrong(
            say("Only one column was found. Save it as CSV with commas, semicolons or tabs between the columns.")
        )
    if all(row.is_blank for row in sheet.rows):
        raise SpreadsheetWrong(
            say("Below the names of the columns every row is blank, so there is nothing to bring in.")
        )
    return sheet


def open_mapping(mapping_file: bytes, own: OwnCategories = AS_SHIPPED) -> Mapping:
    """A mapping file that somebody sent with a form, where the categories are these. Raises Invalid."""
    if len(mapping_file) > LARGEST_MAPPING:
        raise Invalid({"mapping": say("This file is larger than %(size)s kB.", size=LARGEST_MAPPING // 1000)})
    return parse_mapping(mapping_file, own)


async def here_already(community: Community, reading: Reading) -> frozenset[str]:
    """The `form_id` of each draft that came in before."""
    async with community.database.reading() as work:
        known = [
            draft.form_id
            for draft in reading.drafts
            if await work.notices.by_form(form_of(community, draft.form_id).hex())
        ]
    return frozenset(known)


async def bring_in(community: Community, reading: Reading, by: Member | None = None) -> Brought:
    """Store every draft that is not there yet. Interrupted half-way, the next run adds only what is missing.

    Others have their turn between two drafts. Raises NotAllowed for a member who is no steward, and Conflict while the
    community practises.
    """
    must_be_steward_or_command_line(by)
    async with community.database.reading() as work:
        await must_be_for_real(work, NOT_REAL)
    started = community.now()
    stored: Readable[bool, list[Added]] = {True: [], False: []}
    for draft in reading.drafts:
        async with community.database.unit_of_work() as work:
            await must_be_for_real(work, NOT_REAL)  # another steward may have begun to practise since
            asked = await needs.ask_in(community, work, entry_of(draft), by, draft.form_id)
        at = asked.notice.created_at
        stored[at >= started].append(Added(draft, asked.notice.id, asked.code, at))
        await asyncio.sleep(0)
    return Brought(added=tuple(stored[True]), earlier=tuple(stored[False]))


async def take_back(community: Community, reading: Reading, by: Member | None = None) -> TakenBack:
    """Erase what came in with these drafts, as if it had never come, where nobody has read or done anything with it.

    Each by itself, so that others have their turn; interrupted half-way, the next run erases the rest. Raises
    NotAllowed for a member who is no steward.
    """
    must_be_steward_or_command_line(by)
    gone: list[Draft] = []
    staying: list[Notice] = []
    for draft in reading.drafts:
        async with community.database.unit_of_work() as work:
            notice = await work.notices.by_form(form_of(community, draft.form_id).hex())
            if notice is None or notice.erased_at is not None:
                continue
            if await _is_as_it_came(work, notice):
                if not gone:
                    await work.audit.add(AuditEntry(community.now(), by.id if by else None, TOOK_BACK, "community"))
                await forgetting.remove_whole(community, work, notice)
                gone.append(draft)
            else:
                staying.append(notice)
        await asyncio.sleep(0)
    return TakenBack(tuple(gone), tuple(staying))


async def _is_as_it_came(work: UnitOfWork, notice: Notice) -> bool:
    """Whether the log says nothing of it but that it came in, and nobody has tried to reach anybody."""
    lines = await work.audit.of_subject(notice.id, (), 2)
    return notice.status is Status.NEW and len(lines) == 1 and not await work.contact_notes.of_notice(notice.id, 1)


def entry_of(draft: Draft) -> Entry:
    """What a draft asks for or offers."""
    return Entry(
        kind=draft.kind,
        wording=draft.wording,
        sealed=draft.sealed,
        consent=draft.consent,
        intake=Intake(wordings=tuple((use, draft.consent_words) for use in (Use.BOARD, Use.PEERS, Use.PUBLIC))),
        for_someone_else=draft.for_someone_else,
        standing=draft.standing,
    )
