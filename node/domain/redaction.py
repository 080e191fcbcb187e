"""What must not travel in words written for sharing."""

import re

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")

#: What stands between the digits of a telephone number: spaces, brackets, points, dashes of every length, and
#: characters that cannot be seen. Not the comma: sizes and ages are listed with it.
_BETWEEN = r"[\s().\-/·•_‐-―\u00ad\u200b-\u200f\u2060\ufeff]"
_PHONE = re.compile(rf"(?<!\d)\+?\d(?:{_BETWEEN}*\d){{6,14}}(?!\d)")

# Dates and hours are rows of digits, too. They count as such only where they stand alone: 06.12.34.56.78 is a number.
_DAY, _YEAR, _TIME = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:19|20)\d\d", r"(?:[01]?\d|2[0-4])[.:][0-5]\d"
_DATE = (
    rf"(?:{_YEAR}-{_DAY}-{_DAY}|"
    + "|".join(rf"{_DAY}{sign}{_DAY}{sign}(?:{_YEAR}|[23]\d)" for sign in (r"\.", "/", "-"))
    + ")"
)
_SPAN = r"\s*[-–/]\s*"
_HARMLESS = re.compile(
    rf"(?<!\d)(?<!\d[./\-])(?:{_DATE}(?:{_SPAN}{_DATE})?|{_TIME}{_SPAN}{_TIME}|{_YEAR}{_SPAN}{_YEAR})(?![./\-]?\d)"
)

_ALWAYS_STREET = "street|road|rd|avenue|ave|lane|ln"
_NAMED_STREET = "St|Drive|Way|Close|Court|Place"  # everyday words unless a name stands before them
_STREET = re.compile(
    rf"\b\d{{1,5}}[a-z]?\s+(?:[\w'’-]+\s+){{1,3}}(?i:{_ALWAYS_STREET})\b"
    rf"|\b\d{{1,5}}[a-z]?\s+(?:[A-Z][\w'’-]+\s+){{1,3}}(?:{_NAMED_STREET})\b"
    r"|\b(?i:calle|avenida|rue)\s+\w+|\b[Vv]ia\s+[A-Z]\w+|\b\w+(?i:straße|strasse|weg|gasse)\s+\d+"
)


def contact_details(text: str) -> tuple[str, ...]:
    """Every piece of the text that looks like an e-mail address or a telephone number (protocol 130)."""
    mails = _EMAIL.findall(text)
    phones = [match.group(0).strip() for match in _PHONE.finditer(_HARMLESS.sub(":", text))]
    return tuple(mails + phones)


def streets(text: str) -> tuple[str, ...]:
    """Every piece of the text that looks like a street address."""
    return tuple(match.group(0) for match in _STREET.finditer(text))
