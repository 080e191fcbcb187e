"""The words on the pages: translation, dates, amounts, and how each state is said."""

import re
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit
from markupsafe import Markup, escape

from node.domain.notices import Kind, Status, Urgency
from node.domain.openings import Reason, Why
from node.domain.peers import host_of
from node.domain.phrases import Phrase, say, say_many
from node.domain.repeating import Repeat
from node.domain.sealed import Contact
from node.domain.spelling import dialable
from node.web.category_words import category_examples, category_name
from node.web.language_names import language_name
from node.web.languages import comma, in_gap, language, tell

_NUMBER = re.compile(r"\+?\d[\d\s().\-/–]{2,}\d")
_MAIL = re.compile(r"[^\s@<>\"',;:?&=%/\\]+@[^\s@<>\"',;:?&=%/\\]+")
#: Set anew for each request, so that nobody reads in another community's time.
_ZONE: ContextVar[tzinfo] = ContextVar("zone", default=UTC)
#: Marks a sentence, which is said in the language of whoever reads it.
_ = Phrase

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

#: What comes after that, where the person need not do anything for it.
_NEXT = {
    Status.NEW: _("You need not do anything. If it cannot wait, call us."),
    Status.OPEN: _("As soon as somebody says yes, we tell you who and when."),
    Status.TAKEN_ON: _("They get in touch with you in the way you chose, or come as agreed."),
    Status.PARTLY_MET: _("We tell you as soon as somebody says yes to it."),
    Status.MET: _("If something is still missing, open it again below."),
    Status.PAUSED: _("When you would like us to go on, press the button below."),
    Status.NO_LONGER_NEEDED: _("Should it come back, open it again below, or ask for the same again."),
    Status.EXPIRED: _("If it is still so, open it again below."),
}

_OFFER_NEXT = _NEXT | {
    Status.NEW: _("You need not do anything."),
    Status.OPEN: _("You decide each time. A no needs no reason."),
    Status.MET: _("If there is more of it, open it again below."),
    Status.NO_LONGER_NEEDED: _("Should you have it again, open it below, or offer the same again."),
}

#: Where a need or an offer stands, said in the middle of a sentence.
_STATES = {
    "new": _("new"),
    "open": _("open"),
    "taken on": _("taken on"),
    "partly met": _("partly met"),
    "met": _("met"),
    "paused": _("paused"),
    "no longer needed": _("no longer needed"),
    "expired": _("expired"),
    "over": _("over"),
}

_URGENCIES: dict[str, str] = {
    Urgency.TODAY: _("today, or unsafe"),
    Urgency.TWO_DAYS: _("in the next 2 days"),
    Urgency.THIS_WEEK: _("this week"),
    Urgency.WHENEVER: _("when someone can"),
}

_UNITS = {"one": "", "hour": _("hours"), "kilogram": _("kg")}
#: How Babel calls them, which knows their forms behind each number.
_MEASURES: dict[str, tuple[str, Literal["long", "short"]]] = {
    "hour": ("duration-hour", "long"),
    "kilogram": ("mass-kilogram", "short"),
}

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
    "arrival": _("Further words for the door"),
    "arrival_card": _("Arrival card"),
    "answers": _("Answers to our own questions"),
}

#: The same in the middle of a sentence.
_FIELDS_WITHIN = {
    "name": _("what to call them"),
    "contact": _("how to reach them"),
    "address": _("their address"),
    "story": _("their story"),
    "arrival": _("further words for the door"),
    "arrival_card": _("their arrival card"),
    "answers": _("their answers to our own questions"),
}

#: The same, for the person the fields are about.
_OWN_FIELDS = {
    "name": _("what to call you"),
    "contact": _("how to reach you"),
    "address": _("your address"),
    "story": _("your story"),
    "arrival": _("further words for the door"),
    "arrival_card": _("your arrival card"),
    "answers": _("your answers to our own questions"),
}

_REASONS = {
    Reason.CALL: _("to call them"),
    Reason.WRITE: _("to write to them"),
    Reason.BRING: _("to bring or fetch something"),
    Reason.GO: _("to go there"),
    Reason.MATCH: _("to find somebody who can help"),
    Reason.CORRECT: _("to put something right"),
    Reason.TASK: _("for a task of theirs"),
    Reason.OTHER: _("something else"),
}

_REASONS_TO_OWNER = _REASONS | {
    Reason.CALL: _("to call you"),
    Reason.WRITE: _("to write to you"),
    Reason.BRING: _("to bring you something or fetch it"),
    Reason.GO: _("to come to you"),
    Reason.TASK: _("to do what you asked for"),
}


def reason_name(reason: Reason) -> str:
    """Why a sealed note is opened, as members choose it."""
    return _REASONS[reason]


def why_said(why: Why, to_owner: bool = False) -> str:
    """Why it was opened, with the words that were typed; nothing where nobody said."""
    names = _REASONS_TO_OWNER if to_owner else _REASONS
    chosen = "" if why.reason in {Reason.OTHER, Reason.UNSAID} else tell(names[why.reason])
    typed = f"“{why.words}”" if why.words else ""
    return ": ".join(filter(None, (chosen, typed)))


def field_names(fields: Sequence[str], to_owner: bool = False) -> str:
    """Fields of a sealed note by the names people know, in one line that may stand within a sentence."""
    names = _OWN_FIELDS if to_owner else _FIELDS_WITHIN
    return listed(names.get(field, field) for field in fields)


def meaning(status: Status, kind: Kind) -> str:
    """One sentence telling the person who asked or offered what the status means for them."""
    return (_MEANING if kind == Kind.NEED else _OFFER_MEANING)[status]


def next_step(status: Status, kind: Kind) -> str:
    """One sentence telling the person who asked or offered what happens next."""
    return (_NEXT if kind == Kind.NEED else _OFFER_NEXT)[status]


def state_name(state: str) -> str:
    """Where a need or an offer stands, in the middle of a sentence."""
    return _STATES.get(str(state), str(state))


def amount(quantity: Decimal, unit: str = "one") -> str:
    """A quantity as people write it: `3`, `1.5 hours`."""
    number = format_decimal(quantity.normalize(), locale=language(), decimal_quantization=False)
    if unit not in _MEASURES:
        return number if unit == "one" else f"{number} {unit}"
    measure, length = _MEASURES[unit]
    return format_unit(quantity.normalize(), measure, length, format="#,##0.######", locale=language())


def counted(quantity: Decimal, unit: str = "one") -> str:
    """A quantity that stands alone among other facts: `how many: 3`, `1.5 hours`."""
    number = amount(quantity, unit)
    return tell(say("how many: %(amount)s", amount=number)) if unit == "one" else number


def in_days(days: int) -> str:
    """A number of days with its word: `1 day`, `7 days`."""
    return say_many("%(n)s day", "%(n)s days", n=days)


def listed(items: Iterable[str]) -> str:
    """Several things in one line, put together as the reader's language does it."""
    patterns = Locale.parse(language()).list_patterns
    style: Literal["unit", "standard"] = "unit" if "start" in patterns.get("unit", {}) else "standard"
    return format_list([str(in_gap(item)) for item in items], style=style, locale=language())


def unit_name(unit: str) -> str:
    """What stands behind a number; nothing for things that are simply counted."""
    return _UNITS.get(unit, unit)


def urgency_name(urgency: str) -> str:
    """The urgency as it is said at the start of a line."""
    word = tell(_URGENCIES.get(urgency, urgency))
    return word[:1].upper() + word[1:]


def repeat_name(repeat: Repeat) -> str:
    """How often, in words."""
    return tell(_REPEATS[repeat])


def method_name(method: str) -> str:
    """A way to reach somebody, in words."""
    return _METHODS.get(method, method)


def month_name(month: str) -> str:
    """A month such as `2031-05`, in words."""
    return format_date(date.fromisoformat(f"{month}-01"), "LLLL y", locale=language())


def dialled(number: str) -> str:
    """What to dial: the digits of the first telephone number in a text, or nothing where there is none."""
    plain = dialable(number)
    found = _NUMBER.search(plain.replace("(0)", "") if plain.startswith("+") else plain)
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


def languages(codes: Sequence[str]) -> str:
    """Several languages in their own names, in one line."""
    return listed(language_name(code) for code in codes)


def as_ours(text: str) -> str:
    """What a program like ours wrote by itself, here or elsewhere, in the language of the reader; words as they are."""
    return Phrase(text)


def as_address(text: str) -> Markup:
    """An account, a host or a number to dial: in every language it runs as it begins, from the left."""
    return Markup('<bdi dir="auto">{}</bdi>').format(text) if text else Markup("")


def tell_times_in(zone: tzinfo) -> None:
    """From here on, what this request shows is told in this time zone."""
    _ZONE.set(zone)


def zone() -> tzinfo:
    """The time zone that times are told in, and that days typed on a page are days of."""
    return _ZONE.get()


def when(moment: datetime | None) -> Markup:
    """A moment as a `time` element, in the community's time zone; nothing for None."""
    if moment is None:
        return Markup("")
    there = moment.astimezone(zone())
    return _time(there.isoformat(), _in_zone(there, f"EEE d MMM y{comma()}HH:mm"))


def from_until(begins: datetime, ends: datetime) -> Markup:
    """From one moment to another; a day that both fall on is said once."""
    first, last = begins.astimezone(zone()), ends.astimezone(zone())
    if first.date() != last.date():
        return Markup("{} – {}").format(when(begins), when(ends))
    shown = format_datetime(first, f"EEE d MMM y{comma()}HH:mm", tzinfo=first.tzinfo, locale=language())
    return Markup("{} – {}").format(_time(first.isoformat(), shown), _time(last.isoformat(), _in_zone(last, "HH:mm")))


def day(value: date | None) -> Markup:
    """A day as a `time` element; of a moment, the day it falls on in the community's time zone; nothing for None."""
    if value is None:
        return Markup("")
    there = value.astimezone(zone()).date() if isinstance(value, datetime) else value
    return _time(there.isoformat(), format_date(there, "EEE d MMM y", locale=language()))


def span(length: timedelta) -> str:
    """A length of time in round words: `3 days`."""
    return format_timedelta(length, locale=language(), threshold=1.5)


def _in_zone(there: datetime, pattern: str) -> str:
    shown = format_datetime(there, pattern, tzinfo=there.tzinfo, locale=language())
    return f"{shown} UTC" if there.tzname() == "UTC" else shown


def _time(machine: str, shown: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, escape(shown))


#: What templates may call by name on a value: `{{ notice.created_at | when }}`.
FILTERS = {
    "amount": amount,
    "as_address": as_address,
    "as_ours": as_ours,
    "category_examples": category_examples,
    "category_name": category_name,
    "day": day,
    "dialled": dialled,
    "counted": counted,
    "field_names": field_names,
    "from_until": from_until,
    "host_of": host_of,
    "in_days": in_days,
    "listed": listed,
    "month_name": month_name,
    "language_name": language_name,
    "languages": languages,
    "meaning": meaning,
    "method_name": method_name,
    "reach_link": reach_link,
    "next_step": next_step,
    "repeat_name": repeat_name,
    "span": span,
    "state_name": state_name,
    "unit_name": unit_name,
    "urgency_name": urgency_name,
    "when": when,
    "why_said": why_said,
}
