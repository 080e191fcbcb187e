"""A community's spreadsheet on the web: chosen, its columns and answers given a meaning, looked at, brought in once."""

import io
import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from node.domain.categories import CategoryChange
from node.domain.notices import Kind
from node.domain.spreadsheets import parse_mapping
from node.services import categories, imports, members, needs
from node.services.community import Community
from node.services.needs import NoticeFilter
from tests.unit.web_members.visitor import Page, Visitor

SAMPLES = Path(__file__).parents[3] / "node" / "samples"
SHEET = (SAMPLES / "needs_and_offers.csv").read_bytes()
FEW = b"".join(SHEET.splitlines(keepends=True)[:6])
MAPPING = (SAMPLES / "needs_and_offers.toml").read_bytes()


async def choose(steward: Any, sheet: bytes, mapping: bytes = b"") -> Page:
    """Send page one."""
    form = aiohttp.FormData()
    form.add_field("csrf", steward.csrf)
    form.add_field("spreadsheet", io.BytesIO(sheet), filename="answers.csv", content_type="text/csv")
    form.add_field("meanings", mapping, filename="mapping.toml" if mapping else "", content_type="text/plain")
    page: Page = await steward._send("POST", "/spreadsheet", data=form)
    return page


async def go_on(steward: Visitor, page: Page, action: str, to: str = "", **chosen: str) -> Page:
    """Press a button of the form that goes to `action`, with other choices than those that are made beforehand."""
    hidden = {name: value for name, value in page.form(f"/spreadsheet/{action}").items() if name != "csrf"}
    return await steward.post(f"/spreadsheet/{to or action}", **{**hidden, **chosen})


def named(page: Page, label: str, kind: str = "") -> str:
    """The field with this label; of several those whose name begins with `kind`."""
    names: list[str] = re.findall(rf'<label for="([^"]+)">(?:<bdi>)?{re.escape(label)}(?:</bdi>)?</label>', page.html)
    return next(name for name in names if name.startswith(kind))


async def stored(community: Community) -> dict[str, tuple[str, str, bool]]:
    """Every notice: what it is about, and whether helpers may know."""
    both = [(await needs.listing(community, NoticeFilter(kind), limit=100)).items for kind in Kind]
    found = (one for items in both for one in items)
    return {one.id: (one.wording.title, one.wording.category, one.consent.board) for one in found}


async def test_from_a_file_to_codes_without_a_mapping_file(community: Community, steward: Visitor) -> None:
    columns = await choose(steward, SHEET)
    assert columns.status == 200
    assert 'value="choices" selected' in columns.html and "Old Mill · Northside · Harbour Steps" in columns.text
    answers = await go_on(steward, columns, "answers")
    assert answers.status == 200 and "Nothing is guessed here" in answers.text
    assert "no column says who may know" not in answers.text
    consent = named(answers, "Helpers here", "consents-")
    assert f'name="{consent}"' in answers.html and not re.search(r'<option value="board[^"]*" selected', answers.html)
    # nobody said what a yes is: nothing comes in that anybody but the dispatchers may know
    assert "Say how days are written" in (await go_on(steward, answers, "preview")).text  # both ways are in the file
    answers = await go_on(steward, answers, "preview", "answers", date_order="month first")
    preview = await go_on(steward, answers, "preview", date_order="month first")
    assert "69 needs and offers would come in." in preview.text and "Nothing is stored yet." in preview.text
    assert "Who may know: Helpers" not in preview.text and "the dispatchers alone" in preview.text
    assert "Row 70 says the same as row 3." in preview.text and "14 Tannery Row" in preview.text
    assert "How did you hear of us?" in preview.text and "rows 9, 31" in preview.text
    assert "Maribel" not in preview.html and "555-0101" not in preview.html
    assert await stored(community) == {}
    # back: what was chosen is kept, on both pages
    bread = named(answers, "Words for sharing, when it is needed", "title-")
    said = {consent: "board", bread: "Bread and such", "date_order": "month first"}
    preview = await go_on(steward, answers, "preview", **said)
    assert "Who may know: Helpers of this community" in preview.text and "Bread and such" in preview.text
    columns = await go_on(steward, preview, "bring-in", "columns")
    answers = await go_on(steward, columns, "answers")
    assert 'value="Bread and such"' in answers.html
    assert re.search(rf'id="{consent}"(?:(?!</select>).)*value="board" selected', answers.html, re.DOTALL)
    # brought in: each with a code, told again for an hour and then no more
    preview = await go_on(steward, answers, "preview", **said)
    done = await go_on(steward, preview, "bring-in")
    kept = await stored(community)
    assert len(kept) == 69 and "Bread and such" in {title for title, _category, _board in kept.values()}
    assert {board for _title, _category, board in kept.values()} == {True, False}  # who said that and nothing else
    codes = re.findall(r"<h2>([a-z-]+-\d+)</h2>", done.html)
    assert len(set(codes)) == 69
    assert (await needs.by_code(community, codes[0])).id in kept
    again = await go_on(steward, preview, "bring-in")
    assert re.findall(r"<h2>([a-z-]+-\d+)</h2>", again.html) == codes
    assert await stored(community) == kept


async def test_codes_are_told_no_more_when_the_hour_is_over(community: Community, steward: Visitor, clock: Any) -> None:
    preview = await choose(steward, FEW, MAPPING)
    assert "Who may know: Helpers of this community, All neighbouring communities, Everyone" in preview.text
    assert "6 needs and offers came in" in (await go_on(steward, preview, "bring-in")).text
    clock.go_on(hours=2)
    preview = await choose(steward, FEW, MAPPING)
    assert "0 needs and offers would come in." in preview.text and "6 are here already" in preview.text
    assert "Bring them in" not in preview.text
    again = await go_on(steward, preview, "bring-in")
    assert "All 6 needs and offers of this file were here before." in again.text
    assert not re.search(r"<h2>[a-z-]+-\d+</h2>", again.html)


async def test_it_is_taken_back_but_for_what_somebody_touched_and_comes_in_with_the_same_codes(
    community: Community, steward: Visitor, dispatcher: Visitor
) -> None:
    preview = await choose(steward, FEW, MAPPING)
    assert "Take back" not in preview.text, "nothing is here yet"
    done = await go_on(steward, preview, "bring-in")
    codes = re.findall(r"<h2>([a-z-]+-\d+)</h2>", done.html)
    touched, untouched = (await needs.by_code(community, codes[0])), (await needs.by_code(community, codes[1]))
    await dispatcher.post(f"/dispatch/{touched.id}/sealed", reason="call")
    kept = await stored(community)
    refused = await go_on(dispatcher, done, "take-back")
    assert (refused.status, "Only a steward can do this." in refused.text) == (403, True)
    assert await stored(community) == kept

    back = await go_on(steward, done, "take-back")
    assert "5 needs and offers are gone again, as if they had never come in." in back.text
    assert touched.wording.title in back.text and f'href="/dispatch/{touched.id}"' in back.html
    assert set(await stored(community)) == {touched.id}
    assert (await dispatcher.get(f"/dispatch/{untouched.id}")).status == 404
    assert "Nothing of this file is here" in (await go_on(steward, done, "take-back")).text, "twice is as good as once"

    preview = await go_on(steward, back, "columns", "preview")
    assert "5 needs and offers would come in. 1 is here already and stays as it is." in preview.text
    assert "Take back what is here already" in preview.text
    again = await go_on(steward, preview, "bring-in")
    assert sorted(re.findall(r"<h2>([a-z-]+-\d+)</h2>", again.html)) == sorted(codes)


async def test_what_was_chosen_is_kept_as_a_file_that_means_the_same(steward: Visitor) -> None:
    """The command line takes it, and says of the sheet what the preview said; with it, it is what it was."""
    preview = await choose(steward, SHEET, MAPPING)
    file = await go_on(steward, preview, "bring-in", "mapping")
    assert file.headers["Content-Disposition"] == 'attachment; filename="mapping.toml"'
    assert imports.read_spreadsheet(SHEET, file.html.encode()) == imports.read_spreadsheet(SHEET, MAPPING)
    kept = parse_mapping(file.html.encode())
    assert (kept.file, kept.choices["*"]) == (parse_mapping(MAPPING).file, parse_mapping(MAPPING).choices["*"])


async def test_a_yes_is_a_yes_only_where_somebody_says_so(community: Community, steward: Visitor) -> None:
    """Whether a message may be left is no guess either; who asks and who offers is asked where no column says it."""
    sheet = b"What is it about?,Phone,May we leave a message?,Date sent\nBread,1,Yes,1/2/2026\nSoup,2,no,3/2/2026\n"
    answers = await go_on(steward, await choose(steward, sheet), "answers")
    assert "no column says who may know" in answers.text
    wrong = await go_on(steward, answers, "preview")
    assert wrong.status == 422
    assert "Say whether the people in this file need something or share something." in wrong.text
    assert "Say how days are written in this file." in wrong.text
    said = {"kind": "need", "date_order": "day first"}
    for chosen, may_leave in ({}, False), ({named(answers, "Yes", "answers-"): "yes"}, True):
        file = await go_on(steward, answers, "preview", "mapping", **{**said, **chosen})
        reading = imports.read_spreadsheet(sheet, file.html.encode())
        assert [one.sealed.contact[0].voicemail_ok for one in reading.drafts] == [may_leave, False]


@pytest.mark.parametrize(
    ("sheet", "sentence"),
    [
        (b"", "Choose a file first."),
        (b"PK\x03\x04" + b"x" * 600_000, "This is a workbook, not CSV."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "cannot be read as text"),
        (b"a,b\n" + b"1,2\n" * 130_000, "larger than 500 kB"),
        (b"a,b\n" + b"1,2\n" * 1001, "more than 1000 rows"),
        (b",".join(b"%d" % number for number in range(101)) + b"\n1\n", "more than 100 columns"),
        (b"a|b|c\n1|2|3\n", "Only one column was found."),
        (b"a,b\n,\n", "every row is blank"),
        (b'a,b\n"never closed\n', "a quotation mark is opened and never closed."),
    ],
)
async def test_a_file_that_cannot_be_read_is_told_beside_the_field(
    steward: Visitor, sheet: bytes, sentence: str
) -> None:
    page = await choose(steward, sheet)
    assert (page.status, sentence in page.text) == (422, True)
    assert 'id="spreadsheet-wrong"' in page.html


async def test_what_the_community_calls_its_categories_is_known(community: Community, steward: Visitor) -> None:
    (amina,) = await members.listing(community)
    await categories.change(community, CategoryChange("tech", "Bits and bytes"), amina)
    sheet = b"What do you need?,Name\nBits and bytes,Alma\nA laptop,Beto\n"
    answers = await go_on(steward, await choose(steward, sheet), "answers")
    assert answers.html.count('<option value="tech" selected>Bits and bytes</option>') == 2
    assert answers.html.count('value="Bits and bytes"') == 2  # words for sharing, where one row alone says it


async def test_a_file_that_no_form_can_carry_is_told_beside_its_field(steward: Visitor) -> None:
    page = await choose(steward, b"a,b\n" + b"1,2\n" * 300_000)
    assert (page.status, 'id="spreadsheet-wrong"' in page.html) == (422, True)
    assert "larger than 500 kB. Split it into smaller ones." in page.text


async def test_what_was_carried_is_not_believed(steward: Visitor) -> None:
    """Forms that no page of ours made end with a sentence; a packed file does not grow beyond what may be sent."""
    columns = await choose(steward, b"What do you need?,Name\nBread,Alma\n")
    file = columns.form("/spreadsheet/answers")["file"]
    for form in (
        {},
        {"file": "?"},
        {"file": "eJwrSS0uAQAEXQHB"},
        {"file": "Zm9vYmFy"},
        {"file": file, "mapping": "eJwrSS0uAQAEXQHB"},
        {"file": file, named(columns, "What do you need?"): "colour"},
        {"file": file, named(columns, "What do you need?"): "ignore"},
    ):
        for step in ("columns", "answers", "preview", "mapping", "bring-in"):
            page = await steward.post(f"/spreadsheet/{step}", **form)
            assert page.status == 422 or (step == "columns" and page.status == 200), (form, step)
    assert (await choose(steward, b"a,b\n1,2\n", b"[columns]\na = 'needs'\nc = 1\n")).status == 422
    assert (await steward.get("/spreadsheet/preview")).location == "/spreadsheet"
