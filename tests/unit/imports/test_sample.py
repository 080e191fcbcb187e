"""The spreadsheet that comes with the program: as messy as real ones, and about nobody."""

import re
from pathlib import Path

import pytest

from node.domain.notices import Kind
from node.domain.spreadsheets import Reading, Sheet, parse_mapping, read_drafts, read_sheet

SAMPLES = Path(__file__).parents[3] / "node" / "samples"
DATA = (SAMPLES / "needs_and_offers.csv").read_bytes()


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return read_sheet(DATA)


@pytest.fixture(scope="module")
def reading(sheet: Sheet) -> Reading:
    return read_drafts(sheet, parse_mapping((SAMPLES / "needs_and_offers.toml").read_bytes()))


def test_it_is_as_form_programs_write_it(sheet: Sheet) -> None:
    assert DATA.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in DATA
    assert sum(not row.is_blank for row in sheet.rows) >= 60


def test_it_holds_needs_and_offers_in_two_languages(reading: Reading) -> None:
    kinds = [draft.kind for draft in reading.drafts]
    languages = [draft.wording.languages[:1] for draft in reading.drafts]

    assert min(kinds.count(Kind.NEED), kinds.count(Kind.OFFER)) >= 20
    assert min(languages.count(("en",)), languages.count(("es",))) >= 20


def test_it_has_every_mess_that_real_ones_have(reading: Reading) -> None:
    phones = [contact.value for draft in reading.drafts for contact in draft.sealed.contact]

    assert reading.blank
    assert reading.repeated
    assert reading.refused
    assert reading.unmapped
    assert reading.unmapped_columns
    assert len({draft.row for draft in reading.drafts}) < len(reading.drafts)  # several choices in one cell
    assert any(draft.wording.needed_by for draft in reading.drafts)
    assert any(re.search("[a-z]{4}", phone) for phone in phones)


def test_it_is_about_nobody() -> None:
    text = DATA.decode("utf-8-sig")
    numbers = re.findall(r"\d{3}[ .)-]*\d{4}\b", text)

    assert numbers
    assert all(re.fullmatch(r"555[ .-]?01\d\d", number) for number in numbers)
    assert set(re.findall(r"@([\w.]+)", text)) == {"mail.example"}


def test_no_title_holds_what_a_person_typed(reading: Reading) -> None:
    written = (SAMPLES / "needs_and_offers.toml").read_text(encoding="utf-8")

    assert all(f'"{draft.wording.title}"' in written for draft in reading.drafts)
    assert not any(draft.wording.text for draft in reading.drafts)


def test_everybody_has_only_a_first_name(reading: Reading) -> None:
    assert all(re.fullmatch(r"\w+", draft.sealed.name) for draft in reading.drafts)
