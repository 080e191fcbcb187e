"""What must not travel in words written for sharing."""

import re

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"(?<![\w.])\+?\d(?:[\s().\-/]*\d){6,14}(?!\w)")
_DATE = re.compile(r"\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b")
_STREET = re.compile(
    r"\b\d{1,5}[a-z]?\s+(?:[A-Z][\w'-]+\s+){1,3}(?:street|st|road|rd|avenue|ave|lane|ln|drive|way|close|court|place)\b"
    r"|\b(?:calle|avenida|rue|via|straße|strasse)\s+\w+|\b\w+(?:straße|strasse|weg|gasse)\s+\d+",
    re.IGNORECASE,
)


def contact_details(text: str) -> tuple[str, ...]:
    """Every piece of the text that looks like an e-mail address or a telephone number (protocol 130)."""
    mails = _EMAIL.findall(text)
    phones = [match.group(0).strip() for match in _PHONE.finditer(_DATE.sub("·", text))]
    return tuple(mails + phones)


def streets(text: str) -> tuple[str, ...]:
    """Every piece of the text that looks like a street address."""
    return tuple(match.group(0) for match in _STREET.finditer(text))
