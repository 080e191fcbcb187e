"""The catalogues of what pages say: `make catalogues` writes every sentence of the program into each of them.

What is translated already stays; what the program no longer says goes. A new language is begun by naming its code.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from federation.errors import FederationError

NODE = Path(__file__).parent.parent / "node"
LOCALE = NODE / "web" / "locale"
#: The rooms whose sentences people read on pages; the command line and the demonstration speak English.
_SAID = [("web/**.py", "python"), ("domain/**.py", "python"), ("services/**.py", "python"), ("storage/**.py", "python")]
_SAID += [("translate/**.py", "python"), ("*.py", "python"), ("web/templates/**.html", "jinja2.ext:babel_extract")]
_KEYWORDS = {"_": None, "say": None, "say_many": (1, 2), "ngettext": (1, 2)}
_GAP = re.compile(r"%\((\w+)\)s|%s|%%|%")
_TAG = re.compile(r"</?[a-z][^>]*>")
#: Where another order of the forms is usual than Babel's: none, one, two, a few (3-10), many (11-99), other (100).
_PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
}
#: Lines of a header that would change whenever it is written.
_RESTLESS = re.compile(
    rb'^"(?:POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By).*\n', re.M
)


def sentences() -> Catalog:
    """Everything that the program says on pages, each once, with the files it stands in."""
    found = Catalog(charset="utf-8")
    for file, _line, message, _comments, _context in extract_from_dir(NODE, _SAID, keywords=_KEYWORDS):
        if message:
            found.add(message, locations=[(f"node/{file}", 0)])
    for error in _all_kinds(FederationError):
        found.add(error.sentence, locations=[("federation/errors.py", 0)])
    return found


def refresh(code: str, said: Catalog) -> Catalog:
    """The language's catalogue with exactly these sentences, what is translated already kept, written down anew."""
    file = LOCALE / f"{code}.po"
    current = read(code) if file.exists() else Catalog(locale=code, charset="utf-8")
    if code in _PLURALS:
        current.mime_headers = [("Plural-Forms", _PLURALS[code])]
    current.update(said, no_fuzzy_matching=True)
    current.project, current.version, current.header_comment = "Manyhands", "1", f"# What pages say, in: {code}"
    current.obsolete.clear()
    written = BytesIO()
    write_po(written, current, width=110, sort_output=True, include_lineno=False, ignore_obsolete=True)
    LOCALE.mkdir(exist_ok=True)
    file.write_bytes(_RESTLESS.sub(b"", written.getvalue()).replace(b"#, fuzzy\nmsgid", b"msgid", 1))
    return current


def read(code: str) -> Catalog:
    """A catalogue as it is written down."""
    with (LOCALE / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)


def faults(catalogue: Catalog, said: Catalog) -> Iterator[str]:
    """One line for each sentence that this language cannot be offered with."""
    for message in said:
        if not message.id:
            continue
        there = catalogue.get(message.id)
        for fault in _faults_of(message, there, catalogue.num_plurals) if there else ("is missing",):
            yield f"{fault}: {_forms(message.id)[0]}"


def codes() -> list[str]:
    """The languages that have a catalogue, whole or not."""
    return sorted(file.stem for file in LOCALE.glob("*.po"))


def _faults_of(message: Message, there: Message, plurals: int) -> Iterator[str]:
    english, translated = _forms(message.id), _forms(there.string)
    if there.fuzzy:
        yield "is fuzzy"
    if len(translated) != (plurals if len(english) > 1 else 1) or not all(translated):
        yield "is not translated"
        return
    if len(english) > 1:  # a language may leave the number out where its word says it: one day, two days
        english = tuple(one.replace("%(n)s", "").strip() for one in english)
    for text in translated:
        plain = text.replace("%(n)s", "").strip() if len(english) > 1 else text
        if not any(_made_of(plain) == _made_of(one) for one in english):
            yield f"has other gaps, tags or ends (“{text}”)"


def _made_of(text: str) -> tuple[object, ...]:
    """What a translation has to have in common with the English."""
    ends = len(text) - len(text.lstrip()), len(text) - len(text.rstrip())
    return Counter(_GAP.findall(text)), text.count("%"), sorted(_TAG.findall(text)), ends


def _forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def _all_kinds(kind: type[FederationError]) -> Iterator[type[FederationError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _all_kinds(below)


def main(wanted: list[str]) -> None:
    """Refresh every catalogue, and begin those that are named."""
    said = sentences()
    for code in sorted({*codes(), *wanted}):
        left = len(list(faults(refresh(code, said), said)))
        sys.stdout.write(f"{code}: {len(said)} sentences, {left} still to be translated\n")


if __name__ == "__main__":
    main(sys.argv[1:])
