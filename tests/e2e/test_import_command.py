"""Bringing a spreadsheet in from the command line."""

from pathlib import Path

import pytest

from tests.e2e.commands import (
    MAPPING,
    SHEET,
    manyhands,
    notices_in,
    refused,
)


def test_a_dry_run_tells_everything_and_stores_nothing(home: Path) -> None:
    ran = manyhands("import", SHEET, "--mapping", MAPPING, "--dry-run", data_dir=home)

    assert (ran.status, ran.err) == (0, "")
    assert "Row 2: need · groceries · Groceries for a household · 1 · this week" in ran.out
    assert "rows 9, 31" in ran.out
    assert "Row 70 says the same as row 3" in ran.out
    assert "14 Tannery Row" in ran.out
    assert "How did you hear of us?" in ran.out
    assert "Maribel" not in ran.out
    assert "555-0101" not in ran.out
    assert notices_in(home) == 0


def test_the_same_file_twice_adds_nothing(home: Path) -> None:
    first = manyhands("import", SHEET, "--mapping", MAPPING, data_dir=home)
    stored = notices_in(home)
    second = manyhands("import", SHEET, "--mapping", MAPPING, data_dir=home)

    assert stored >= 60
    assert f"{stored} needs and offers were brought in; 0 were here already." in first.out
    assert f"0 needs and offers were brought in; {stored} were here already." in second.out
    assert notices_in(home) == stored


def test_what_came_in_wrongly_is_taken_back(home: Path) -> None:
    manyhands("import", SHEET, "--mapping", MAPPING, data_dir=home)
    stored = notices_in(home)
    back = manyhands("import", SHEET, "--mapping", MAPPING, "--take-back", data_dir=home)
    assert f"{stored} needs and offers were taken back; 0 stay." in back.out
    assert notices_in(home) == 0
    both = manyhands("import", SHEET, "--mapping", MAPPING, "--take-back", "--dry-run", data_dir=home)
    refused(both, 2, "Choose --dry-run or --take-back.")


def test_names_and_numbers_rest_only_in_sealed_notes(home: Path) -> None:
    manyhands("import", SHEET, "--mapping", MAPPING, data_dir=home)

    everything = b"".join(path.read_bytes() for path in home.rglob("manyhands.db*"))

    assert b"Groceries for a household" in everything
    for private in (b"Maribel", b"555-0101", b"2025550108", b"Tannery", b"behind the bakery"):
        assert private not in everything


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Row 1"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "text"),
        (b"PK\x03\x04", "workbook"),
        (b"Alma,Beto\nChela,Dana\n", "names none of the columns"),
    ],
)
def test_a_file_that_is_no_such_spreadsheet_brings_nothing_in(content: bytes, said: str, home: Path) -> None:
    (home.parent / "bad.csv").write_bytes(content)

    refused(manyhands("import", home.parent / "bad.csv", "--mapping", MAPPING, data_dir=home), 1, said)
    assert notices_in(home) == 0


@pytest.mark.parametrize(
    ("line", "said"), [('"never closed\r\n', "Row 71"), ("," * 30 + "x\r\n", "Row 71 has 31 cells")]
)
def test_a_file_that_breaks_at_its_last_row_brings_nothing_in(line: str, said: str, home: Path) -> None:
    (home.parent / "bad.csv").write_bytes(SHEET.read_bytes() + line.encode())

    refused(manyhands("import", home.parent / "bad.csv", "--mapping", MAPPING, data_dir=home), 1, said)
    assert notices_in(home) == 0


def test_files_that_are_not_there_or_no_mapping_are_named(home: Path) -> None:
    refused(manyhands("import", home / "no.csv", "--mapping", MAPPING, data_dir=home), 1, "no.csv")
    refused(manyhands("import", SHEET, "--mapping", home / "no.toml", data_dir=home), 1, "no.toml")
    refused(manyhands("import", SHEET, "--mapping", SHEET, data_dir=home), 1, "TOML")
    refused(manyhands("import", home, "--mapping", MAPPING, data_dir=home), 1, str(home))
