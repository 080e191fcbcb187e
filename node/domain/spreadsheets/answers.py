"""One row of a form, read through its mapping. Whatever is not understood is noted, never dropped."""

from collections.abc import Callable
from collections.abc import Mapping as Readable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from node.domain.categories import AS_SHIPPED, OwnCategories
from node.domain.consent import ALL, Consent
from node.domain.notices import Kind, Urgency
from node.domain.sealed import BY_NUMBER, Contact, SealedNote
from node.domain.spreadsheets.cells import key, read_date, read_moment, read_phones, read_quantity, split_choices, tidy
from node.domain.spreadsheets.mapping import YES_NO, Audience, Choice, ColumnField, Mapping

Value = TypeVar("Value")

#: The mapping's entry for whatever is not among its choices.
ANYTHING_ELSE = "*"


@dataclass(frozen=True)
class Chosen:
    """One thing a row asks for or offers; `text` is what the cell says."""

    kind: Kind
    text: str
    choice: Choice
    is_known: bool = True


@dataclass(frozen=True)
class Answers:
    """The filled cells of one row by field as (header, text), and what the categories are.

    `strange` grows by every cell that is not understood.
    """

    mapping: Mapping
    cells: Readable[ColumnField, tuple[tuple[str, str], ...]]
    own: OwnCategories = AS_SHIPPED
    strange: dict[tuple[str, str], None] = field(default_factory=dict)

    def of(self, name: ColumnField) -> tuple[tuple[str, str], ...]:
        """The filled cells of one field."""
        return self.cells.get(name, ())

    def one(self, name: ColumnField, table: Readable[str, Value], default: Value) -> Value:
        """What the whole cell means, or the default."""
        known = {key(answer): meaning for answer, meaning in table.items()}
        for header, text in self.of(name):
            if key(text) in known:
                return known[key(text)]
            self.note(header, text)
        return default

    def first(self, name: ColumnField, read: Callable[[str], Value | None]) -> Value | None:
        """What the first readable cell says, or None."""
        for header, text in self.of(name):
            value = read(text)
            if value is not None:
                return value
            self.note(header, text)
        return None

    def several(self, name: ColumnField, table: Readable[str, Value]) -> tuple[Value, ...]:
        """What each known choice in the cells means."""
        meanings: list[Value] = []
        for header, text in self.of(name):
            known, unknown = split_choices(text, table)
            meanings += [table[choice] for choice in known]
            self.note(header, *unknown)
        return tuple(meanings)

    def is_yes(self, name: ColumnField) -> bool:
        """Whether the answer means yes; empty means no."""
        return self.one(name, YES_NO | self.mapping.answers, False)

    def note(self, header: str, *texts: str) -> None:
        """Remember what could not be understood."""
        self.strange.update(dict.fromkeys((header, tidy(text)) for text in texts))


def chosen(answers: Answers) -> tuple[Chosen, ...]:
    """Everything the row asks for or offers, each once; a row with only a story counts as one of any kind."""
    mapping = answers.mapping
    kind = answers.one("kind", mapping.kinds, mapping.fixed.kind)
    found = _picked(answers, "needs", Kind.NEED) + _picked(answers, "offers", Kind.OFFER)
    if kind is not None:
        found += _picked(answers, "choices", kind)
    if not found and kind is not None and answers.of("story"):
        found = (Chosen(kind, "", _anything_else(mapping), False),)
    return tuple({(item.kind, key(item.text)): item for item in found}.values())


def _picked(answers: Answers, name: ColumnField, kind: Kind) -> tuple[Chosen, ...]:
    choices = {text: choice for text, choice in answers.mapping.choices.items() if text != ANYTHING_ELSE}
    items: list[Chosen] = []
    for header, text in answers.of(name):
        known, unknown = split_choices(text, choices)
        items += [Chosen(kind, choice, choices[choice]) for choice in known]
        items += [Chosen(kind, piece, _anything_else(answers.mapping), False) for piece in unknown]
        answers.note(header, *unknown)
    return tuple(items)


def _anything_else(mapping: Mapping) -> Choice:
    return mapping.choices.get(ANYTHING_ELSE, Choice(category="other"))


def urgency(answers: Answers) -> Urgency:
    """How soon, in the community's words."""
    return answers.one("urgency", answers.mapping.urgencies, answers.mapping.fixed.urgency)


def area(answers: Answers) -> str:
    """An area of the mapping; anything else somebody typed may be an address, so it stays sealed."""
    known = {name: name for name in answers.mapping.areas.values()} | answers.mapping.areas
    return answers.one("area", known, answers.mapping.fixed.area)


def languages(answers: Answers) -> tuple[str, ...]:
    """Language codes in the order of the answer."""
    found = answers.several("languages", answers.mapping.languages)
    return tuple(dict.fromkeys(code for codes in found for code in codes)) or answers.mapping.fixed.languages


def consent(answers: Answers) -> Consent:
    """What was agreed to: nothing at all where any part of the answer is not understood, or none was given."""
    mapping = answers.mapping
    if "consent" not in mapping.columns.values():
        return _consent(set(mapping.fixed.consent))
    noted = len(answers.strange)
    given = {audience for audiences in answers.several("consent", mapping.consents) for audience in audiences}
    return _consent(given if len(answers.strange) == noted else set())


def consent_words(answers: Answers) -> str:
    """The question and the answer about consent as they stand in the spreadsheet; empty where there is no column."""
    return "; ".join(f"{header}: {tidy(text)}" for header, text in answers.of("consent"))


def _consent(given: set[Audience]) -> Consent:
    return Consent("board" in given, ALL if "peers" in given else (), "public" in given)


def needed_by(answers: Answers) -> date | None:
    """The day by which it is needed."""
    return answers.first("needed_by", lambda text: read_date(text, answers.mapping.file.date_order))


def written_at(answers: Answers) -> datetime | None:
    """When the form was sent in."""
    return answers.first("written_at", lambda text: read_moment(text, answers.mapping.file.date_order))


def quantity(answers: Answers) -> Decimal:
    """How much; 1 where nothing is said."""
    return answers.first("quantity", lambda text: read_quantity(text) or None) or Decimal(1)


def contacts(answers: Answers) -> tuple[Contact, ...]:
    """Every way to reach the person, in the order of the columns."""
    ways = answers.several("contact_by", answers.mapping.methods)
    by_number = tuple(way for way in ways if way in BY_NUMBER) or BY_NUMBER[:1]
    voicemail = answers.is_yes("voicemail")
    numbers = [number for _, text in answers.of("phone") for number in read_phones(text, answers.mapping.file.region)]
    mails = [tidy(text) for _, text in answers.of("email")]
    by_phone = [Contact(way, number, voicemail) for number in numbers for way in dict.fromkeys(by_number)]
    return tuple(by_phone) + tuple(Contact("email", mail) for mail in mails)


def sealed_note(answers: Answers, written: datetime | None) -> SealedNote:
    """Everything about the person, with what was not understood and when it was written at the end of the story.

    Read it last: it holds what the other readings could not use.
    """
    ways = contacts(answers)
    told = [text.strip() for _, text in answers.of("story")]
    told += [f"{header}: {text}" for header, text in answers.strange]
    told += [f"Written on {written:%Y-%m-%d at %H:%M}."] if written else []
    return SealedNote(
        name=", ".join(tidy(text) for _, text in answers.of("name")),
        contact=ways,
        address="\n".join(text.strip() for _, text in answers.of("address")),
        story="\n".join(told),
        arrival="\n".join(text.strip() for _, text in answers.of("arrival")),
    )
