"""The answers that stand in the columns of one spreadsheet where a form let people choose: each once, with its rows."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Mapping as Readable
from dataclasses import dataclass
from typing import Literal

from node.domain.spreadsheets.cells import LONGEST_LIST, key, split_choices, tidy
from node.domain.spreadsheets.mapping import ColumnField
from node.domain.spreadsheets.reading import Sheet

Table = Literal["kinds", "choices", "consents", "urgencies", "areas", "languages", "methods", "answers"]
#: Which part of a mapping says what the answers of a column mean.
TABLE_OF: dict[ColumnField, Table] = {
    "kind": "kinds",
    "choices": "choices",
    "needs": "choices",
    "offers": "choices",
    "consent": "consents",
    "urgency": "urgencies",
    "area": "areas",
    "languages": "languages",
    "contact_by": "methods",
    "voicemail": "answers",
    "for_someone_else": "answers",
    "standing": "answers",
}
#: Where one cell may hold several answers.
SEVERAL: frozenset[Table] = frozenset({"choices", "consents", "languages", "methods"})
#: A comma, a semicolon or the end of a line between two answers; none within brackets.
_BETWEEN = re.compile(r"(?:,\s+|,(?=\D)|;\s*)(?![^()]*\))")


@dataclass(frozen=True)
class Answer:
    """One answer of one part of a mapping: as it was first written, in which rows, in columns of which kind."""

    table: Table
    text: str
    rows: tuple[int, ...]
    fields: frozenset[ColumnField]


def answers_in(
    sheet: Sheet, columns: Readable[str, ColumnField], known: Readable[Table, Collection[str]]
) -> tuple[Answer, ...]:
    """Every answer in the columns where people choose. `known` are those whose words are sure, commas and all."""
    fields = {key(header): field for header, field in columns.items()}
    cells: dict[Table, list[tuple[int, ColumnField, str]]] = {}
    for place, header in enumerate(sheet.header):
        field = fields.get(key(header))
        if field is None or field not in TABLE_OF:
            continue
        said = ((row.number, row.cells[place]) for row in sheet.rows)
        filled = ((number, field, cell) for number, cell in said if len(cell) <= LONGEST_LIST and cell.strip())
        cells.setdefault(TABLE_OF[field], []).extend(filled)
    order: tuple[Table, ...] = tuple(dict.fromkeys(TABLE_OF.values()))
    return tuple(one for table in order for one in _listed(table, cells.get(table, []), known.get(table, ())))


def _listed(table: Table, cells: Sequence[tuple[int, ColumnField, str]], known: Collection[str]) -> Iterator[Answer]:
    split = _Splitter([text for _row, _field, text in cells], known).answers if table in SEVERAL else _whole
    found: dict[str, tuple[str, dict[int, None], set[ColumnField]]] = {}
    for row, field, cell in cells:
        for text in split(cell):
            _first, rows, fields = found.setdefault(key(text), (text, {}, set()))
            rows[row] = None
            fields.add(field)
    for text, rows, fields in found.values():
        yield Answer(table, text, tuple(rows), frozenset(fields))


def _whole(cell: str) -> tuple[str, ...]:
    return (tidy(cell),)


class _Splitter:
    """Splits cells of one column into answers, seeing all of them: what always stands together is one answer.

    “Somewhere to stay, or to keep things” is never apart, and its second part begins small, so its comma is its own.
    """

    def __init__(self, cells: Iterable[str], known: Collection[str]) -> None:
        self.known = known
        self.split: dict[str, tuple[str, ...]] = {}
        self.before: dict[str, set[str]] = {}
        self.after: dict[str, set[str]] = {}
        for cell in dict.fromkeys(cells):
            for pieces in self._unknown(cell):
                self._note([key(piece) for piece in pieces])

    def answers(self, cell: str) -> tuple[str, ...]:
        """Those in one cell; many cells are alike."""
        if cell not in self.split:
            self.split[cell] = self._apart(cell)
        return self.split[cell]

    def _apart(self, cell: str) -> tuple[str, ...]:
        found = [*split_choices(cell, self.known)[0]]
        for pieces in self._unknown(cell):
            found += self._joined(pieces)
        return tuple(found)

    def _unknown(self, cell: str) -> Iterator[list[str]]:
        for rest in split_choices(cell.replace("\n", "; "), self.known)[1]:
            yield [piece for part in _BETWEEN.split(rest) if (piece := tidy(part))]

    def _note(self, pieces: list[str]) -> None:
        for before, after in zip(["", *pieces], [*pieces, ""], strict=True):
            self.after.setdefault(before, set()).add(after)
            self.before.setdefault(after, set()).add(before)

    def _joined(self, pieces: list[str]) -> list[str]:
        joined: list[str] = []
        for place, piece in enumerate(pieces):
            if place and piece[0].islower() and self._are_one(key(pieces[place - 1]), key(piece)):
                joined[-1] += f", {piece}"
            else:
                joined.append(piece)
        return joined

    def _are_one(self, before: str, after: str) -> bool:
        return self.after[before] == {after} and self.before[after] == {before}
