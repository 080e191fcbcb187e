"""What lets a telephone keep us among its programs says nothing of its reader."""

from importlib import resources
from typing import Any

from node.web.accents import PALETTES, USUAL
from node.web.installing import PAPER


async def test_the_manifest_names_us_in_our_colours(visitor: Any) -> None:
    page = await visitor.open("/")
    (place,) = [found["href"] for tag, found in page.attributes if found.get("rel") == "manifest"]
    async with visitor.client.get(place, headers={"Accept-Language": "ar"}) as answer:
        assert answer.content_type == "application/manifest+json"
        said = await answer.json()
    assert (said["name"], said["lang"], said["dir"], said["scope"]) == ("Linden Street", "ar", "rtl", "/")
    accent = PALETTES[USUAL].light.accent
    css = (resources.files("node.web") / "static" / "manyhands.css").read_text()
    assert (said["theme_color"], said["background_color"]) == (accent, PAPER)
    assert f"--accent: {accent};" in css and f"--paper: {PAPER};" in css
    for icon in said["icons"]:
        async with visitor.client.get(icon["src"]) as answer:
            body = await answer.read()
            assert (answer.status, answer.content_type) == (200, icon["type"])
        if icon["type"] == "image/png":
            size = "x".join(str(int.from_bytes(body[at : at + 4], "big")) for at in (16, 20))
            assert size == icon["sizes"]


async def test_the_page_without_a_connection_is_the_same_for_everybody_who_reads_its_language(visitor: Any) -> None:
    page = await visitor.open("/offline/en")
    assert page.heading == "There is no connection" and "+44 20 7946 0123" in page.html
    assert "script" not in {tag for tag, _ in page.attributes} and 'name="csrf"' not in page.html
    page = await visitor.open("/offline/ar")
    assert ("html", {"lang": "ar", "dir": "rtl"}) in page.attributes
    assert (await visitor.open("/offline/xx")).status == 404


async def test_the_service_worker_is_another_one_when_what_it_keeps_changes(visitor: Any) -> None:
    english = await visitor.open("/service-worker.js?language=en")
    assert english.headers["Content-Type"].startswith("text/javascript")
    assert english.headers["Cache-Control"] == "no-store"
    assert 'const OFFLINE = "/offline/en";' in english.html
    arabic = await visitor.open("/service-worker.js?language=ar")
    assert english.html != arabic.html and 'const OFFLINE = "/offline/ar";' in arabic.html
