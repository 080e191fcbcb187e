"""Lists of others on their page: brought in as a file or as lines, read one by one, and ours to take along."""

from typing import Any

import aiohttp
import pytest

from node.domain.lists import LARGEST_FILE


def _file(steward: Any, body: bytes) -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("csrf", steward.csrf)
    form.add_field("otherwise", "block")
    form.add_field("file", body, filename="blocks.csv", content_type="text/csv")
    return form


async def test_a_file_becomes_suggestions_and_each_is_decided_on(steward: Any) -> None:
    await steward.get("/lists")
    page = await steward._send("POST", "/lists", data=_file(steward, b"shouting.example,Shouts\ntwo words\n"))
    assert "New suggestions: 1." in page.text
    assert "line 2" in page.text
    assert "blocks.csv" in page.text
    again = await steward.post("/lists", list="shouting.example", otherwise="block")
    assert "New suggestions: 0." in again.text
    taken = await steward.post("/lists", list="other.example", otherwise="allow", source="Hill Kitchen")
    assert "Good to meet, they say." in taken.text


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"x" * (LARGEST_FILE + 1), "This file is larger than 200 kB."),
        (b"\xff\xfe\x00", "This file is no text in UTF-8."),
    ],
)
async def test_a_file_that_is_none_is_told_beside_the_field(steward: Any, body: bytes, sentence: str) -> None:
    await steward.get("/lists")
    page = await steward._send("POST", "/lists", data=_file(steward, body))
    assert (page.status, sentence in page.text) == (422, True)


async def test_nothing_typed_is_told_beside_the_field(steward: Any) -> None:
    page = await steward.post("/lists", list="  ", otherwise="block")
    assert (page.status, "Choose a file, or copy its lines into this field." in page.text) == (422, True)


async def test_ours_can_be_taken_along(steward: Any, make_peer: Any) -> None:
    await make_peer("Hill Kitchen")
    for name, words in (
        ("neighbours-and-blocks.json", "hill.example"),
        ("neighbours.csv", "hill.example,Hill Kitchen"),
    ):
        page = await steward.get(f"/lists/{name}")
        assert (page.status, words in page.html) == (200, True)
    assert (await steward.get("/lists/other.csv")).status == 404
