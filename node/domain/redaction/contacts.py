"""Telephone numbers, e-mail addresses and links: ways to reach somebody that stand in plain sight."""

import re

import phonenumbers

from node.domain.errors import Invalid
from node.domain.phrases import say
from node.domain.spelling import plain_digits

TAKE_OUT = say("Take out what looks like a telephone number or an e-mail address: %(found)s")
TICK = say(
    "This looks like a telephone number or an e-mail address: %(found)s. Take it out, or tick that it may go to them."
)

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

_ENDINGS = "com|org|net|info|io|app|me|eu|uk|us|de|fr|es|it|nl|be|ch|at|ma|dz|tn|eg|lb|sy|mx|ar|co|cl|pe|ly|gl|example"
_LINK = re.compile(
    rf"(?:\bhttps?://|\bwww\.)[^\s<>\"]*[^\s<>\"\W]/?|\b[a-z0-9](?:[a-z0-9-]*\.)+(?:{_ENDINGS})\b(?:/[^\s<>\"]*[\w/])?",
    re.IGNORECASE,
)


def contact_details(text: str, region: str | None = None) -> tuple[str, ...]:
    """Every piece of the text that looks like an e-mail address or a telephone number (protocol 130).

    `region` (two letters, ISO 3166) also finds that country's own short numbers.
    """
    mails = _EMAIL.findall(text)
    # Sign for sign as long as the text, so that what is found is answered as it stands there.
    plain = _HARMLESS.sub(lambda match: ":" * len(match[0]), plain_digits(text))
    phones = [text[match.start() : match.end()].strip() for match in _PHONE.finditer(plain)]
    valid = phonenumbers.PhoneNumberMatcher(plain, region, leniency=phonenumbers.Leniency.VALID)
    raw = [text[match.start : match.end] for match in valid]
    further = [one for one in raw if not any(_share_digits(one, known) for known in phones)]
    return tuple(mails + phones + further)


def refusal(text: str, region: str | None = None, line: str = "") -> str:
    """Why words may not travel: they hold a way to reach somebody that is not our `line` (protocol 130); else empty."""
    found = [one for one in contact_details(text, region) if not _is_line(one, line)]
    return TAKE_OUT % {"found": found[0]} if found else ""


def refusal_of_change(before: str, after: str, region: str | None = None) -> str:
    """The same of words that travel already and are changed: what they held `before` was found harmless then."""
    known = frozenset(contact_details(before, region))
    found = [one for one in contact_details(after, region) if one not in known]
    return TAKE_OUT % {"found": found[0]} if found else ""


def check_note(field: str, text: str, limit: int) -> str:
    """A note among dispatchers without spaces around it. Raises Invalid where it is too long, or a number is in it."""
    trimmed = text.strip()
    if len(trimmed) > limit:
        raise Invalid({field: say("Please use at most %(most)s characters.", most=limit)})
    if contact_details(trimmed):
        raise Invalid({field: say("A number or an e-mail address belongs in the sealed note. Please take it out.")})
    return trimmed


def check_ticked(text: str, line: str, *, with_details: bool) -> None:
    """Raise Invalid where a number slips into a letter without a tick: it cannot be called back (T-40)."""
    found = [one for one in contact_details(text) if not _is_line(one, line)]
    if found and not with_details:
        raise Invalid({"with_details": TICK % {"found": found[0]}})


def links(text: str) -> tuple[str, ...]:
    """Every address on the web in the text; e-mail addresses are none."""
    return tuple(match.group(0) for match in _LINK.finditer(_EMAIL.sub(" ", text)))


def region_of(number: str) -> str | None:
    """The country that a telephone number written with its + belongs to (two letters); None for any other."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.region_code_for_number(parsed)


def _is_line(found: str, line: str) -> bool:
    """Whether what was found is this very telephone line, with or without the country's number in front."""
    digits = _digits(found).lstrip("0")
    return bool(digits) and "@" not in found and _digits(line).endswith(digits)


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, plain_digits(text)))


def _share_digits(found: str, known: str) -> bool:
    digits, other = _digits(found), _digits(known)
    return other in digits or digits in other
