"""Bringing a community's spreadsheet in: each row's needs and offers, once, however often the file is read."""

from collections.abc import Mapping as Readable
from dataclasses import dataclass

from node.domain.consent import Intake, Use
from node.domain.members import Member
from node.domain.spreadsheets import Draft, Mapping, Reading, parse_mapping, read_drafts, read_sheet
from node.services import needs
from node.services.community import Community
from node.services.needs import Entry

__all__ = ["Added", "Brought", "Draft", "Reading", "bring_in", "read_spreadsheet"]


@dataclass(frozen=True)
class Added:
    """A draft that became a notice, and the code with which its owner comes back to it."""

    draft: Draft
    notice_id: str
    code: str


@dataclass(frozen=True)
class Brought:
    """What came in now, and what had come in from the same answers before."""

    added: tuple[Added, ...]
    earlier: tuple[Added, ...]


def read_spreadsheet(spreadsheet: bytes, mapping_file: bytes) -> Reading:
    """What a spreadsheet says through its mapping. Raises MappingWrong and SpreadsheetWrong; stores nothing."""
    mapping: Mapping = parse_mapping(mapping_file)
    facts = mapping.file
    return read_drafts(read_sheet(spreadsheet, facts.encoding, facts.delimiter), mapping)


async def bring_in(community: Community, reading: Reading, by: Member | None = None) -> Brought:
    """Store every draft that is not there yet. Interrupted half-way, the next run adds only what is missing."""
    started = community.now()
    stored: Readable[bool, list[Added]] = {True: [], False: []}
    for draft in reading.drafts:
        asked = await needs.ask(community, _entry(draft), by, form_id=draft.form_id)
        stored[asked.notice.created_at >= started].append(Added(draft, asked.notice.id, asked.code))
    return Brought(added=tuple(stored[True]), earlier=tuple(stored[False]))


def _entry(draft: Draft) -> Entry:
    return Entry(
        kind=draft.kind,
        wording=draft.wording,
        sealed=draft.sealed,
        consent=draft.consent,
        intake=Intake(wordings=tuple((use, draft.consent_words) for use in (Use.BOARD, Use.PEERS, Use.PUBLIC))),
        for_someone_else=draft.for_someone_else,
        standing=draft.standing,
    )
