"""From rows to needs and offers: two envelopes, nothing lost, nothing told that was not agreed to."""

from decimal import Decimal

import pytest

from node.domain.consent import ALL, Consent
from node.domain.notices import Kind, Urgency
from node.domain.sealed import Contact
from node.domain.spreadsheets import Draft, Reading, SpreadsheetWrong, parse_mapping, read_drafts, read_sheet

HEADER = "When,Kind,What,Urgency,By,Many,Area,Name,Phone,Mail,How,Voicemail,Story,Place,Languages,Consent,Other person"
MAPPING = b"""
[file]
date_order = "day first"
region = "US"
[columns]
When = "written_at"
Kind = "kind"
What = "choices"
Urgency = "urgency"
By = "needed_by"
Many = "quantity"
Area = "area"
Name = "name"
Phone = "phone"
Mail = "email"
How = "contact_by"
Voicemail = "voicemail"
Story = "story"
Place = "address"
Languages = "languages"
Consent = "consent"
"Other person" = "for_someone_else"
[kinds]
Need = "need"
Offer = "offer"
[choices]
Bread = { category = "groceries", title = "Bread for a household", offer_title = "Bread to share" }
"Coats, warm" = "goods"
[urgencies]
Now = "today, or unsafe"
[consents]
Helpers = ["board"]
Neighbours = ["peers"]
Everyone = ["public"]
[areas]
North = "Northside"
[languages]
English = "en"
Both = ["es", "en"]
[methods]
Text = "text"
Mail = "email"
"""


def reading(*rows: str, mapping: bytes = MAPPING, header: str = HEADER) -> Reading:
    return read_drafts(read_sheet("\n".join([header, *rows]).encode()), parse_mapping(mapping))


def row(**cells: str) -> str:
    filled = {"When": "5/11/2026 10:00", "Kind": "Need", "What": "Bread", "Name": "Alma", **cells}
    return ",".join(f'"{filled.get(name.replace(" ", "_"), "")}"' for name in HEADER.split(","))


def only(found: Reading) -> Draft:
    assert len(found.drafts) == 1
    return found.drafts[0]


def test_a_row_becomes_two_envelopes() -> None:
    draft = only(
        reading(
            row(
                Urgency="Now",
                By="30/11/2026",
                Many="2 loaves",
                Area="north",
                Phone="(202) 555-0101",
                How="Text",
                Voicemail="yes",
                Story="For the three of us.",
                Place="the blue door",
                Languages="Both",
                Consent="Helpers, Neighbours",
                Other_person="Yes",
            )
        )
    )

    wording = draft.wording
    assert (wording.title, wording.category, wording.text) == ("Bread for a household", "groceries", "")
    assert (wording.urgency, str(wording.needed_by), wording.quantity) == (Urgency.TODAY, "2026-11-30", Decimal(2))
    assert (wording.area, wording.languages) == ("Northside", ("es", "en"))
    assert draft.consent == Consent(board=True, peers=ALL, public=False)
    assert draft.for_someone_else
    assert draft.sealed.name == "Alma"
    assert draft.sealed.contact == (Contact("text", "+1 202-555-0101", True),)
    assert draft.sealed.address == "the blue door"
    assert draft.sealed.story == "For the three of us.\nWritten on 2026-11-05 at 10:00."


def test_nothing_typed_freely_reaches_the_words_for_sharing() -> None:
    private = "Alma Secret 202-555-0101"
    found = reading(
        row(What=f"Bread, {private}", Urgency=private, Many=private, Area=private, Story=private, Languages=private)
    )

    assert len(found.drafts) == 2
    for draft in found.drafts:
        assert "Secret" not in repr(draft.wording)
        assert "Secret" in draft.sealed.story


def test_several_choices_are_several_notices_and_an_amount_beside_them_is_only_told() -> None:
    found = reading(row(Kind="Offer", What="Coats, warm, Bread", Many="3"))

    assert [draft.wording.title for draft in found.drafts] == ["Coats, warm", "Bread to share"]
    assert {draft.wording.quantity for draft in found.drafts} == {Decimal(1)}
    assert len({draft.form_id for draft in found.drafts}) == 2
    assert "Many: 3" in found.drafts[0].sealed.story


def test_an_unknown_choice_is_kept_as_something_else_and_listed() -> None:
    found = reading(row(What="Other: a ladder, or two"))

    assert (only(found).wording.title, only(found).wording.category) == ("Something else", "other")
    assert only(found).sealed.story.startswith("What: Other: a ladder, or two")
    assert [(cell.column, cell.text, cell.rows) for cell in found.unmapped] == [
        ("What", "Other: a ladder, or two", (2,))
    ]


def test_a_row_with_only_a_story_is_not_lost() -> None:
    assert only(reading(row(What="", Story="I do not know what to call it"))).wording.category == "other"


@pytest.mark.parametrize(
    ("answer", "consent"),
    [
        ("", Consent()),
        ("Helpers", Consent(board=True)),
        ("Helpers, Neighbours, Everyone", Consent(True, ALL, True)),
        ("Neighbours, but not the landlord", Consent()),  # an answer with a condition is no consent
        ("whatever you think", Consent()),
    ],
)
def test_consent_is_never_read_into_an_answer(answer: str, consent: Consent) -> None:
    assert only(reading(row(Consent=answer))).consent == consent


def test_every_unmapped_cell_and_column_is_listed_with_its_rows() -> None:
    found = reading(
        row(Urgency="soonish") + ",seen",
        row(Urgency="soonish", Name="Beto", By="11/30/2026") + ",",
        row(Name="Chela") + ",seen",
        header=HEADER + ",Office use",
    )

    assert [(cell.column, cell.text, cell.rows) for cell in found.unmapped] == [
        ("Urgency", "soonish", (2, 3)),
        ("By", "11/30/2026", (3,)),
    ]
    assert [(column.column, column.rows) for column in found.unmapped_columns] == [("Office use", (2, 4))]


def test_a_column_of_the_mapping_that_the_file_lacks_is_told() -> None:
    assert "Phone" in reading("Need,Bread", header="Kind,What").missing_columns


def test_blank_and_repeated_rows_are_told() -> None:
    found = reading(row(), "," * 16, row(When="5/11/2026 10:04"), row(When="6/11/2026 10:00"), row(Name="alma "))

    assert found.blank == (3,)
    assert found.repeated == ((4, 2), (6, 2))  # sent twice on one day; asked again on the next day is another need
    assert [draft.row for draft in found.drafts] == [2, 5]


def test_two_people_without_a_name_or_contact_are_not_taken_for_one() -> None:
    assert len(reading(row(Name=""), row(Name="", When="5/11/2026 10:01")).drafts) == 2


def test_a_row_that_cannot_be_understood_is_refused_alone() -> None:
    found = reading(row(Kind="Maybe"), row(Name="Beto"), row(Name="x" * 5000))

    assert [refused.row for refused in found.refused] == [2, 4]
    assert [draft.row for draft in found.drafts] == [3]


def test_needs_and_offers_in_columns_of_their_own() -> None:
    mapping = b'[columns]\nN = "needs"\nO = "offers"\n[choices]\nBread = "groceries"\nLifts = "transport"\n'

    found = reading("Bread,Lifts", mapping=mapping, header="N,O")

    assert [(draft.kind, draft.wording.title) for draft in found.drafts] == [
        (Kind.NEED, "Bread"),
        (Kind.OFFER, "Lifts"),
    ]


def test_the_same_row_always_has_the_same_form_id_whatever_else_the_sheet_holds() -> None:
    first = only(reading(row()))
    again = reading(row(Name="Beto"), row()).drafts[1]

    assert first.form_id == again.form_id
    assert first.form_id != reading(row(Story="more")).drafts[0].form_id


def test_a_file_without_any_column_that_says_what_it_is_about_is_refused() -> None:
    with pytest.raises(SpreadsheetWrong, match="names none of the columns"):
        reading("Alma", header="Name")
