"""From the bytes of a spreadsheet file to its rows. Whatever cannot be read surely is refused as a whole."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from charset_normalizer import from_bytes

from node.domain.errors import Invalid
from node.domain.phrases import say

SIZE_LIMIT = 20 * 1024 * 1024
DELIMITERS = (",", ";", "\t")
#: Tried in this order where a file does not begin with a byte order mark and is not UTF-8.
ENCODINGS = ["cp1252", "utf_16_le", "utf_16_be"]
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


class SpreadsheetWrong(Invalid):
    """The file cannot be read as a spreadsheet; nothing of it was used."""

    def __init__(self, message: str) -> None:
        super().__init__({"file": message}, message)


@dataclass(frozen=True)
class Row:
    """One row; `number` is what a spreadsheet program shows beside it (the header is row 1)."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """No cell says anything."""
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True)
class Sheet:
    """The header and the rows under it; every row has as many cells as the header."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Most:
    """A file with more columns, or more rows that say anything, is refused before room is made for its cells."""

    columns: int
    rows: int


def read_sheet(data: bytes, encoding: str = "", delimiter: str = "", most: Most | None = None) -> Sheet:
    """The rows of a CSV file; encoding and delimiter are found out where they are not given.

    Short rows are filled up, empty cells beyond the header are dropped. Raises SpreadsheetWrong with the row's number.
    """
    if len(data) > SIZE_LIMIT:
        raise SpreadsheetWrong(say("The file is larger than 20 MB. Split it into smaller ones."))
    text = _without_hint(_decode(data, encoding))
    rows = _rows(text, delimiter or _delimiter_of(text))
    first = next(rows, None)
    if first is None or first.is_blank:
        raise SpreadsheetWrong(say("Row 1 holds no names of columns. The first row has to name them."))
    header = _trimmed_header(first.cells)
    if most is not None and len(header) > most.columns:
        raise SpreadsheetWrong(
            say("The file has more than %(most)s columns. Delete those that are not needed.", most=most.columns)
        )
    below = rows if most is None else _at_most(rows, most.rows)
    nothing = ("",) * len(header)
    return Sheet(
        header, tuple(Row(row.number, nothing) if row.is_blank else _fitted(row, len(header)) for row in below)
    )


def is_workbook(data: bytes) -> bool:
    """Whether a spreadsheet program saved this in its own form, which is not CSV."""
    return data.startswith(_WORKBOOKS)


def _decode(data: bytes, encoding: str) -> str:
    if is_workbook(data):
        raise SpreadsheetWrong(
            say("This is a workbook, not CSV. In the spreadsheet program, save or download it as CSV.")
        )
    named = encoding or next((name for mark, name in _MARKS if data.startswith(mark)), "")
    text = _decode_as(data, named) if named else _guess(data)
    strange = _CONTROL.search(text)
    if strange:
        number = text.count("\n", 0, strange.start()) + 1
        raise SpreadsheetWrong(
            say("Line %(line)s holds characters that are not text. Export the spreadsheet as CSV again.", line=number)
        )
    return text


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except (UnicodeError, LookupError):
        raise SpreadsheetWrong(
            say("The file is not written in %(encoding)s. Export it as CSV in UTF-8.", encoding=encoding)
        ) from None


def _guess(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        found = from_bytes(data, cp_isolation=ENCODINGS).best()
    if found is None:
        raise SpreadsheetWrong(say("The file cannot be read as text. Export the spreadsheet as CSV in UTF-8."))
    return str(found)


def _without_hint(text: str) -> str:
    """Some programs write the delimiter in a line of its own before the header."""
    return re.sub(r"\Asep=.\r?\n", "", text)


def _delimiter_of(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=lambda delimiter: _cells_in(first, delimiter))


def _cells_in(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 0


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for cells in reader:
            number += 1
            yield Row(number, tuple(cells))
    except csv.Error as error:
        reason = _reason(str(error))
        raise SpreadsheetWrong(say("Row %(row)s cannot be read: %(reason)s", row=number + 1, reason=reason)) from None


def _at_most(rows: Iterable[Row], most: int) -> Iterator[Row]:
    filled = 0
    for row in rows:
        filled += not row.is_blank
        if filled > most:
            raise SpreadsheetWrong(say("The file has more than %(most)s rows. Split it into smaller ones.", most=most))
        yield row


def _reason(error: str) -> str:
    if "unexpected end" in error:
        return say("a quotation mark is opened and never closed.")
    if "expected after" in error:
        return say("there is something between a closing quotation mark and the next cell.")
    return say("a cell is far too long.") if "limit" in error else say("it is not written as CSV.")


def _trimmed_header(cells: tuple[str, ...]) -> tuple[str, ...]:
    header = [" ".join(cell.split()) for cell in cells]
    while header and not header[-1]:
        header.pop()
    return tuple(header)


def _fitted(row: Row, width: int) -> Row:
    beyond = row.cells[width:]
    if any(cell.strip() for cell in beyond):
        sentence = say(
            "Row %(row)s has %(cells)s cells, but the first row names only %(columns)s columns. "
            "A cell that holds commas may have lost its quotation marks.",
            row=row.number,
            cells=len(row.cells),
            columns=width,
        )
        raise SpreadsheetWrong(sentence)
    return Row(row.number, row.cells[:width] + ("",) * (width - len(row.cells)))
