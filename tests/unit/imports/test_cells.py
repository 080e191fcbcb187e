"""One cell at a time: choices with commas in them, local dates, time stamps, telephone numbers as people type them."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from time import process_time

import pytest

from node.domain.spreadsheets.cells import (
    LONGEST_LIST,
    DateOrder,
    read_date,
    read_moment,
    read_phones,
    read_quantity,
    split_choices,
)

KNOWN = ("Groceries", "Diapers (sizes 1, 2 or 3)", "Diapers", "Pañales", "2 or 3)")


@pytest.mark.parametrize(
    ("cell", "found", "unknown"),
    [
        ("Groceries", ("Groceries",), ()),
        ("Groceries, Diapers (sizes 1, 2 or 3)", ("Groceries", "Diapers (sizes 1, 2 or 3)"), ()),
        ("Diapers (sizes 1, 2 or 3), Groceries", ("Diapers (sizes 1, 2 or 3)", "Groceries"), ()),
        ("Diapers, Groceries", ("Diapers", "Groceries"), ()),
        ("groceries ,  PAÑALES", ("Groceries", "Pañales"), ()),
        ("Pan\u0303ales", ("Pañales",), ()),  # the same letter, written as two
        ("Groceries;Diapers\nPañales", ("Groceries", "Diapers", "Pañales"), ()),
        ("Groceries, Groceries", ("Groceries",), ()),
        ("Groceries، Diapers؛ Pañales", ("Groceries", "Diapers", "Pañales"), ()),
        ("my aunt, who lives far, Groceries", ("Groceries",), ("my aunt, who lives far",)),
        ("Groceries, a lamp, or two", ("Groceries",), ("a lamp, or two",)),
        ("1,5 kg of rice", (), ("1,5 kg of rice",)),
        ("Groceries and more", (), ("Groceries and more",)),
        ("", (), ()),
        (" , ,", (), ()),
    ],
)
def test_choices(cell: str, found: tuple[str, ...], unknown: tuple[str, ...]) -> None:
    assert split_choices(cell, KNOWN) == (found, unknown)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("5/11/2026", DateOrder.DAY_FIRST, date(2026, 11, 5)),
        ("5/11/2026", DateOrder.MONTH_FIRST, date(2026, 5, 11)),
        ("05.11.26", DateOrder.DAY_FIRST, date(2026, 11, 5)),
        ("2026-11-05", DateOrder.MONTH_FIRST, date(2026, 11, 5)),
        ("2026/11/05 10:00", DateOrder.DAY_FIRST, date(2026, 11, 5)),
        ("25/11/2026", DateOrder.MONTH_FIRST, None),  # never turned around
        ("5/11/2026", DateOrder.YEAR_FIRST, None),
        ("31/2/2026", DateOrder.DAY_FIRST, None),
        ("5/11/126", DateOrder.DAY_FIRST, None),
        ("Friday", DateOrder.DAY_FIRST, None),
    ],
)
def test_days(text: str, order: DateOrder, day: date | None) -> None:
    assert read_date(text, order) == day


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026/11/14 9:12:33 PM GMT+1", datetime(2026, 11, 14, 21, 12, 33, tzinfo=timezone(timedelta(hours=1)))),
        ("2026/11/14 12:05:00 AM GMT-5:30", datetime(2026, 11, 14, 0, 5, tzinfo=timezone(-timedelta(minutes=330)))),
        ("2026-11-14T09:12:33Z", datetime(2026, 11, 14, 9, 12, 33, tzinfo=UTC)),
        ("14/11/2026 21:12:33", datetime(2026, 11, 14, 21, 12, 33)),  # noqa: DTZ001 - the cell names no zone
        ("14/11/2026 9:12\u202fp.\u00a0m.", datetime(2026, 11, 14, 21, 12)),  # noqa: DTZ001
        ("14/11/2026 21:12 CET", datetime(2026, 11, 14, 21, 12)),  # noqa: DTZ001 - zone letters mean several things
        ("14/11/2026", datetime(2026, 11, 14)),  # noqa: DTZ001
        ("14/11/2026 25:00", None),
        ("yesterday", None),
    ],
)
def test_time_stamps(text: str, moment: datetime | None) -> None:
    assert read_moment(text, DateOrder.DAY_FIRST) == moment


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("(202) 555-0123", ("+1 202-555-0123",)),
        ("202.555.0101 / 202 555 0102", ("+1 202-555-0101", "+1 202-555-0102")),
        ("2025550105 ext 4", ("+1 202-555-0105 ext. 4",)),
        ("+44 7700 900123", ("+44 7700 900123",)),
        ("٢٠٢-٥٥٥-٠١٢٣", ("+1 202-555-0123",)),
        ("555-0114", ("555-0114",)),  # local numbers stay as they are
        ("call my sister: 202-555-0109", ("call my sister: 202-555-0109",)),
        ("none", ("none",)),
        ("   ", ()),
    ],
)
def test_telephone_numbers_are_tidied_or_kept_as_typed(text: str, numbers: tuple[str, ...]) -> None:
    assert read_phones(text, "US") == numbers


def test_without_a_region_only_international_numbers_are_tidied() -> None:
    assert read_phones("+1 (202) 555-0123", "") == ("+1 202-555-0123",)
    assert read_phones("202-555-0123", "") == ("202-555-0123",)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("3", Decimal(3)),
        ("٣ أكياس", Decimal(3)),
        ("٣٫٥ كيلو", Decimal("3.5")),
        ("2 bags", Decimal(2)),
        ("1,5", Decimal("1.5")),
        ("0.5 kg", Decimal("0.5")),
        ("1.2.3", None),
        ("a few", None),
    ],
)
def test_amounts(text: str, amount: Decimal | None) -> None:
    assert read_quantity(text) == amount


@pytest.mark.parametrize("filling", [" ", "x,", "x\n", " \n", "x;", "\t"])
def test_a_cell_as_long_as_a_file_allows_is_taken_apart_at_once(filling: str) -> None:
    """Nobody else is served while a cell is looked at."""
    cell = "bread" + filling * (130_000 // len(filling)) + "milk"
    began = process_time()
    found, unknown = split_choices(cell, ["Bread, milk", "Bread"])
    assert process_time() - began < 0.5
    assert (found, len(unknown)) == ((), 1)


def test_the_longest_list_is_taken_apart_quickly_too() -> None:
    began = process_time()
    for filling in (" ", "x,", "x\n"):
        split_choices("b" + filling * ((LONGEST_LIST - 2) // len(filling)) + "m", ["Bread, milk", "Bread"])
    assert process_time() - began < 0.5
