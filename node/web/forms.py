"""What people type: read once, kept as typed, turned into values or into one sentence beside each field."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from node.domain.errors import Invalid
from node.domain.ids import random_id
from node.domain.spelling import plain_digits
from node.web.sent_parts import MOST_READ, SentFile, read_parts
from node.web.words import _

#: Set by the page itself, never carried from one step to the next as an answer.
CSRF_FIELD = "csrf"

#: What the page itself gives a form, so that it is stored once.
_FORM_ID = re.compile(r"[A-Za-z0-9]{16,64}")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TIME = re.compile(r"(\d{1,2})[:.h](\d{2})", re.ASCII)
#: Spaces are left out; a comma, also the Arabic one for decimals, is a point.
_AS_IN_NUMBERS = str.maketrans({" ": "", "\u00a0": "", ",": ".", "٫": "."})
_DOTTED = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class Form:
    """A form as it was typed, with what is wrong with it. Templates show it, `Reader` makes values of it.

    `files` were sent with it; `cut` is the field of one that was too large to be read to its end. `labels` are what the
    page calls its fields, noted while it is written: the summary of what is wrong says them.
    """

    typed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, SentFile] = field(default_factory=dict)
    cut: str = ""
    labels: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def called(self, name: str, label: str) -> str:
        """Note what the page calls a field. Nothing is written for that."""
        self.labels.setdefault(name, label)
        return ""

    def text(self, name: str, otherwise: str = "") -> str:
        """The first value typed for a field; `otherwise` when the field was not there at all."""
        return self.typed.get(name, (otherwise,))[0]

    def count(self, name: str, otherwise: str = "") -> int:
        """The whole number typed for a field, as `parse_count` reads it."""
        return parse_count(self.text(name, otherwise))

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a field, as ticks send them."""
        return self.typed.get(name, ())

    def has(self, name: str, value: str) -> bool:
        """Whether this choice was made."""
        return value in self.typed.get(name, ())

    def wrong(self, errors: Mapping[str, str]) -> "Form":
        """The same form with these sentences beside its fields."""
        return replace(self, errors={**self.errors, **errors})

    def given(self, **values: str) -> "Form":
        """The same form with these values in place of what was typed."""
        return replace(self, typed={**self.typed, **{name: (value,) for name, value in values.items()}})

    def known_id(self) -> str:
        """What this form is known by, so that it is stored once; new where no page of ours gave it one."""
        given = self.text("form_id")
        return given if _FORM_ID.fullmatch(given) else random_id()

    def without(self, *names: str) -> "Form":
        """The same form as if these fields had not been there."""
        return replace(self, typed={name: values for name, values in self.typed.items() if name not in names})


_SENT = web.RequestKey("sent_form", Form)


async def read_form(request: web.Request, files: Collection[str] = ()) -> Form:
    """The form sent with this request, control characters removed.

    Files in the fields `files` may be larger than what is read of them; whoever asks for them says so. Raises Invalid,
    and HTTPRequestEntityTooLarge where anything else is.
    """
    form = await sent_form(request, MOST_READ if files else request.client_max_size)
    if form.cut and form.cut not in files:
        raise web.HTTPRequestEntityTooLarge(MOST_READ, MOST_READ)
    return form


async def sent_form(request: web.Request, most: int | None = None) -> Form:
    """The same, read to its end or until `most` bytes of files have come (None: as many as members may send).

    A body comes only once, so what was read stays with its request.
    """
    if _SENT not in request:
        try:
            request[_SENT] = await _read(request, MOST_READ if most is None else most)
        except (ValueError, LookupError, HttpProcessingError):
            raise Invalid({}, _("The form did not arrive in one piece. Please send it again.")) from None
    return request[_SENT]


async def _read(request: web.Request, most: int) -> Form:
    if request.content_type == "multipart/form-data" and request.method not in {"GET", "HEAD"}:
        parts = await read_parts(request, most)
        return replace(_typed(parts.words), files=parts.files, cut=parts.cut)
    return _typed((name, value) for name, value in (await request.post()).items() if isinstance(value, str))


def _typed(words: Iterable[tuple[str, str]]) -> Form:
    typed: dict[str, tuple[str, ...]] = {}
    for name, value in words:
        typed[name] = (*typed.get(name, ()), clean(value))
    return Form(typed)


def clean(text: str) -> str:
    """Text without control characters, its line ends written one way."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


class Reader:
    """Reads a form's fields into values and remembers every one that cannot be taken, so all are told at once."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.errors: dict[str, str] = {}

    def text(self, name: str, missing: str = "") -> str:
        """The trimmed text; when it is empty and `missing` is not, that sentence is the field's error."""
        text = self.form.text(name).strip()
        if not text and missing:
            self.errors[name] = missing
        return text

    def word(self, name: str, kind: type[Word], otherwise: Word) -> Word:
        """One of a closed list of words; `otherwise` when none was chosen."""
        typed = self.form.text(name)
        if not typed:
            return otherwise
        try:
            return kind(typed)
        except ValueError:
            self.errors[name] = _("Choose one of the list.")
            return otherwise

    def number(self, name: str, otherwise: Decimal) -> Decimal:
        """A decimal number, with a comma or a point; `otherwise` when nothing was typed."""
        typed = self.form.text(name).strip()
        if not typed:
            return otherwise
        try:
            return parse_number(typed)
        except ValueError:
            self.errors[name] = _("Write a number, such as 3 or 1.5.")
            return otherwise

    def day(self, name: str) -> date | None:
        """A day, or None when nothing was typed."""
        typed = self.form.text(name).strip()
        if not typed:
            return None
        try:
            return parse_day(typed)
        except ValueError:
            self.errors[name] = _("Write the day as 31.12.2026 or 2026-12-31.")
            return None

    def time(self, name: str) -> time | None:
        """A time of the clock, or None when nothing was typed."""
        typed = self.form.text(name).strip()
        if not typed:
            return None
        try:
            return parse_time(typed)
        except ValueError:
            self.errors[name] = _("Write the time as 14:30.")
            return None

    def check(self) -> None:
        """Raise Invalid if anything could not be taken."""
        if self.errors:
            raise Invalid(self.errors)


def parse_count(typed: str) -> int:
    """A whole number from 0 to 9999; 0 for anything else, where whoever asked says between what it must lie."""
    plain = plain_digits(typed.strip())
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 5 else 0


def parse_number(typed: str) -> Decimal:
    """`3`, `1.5`, `1,5` or `١٫٥`. Raises ValueError for anything else, infinities and exponents among it."""
    plain = plain_digits(typed).translate(_AS_IN_NUMBERS)
    if not re.fullmatch(r"\d{1,12}(\.\d{0,6})?|\.\d{1,6}", plain, re.ASCII):
        raise ValueError(typed)
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise ValueError(typed) from None


def parse_time(typed: str) -> time:
    """`14:30`, `14.30` or `14h30`. Raises ValueError."""
    found = _TIME.fullmatch(plain_digits(typed))
    if found is None:
        raise ValueError(typed)
    return time(int(found[1]), int(found[2]))


def parse_day(typed: str) -> date:
    """`2026-12-31`, `31.12.2026` or `31/12/2026`: the day comes first. Raises ValueError."""
    plain = plain_digits(typed)
    dotted = _DOTTED.fullmatch(plain)
    if dotted:
        return date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
    return date.fromisoformat(plain)
