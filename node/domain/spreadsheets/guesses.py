"""What a column or an answer probably means, in English, Spanish, French and Arabic: to be looked at, not believed.

Who may see something is never guessed: a yes is a yes only once a steward says so.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from node.domain.notices import Kind, Urgency
from node.domain.spelling import fold
from node.domain.spreadsheets import words
from node.domain.spreadsheets.cells import DateOrder, day_parts, key, read_moment, read_phones
from node.domain.spreadsheets.mapping import ColumnField
from node.domain.spreadsheets.reading import Sheet

Meaning = TypeVar("Meaning")

#: Of so many cells with the same sort of content a column is taken for one of that sort.
MOSTLY = 0.8


def guess_columns(sheet: Sheet) -> dict[str, ColumnField]:
    """What each column holds, by its heading and else by its cells; those that say nothing of it are missing."""
    found: dict[str, ColumnField] = {}
    for place, header in enumerate(sheet.header):
        cells = [row.cells[place] for row in sheet.rows if row.cells[place].strip()]
        field = guess_field(header, cells)
        if field is not None:
            found.setdefault(header, field)
    return found


def guess_field(header: str, cells: Sequence[str]) -> ColumnField | None:
    """What the column with this heading and these filled cells holds, or None."""
    by_cells = _by_cells(cells)
    return by_cells if by_cells in {"kind", "email"} else _first(header, words.HEADINGS) or by_cells


def guess_kind(answer: str) -> Kind | None:
    """Whether somebody asks or offers; None where it says neither or both."""
    found = [kind for kind, terms in words.KINDS.items() if _says(answer, terms)]
    return found[0] if len(found) == 1 else None


def guess_urgency(answer: str) -> Urgency | None:
    """How soon."""
    return _first(answer, words.URGENCIES)


def guess_category(answer: str) -> str | None:
    """The key of a category; None for what somebody wrote beside the choices, which is theirs alone."""
    is_otherwise = _plain(answer).startswith(tuple(_plain(term) for term in words.OTHERWISE))
    return None if is_otherwise else _first(answer, words.CATEGORIES)


def guess_language(answer: str) -> str | None:
    """The code of a language."""
    return _first(answer, words.LANGUAGES)


def guess_method(answer: str) -> str | None:
    """A way to reach somebody."""
    return _first(answer, words.METHODS)


def guess_yes(answer: str) -> bool | None:
    """Yes or no, where the whole answer is one of these words."""
    said = _plain(answer).strip(".! ")
    return next((meaning for meaning, terms in words.YES_NO.items() if said in terms), None)


def guess_date_order(cells: Iterable[str]) -> DateOrder | None:
    """In which order days are written; None where they could be read in two ways."""
    days = [parts for cell in cells if (parts := day_parts(cell))]
    if all(len(first) == 4 for first, _second in days):
        return DateOrder.YEAR_FIRST
    short = [(int(first), int(second)) for first, second in days if len(first) < 4]
    fits = {
        DateOrder.DAY_FIRST: all(second <= 12 for _first, second in short),
        DateOrder.MONTH_FIRST: all(first <= 12 for first, _second in short),
    }
    possible = [order for order, does in fits.items() if does]
    return possible[0] if len(possible) == 1 else None


def _by_cells(cells: Sequence[str]) -> ColumnField | None:
    """What most cells are, where that can be seen."""
    if not cells:
        return None
    answers = {key(cell) for cell in cells}
    if len(answers) <= 6 and {guess_kind(one) for one in answers} >= set(Kind) and None not in map(guess_kind, answers):
        return "kind"
    if _mostly("@" in cell and " " not in cell.strip() for cell in cells):
        return "email"
    if _mostly(":" in cell and any(read_moment(cell, order) for order in DateOrder) for cell in cells):
        return "written_at"
    return "phone" if _mostly(_is_number(cell) for cell in cells) else None


def _is_number(cell: str) -> bool:
    digits = sum(one.isdigit() for one in cell)
    return digits >= 7 and bool(re.fullmatch(r"[\d\s+().\-/]+", cell)) and len(read_phones(cell, "")) == 1


def _mostly(found: Iterable[bool]) -> bool:
    each = list(found)
    return sum(each) >= MOSTLY * len(each)


def _first(text: str, table: Mapping[Meaning, Collection[str]]) -> Meaning | None:
    return next((meaning for meaning, terms in table.items() if _says(text, terms)), None)


def _says(text: str, terms: Collection[str]) -> bool:
    """Whether any of the terms begins a word of the text; one with a bar behind it has to be the whole word.

    Arabic writes articles and prepositions together with the word, so its terms may stand anywhere.
    """
    plain = _plain(text)
    return any(_is_in(plain, _plain(term)) for term in terms)


def _is_in(plain: str, term: str) -> bool:
    if not term.isascii():
        return term in plain
    end = r"(?!\w)" if term.endswith("|") else ""
    return re.search(rf"(?<!\w){re.escape(term.removesuffix('|'))}{end}", plain) is not None


def _plain(text: str) -> str:
    return fold(key(text))
