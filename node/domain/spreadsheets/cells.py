"""What one cell says: choices, dates, times, amounts, telephone numbers. Nothing here guesses."""

import re
import unicodedata
from collections.abc import Collection
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal, InvalidOperation
from enum import StrEnum

import phonenumbers

#: Space before a line's end is looked at from its beginning only: else a cell full of spaces takes minutes.
_SEPARATOR = re.compile(r"([,،]\s*|[;؛]\s*|(?<!\s)\s*\n\s*)")
_DAY = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})")
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:\.\d+)?"
    r"\s*(?P<half>[ap]\.?\s?m\.?)?\s*(?P<zone>Z|(?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?|[A-Z]{2,5})?",
    re.IGNORECASE,
)
_ZONE = re.compile(r"(?:GMT|UTC)?([+-])(\d{1,2}):?(\d{2})?", re.IGNORECASE)
CENTURY = 2000
#: Nobody chooses so much from a list. A longer cell is somebody's own words, and taking it apart would take minutes.
LONGEST_LIST = 2000


class DateOrder(StrEnum):
    """How the spreadsheet writes days; year first is understood in any case."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    YEAR_FIRST = "year first"


def tidy(text: str) -> str:
    """The text with single plain spaces, composed accents and nothing around it."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def key(text: str) -> str:
    """What two cells have in common that a person would call the same answer."""
    return tidy(text).casefold()


def split_choices(cell: str, known: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The known choices in the cell, and the pieces that are none, each in its order and once.

    A known choice may hold commas itself; the longest one that fits is taken. A cell of more than LONGEST_LIST
    characters is one piece.
    """
    if len(cell) > LONGEST_LIST:
        return (), tuple(filter(None, (tidy(cell),)))
    patterns = {tuple(_pieces(key(choice))[0]): choice for choice in known}
    pieces, separators = _pieces(unicodedata.normalize("NFC", cell).strip())
    folded = [key(piece) for piece in pieces]
    most = max(map(len, patterns), default=0)
    found: dict[str, None] = {}
    unknown: dict[str, None] = {}
    at = start = 0
    while at < len(pieces):
        length = _longest(folded[at : at + most], patterns)
        if length:
            unknown |= dict.fromkeys(_joined(pieces, separators, start, at))
            found[patterns[tuple(folded[at : at + length])]] = None
            start = at + length
        at += length or 1
    unknown |= dict.fromkeys(_joined(pieces, separators, start, at))
    return tuple(found), tuple(unknown)


def _pieces(text: str) -> tuple[list[str], list[str]]:
    parts = _SEPARATOR.split(text)
    return parts[::2], parts[1::2]


def _longest(folded: list[str], patterns: Collection[tuple[str, ...]]) -> int:
    fitting = (len(pattern) for pattern in patterns if tuple(folded[: len(pattern)]) == pattern)
    return max(fitting, default=0)


def _joined(pieces: list[str], separators: list[str], start: int, end: int) -> list[str]:
    text = "".join(pieces[at] + (separators[at] if at < end - 1 else "") for at in range(start, end))
    kept = tidy(text).strip(",;،؛ ")
    return [kept] if kept else []


def day_parts(text: str) -> tuple[str, str] | None:
    """The first two numbers of the day the cell begins with, as they stand; None where it begins with none."""
    match = _DAY.match(tidy(text))
    return (match[1], match[2]) if match else None


def read_date(text: str, order: DateOrder) -> date | None:
    """The day the cell begins with, or None; a day that does not exist in this order is never turned around."""
    match = _DAY.match(tidy(text))
    if match is None:
        return None
    first, second, third = match.groups()
    if len(first) == 4:
        year, month, day = first, second, third
    elif order == DateOrder.MONTH_FIRST:
        month, day, year = first, second, third
    elif order == DateOrder.DAY_FIRST:
        day, month, year = first, second, third
    else:
        return None
    return _day(int(year), int(month), int(day))


def _day(year: int, month: int, day: int) -> date | None:
    if 100 <= year < 1900:
        return None
    try:
        return date(year + CENTURY if year < 100 else year, month, day)
    except ValueError:
        return None


def read_moment(text: str, order: DateOrder) -> datetime | None:
    """Day and time of a form's time stamp, or None; aware only where the cell says how far from UTC it is."""
    day = read_date(text, order)
    if day is None:
        return None
    clock = _CLOCK.search(tidy(text))
    if clock is None:
        return datetime.combine(day, time())
    hour = _hour(int(clock["hour"]), (clock["half"] or "").lower())
    try:
        moment = time(hour, int(clock["minute"]), int(clock["second"] or 0), tzinfo=_zone(clock["zone"] or ""))
    except ValueError:
        return None
    return datetime.combine(day, moment)


def _hour(hour: int, half: str) -> int:
    if not half:
        return hour
    return hour % 12 + (12 if half.startswith("p") else 0)


def _zone(name: str) -> timezone | None:
    if name.upper() in {"Z", "UTC", "GMT"}:
        return timezone(timedelta())
    match = _ZONE.fullmatch(name)
    if match is None:
        return None
    sign, hours, minutes = match.groups()
    shift = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(-shift if sign == "-" else shift)


def read_quantity(text: str) -> Decimal | None:
    """The number the cell begins with, with a point or a comma before its decimals; None where there is none."""
    match = re.match(r"\d+(?:[.,٫]\d+)?(?![\d.,٫])", tidy(text))
    try:
        return Decimal(match.group().replace(",", ".").replace("٫", ".")) if match else None
    except InvalidOperation:
        return None


def read_phones(text: str, region: str) -> tuple[str, ...]:
    """Telephone numbers in international form, or the cell as it was typed where it is not only full numbers."""
    typed = tidy(text)
    matches = list(phonenumbers.PhoneNumberMatcher(typed, region or None, phonenumbers.Leniency.POSSIBLE))
    rest = typed
    for match in matches:
        rest = rest.replace(match.raw_string, " ", 1)
    if not matches or re.search(r"\w", rest) or not all(_is_full(match.number) for match in matches):
        return (typed,) if typed else ()
    form = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return tuple(dict.fromkeys(phonenumbers.format_number(match.number, form) for match in matches))


def _is_full(number: phonenumbers.PhoneNumber) -> bool:
    return phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
