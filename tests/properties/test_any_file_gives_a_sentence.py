"""Whatever file a steward chooses: rows, or one sentence. A mapping that is written down is read again as it was."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from node.domain.categories import BY_KEY
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
from node.domain.spreadsheets.vocabularies import TABLE_OF, answers_in

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
