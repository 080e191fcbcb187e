"""Spreadsheet files as they really come, and those that cannot be read: one sentence with the row."""

import tracemalloc

import pytest

from node.domain.spreadsheets import Sheet, SpreadsheetWrong, read_sheet
from node.services.imports import open_sheet

TABLE = 'Name,What\r\nÁlma,"Groceries, diapers"\r\nBeto,Ropa\r\n'


def texts(sheet: Sheet) -> list[tuple[str, ...]]:
    return [row.cells for row in sheet.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_usual_encoding_gives_the_same_rows(encoding: str) -> None:
    sheet = read_sheet(TABLE.encode(encoding))

    assert sheet.header == ("Name", "What")
    assert texts(sheet) == [("Álma", "Groceries, diapers"), ("Beto", "Ropa")]


def test_big_endian_utf_16_with_its_mark() -> None:
    assert texts(read_sheet(b"\xfe\xff" + TABLE.encode("utf-16-be")))[1] == ("Beto", "Ropa")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_out(delimiter: str) -> None:
    text = f'"What, and how much"{delimiter}Name\nBread{delimiter}Alma\n'

    sheet = read_sheet(text.encode())

    assert (sheet.header, texts(sheet)) == (("What, and how much", "Name"), [("Bread", "Alma")])


def test_a_named_delimiter_and_encoding_are_believed() -> None:
    sheet = read_sheet("a,b;c\nö;2\n".encode("latin-1"), encoding="latin-1", delimiter=";")

    assert (sheet.header, texts(sheet)) == (("a,b", "c"), [("ö", "2")])


def test_a_line_that_only_names_the_delimiter_is_skipped() -> None:
    assert read_sheet(b"sep=;\r\na;b\r\n1;2\r\n").header == ("a", "b")


def test_line_breaks_inside_a_cell_do_not_shift_the_row_numbers() -> None:
    sheet = read_sheet(b'a,b\n"one\ntwo",x\nthree,y\n')

    assert [(row.number, row.cells) for row in sheet.rows] == [(2, ("one\ntwo", "x")), (3, ("three", "y"))]


def test_short_rows_are_filled_and_empty_cells_beyond_the_header_dropped() -> None:
    assert texts(read_sheet(b"a,b,,\n1\n1,2,,\n")) == [("1", ""), ("1", "2")]


def test_a_sheet_with_only_a_header_has_no_rows() -> None:
    assert read_sheet(b"a,b\n") == Sheet(("a", "b"), ())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Row 1"),
        (b"\n\n", "Row 1"),
        (b",,\n1,2,3\n", "Row 1"),
        (b"a,b\n1,2\n1,2,3\n", "Row 3 has 3 cells"),
        (b'a,b\n1,2\n"1,2\n', "Row 3 cannot be read: a quotation mark"),
        (b'a,b\n"1"x,2\n', "Row 2 cannot be read"),
        (b"a,b\n1," + b"x" * 200_000 + b"\n", "Row 2 cannot be read: a cell is far too long"),
        (b"PK\x03\x04rest of an archive", "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "workbook"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "cannot be read as text|not text"),
        (b"a,b\n1,\x00\n", "Line 2 holds characters that are not text"),
        (b"a,b\n1,\x1b[31m\n", "Line 2 holds characters that are not text"),
        (b"\xff\xfea", "utf-16"),
        (b"x" * (20 * 1024 * 1024 + 1), "20 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_as_a_whole_in_one_sentence(data: bytes, said: str) -> None:
    with pytest.raises(SpreadsheetWrong, match=said) as wrong:
        read_sheet(data)
    assert "\n" not in wrong.value.message
    assert wrong.value.message.endswith(".")


def test_a_wrong_named_encoding_is_told() -> None:
    with pytest.raises(SpreadsheetWrong, match="not written in utf-8"):
        read_sheet("Ü,b\n".encode("cp1252"), encoding="utf-8")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a" + b"," * 20_000 + b"b\n" + b"x\n" * 400, "more than 100 columns"),
        (b"a" + b"," * 98 + b"b\n" + b"x\n" * 60_000, "more than 1000 rows"),
        (b"a" + b"," * 98 + b"b\n" + b"\n" * 60_000, "every row is blank"),
    ],
)
def test_a_small_file_does_not_become_a_large_one_in_memory(data: bytes, said: str) -> None:
    """No room is made for the cells of short rows before it is known how many there are."""
    tracemalloc.start()
    try:
        with pytest.raises(SpreadsheetWrong, match=said):
            open_sheet(data)
        assert tracemalloc.get_traced_memory()[1] < 25_000_000
    finally:
        tracemalloc.stop()
