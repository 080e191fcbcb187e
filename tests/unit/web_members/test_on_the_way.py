"""Forms that take their time, and forms with far too much in them: what is allowed is asked when all of it is there."""

import asyncio
import io
import tracemalloc
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from node.domain.members import Role
from node.domain.pictures import LARGEST
from node.services import members, membership
from node.services.community import Community, profile
from node.services.imports import LARGEST_FILE, LARGEST_MAPPING
from node.web import forms, sent_parts
from node.web.lists import LARGEST_FILE as LARGEST_LIST
from tests.unit.web_members.visitor import Page, Visitor

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


async def slowly(visitor: Visitor, path: str, body: str, meanwhile: Any) -> str:
    """Send a form's first half, do something, send the rest; the line with the answer's status."""
    server = visitor.client.server
    reader, writer = await asyncio.open_connection(server.host, server.port)
    sent = f"csrf={visitor.csrf}&{body}"
    writer.write(
        (
            f"POST {path} HTTP/1.1\r\nHost: {server.host}\r\nSec-Fetch-Site: same-origin\r\n"
            f"Cookie: manyhands={visitor.cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(sent)}\r\n\r\n{sent[:5]}"
        ).encode()
    )
    await writer.drain()
    await asyncio.sleep(0.2)  # now it is known who is there
    await meanwhile
    writer.write(sent[5:].encode())
    status = (await reader.readline()).decode()
    writer.close()
    return status


async def test_whoever_was_a_steward_when_a_form_began_is_none_when_it_ends(
    community: Community, steward: Visitor
) -> None:
    """Else somebody whose role is taken keeps one form half sent, and takes it back with that."""
    dana = await members.add(community, "Dana", frozenset({Role.STEWARD}))
    (amina,) = [one for one in await members.listing(community) if one.name == "Amina"]
    taken = membership.change_roles(community, amina.id, frozenset({Role.HELPER}), dana)
    assert " 403 " in await slowly(steward, f"/people/{amina.id}/roles", "roles=steward", taken)
    assert not (await membership.get(community, amina.id, dana)).is_steward
    gone = membership.end(community, amina.id, dana)
    assert " 401 " in await slowly(steward, "/account/name", "own_name=Mallory", gone)
    assert [one.name for one in await members.listing(community)] == ["Dana"]


async def test_a_picture_without_end_is_answered_by_its_page(
    community: Community, steward: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "MOST_READ", 1_000_000)
    page = await _send(steward, "/settings/look", "picture", 3_000_000, accent="plum")
    assert page.status == 422 and "at most 100 kB" in page.text and 'value="plum" checked' in page.html
    assert (await profile(community)).accent != "plum"
    page = await _send(steward, "/lists", "file", 3_000_000, source="Elm Street")
    assert page.status == 422 and "larger than 200 kB" in page.text and 'value="Elm Street"' in page.html
    page = await _send(steward, "/spreadsheet", "spreadsheet", 3_000_000)
    assert page.status == 422 and "larger than 500 kB" in page.text
    page = await _send(steward, "/settings/look", "something", 3_000_000, accent="plum")
    assert page.status == 413, "no field of that page"
    assert (await _send(steward, "/settings/community", "picture", 3_000_000, name="Elm Street")).status == 413
    assert (await profile(community)).name == "Linden Street"


async def test_a_guest_sends_no_files_and_nothing_waits_for_their_end(guest: Visitor) -> None:
    page = await _send(guest, "/sign-in", "file", 3_000_000, name="Amina")
    assert page.status == 413


async def test_whatever_is_sent_little_of_it_is_kept(steward: Visitor) -> None:
    assert max(LARGEST_FILE, LARGEST_MAPPING, LARGEST_LIST, LARGEST) < sent_parts.KEPT
    tracemalloc.start()
    try:
        headers = _headers(steward) | {"Content-Type": "multipart/form-data; boundary=b"}
        async with steward.client.post("/settings/look", data=_many_files(steward), headers=headers) as answer:
            assert (answer.status, answer.url.path) == (200, "/settings/look"), "saved"
        assert tracemalloc.get_traced_memory()[1] < 6_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ([("name", "x" * 1_100_000)], 413),
        ([("name", "x")] * 1001, 413),
        ([(f"n{number}", "x" * 200_000) for number in range(6)], 413),
    ],
)
async def test_words_beside_files_have_their_limits(
    steward: Visitor, fields: list[tuple[str, str]], status: int
) -> None:
    form = aiohttp.FormData({"csrf": steward.csrf})
    form.add_fields(*fields)
    form.add_field("picture", b"", filename="")
    assert (await steward._send("POST", "/settings/look", data=form)).status == status


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b",
        b"--b\r\n\r\nx\r\n--b--",
        b'--b\r\nContent-Disposition: form-data; name="csrf"\r\nContent-Type: text/x; charset=no\r\n\r\nx\r\n--b--',
        b'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n\xff\xff\r\n--b--',
        b"--b\r\nContent-Disposition: form-data; " + b"x" * 20_000 + b"\r\n\r\nx\r\n--b--",
        b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--",
    ],
)
async def test_what_is_no_form_ends_with_a_sentence(steward: Visitor, body: bytes) -> None:
    headers = _headers(steward) | {"Content-Type": "multipart/form-data; boundary=b"}
    async with steward.client.post("/settings/look", data=body, headers=headers) as answer:
        assert answer.status in {403, 422} and "<h1>" in await answer.text()


async def _many_files(visitor: Visitor) -> AsyncIterator[bytes]:
    """Sixteen megabytes, piece by piece."""
    yield f'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{visitor.csrf}'.encode()
    for number in range(8):
        yield f'\r\n--b\r\nContent-Disposition: form-data; name="f{number}"; filename="a.png"\r\n\r\n'.encode()
        for _ in range(40):
            yield bytes(50_000)
    yield b"\r\n--b--\r\n"


def _headers(visitor: Visitor) -> dict[str, str]:
    return {"Sec-Fetch-Site": "same-origin", "Cookie": f"manyhands={visitor.cookie}"}


async def _send(visitor: Visitor, path: str, field: str, size: int, **fields: str) -> Page:
    form = aiohttp.FormData({"csrf": visitor.csrf, **fields})
    form.add_field(field, io.BytesIO(bytes(size)), filename="a.png", content_type="image/png")
    return await visitor._send("POST", path, data=form)
