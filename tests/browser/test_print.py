"""What leaves the printer: the slip with the code on one sheet, and pages without buttons, menus or dark paper."""

import re
from typing import Any

import pytest
from playwright.async_api import Page

from tests.browser.chromium import PHONE
from tests.browser.sights import SIGHTS, Sight, Visitors

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

#: What people print: their own pages, a notice for the board, the queue, a task to take along.
PRINTED = (
    "ask-6-code my-request my-request-slip my-request-everything my-request-erased my-offer public-notice public-all "
    "dispatch-needs need-taken-on task-ours task-details-arrival"
).split()
CODE_PAGES = ("my-request-slip", "ask-6-code", "offer-6-code")
MM = 96 / 25.4

#: Everything that cannot be pressed on paper, and every colour that would cost ink.
ON_PAPER = """() => {
  const shown = one => one.checkVisibility({checkOpacity: true, checkVisibilityCSS: true});
  const luminance = colour => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
    return a === 0 ? 255 : 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const all = [...document.querySelectorAll('body, body *')].filter(shown);
  return {
    pressed: all.filter(one => one.matches('button, .button, nav, .skip, .no-print'))
      .map(one => one.outerHTML.slice(0, 80)),
    dark: all.filter(one => luminance(getComputedStyle(one).backgroundColor) < 200)
      .map(one => one.outerHTML.slice(0, 80)),
    pale: all.filter(one => one.children.length === 0 && one.textContent.trim())
      .filter(one => luminance(getComputedStyle(one).color) > 110).map(one => one.outerHTML.slice(0, 80)),
    words: document.body.innerText,
  };
}"""


def sight(name: str) -> Sight:
    return next(one for one in SIGHTS if one.name == name)


async def on_paper(page: Page) -> dict[str, Any]:
    """The page as it is printed, from a telephone that is set to dark."""
    await page.emulate_media(media="print", color_scheme="dark")
    found: dict[str, Any] = await page.evaluate(ON_PAPER)
    return found


@pytest.mark.parametrize("name", PRINTED)
async def test_pages_print_without_buttons_and_in_black_on_white(name: str, visitors: Visitors) -> None:
    async with visitors.looking_at(sight(name)) as page:
        found = await on_paper(page)
    assert found["pressed"] == []
    assert found["dark"] == []
    assert found["pale"] == []
    if "/dispatch" in page.url:
        assert visitors.scene.north.dispatcher.name not in found["words"], "paper lies about"


async def test_the_slip_is_one_sheet_with_the_code_the_picture_and_the_telephone(visitors: Visitors) -> None:
    async with visitors.looking_at(sight("my-request-slip")) as page:
        found = await on_paper(page)
        code = (await page.locator(".code").inner_text()).strip()
        slip = await page.locator(".paper").bounding_box()
        picture = await page.locator(".qr").bounding_box()
        loaded = await page.locator(".qr").evaluate("one => one.complete && one.naturalWidth > 0")
        sheets = await sheets_of(page)
    assert re.fullmatch(r"[a-z]+-[a-z]+-[a-z]+-[a-z]+-\d{4}", code)
    assert code in found["words"] and "+44 20 7946 0123" in found["words"]
    assert "Winter coats" not in found["words"], "the slip may lie about on a table"
    assert slip is not None and slip["width"] <= 105.5 * MM and slip["height"] <= 148.5 * MM, "a quarter of a sheet"
    assert picture is not None and picture["width"] >= 35 * MM, "large enough for an old telephone's camera"
    assert loaded
    assert sheets == 1


@pytest.mark.parametrize("name", CODE_PAGES)
async def test_no_page_with_a_code_needs_a_second_sheet(name: str, visitors: Visitors) -> None:
    async with visitors.looking_at(sight(name)) as page:
        assert await sheets_of(page) == 1


async def test_on_the_screen_the_same_search_finds_buttons_and_dark_paper(visitors: Visitors) -> None:
    """The proof that a green run means something."""
    async with visitors.looking_at(sight("my-request")) as page:
        await page.emulate_media(media="screen", color_scheme="dark")
        found = await page.evaluate(ON_PAPER)
    assert found["pressed"] and found["dark"] and found["pale"]


async def sheets_of(page: Page) -> int:
    """How many A4 sheets it takes."""
    await page.set_viewport_size(PHONE)
    pdf = await page.pdf(format="A4", prefer_css_page_size=False)
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))
