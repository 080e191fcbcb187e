"""How our pages look: a steward chooses a colour and a logo, and every page follows."""

import io
import json
import re
import struct
import zlib
from base64 import b64decode

import aiohttp

from node.domain.look import Accent
from node.services import members, who_we_are
from node.services.community import Community, profile
from node.services.who_we_are import WhoWeAre
from node.storage.exporting import SHEETS
from node.web.accents import PALETTES
from tests.pictures import JPEG
from tests.unit.web_members.visitor import Page, Visitor

PATH = "/settings/look"


async def test_every_page_follows_the_accent_that_a_steward_chooses(
    community: Community, steward: Visitor, dispatcher: Visitor
) -> None:
    assert "/static/accent-" not in (await steward.get("/")).html, "the usual accent needs nothing more"
    page = await steward.get(PATH)
    assert page.html.count('class="swatch"') == len(Accent) and "/static/accents.css?v=" in page.html
    assert (await dispatcher.post(PATH, accent="blue")).status == 403
    page = await steward.post(PATH, accent="#ff00ff")
    assert page.status == 422 and "Choose one of the list." in page.html
    page = await steward.post(PATH, accent="blue")
    assert page.location == f"{PATH}?said=saved" and (await profile(community)).accent == "blue"
    for place in ("/", PATH, "/dispatch", "/offline/en"):
        html = (await steward.get(place)).html
        (sheet,) = re.findall(r'href="(/static/accent-[^"]+)"', html)
        assert html.index("/static/manyhands.css") < html.index(sheet) and "/static/logo-blue.svg?v=" in html
    found = await steward.get(sheet)
    blue = PALETTES[Accent.BLUE]
    assert found.html.count("@media screen") == 2 and "immutable" in found.headers["Cache-Control"]
    assert f"--accent: {blue.light.accent};" in found.html and f"--accent: {blue.dark.accent};" in found.html
    manifest = json.loads((await steward.get("/manifest.webmanifest")).html)
    assert manifest["theme_color"] == blue.light.accent
    assert {re.sub(r"\?.*", "", icon["src"]).endswith(("-blue.png", "-blue.svg")) for icon in manifest["icons"]} == {
        True
    }
    assert "Blue" in (await steward.get("/settings")).text


async def test_a_logo_stands_beside_our_name_until_it_is_taken_off(community: Community, steward: Visitor) -> None:
    page = await _choose(steward, _square(300_000), accent="plum")
    assert page.status == 422 and "The picture has 300 kB; at most 100 kB." in page.text
    assert re.search(r'value="plum" checked', page.html), "what was chosen stays"
    page = await _choose(steward, bytes(12_000_000), accent="plum")
    assert page.status == 422 and "The picture has 12000 kB; at most 100 kB." in page.text, "as telephones make them"
    assert re.search(r'value="plum" checked', page.html)
    assert (await profile(community)).logo is None
    photograph = JPEG[:2] + b"\xff\xe1\x00\x0e" + b"Exif\0\0Amina\0" + JPEG[2:]
    assert (await _choose(steward, photograph, accent="plum")).location == f"{PATH}?said=saved"
    shown = await profile(community)
    assert shown.logo and shown.accent == "plum"
    address = f"/logo/{shown.logo.name}"
    for place in ("/", "/offline/en"):
        assert address in (await steward.get(place)).html, place
    async with steward.client.get(address) as answer:
        assert (await answer.read(), answer.content_type) == (JPEG, "image/jpeg"), "nothing but what is seen"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff" and "immutable" in answer.headers["Cache-Control"]
    async with community.database.reading() as work:
        rows = [row async for row in work.exporting.rows(next(one for one in SHEETS if one.name == "logo"))]
    assert b64decode(rows[0]["content"]) == JPEG
    before = (await steward.get("/")).html
    await who_we_are.change(community, WhoWeAre("Elm Street", "", "UTC"), (await members.listing(community))[0])
    kept, kept_before = [re.findall(r'data-kept="([^"]+)"', html) for html in ((await steward.get("/")).html, before)]
    assert address in kept[0] and kept[0].split()[:-1] == kept_before[0].split()[:-1]
    assert kept != kept_before, "without a connection another name is read"
    assert (await profile(community)).logo == shown.logo, "a new name leaves it"
    manifest = json.loads((await steward.get("/manifest.webmanifest")).html)
    assert "/logo/" not in manifest["icons"][0]["src"], "no square"
    await _choose(steward, _square())
    assert (await steward.get(address)).status == 404
    manifest = json.loads((await steward.get("/manifest.webmanifest")).html)
    assert [icon["sizes"] for icon in manifest["icons"]] == ["192x192"] and "/logo/" in manifest["icons"][0]["src"]
    assert (await steward.post(f"{PATH}/plain")).location == f"{PATH}?said=off"
    async with community.database.reading() as work:
        assert [row async for row in work.exporting.rows(next(one for one in SHEETS if one.name == "logo"))] == []
    assert "/logo/" not in (await steward.get("/")).html and (await profile(community)).accent == "plum"


async def _choose(steward: Visitor, picture: bytes, **fields: str) -> Page:
    form = aiohttp.FormData({"csrf": steward.csrf, **fields})
    form.add_field("picture", io.BytesIO(picture), filename="logo.png", content_type="image/png")
    return await steward._send("POST", PATH, data=form)


def _square(length: int = 0) -> bytes:
    """A square of 192 pixels, with room behind it."""
    head = b"IHDR" + struct.pack(">II5B", 192, 192, 8, 0, 0, 0, 0)
    points = b"IDAT" + zlib.compress(bytes(193) * 192)
    chunks = (
        struct.pack(">I", len(one) - 4) + one + struct.pack(">I", zlib.crc32(one)) for one in (head, points, b"IEND")
    )
    return (b"\x89PNG\r\n\x1a\n" + b"".join(chunks)).ljust(length, b"\0")
