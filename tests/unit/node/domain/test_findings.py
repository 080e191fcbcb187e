"""What a dispatcher is asked to read once more, in four languages; and what is left in peace."""

import pytest

from node.domain.redaction import Finding, Overlap, Telling, contact_details, doors, findings, links, region_of, streets
from node.domain.redaction.rare_details import ages, only_ones, private_matters, schools


@pytest.mark.parametrize(
    "street",
    [
        "12 Baker St.",
        "12, Rose Terrace",
        "Baker Street",
        "Baker Street 12",
        "Calle Mayor 14",
        "calle de la Luna, 3",
        "C/ Mayor 5",
        "12 rue Haute",
        "14 bis, rue de la Paix",
        "rue de l'Église 4",
        "12 boulevard Voltaire",
        "Plaza España 3",
        "شارع الملك فيصل 12",
        "زقاق الورد 3",
    ],
)
def test_a_street_is_found(street: str) -> None:
    assert streets(f"Please come to {street}.") == (street,)


@pytest.mark.parametrize(
    "door",
    ["flat 3", "Flat 12b", "apt. 4", "apartment 7", "apartamento 5", "piso 3", "puerta 2", "appartement 12",
     "3rd floor", "second floor", "3er étage", "number 14", "door 7a", "شقة 5", "الطابق 3", "N1 7AA", "SW1A 1AA"],
)  # fmt: skip
def test_a_door_is_found(door: str) -> None:
    assert door in " ".join(doors(f"It is {door} there"))


@pytest.mark.parametrize("link", ["https://forms.example/a?b=1", "www.north.example", "north-side.org", "bit.ly/xYz"])
def test_a_link_is_found(link: str) -> None:
    assert links(f"See {link}, please.") == (link,)


@pytest.mark.parametrize("plain", ["me@mail.example", "at 8.30 or so", "e.g. this", "Sizes S.M.L", "done.Thanks"])
def test_other_points_are_no_link(plain: str) -> None:
    assert links(plain) == ()


@pytest.mark.parametrize(
    "age", ["aged 83", "age 4", "83 years old", "83-year-old", "2 months old", "de 4 años", "83 ans", "83 سنة"]
)
def test_an_age_is_found(age: str) -> None:
    assert age in ages(f"For somebody {age} from here")


@pytest.mark.parametrize(
    "word",
    ["diabetic", "Diabetes", "chemotherapy", "pregnant", "wheelchair", "undocumented", "embarazada", "diálisis",
     "depresión", "diabète", "enceinte", "sans-papiers", "سرطان", "حامل", "إيدز"],
)  # fmt: skip
def test_an_illness_or_another_private_matter_is_found(word: str) -> None:
    assert private_matters(f"Somebody {word} here") == (word,)


@pytest.mark.parametrize(
    "words",
    [
        "the only Somali family in Harbour",
        "la única familia siria en el barrio",
        "la seule famille tchadienne dans notre rue",
        "العائلة الوحيدة من حلب في الحي",
    ],
)
def test_the_only_one_is_found(words: str) -> None:
    assert only_ones(f"We are {words}.") != ()


@pytest.mark.parametrize(
    "school", ["Mill Lane Primary School", "St Mary’s School", "colegio San José", "école Jules Ferry", "مدرسة النور"]
)
def test_a_school_is_found(school: str) -> None:
    (found,) = schools(f"near {school} please")
    assert found.endswith(school.split()[-1])


@pytest.mark.parametrize(
    "words",
    [
        "Groceries for two people this week, bread and rice would do.",
        "Winter coats, sizes 116, 128 and 140. Collection is possible.",
        "Pañales talla 3 y leche de fórmula. Dos paquetes bastan.",
        "Quelqu'un pour traduire une lettre mardi matin.",
        "Somebody to walk with me to the school gate, two streets from the market.",
        "Thirty food boxes every Thursday, we have a van with space for 3.",
        "نحتاج معطف شتوي لثلاثة أطفال",
    ],
)
def test_ordinary_notices_are_left_in_peace(words: str) -> None:
    assert findings(words, Overlap()) == ()


def test_what_weighs_most_comes_first_and_each_kind_once() -> None:
    shared = Overlap(names=("Idris",), phrases=("one small room",), words=("oud",))
    text = "Idris, 83 years old, one small room in 12 Mill Road and 14 Mill Road, oud, https://a.example"
    found = findings(text, shared, strange_area="the red house")
    assert [one.about for one in found] == [
        Telling.NAME,
        Telling.PHRASE,
        Telling.STREET,
        Telling.LINK,
        Telling.AREA,
        Telling.AGE,
        Telling.WORD,
    ]
    assert found[2].sentence == "This looks like a street address: 12 Mill Road, 14 Mill Road"


def test_where_nothing_could_be_compared_it_is_said() -> None:
    (found,) = findings("Two coats", None)
    assert found == Finding(Telling.UNCOMPARED)
    assert found.sentence.endswith("nothing was compared with it.")


# C-130
def test_short_numbers_of_the_own_country_are_found_too() -> None:
    assert region_of("+298 301 000") == "FO"
    assert contact_details("Ring 301 000") == ()
    assert contact_details("Ring 301 000 or 302 000", "FO") == ("301 000", "302 000")


@pytest.mark.parametrize("number", ["", "020 7946 0123", "call us", "+"])
def test_a_number_without_its_country_says_nothing_of_one(number: str) -> None:
    assert region_of(number) is None
