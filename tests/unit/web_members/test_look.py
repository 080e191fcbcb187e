"""How our pages look: a steward chooses, and every page follows."""

import json
import re

from node.domain.look import Accent
from node.services.community import Community, profile
from node.web.accents import PALETTES
from tests.unit.web_members.visitor import Visitor

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
    assert page.location == f"{PATH}?saved" and (await profile(community)).accent == "blue"
    for place in ("/", PATH, "/dispatch", "/offline/en"):
        html = (await steward.get(place)).html
        (sheet,) = re.findall(r'"(/static/accent-[^"]+)"', html)
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
    assert sheet in (await steward.get("/service-worker.js")).html
    assert "Blue" in (await steward.get("/settings")).text
