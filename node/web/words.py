"""The words on the pages: translation, dates, amounts, and how each state is said."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal
from babel.support import NullTranslations
from markupsafe import Markup, escape

from node.domain.categories import BY_KEY, name_of
from node.domain.notices import Kind, Repeat, Status, Urgency
from node.domain.openings import Reason, Why
from node.domain.sealed import Contact

LANGUAGE = "en"
_NUMBER = re.compile(r"\+?\d[\d\s().\-/–]{2,}\d")
_MAIL = re.compile(r"[^\s@<>\"',;:?&=%/\\]+@[^\s@<>\"',;:?&=%/\\]+")
TRANSLATIONS = NullTranslations()
_ = TRANSLATIONS.gettext

#: For somebody who asked: what the state means to them.
_MEANING = {
    Status.NEW: _("Somebody here is going to read this and get in touch with you."),
    Status.OPEN: _("It has been read. We are looking for somebody who can do this."),
    Status.TAKEN_ON: _("Somebody has taken this on."),
    Status.PARTLY_MET: _("A part of it is done. We are looking for the rest."),
    Status.MET: _("This is sorted."),
    Status.PAUSED: _("This is resting. Nothing happens until you start it again."),
    Status.NO_LONGER_NEEDED: _("This is no longer needed. Nobody works on it any more."),
    Status.EXPIRED: _("The time for this is over."),
}

_OFFER_MEANING = _MEANING | {
    Status.OPEN: _("It has been read. We get in touch when somebody needs this."),
    Status.PARTLY_MET: _("A part of it has found somebody. The rest is still on offer."),
    Status.MET: _("This has found somebody."),
    Status.NO_LONGER_NEEDED: _("This is no longer on offer."),
}

_UNITS = {"one": "", "hour": _("hours"), "kilogram": _("kg")}

_REPEATS = {
    Repeat.ONCE: _("once"),
    Repeat.WEEKLY: _("every week"),
    Repeat.TWO_WEEKLY: _("every two weeks"),
    Repeat.MONTHLY: _("every month"),
}

_METHODS = {
    "phone": _("Call"),
    "text": _("Text message"),
    "email": _("E-mail"),
    "signal": _("Signal"),
    "whatsapp": _("WhatsApp"),
    "through someone": _("Through someone I trust"),
    "other": _("I will get in touch myself"),
}

FIELD_NAMES = {
    "name": _("What to call them"),
    "contact": _("How to reach them"),
    "address": _("Address"),
    "story": _("Their story"),
    "arrival": _("Arrival card"),
}

#: The same, for the person the fields are about.
_OWN_FIELDS = {
    "name": _("what to call you"),
    "contact": _("how to reach you"),
    "address": _("your address"),
    "story": _("your story"),
    "arrival": _("your arrival card"),
}

_REASONS = {
    Reason.CALL: _("to call them"),
    Reason.WRITE: _("to write to them"),
    Reason.BRING: _("to bring or fetch something"),
    Reason.GO: _("to go there"),
    Reason.MATCH: _("to find somebody who can help"),
    Reason.CORRECT: _("to put something right"),
    Reason.OTHER: _("something else"),
}

_REASONS_TO_OWNER = _REASONS | {
    Reason.CALL: _("to call you"),
    Reason.WRITE: _("to write to you"),
    Reason.BRING: _("to bring you something or fetch it"),
    Reason.GO: _("to come to you"),
}


def reason_name(reason: Reason) -> str:
    """Why a sealed note is opened, as members choose it."""
    return _REASONS[reason]


def why_said(why: Why, to_owner: bool = False) -> str:
    """Why it was opened, with the words that were typed; nothing where nobody said."""
    names = _REASONS_TO_OWNER if to_owner else _REASONS
    chosen = "" if why.reason in {Reason.OTHER, Reason.UNSAID} else names[why.reason]
    typed = f"“{why.words}”" if why.words else ""
    return ": ".join(filter(None, (chosen, typed)))


def field_names(fields: Sequence[str], to_owner: bool = False) -> str:
    """Fields of a sealed note by the names people know, in one line."""
    names = _OWN_FIELDS if to_owner else FIELD_NAMES
    return ", ".join(names.get(field, field) for field in fields)


def meaning(status: Status, kind: Kind) -> str:
    """One sentence telling the person who asked or offered what the status means for them."""
    return (_MEANING if kind == Kind.NEED else _OFFER_MEANING)[status]


def amount(quantity: Decimal, unit: str = "one") -> str:
    """A quantity as people write it: `3`, `1.5 hours`."""
    number = format_decimal(quantity.normalize(), locale=LANGUAGE, decimal_quantization=False)
    return f"{number} {_UNITS.get(unit, unit)}".strip()


def unit_name(unit: str) -> str:
    """What stands behind a number; nothing for things that are simply counted."""
    return _UNITS.get(unit, unit)


def category_name(key: str) -> str:
    """The category's name in the reader's language."""
    return _(name_of(key))


def category_examples(key: str) -> str:
    """A few words that say what the category covers, or nothing."""
    return _(BY_KEY[key].examples) if key in BY_KEY and BY_KEY[key].examples else ""


def urgency_name(urgency: Urgency | str) -> str:
    """The urgency as it is said at the start of a line."""
    word = _(str(urgency))
    return word[:1].upper() + word[1:]


def repeat_name(repeat: Repeat) -> str:
    """How often, in words."""
    return _REPEATS[repeat]


def method_name(method: str) -> str:
    """A way to reach somebody, in words."""
    return _METHODS.get(method, method)


def dialled(number: str) -> str:
    """What to dial: the digits of the first telephone number in a text, or nothing where there is none."""
    found = _NUMBER.search(number.replace("(0)", "") if number.strip().startswith("+") else number)
    if found is None:
        return ""
    digits = re.sub(r"\D", "", found[0])
    return f"+{digits}" if found[0].startswith("+") else digits


def reach_link(contact: Contact) -> str:
    """The address that calls or writes to somebody at a tap; nothing where there is no such way."""
    if contact.method == "email":
        found = _MAIL.fullmatch(contact.value.strip())
        return f"mailto:{found[0]}" if found else ""
    scheme = {"phone": "tel", "text": "sms", "signal": "tel", "whatsapp": "tel"}.get(contact.method)
    number = dialled(contact.value)
    return f"{scheme}:{number}" if scheme and number else ""


def language_name(code: str) -> str:
    """A language in its own name; the code itself when nobody knows it."""
    try:
        name = Locale.parse(code.replace("-", "_")).get_display_name()
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:] if name else code


def languages(codes: Sequence[str]) -> str:
    """Several languages in their own names, in one line."""
    return ", ".join(language_name(code) for code in codes)


def when(moment: datetime | None) -> Markup:
    """A moment as a `time` element, in UTC; nothing for None."""
    if moment is None:
        return Markup("")
    shown = format_datetime(moment, "EEE d MMM y, HH:mm", locale=LANGUAGE)
    return _time(moment.isoformat(), f"{shown} UTC")


def day(value: date | None) -> Markup:
    """A day as a `time` element; nothing for None."""
    if value is None:
        return Markup("")
    return _time(value.isoformat(), format_date(value, "EEE d MMM y", locale=LANGUAGE))


def span(length: timedelta) -> str:
    """A length of time in round words: `3 days`."""
    return format_timedelta(length, locale=LANGUAGE, threshold=1.5)


def _time(machine: str, shown: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, escape(shown))


#: What templates may call by name on a value: `{{ notice.created_at | when }}`.
FILTERS = {
    "amount": amount,
    "category_examples": category_examples,
    "category_name": category_name,
    "day": day,
    "dialled": dialled,
    "field_names": field_names,
    "language_name": language_name,
    "languages": languages,
    "meaning": meaning,
    "method_name": method_name,
    "reach_link": reach_link,
    "repeat_name": repeat_name,
    "span": span,
    "unit_name": unit_name,
    "urgency_name": urgency_name,
    "when": when,
    "why_said": why_said,
}
