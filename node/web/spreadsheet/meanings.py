"""What the columns and answers of the file in hand mean: as chosen, else as the mapping file says, else as guessed."""

import hashlib
from collections.abc import Iterable
from collections.abc import Mapping as Readable
from dataclasses import dataclass
from typing import Any

from node.domain.areas import meant
from node.domain.notices import AREA_LIMIT, TITLE_LIMIT
from node.domain.spreadsheets import Mapping, make_mapping
from node.domain.spreadsheets.answers import ANYTHING_ELSE
from node.domain.spreadsheets.cells import DateOrder, key, tidy
from node.domain.spreadsheets.guesses import (
    guess_category,
    guess_columns,
    guess_date_order,
    guess_kind,
    guess_language,
    guess_method,
    guess_urgency,
    guess_yes,
)
from node.domain.spreadsheets.mapping import CHOICE_FIELDS, YES_NO, ColumnField, may_be_title
from node.domain.spreadsheets.vocabularies import TABLE_OF, Answer, Table, answers_in
from node.web.category_words import category_name, every_category, own_categories
from node.web.forms import Reader
from node.web.languages import tell
from node.web.spreadsheet.in_hand import InHand
from node.web.words import _

#: What is asked about one by one; of what stands in more words than this, the rarer count as not listed.
MOST_ANSWERS = 80
EXAMPLES = 3
LONGEST_EXAMPLE = 60
NOBODY = "none"


@dataclass(frozen=True)
class ColumnAsked:
    """One column: the name of its field in the form, its heading, how many rows fill it, and the first of its cells."""

    name: str
    header: str
    filled: int
    examples: tuple[str, ...]
    chosen: str


@dataclass(frozen=True)
class Asked:
    """What the columns are, what is asked about their answers, and how many answers are too rare to be asked about."""

    columns: Readable[str, ColumnField]
    answers: tuple["AnswerAsked", ...]
    left: int


@dataclass(frozen=True)
class AnswerAsked:
    """One answer: the name of its field in the form, and what is chosen for it; titles where it is a choice."""

    name: str
    answer: Answer
    chosen: str
    title: str = ""
    offer_title: str = ""


def columns_asked(hand: InHand) -> tuple[ColumnAsked, ...]:
    """Every column of the file once, in its order."""
    guessed = {} if hand.base else guess_columns(hand.sheet)
    asked: dict[str, ColumnAsked] = {}
    for place, header in enumerate(hand.sheet.header):
        name = f"column-{_mark(header)}"
        field = hand.base.field_of(header) if hand.base else guessed.get(header)
        cells = [tidy(row.cells[place]) for row in hand.sheet.rows if row.cells[place].strip()]
        examples = tuple(map(_shortened, list(dict.fromkeys(cells))[:EXAMPLES]))
        asked.setdefault(name, ColumnAsked(name, header, len(cells), examples, hand.form.text(name, field or "")))
    return tuple(asked.values())


def columns_of(hand: InHand) -> dict[str, ColumnField]:
    """What each column holds; what is left out is missing. Raises Invalid, naming `columns`."""
    read = Reader(hand.form)
    columns: dict[str, Any] = {one.header: one.chosen for one in columns_asked(hand) if one.chosen}
    if not set(columns.values()) & set(CHOICE_FIELDS):
        read.errors["columns"] = _(
            "Choose the column that says what it is about: what they need, or what they can share."
        )
    read.check()
    return make_mapping({"columns": columns, "fixed": {"kind": "need"}}).columns


def asked_of(hand: InHand) -> Asked:
    """Every answer that means something in its column, part by part. Raises Invalid as `columns_of` does."""
    columns = columns_of(hand)
    known = {table: tuple(getattr(hand.base, table)) for table in TABLE_OF.values()} if hand.base else {}
    every = answers_in(hand.sheet, columns, known)
    frequent = _frequent(every)
    return Asked(columns, tuple(_asked(hand, one) for one in frequent), len(every) - len(frequent))


def needs_kind(columns: Readable[str, ColumnField]) -> bool:
    """Whether no column says who asks and who offers."""
    fields = set(columns.values())
    return "choices" in fields and "kind" not in fields


def has_both_kinds(columns: Readable[str, ColumnField]) -> bool:
    """Whether one answer may be asked for in one row and offered in another."""
    fields = set(columns.values())
    return "kind" in fields or {"needs", "offers"} <= fields


def date_order(hand: InHand, columns: Readable[str, ColumnField]) -> str:
    """In which order days are written; empty where nobody knows yet, which is to be asked."""
    days = {header for header, field in columns.items() if field in {"written_at", "needed_by"}}
    places = [place for place, header in enumerate(hand.sheet.header) if header in days]
    guessed = guess_date_order(row.cells[place] for row in hand.sheet.rows for place in places)
    order = hand.base.file.date_order if hand.base else guessed
    return hand.form.text("date_order", order or "")


def mapping_of(hand: InHand) -> Mapping:
    """The mapping that was chosen. Raises Invalid beside the fields that it is about."""
    asked = asked_of(hand)
    columns, read = asked.columns, Reader(hand.form)
    base: dict[str, Any] = hand.base.model_dump() if hand.base else {}
    tables: dict[str, dict[str, object]] = {
        table: _table(base.get(table, {}), table, asked.answers, read) for table in dict.fromkeys(TABLE_OF.values())
    }
    others = {ANYTHING_ELSE: {"category": "other", "title": str(tell(category_name("other")))}}
    tables["choices"] = others | tables["choices"]
    parts: dict[str, Any] = {**base, **tables, "columns": {**_elsewhere(base.get("columns", {}), hand), **columns}}
    parts["file"] = {
        **base.get("file", {}),
        "date_order": read.word("date_order", DateOrder, _order(hand, columns, read)),
    }
    parts["file"] |= {"region": hand.form.text("region", base.get("file", {}).get("region", ""))}
    if needs_kind(columns):
        kind = hand.form.text("kind", base.get("fixed", {}).get("kind") or "")
        parts["fixed"] = {**base.get("fixed", {}), "kind": kind or None}
        if not kind:
            read.errors["kind"] = _("Say whether the people in this file need something or share something.")
    read.check()
    return make_mapping(parts, own_categories())


def _order(hand: InHand, columns: Readable[str, ColumnField], read: Reader) -> DateOrder:
    order = date_order(hand, columns)
    if not order:
        read.errors["date_order"] = _("Say how days are written in this file.")
    return DateOrder(order) if order in set(DateOrder) else DateOrder.YEAR_FIRST


def _elsewhere(columns: Readable[str, str], hand: InHand) -> dict[str, str]:
    """Columns that the mapping file names and this file does not have: another month has them again."""
    here = {key(header) for header in hand.sheet.header}
    return {header: field for header, field in columns.items() if key(header) not in here}


def _table(
    base: Readable[str, object], table: Table, asked: tuple[AnswerAsked, ...], read: Reader
) -> dict[str, object]:
    """A part of the mapping: what was chosen for each answer, and what the mapping file says of others."""
    of_table = [one for one in asked if one.answer.table == table]
    here = {key(one.answer.text) for one in of_table}
    meanings = {one.answer.text: _meaning(one, base, read) for one in of_table}
    kept = {text: meaning for text, meaning in base.items() if key(text) not in here}
    return kept | {text: meaning for text, meaning in meanings.items() if meaning is not None}


def _meaning(asked: AnswerAsked, base: Readable[str, object], read: Reader) -> object:
    """What is chosen for an answer as a mapping says it; None where it stays out of the mapping."""
    chosen, text = asked.chosen, asked.answer.text
    match asked.answer.table:
        case "answers":  # a yes is one only where somebody says so
            known_yes = YES_NO.get(key(text), False)
            return chosen == "yes" if chosen or known_yes else None
        case "consents" if chosen:
            return () if chosen == NOBODY else tuple(chosen.split())
        case "languages" if chosen:
            return tuple(chosen.split())
        case "choices" if chosen:
            before = _found(base, text)
            return {**(before if isinstance(before, dict) else {}), "category": chosen, **_titles(asked, read)}
        case _:
            return chosen or None


def _titles(asked: AnswerAsked, read: Reader) -> dict[str, str]:
    for name, words in ((f"title-{asked.name}", asked.title), (f"offer-{asked.name}", asked.offer_title)):
        if not may_be_title(words):
            read.errors[name] = _("At most %(most)s characters, and no telephone number or e-mail address.") % {
                "most": TITLE_LIMIT
            }
    return {"title": asked.title or str(tell(category_name(asked.chosen))), "offer_title": asked.offer_title}


def _frequent(every: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """The most frequent ones of each part, in their order."""
    kept: set[int] = set()
    for table in dict.fromkeys(one.table for one in every):
        places = [place for place, one in enumerate(every) if one.table == table]
        kept |= set(sorted(places, key=lambda place: -len(every[place].rows))[:MOST_ANSWERS])
    return tuple(one for place, one in enumerate(every) if place in kept)


def _asked(hand: InHand, answer: Answer) -> AnswerAsked:
    name = f"{answer.table}-{_mark(answer.text)}"
    before = _found(getattr(hand.base, answer.table), answer.text) if hand.base else None
    if hand.base and answer.table == "answers" and before is None:
        before = YES_NO.get(key(answer.text))
    chosen = hand.form.text(name, _as_typed(before) if hand.base else _guessed(hand, answer))
    if answer.table != "choices":
        return AnswerAsked(name, answer, chosen)
    title = (before.title or answer.text) if before is not None else _first_title(answer, chosen)
    offer_title = before.offer_title if before is not None else ""
    return AnswerAsked(
        name,
        answer,
        chosen,
        hand.form.text(f"title-{name}", title).strip(),
        hand.form.text(f"offer-{name}", offer_title).strip(),
    )


def _as_typed(meaning: Any) -> str:
    """A meaning of the mapping file as the value of its field."""
    match meaning:
        case None:
            return ""
        case bool():
            return "yes" if meaning else "no"
        case tuple():
            return " ".join(meaning) or NOBODY
        case str():
            return str(meaning)
        case _:
            return str(meaning.category)


def _guessed(hand: InHand, answer: Answer) -> str:
    """What an answer probably means. Nobody's consent is guessed, nor that a message may be left."""
    match answer.table:
        case "kinds":
            return guess_kind(answer.text) or ""
        case "choices":
            named = (code for code, name in every_category() if key(tell(name)) == key(answer.text))
            return next(named, None) or guess_category(answer.text) or ""
        case "areas":
            areas = tuple(area.name for area in hand.areas) or areas_in((answer,))
            said = key(meant(hand.areas, answer.text))
            return next((area for area in areas if key(area) == said), "")
        case "urgencies":
            return guess_urgency(answer.text) or ""
        case "languages":
            return guess_language(answer.text) or ""
        case "methods":
            return guess_method(answer.text) or ""
        case "answers":
            yes = guess_yes(answer.text)
            return "no" if yes is False else "yes" if yes and "voicemail" not in answer.fields else ""
        case _:
            return ""


def areas_in(answers: Iterable[Answer]) -> tuple[str, ...]:
    """What may be a part of town where the community has named none: what several rows say alike."""
    return tuple(
        one.text for one in answers if one.table == "areas" and len(one.rows) > 1 and len(one.text) <= AREA_LIMIT
    )


def _first_title(answer: Answer, chosen: str) -> str:
    """Words for sharing: the answer's own where several rows have it, as only a form's own choices do."""
    if not chosen:
        return ""
    is_of_the_form = len(answer.rows) > 1 and may_be_title(answer.text)
    return answer.text if is_of_the_form else str(tell(category_name(chosen)))


def _found(table: Readable[str, Any], text: str) -> Any:
    return next((meaning for known, meaning in table.items() if key(known) == key(text)), None)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_EXAMPLE else text[: LONGEST_EXAMPLE - 1] + "…"


def _mark(text: str) -> str:
    """What a heading or an answer is called in the form."""
    return hashlib.sha256(key(text).encode()).hexdigest()[:12]
