"""From rows to needs and offers, with a list of everything that was not understood.

What a person typed freely stays in the sealed note; a title comes from the mapping file only.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from node.domain.categories import AS_SHIPPED, OwnCategories, name_of
from node.domain.consent import Consent
from node.domain.errors import Invalid
from node.domain.notices import Kind, Wording, about, check_wording
from node.domain.phrases import say
from node.domain.sealed import SealedNote, check_sealed
from node.domain.spreadsheets import answers as read
from node.domain.spreadsheets.answers import Answers, Chosen
from node.domain.spreadsheets.cells import key, tidy
from node.domain.spreadsheets.mapping import CHOICE_FIELDS, ColumnField, Mapping
from node.domain.spreadsheets.reading import Row, Sheet, SpreadsheetWrong


@dataclass(frozen=True)
class Draft:
    """One need or offer of a row; the same answer in the same row always has the same `form_id`.

    `consent_words` are the question and the answer about consent, word for word.
    """

    row: int
    kind: Kind
    wording: Wording
    sealed: SealedNote
    consent: Consent
    form_id: str
    consent_words: str = ""
    for_someone_else: bool = False
    standing: bool = False


@dataclass(frozen=True)
class Unmapped:
    """A cell's text the mapping does not know (or, with no text, a whole column), and the rows it is in."""

    column: str
    text: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Refused:
    """A row that does not come in: what is wrong with it, by field; the empty one is about the whole row."""

    row: int
    faults: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Reading:
    """Everything one spreadsheet says. `repeated` holds (row, the earlier row)."""

    drafts: tuple[Draft, ...]
    blank: tuple[int, ...] = ()
    repeated: tuple[tuple[int, int], ...] = ()
    refused: tuple[Refused, ...] = ()
    unmapped: tuple[Unmapped, ...] = ()
    unmapped_columns: tuple[Unmapped, ...] = ()
    missing_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class _RowRead:
    row: int
    fingerprint: str
    drafts: tuple[Draft, ...]
    strange: tuple[tuple[str, str], ...]
    faults: tuple[tuple[str, str], ...] = ()


def read_drafts(sheet: Sheet, mapping: Mapping, own: OwnCategories = AS_SHIPPED) -> Reading:
    """What the rows ask for and offer, where the categories are these.

    Raises SpreadsheetWrong when no column says what that is.
    """
    fields = tuple(mapping.field_of(header) for header in sheet.header)
    if not set(fields) & set(CHOICE_FIELDS):
        raise SpreadsheetWrong(
            say("The first row names none of the columns that the mapping file calls choices, needs or offers.")
        )
    filled = [row for row in sheet.rows if not row.is_blank]
    named = tuple(zip(sheet.header, fields, strict=True))
    rows = [_read_row(row, named, mapping, own) for row in filled]
    firsts = _first_of_each(rows)
    kept = [row for row in rows if firsts[row.fingerprint] == row.row]
    again = [row for row in rows if firsts[row.fingerprint] != row.row]
    headers = {key(header) for header in sheet.header}
    return Reading(
        drafts=tuple(draft for row in kept for draft in row.drafts),
        blank=tuple(row.number for row in sheet.rows if row.is_blank),
        repeated=tuple((row.row, firsts[row.fingerprint]) for row in again),
        refused=tuple(Refused(row.row, row.faults) for row in kept if row.faults),
        unmapped=_listed((column, text, row.row) for row in kept for column, text in row.strange),
        unmapped_columns=_listed(_unmapped_columns(filled, sheet.header, fields)),
        missing_columns=tuple(name for name in mapping.columns if key(name) not in headers),
    )


def _first_of_each(rows: Iterable[_RowRead]) -> dict[str, int]:
    firsts: dict[str, int] = {}
    for row in rows:
        firsts.setdefault(row.fingerprint, row.row)
    return firsts


def _unmapped_columns(
    rows: Iterable[Row], header: tuple[str, ...], fields: tuple[ColumnField | None, ...]
) -> Iterator[tuple[str, str, int]]:
    for row in rows:
        for column, field, text in zip(header, fields, row.cells, strict=True):
            if field is None and text.strip():
                yield column, "", row.number


def _listed(found: Iterable[tuple[str, str, int]]) -> tuple[Unmapped, ...]:
    rows: dict[tuple[str, str], dict[int, None]] = {}
    for column, text, row in found:
        rows.setdefault((column, text), {})[row] = None
    return tuple(Unmapped(column, text, tuple(numbers)) for (column, text), numbers in rows.items())


def _read_row(
    row: Row, named: tuple[tuple[str, ColumnField | None], ...], mapping: Mapping, own: OwnCategories
) -> _RowRead:
    cells: dict[ColumnField, tuple[tuple[str, str], ...]] = {}
    for (column, field), text in zip(named, row.cells, strict=True):
        if field not in {None, "ignore"} and text.strip():
            cells[field] = (*cells.get(field, ()), (column, text))
    answers = Answers(mapping, cells, own)
    written = read.written_at(answers)
    fingerprint = _fingerprint(answers, written)
    try:
        drafts, faults = _drafts(row.number, answers, written, fingerprint), tuple[tuple[str, str], ...]()
    except Invalid as wrong:
        drafts, faults = (), tuple(wrong.fields.items())
    if not drafts and not faults:
        faults = (("", say("It does not say, in words that were given a meaning, what is needed or offered.")),)
    return _RowRead(row.number, fingerprint, drafts, tuple(answers.strange), faults)


def _drafts(number: int, answers: Answers, written: datetime | None, fingerprint: str) -> tuple[Draft, ...]:
    chosen = read.chosen(answers)
    wordings = [check_wording(_wording(answers, item, len(chosen) == 1)) for item in chosen]
    consent, words = read.consent(answers), read.consent_words(answers)
    for_someone_else, standing = answers.is_yes("for_someone_else"), answers.is_yes("standing")
    sealed = check_sealed(read.sealed_note(answers, written))
    return tuple(
        Draft(
            row=number,
            kind=item.kind,
            wording=wording,
            sealed=sealed,
            consent=consent,
            form_id=_form_id(fingerprint, item),
            consent_words=words,
            for_someone_else=for_someone_else,
            standing=standing and item.kind == Kind.OFFER,
        )
        for item, wording in zip(chosen, wordings, strict=True)
    )


def _wording(answers: Answers, item: Chosen, is_alone: bool) -> Wording:
    """An amount belongs to one thing only; beside several it goes to the story, as every unclear answer does."""
    if not is_alone:
        for header, text in answers.of("quantity"):
            answers.note(header, text)
    wording = Wording(
        title=_title(item),
        category="",
        area=read.area(answers),
        urgency=read.urgency(answers),
        needed_by=read.needed_by(answers),
        quantity=read.quantity(answers) if is_alone else Wording.quantity,
        unit=item.choice.unit,
        languages=read.languages(answers),
    )
    return about(wording, item.choice.category, answers.own)


def _title(item: Chosen) -> str:
    if item.kind == Kind.OFFER and item.choice.offer_title:
        return item.choice.offer_title
    return item.choice.title or (tidy(item.text) if item.is_known else name_of("other"))


def _fingerprint(answers: Answers, written: datetime | None) -> str:
    """Equal for what one person sent twice on one day. Without a name or a contact the time counts as well."""
    is_known_person = any(answers.of(name) for name in ("name", "phone", "email"))
    told = {name: texts for name, texts in answers.cells.items() if name != "written_at" or written is None}
    said = sorted((name, key(text)) for name, texts in told.items() for _, text in texts)
    moment = "" if written is None else written.date().isoformat() if is_known_person else written.isoformat()
    return _digest([moment, *said])


def _form_id(fingerprint: str, item: Chosen) -> str:
    return "spreadsheet-" + _digest([fingerprint, item.kind, key(item.text)])


def _digest(parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()
