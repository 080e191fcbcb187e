"""What lets a telephone keep us among its programs says nothing of its reader."""

from importlib import resources

from node.web.accents import PALETTES, USUAL
from node.web.installing import PAPER
from tests.unit.web.conftest import Visitor


async def test_the_manifest_names_us_in_our_colours(visitor: Visitor) -> None:
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


async def test_the_page_without_a_connection_is_the_same_for_everybody_who_reads_its_language(visitor: Visitor) -> None:
    page = await visitor.open("/offline/en")
    assert page.heading == "There is no connection" and "+44 20 7946 0123" in page.html
    assert "script" not in {tag for tag, _ in page.attributes} and 'name="csrf"' not in page.html
    page = await visitor.open("/offline/ar")
    assert ("html", {"lang": "ar", "dir": "rtl"}) in page.attributes
    assert (await visitor.open("/offline/xx")).status == 404


async def test_one_service_worker_serves_every_language_and_never_takes_over_from_another_at_once(
    visitor: Visitor,
) -> None:
    """Where a newer one took over at once, browsers lost pages that were on their way."""
    english, arabic = [
        await visitor.open("/service-worker.js", headers={"Accept-Language": code}) for code in ("en", "ar")
    ]
    assert english.headers["Content-Type"].startswith("text/javascript")
    assert english.headers["Cache-Control"] == "no-store"
    assert english.html == arabic.html and '"dir":"rtl"' in english.html
    assert "skipWaiting" not in english.html


async def test_a_page_lets_the_device_keep_what_it_wears_and_the_page_without_a_connection(visitor: Visitor) -> None:
    async def kept(code: str) -> list[str]:
        page = await visitor.open("/", headers={"Accept-Language": code})
        (addresses,) = [found["data-kept"] for _, found in page.attributes if "data-kept" in found]
        return [str(address) for address in addresses.split(" ")]

    english, arabic = await kept("en"), await kept("ar")
    assert [one.partition("?v=")[0] for one in english] == [
        "/static/manyhands.css", "/static/manyhands.js", "/static/logo.svg", "/offline/en",
    ]  # fmt: skip
    assert arabic[:-1] == english[:-1] and arabic[-1].startswith("/offline/ar?v=")
    assert {(await visitor.open(address)).status for address in english} == {200}
