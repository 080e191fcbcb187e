"""What a mapping is begun with: headings and answers in four languages, and never a yes that nobody said."""

from pathlib import Path

import pytest

from node.domain.notices import Kind, Urgency
from node.domain.spreadsheets import parse_mapping, read_sheet
from node.domain.spreadsheets.cells import DateOrder, key
from node.domain.spreadsheets.guesses import (
    guess_category,
    guess_columns,
    guess_date_order,
    guess_field,
    guess_kind,
    guess_language,
    guess_method,
    guess_urgency,
    guess_yes,
)
from node.domain.spreadsheets.vocabularies import answers_in

SAMPLES = Path(__file__).parents[3] / "node" / "samples"
GUESS = {
    "kinds": guess_kind,
    "choices": guess_category,
    "urgencies": guess_urgency,
    "languages": guess_language,
    "methods": guess_method,
}


def test_the_sample_is_guessed_as_somebody_mapped_it_by_hand() -> None:
    """Its columns, its answers with their commas, and what they mean; what people wrote freely means nothing."""
    sheet = read_sheet((SAMPLES / "needs_and_offers.csv").read_bytes())
    mapping = parse_mapping((SAMPLES / "needs_and_offers.toml").read_bytes())
    columns = guess_columns(sheet)
    assert columns == mapping.columns
    by_hand = mapping.model_dump()
    for answer in answers_in(sheet, columns, {}):
        meant = {key(text): meaning for text, meaning in by_hand[answer.table].items()}.get(key(answer.text))
        if answer.table in GUESS:
            wanted = meant["category"] if isinstance(meant, dict) else meant[0] if isinstance(meant, tuple) else meant
            guessed = GUESS[answer.table](answer.text)
            assert guessed == wanted or (wanted is None and len(answer.rows) == 1), answer


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Who may know of this?", "consent"),
        ("¿En qué podemos ayudar? ¿Qué necesita?", "needs"),
        ("Que pouvez-vous proposer ?", "offers"),
        ("Votre prénom", "name"),
        ("Numéro de téléphone", "phone"),
        ("Adresse e-mail", "email"),
        ("Dans quel quartier ?", "area"),
        ("Pour quand ?", "urgency"),
        ("ما اسمك؟", "name"),
        ("رقم الهاتف", "phone"),
        ("في أي منطقة تسكن؟", "area"),
        ("ماذا تحتاج؟", "needs"),
        ("هل هو عاجل؟", "urgency"),
        ("Preferred method of contact", "contact_by"),
        ("How can we help you?", "needs"),
        ("Household: which city or town?", "area"),
        ("Favourite colour", None),
    ],
)
def test_headings_in_four_languages(header: str, field: str | None) -> None:
    assert guess_field(header, ["a", "b"]) == field


def test_what_the_heading_does_not_say_the_cells_do() -> None:
    assert guess_field("Q1", ["I need help", "I can help", "I need help"]) == "kind"
    assert guess_field("Q2", ["alma@mail.example", "beto@mail.example"]) == "email"
    assert guess_field("Q3", ["2026/11/02 8:14:05", "2026/11/03 9:14:05"]) == "written_at"
    assert guess_field("Q4", ["(202) 555-0101", "202.555.0102"]) == "phone"
    assert guess_field("Q5", []) is None


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["2026-11-02", "2026/1/3"], DateOrder.YEAR_FIRST),
        (["11/02/2026", "11/25/2026"], DateOrder.MONTH_FIRST),
        (["02.11.2026", "25.11.2026 10:00"], DateOrder.DAY_FIRST),
        (["02/11/2026"], None),
        (["25/11/2026", "11/25/2026"], None),
        (["soon"], DateOrder.YEAR_FIRST),
    ],
)
def test_days_that_can_be_read_in_two_ways_are_not_guessed(cells: list[str], order: DateOrder | None) -> None:
    assert guess_date_order(cells) == order


def test_answers_in_four_languages() -> None:
    assert guess_kind("Je peux aider") is Kind.OFFER
    assert guess_kind("أحتاج شيئًا") is Kind.NEED
    assert guess_kind("I need help and I can help") is None
    assert guess_urgency("Ce n’est pas urgent") is Urgency.WHENEVER
    assert guess_urgency("عاجل") is Urgency.TODAY
    assert guess_category("حفاضات") == "baby"
    assert guess_category("Aide pour le loyer") == "money"
    assert guess_category("Petition for my street") is None
    assert guess_category("Other: my dog") is None
    assert [guess_yes(one) for one in ("Sí", "non", "لا", "yes!", "yes, but only mornings")] == [
        True, False, False, True, None,
    ]  # fmt: skip


def test_answers_are_told_apart_and_those_that_hold_commas_stay_whole() -> None:
    sheet = read_sheet(
        b'Q\n"Groceries, Diapers (sizes 1, 2 or 3)"\n"Somewhere to stay, or to keep things;groceries"\n'
        b'"Groceries,Pets"\n"Soup, bread and tea\nPets"\n'
    )
    found = answers_in(sheet, {"q": "needs"}, {"choices": ["Soup, bread and tea"]})
    assert {one.text: one.rows for one in found} == {
        "Groceries": (2, 3, 4),
        "Diapers (sizes 1, 2 or 3)": (2,),
        "Somewhere to stay, or to keep things": (3,),
        "Pets": (4, 5),
        "Soup, bread and tea": (5,),
    }
