"""Whatever file a steward chooses: rows, or one sentence. A mapping that is written down is read again as it was."""

import contextlib
from dataclasses import replace
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from node.domain.categories import BY_KEY
from node.domain.errors import Invalid
from node.domain.sealed import METHODS
from node.domain.spreadsheets import (
    Mapping,
    MappingWrong,
    SpreadsheetWrong,
    parse_mapping,
    read_drafts,
    read_sheet,
    write_mapping,
)
from node.domain.spreadsheets.guesses import guess_columns
from node.domain.spreadsheets.mapping import ColumnField
from node.domain.spreadsheets.vocabularies import TABLE_OF, answers_in
from node.services.imports import open_sheet
from node.web.forms import Form
from node.web.spreadsheet.in_hand import InHand
from node.web.spreadsheet.meanings import asked_of, columns_asked, mapping_of

MAPPING = parse_mapping(b'[columns]\na = "choices"\nb = "consent"\nc = "written_at"\n[fixed]\nkind = "need"\n')
TABLES = st.text("abc,;\t\n\"'0129/:@ é\u0661\u2028", max_size=60).map(lambda text: f"a,b,c\n{text}".encode())
FILES = st.binary(max_size=200) | TABLES | st.text(max_size=60).map(lambda text: text.encode("utf-16"))


@given(FILES)
def test_any_bytes_are_rows_or_a_sentence(data: bytes) -> None:
    try:
        sheet = read_sheet(data)
    except SpreadsheetWrong as wrong:
        assert wrong.message.endswith(".")
        return
    answers_in(sheet, guess_columns(sheet), {})
    answers_in(sheet, dict.fromkeys(sheet.header, "choices"), {})
    with contextlib.suppress(SpreadsheetWrong):
        read_drafts(sheet, MAPPING)


@given(st.binary(max_size=200) | st.text(max_size=80).map(str.encode))
def test_any_bytes_are_a_mapping_or_a_sentence(data: bytes) -> None:
    with contextlib.suppress(MappingWrong):
        parse_mapping(data)


def test_what_only_looks_harmless_is_a_sentence_too() -> None:
    """Brackets without an end, names of encodings that are none of text, and a heading longer than a cell may be."""
    for mapping in (b"a = " + b"[" * 100_000, b"[columns]\na = 'needs'\n[file]\nencoding = '\x00'\n"):
        with contextlib.suppress(MappingWrong):
            parse_mapping(mapping)
    for encoding in ("idna", "undefined", "hex", "utf_7"):
        with contextlib.suppress(SpreadsheetWrong):
            read_sheet(b"a,b\n.\xff\xff,+\n", encoding)
    with contextlib.suppress(SpreadsheetWrong):
        read_sheet(b"a" * 140_000 + b",b\n1,2\n")


@given(
    data=TABLES,
    fields=st.lists(st.sampled_from(get_args(ColumnField)), min_size=3, max_size=3),
    chosen=st.sampled_from(["", "need", "groceries", "board peers", "none", "en", "yes", "this week", "phone", "\x00"]),
    title=st.sampled_from(["", "Bread", "020 555 0101", "x" * 200]),
    mapping=st.sampled_from([None, MAPPING]),
)
def test_whatever_is_chosen_on_the_pages_is_a_mapping_or_a_sentence(
    data: bytes, fields: list[ColumnField], chosen: str, title: str, mapping: Mapping | None
) -> None:
    """Any column may be called anything, and any answer mean anything: what comes of it is read, or said."""
    with contextlib.suppress(Invalid):
        hand = InHand(data, open_sheet(data), b"", mapping, Form(), ("Old Mill",))
        columns = zip((one.name for one in columns_asked(hand)), fields, strict=False)
        hand = replace(hand, form=Form().given(**dict(columns), date_order="day first", kind="need"))
        for one in asked_of(hand).answers:
            hand = replace(hand, form=hand.form.given(**{one.name: chosen, f"title-{one.name}": title}))
        found = mapping_of(hand)
        assert parse_mapping(write_mapping(found).encode()) == found
        read_drafts(hand.sheet, found)


_WORDS = st.text(max_size=12)
_TITLES = st.sampled_from(["", "Bread", 'Bread "fresh" \\ \x7f', "خبز"])
_CHOICES = st.fixed_dictionaries(
    {"category": st.sampled_from(sorted(BY_KEY)), "title": _TITLES, "offer_title": _TITLES}
)


@given(
    columns=st.dictionaries(_WORDS, st.sampled_from(sorted(TABLE_OF)), max_size=4),
    choices=st.dictionaries(_WORDS, _CHOICES, max_size=4),
    consents=st.dictionaries(_WORDS, st.lists(st.sampled_from(["board", "peers", "public"]), max_size=3), max_size=3),
    methods=st.dictionaries(_WORDS, st.sampled_from(METHODS), max_size=2),
    answers=st.dictionaries(_WORDS, st.booleans(), max_size=2),
    languages=st.dictionaries(_WORDS, st.lists(st.sampled_from(["en", "ar"]), max_size=2), max_size=2),
)
def test_a_mapping_that_is_written_down_is_read_as_it_was(**parts: object) -> None:
    assert isinstance(parts["columns"], dict)
    parts["columns"] |= {"What": "choices", "Which": "kind"}
    mapping = Mapping.model_validate({**parts, "file": {"region": "MX", "date_order": "day first", "delimiter": "\t"}})
    assert parse_mapping(write_mapping(mapping).encode()) == mapping
