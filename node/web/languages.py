"""The language that a page is read in: chosen by its reader, kept on their device, and said."""

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

from aiohttp import web
from babel import Locale
from babel.core import negotiate_locale
from babel.dates import get_datetime_format
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from node.domain.phrases import Phrase

#: The languages whose catalogue is whole, each in the order in which they are offered.
OFFERED = ("en", "es", "fr", "ar")
#: The language that the sentences in the program are written in.
ORIGINAL = "en"
COOKIE = "language"
#: Seconds for which a device keeps the choice.
KEPT = 365 * 24 * 3600

#: Set anew for each request.
_CHOSEN: ContextVar[str] = ContextVar("language", default=ORIGINAL)


def offered() -> tuple[str, ...]:
    """The codes of the languages that a page can be read in."""
    return OFFERED


def language() -> str:
    """The code of the language in which this request's page is said."""
    return _CHOSEN.get()


def direction() -> str:
    """`rtl` where that language is written from right to left, else `ltr`."""
    return direction_of(language())


def direction_of(code: str) -> str:
    """The same for the language with this code."""
    return Locale.parse(code).text_direction


def comma() -> str:
    """What stands between two things that are said in one line: `, `, or `، ` in Arabic."""
    return _comma(language())


def speak(code: str) -> None:
    """From here on, say what this request shows in this language."""
    _CHOSEN.set(code)


def language_for(request: web.Request, of_community: Iterable[str], of_member: str = "") -> str:
    """What the reader chose, else what their browser asks for, else the community's first language that we have.

    A member's choice goes with them; anybody's stays on their device.
    """
    for chosen in (of_member, request.cookies.get(COOKIE, "")):
        if chosen in OFFERED:
            return chosen
    wanted = negotiate_locale(_asked_for(request), OFFERED, sep="-")
    own = [code.partition("-")[0] for code in of_community]
    return wanted or next((code for code in own if code in OFFERED), ORIGINAL)


def keep_language(response: web.StreamResponse, code: str, *, secure: bool) -> None:
    """Let the device keep the choice for a year. It says nothing else about its reader."""
    response.set_cookie(COOKIE, code, max_age=KEPT, path="/", secure=secure, httponly=True, samesite="Lax")


def translated(template: str) -> str:
    """A sentence of the program in the language of this request; as it is where there is no other."""
    return _sentences(language()).gettext(template) if template else ""


def translated_many(one: str, several: str, n: int) -> str:
    """The same for a sentence whose words change with a number: as this language says it of so many."""
    return _sentences(language()).ngettext(one, several, n)


def tell(words: str) -> str:
    """What somebody reads: a sentence of ours in their language, anything else as it is."""
    if not isinstance(words, Phrase):
        return words
    values = words.values
    template = (
        translated_many(words.template, words.several, values["n"]) if words.several else translated(words.template)
    )
    if isinstance(values, Mapping):
        return template % {name: in_gap(value) for name, value in values.items()}
    return template if values is None else template % (in_gap(values),)


def tell_in(code: str, words: str) -> str:
    """The same for somebody who reads no page now: in the language with this code, where we have it."""
    before = _CHOSEN.set(code if code in OFFERED else ORIGINAL)
    try:
        return tell(words)
    finally:
        _CHOSEN.reset(before)


def told(value: object) -> object:
    """The same for anything that a page shows."""
    return tell(value) if isinstance(value, Phrase) else value


def in_gap(value: object) -> object:
    """The same for what stands in a gap: in a language written from the right, set apart from the words around it.

    A name or an address in Latin letters would else pull full stops and brackets beside it to its wrong side (Unicode
    Annex 9: isolates). What is HTML already, times for example, is not touched.
    """
    shown = told(value)
    is_foreign = isinstance(shown, str) and shown and not hasattr(shown, "__html__") and not isinstance(value, Phrase)
    return f"\u2068{shown}\u2069" if is_foreign and direction() == "rtl" else shown


def catalogue(code: str) -> Catalog:
    """A language's sentences as they are written down."""
    with files("node.web").joinpath(f"locale/{code}.po").open("rb") as file:
        return read_po(file, locale=code)


@cache
def _comma(code: str) -> str:
    """What the language puts between a day and a time (CLDR, dateTimeFormats)."""
    return str(get_datetime_format("medium", locale=code)).format("", "")


@cache
def _sentences(code: str) -> NullTranslations:
    """A language's sentences by their English; read once in a process, when somebody first reads that language."""
    if code == ORIGINAL:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue(code))
    compiled.seek(0)
    return GNUTranslations(compiled)


def _asked_for(request: web.Request) -> list[str]:
    """The languages of `Accept-Language`, the most wanted first (RFC 9110)."""
    found: list[tuple[float, str]] = []
    for part in request.headers.get("Accept-Language", "")[:500].split(","):
        code, _, weight = part.strip().partition(";q=")
        try:
            found.append((-float(weight or 1), code.strip()))
        except ValueError:
            continue
    return [code for _weight, code in sorted(found, key=lambda one: one[0])]
