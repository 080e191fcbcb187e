"""What each page owes its reader: room at 320 px, one heading, named controls, places to tap, no axe faults."""

import json
from typing import Any, Literal

import pytest
from playwright.async_api import Page

from tests.browser.checker import axe
from tests.browser.sights import SIGHTS, Sight, Visitors

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

EVERY_PAGE = pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
MANY_TABS = 40
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

#: Asked of the page from outside; with scripts off nothing of it runs by itself.
LOOK = """() => {
  const shown = one => { const box = one.getBoundingClientRect(); return box.width > 1 && box.height > 1; };
  const name = one => (one.outerHTML.split('>')[0] + '>').replace(/\\s+/g, ' ') + one.textContent.trim().slice(0, 40);
  const controls = [...document.querySelectorAll('input:not([type=hidden]):not([hidden]), select, textarea')];
  const tapped = document.querySelectorAll('button, a.button, summary, nav a, .home, .door, .pick, select, textarea, '
    + 'input:not([type=hidden]):not([type=radio]):not([type=checkbox])');
  const page = document.documentElement;
  return {
    width: [page.scrollWidth, page.clientWidth],
    headings: [...document.querySelectorAll('h1')].map(one => one.textContent.trim()),
    lang: page.lang,
    scripts: document.scripts.length,
    unlabelled: controls.filter(one => !one.labels.length || !one.labels[0].textContent.trim()).map(name),
    small: [...tapped].filter(shown).filter(one => one.getBoundingClientRect().height < 44).map(name),
    levels: [...document.querySelectorAll('h1, h2, h3, h4')].filter(shown).map(one => Number(one.tagName[1])),
  };
}"""

FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const around = one.closest('.pick') || one;
  const style = getComputedStyle(around);
  const box = around.getBoundingClientRect();
  return {
    name: one.outerHTML.split('>')[0],
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


@EVERY_PAGE
async def test_it_fits_a_small_telephone(sight: Sight, visitors: Visitors) -> None:
    async with visitors.looking_at(sight) as page:
        found: dict[str, Any] = await page.evaluate(LOOK)
    wide, room = found["width"]
    assert wide <= room, "the page scrolls sideways"
    assert len(found["headings"]) == 1 and found["headings"][0]
    assert found["lang"] == "en"
    assert found["scripts"] == 0
    assert found["unlabelled"] == []
    assert found["small"] == []
    assert found["levels"][0] == 1 or 1 in found["levels"][:2], "the heading comes too late"
    assert all(after - before <= 1 for before, after in zip(found["levels"], found["levels"][1:], strict=False))


@EVERY_PAGE
async def test_the_keyboard_can_be_followed(sight: Sight, visitors: Visitors) -> None:
    async with visitors.looking_at(sight) as page:
        seen = await _tab_through(page)
    assert len(seen) >= 3
    assert 'class="skip"' in seen[0]["name"]
    assert [one["name"] for one in seen if not (one["ring"] and one["inside"])] == []


@EVERY_PAGE
async def test_the_accessibility_checker_finds_nothing(sight: Sight, checkers: Visitors) -> None:
    program = axe()
    async with checkers.looking_at(sight) as page:
        await page.add_script_tag(path=program)
        faults = {scheme: await _faults(page, scheme) for scheme in SCHEMES}
    assert faults == {"light": [], "dark": []}, json.dumps(faults, indent=2)


async def _tab_through(page: Page) -> list[dict[str, Any]]:
    """What has the focus after each of the first Tabs."""
    seen: list[dict[str, Any]] = []
    for _ in range(MANY_TABS):
        await page.keyboard.press("Tab")
        focus = await page.evaluate(FOCUS)
        if focus is None:
            break
        seen.append(focus)
    return seen


async def _faults(page: Page, scheme: Scheme) -> list[str]:
    await page.emulate_media(color_scheme=scheme)
    found = await page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [
        f"{one['id']}: {node['html']} {node['failureSummary']}" for one in found["violations"] for node in one["nodes"]
    ]


async def test_no_two_pages_have_the_same_title(visitors: Visitors) -> None:
    """A reader with several tabs open, or a screen reader's list of windows, tells them apart."""
    places: dict[str, set[str]] = {}
    for sight in SIGHTS:
        async with visitors.looking_at(sight) as page:
            title = await page.title()
            assert title.strip(), sight.name
            places.setdefault(title, set()).add(page.url.partition("?")[0])
    assert {title: where for title, where in places.items() if len(where) > 1} == {}
