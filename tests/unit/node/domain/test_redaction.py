"""What looks like a way to reach somebody, and what only looks like it from far away."""

import pytest

from node.domain.redaction import contact_details, refusal, streets

NUMBERS = [
    "555-0101",
    "(555) 010-1234",
    "555.010.1234",
    "0301234567",
    "+49 (0)30 123456",
    "+30 2101234567",
    "030 12 34 56 7",
    "06.12.34.56.78",
    "0475-12-34-56",
    "0123-45-67 89",
    "12/34/5678/90",
    "555–010–1234",
    "555 · 010 · 1234",
    "5 5 5 0 1 0 1",
    "٠١٢٣٤٥٦٧",
    "555\u200b010\u200b1234",
    "2026-11-20-5550",
]


# C-130
@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("around", ["{}", "Ring {} after six.", "Tel.{}", "call{}now", "on 20.11.2026 {}", "3,{}"])
def test_a_telephone_number_is_found_wherever_it_stands(number: str, around: str) -> None:
    (found,) = contact_details(around.format(number))
    digits = [character for character in found if character.isdecimal()]
    assert digits == [character for character in number if character.isdecimal()]


# C-130
@pytest.mark.parametrize("address", ["somebody@mail.example", "a.b+c@mail.example", "@north_aid@aid.north.example"])
def test_an_address_with_an_at_sign_is_found(address: str) -> None:
    (found,) = contact_details(f"Write to {address} please")
    assert address.endswith(found)


# C-130
def test_every_piece_is_found() -> None:
    assert contact_details("555-0101 or 555-0102 or me@mail.example") == ("me@mail.example", "555-0101", "555-0102")


def test_what_is_found_is_told_as_it_stands() -> None:
    assert contact_details("يوم ٣١/١٢/٢٠٢٦ اتصل ٠٧٧٠٠ ٩٠٠١٢٣") == ("٠٧٧٠٠ ٩٠٠١٢٣",)


def test_the_communitys_own_line_may_stand_in_any_digits() -> None:
    assert refusal("اتصل ٠٢٠ ٧٩٤٦ ٠٠٠٠", line="020 7946 0000") == ""
    assert refusal("اتصل ٠٢٠ ٧٩٤٦ ٠٠٠١", line="020 7946 0000")


@pytest.mark.parametrize(
    "harmless",
    [
        "2026-11-20",
        "2026-11-20T10:00:00Z",
        "20.11.2026",
        "1.12.26",
        "11/20/2026",
        "20-11-2026",
        "from 2026-11-20 to 2026-12-01",
        "20.11.2026–27.11.2026",
        "1.12.2026-3.12.2026",
        "on 20.11. from 9.00-17.00",
        "20.11.2026 18.00 - 20.00",
        "10:00-12:30",
        "the school year 2026/2027",
        "1.12.2026 4 coats",
        "100000 leaflets",
        "1,000,000 thanks",
        "3 x 2.5 kg",
        "€ 12.50, € 8.30",
        "sizes 116, 128, 140",
        "ages 4, 5, 6, 7, 8, 9, 10",
        "flat 12, 3rd floor",
        "at 8 or @ 8",
        "يوم ٣١/١٢/٢٠٢٦ من ٩:٣٠-١٢:٠٠",
    ],
)
def test_dates_hours_sizes_and_amounts_are_let_through(harmless: str) -> None:
    assert contact_details(harmless) == ()


@pytest.mark.parametrize(
    "street",
    ["12 Baker Street", "12 baker street", "7a Rose Court", "4 Old Mill Lane", "Lindenstraße 5", "Hohlweg 3"],
)
def test_a_street_address_is_found(street: str) -> None:
    assert streets(f"Please come to {street}, second floor.") == (street,)


def test_streets_of_other_languages_are_found() -> None:
    assert streets("calle Mayor, via Roma, rue Haute") == ("calle Mayor", "via Roma", "rue Haute")


@pytest.mark.parametrize(
    "harmless",
    [
        "two streets from the school",
        "2 people need a place",
        "4 coats close to the market",
        "take 2 children on the way",
        "come via the bridge",
        "3 nights and 2 days",
    ],
)
def test_everyday_words_are_no_street(harmless: str) -> None:
    assert streets(harmless) == ()
