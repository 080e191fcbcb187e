"""Reading what people type."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from node.domain.notices import Urgency
from node.web.forms import Form, Reader, clean, parse_day, parse_number, parse_time
from node.web.language_names import WIDELY_SPOKEN, language_name, looked_up
from node.web.pages import is_own_path
from node.web.words import amount, counted, day, dialled, from_until, when

NOW = datetime(2031, 5, 4, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("3", "3"),
        ("1,5", "1.5"),
        ("1.5", "1.5"),
        (" 2 000 ", "2000"),
        ("0,25", "0.25"),
        (".5", "0.5"),
        ("٣", "3"),
        ("١٫٥", "1.5"),
        ("२", "2"),
    ],
)
def test_numbers_are_read_with_comma_or_point(typed: str, number: str) -> None:
    assert parse_number(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["", "-1", "1e9", "NaN", "Infinity", "1,2,3", "two", "٣٫٣٫٣", "²", "1" * 40])
def test_anything_else_is_no_number(typed: str) -> None:
    with pytest.raises(ValueError):
        parse_number(typed)


@pytest.mark.parametrize("typed", ["2031-12-31", "31.12.2031", "31/12/2031", "٣١/١٢/٢٠٣١", "۲۰۳۱-۱۲-۳۱"])
def test_days_are_read_in_three_ways(typed: str) -> None:
    assert parse_day(typed) == date(2031, 12, 31)


@pytest.mark.parametrize("typed", ["14:30", "14.30", "14h30", "١٤:٣٠"])
def test_times_are_read_in_three_ways(typed: str) -> None:
    assert parse_time(typed) == time(14, 30)


@pytest.mark.parametrize(
    ("typed", "number"), [("7", 7), ("9999", 9999), (" ٣٠ ", 30), ("10000", 0), ("-1", 0), ("", 0)]
)
def test_small_numbers_are_read_or_count_as_none(typed: str, number: int) -> None:
    assert Form({"days": (typed,)}).count("days") == number


@pytest.mark.parametrize("number", ["٠٧٧٠٠ ٩٠٠١٢٣", "\u202a07700 900123\u202c", "07700 900123"])
def test_a_number_is_dialled_whatever_digits_it_is_written_in(number: str) -> None:
    assert dialled(number) == "07700900123"


@pytest.mark.parametrize("typed", ["31.2.2031", "12/31/2031", "tomorrow", "31.12.31"])
def test_anything_else_is_no_day(typed: str) -> None:
    with pytest.raises(ValueError):
        parse_day(typed)


def test_a_reader_tells_everything_at_once() -> None:
    read = Reader(Form({"quantity": ("lots",), "urgency": ("soonish",), "day": ("no",), "title": ("",)}))
    read.text("title", missing="Write something.")
    assert read.number("quantity", Decimal(1)) == 1
    assert read.word("urgency", Urgency, Urgency.WHENEVER) == Urgency.WHENEVER
    assert read.day("day") is None
    assert set(read.errors) == {"title", "quantity", "urgency", "day"}


def test_control_characters_are_dropped_and_line_ends_kept() -> None:
    assert clean("a\x00b\r\nc\rd\te\x1b[0m") == "ab\nc\nd\te[0m"


def test_words_for_amounts_days_and_languages() -> None:
    assert (amount(Decimal("30.0")), amount(Decimal("1.5"), "hour")) == ("30", "1.5 hours")
    assert day(date(2031, 5, 4)) == '<time datetime="2031-05-04">Sun 4 May 2031</time>'
    assert (counted(Decimal(4)), counted(Decimal(2), "hour")) == ("how many: 4", "2 hours")
    assert "12:00 UTC</time>" in when(NOW)
    evening = from_until(NOW, NOW + timedelta(hours=3)).striptags()
    assert evening.endswith("12:00 – 15:00 UTC") and evening.count(str(NOW.year)) == 1
    assert (language_name("es"), language_name("zz-top!")) == ("Español", "zz-top!")


def test_the_names_of_widely_spoken_languages_are_those_of_unicode() -> None:
    assert {code: looked_up(code) for code in WIDELY_SPOKEN} == dict(WIDELY_SPOKEN)


@pytest.mark.parametrize("path", ["//x.example", "https://x.example", "/\\x.example", "x", "/\n/x.example", ""])
def test_only_own_paths_are_ours(path: str) -> None:
    assert not is_own_path(path)
