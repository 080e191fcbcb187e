"""Mapping files: what they may say, and one sentence naming the place where they are wrong."""

import pytest

from node.domain.notices import Kind
from node.domain.spreadsheets import MappingWrong, parse_mapping

COLUMNS = '[columns]\n"What?" = "needs"\n'


def test_headers_are_compared_as_people_read_them() -> None:
    mapping = parse_mapping('[columns]\n"¿Qué  necesitas?" = "needs"\n'.encode())

    assert mapping.field_of(" ¿qué necesitas? ") == "needs"
    assert mapping.field_of("Name") is None


def test_a_choice_may_be_only_its_category() -> None:
    mapping = parse_mapping((COLUMNS + '[choices]\n"Bread" = "groceries"\n').encode())

    assert mapping.choices["Bread"].category == "groceries"


def test_what_holds_for_every_row() -> None:
    mapping = parse_mapping(b'[fixed]\nkind = "offer"\nlanguages = "es"\n[columns]\n"What?" = "choices"\n')

    assert (mapping.fixed.kind, mapping.fixed.languages) == (Kind.OFFER, ("es",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[columns", "not written as TOML"),
        ("", "columns: this part is missing"),
        ('[columns]\n"Name" = "name"\n', "no column as choices, needs or offers"),
        ('[columns]\n"What?" = "choices"\n', "no kind"),
        ('[columns]\n"What?" = "surname"\n', r"columns.What\?"),
        (COLUMNS + '[choices]\n"Bread" = "food"\n', "choices.Bread.category: “food” is not a category"),
        (COLUMNS + '[choices]\n"Bread" = {category = "groceries", title = "ring 202-555-0101"}\n', "title"),
        (COLUMNS + '[urgencies]\n"Now" = "now"\n', "urgencies.Now"),
        (COLUMNS + '[consents]\n"Yes" = ["world"]\n', "consents.Yes"),
        (COLUMNS + '[methods]\n"Pigeon" = "pigeon"\n', "methods.Pigeon"),
        (COLUMNS + '[file]\nregion = "Atlantis"\n', "file.region"),
        (COLUMNS + '[file]\ndate_order = "d/m/y"\n', "file.date_order"),
        (COLUMNS + '[file]\nencoding = "klingon"\n', "file.encoding"),
        (COLUMNS + "[colour]\nname = 1\n", "colour: there is no such setting"),
    ],
)
def test_a_wrong_mapping_names_the_place(text: str, said: str) -> None:
    with pytest.raises(MappingWrong, match=said) as wrong:
        parse_mapping(text.encode())
    assert "\n" not in wrong.value.message
    assert wrong.value.message.endswith(".")


def test_a_mapping_that_is_not_utf_8_is_told() -> None:
    with pytest.raises(MappingWrong, match="UTF-8"):
        parse_mapping("[columns]\n\"Qué\" = 'needs'".encode("cp1252"))
