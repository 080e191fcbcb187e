"""What each page owes its reader: room at 320 px, one heading, named controls, places to tap, no axe faults."""

import json
from itertools import pairwise
from typing import Any, Literal

import pytest
from playwright.async_api import Page

from schemas.fields import Json
from tests.browser.checker import axe
from tests.browser.scene import Scene
from tests.browser.sights import SIGHTS, Sight, Visitors

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

EVERY_PAGE = pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)
Scheme = Literal["light", "dark"]
MANY_TABS = 25
STANDARDS: list[Json] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

#: Asked of the page from outside; the only script that our pages bring is a file of their own.
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
    scripts: [...document.scripts].filter(one => !one.src.startsWith(location.origin + '/static/')).length,
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
async def test_it_can_be_used_on_a_small_telephone_by_keyboard_and_by_screen_reader(
    sight: Sight, checkers: Visitors
) -> None:
    """One visit for all of it: opening a page costs more than looking at it."""
    async with checkers.looking_at(sight) as page:
        found: dict[str, Any] = await page.evaluate(LOOK)
        stops = await _tab_through(page)
        await page.add_script_tag(path=axe())
        faults = {
            "light": await _faults(page, "light", {"type": "tag", "values": STANDARDS}),
            "dark": await _faults(page, "dark", {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}),
        }
    _check_looks(found)
    assert len(stops) >= 3
    assert 'class="skip"' in stops[0]["name"]
    assert [one["name"] for one in stops if not (one["ring"] and one["inside"])] == []
    assert faults == {"light": [], "dark": []}, json.dumps(faults, indent=2)


def _check_looks(found: dict[str, Any]) -> None:
    wide, room = found["width"]
    assert wide <= room, "the page scrolls sideways"
    assert len(found["headings"]) == 1 and found["headings"][0]
    assert found["lang"] == "en"
    assert found["scripts"] == 0
    assert found["unlabelled"] == []
    assert found["small"] == []
    assert 1 in found["levels"][:2], "the heading comes too late"
    assert all(after - before <= 1 for before, after in pairwise(found["levels"])), "a heading level is left out"


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


async def _faults(page: Page, scheme: Scheme, rules: Json) -> list[str]:
    await page.emulate_media(color_scheme=scheme)
    found = await page.evaluate("rules => axe.run({runOnly: rules})", rules)
    return [
        f"{one['id']}: {node['html']} {node['failureSummary']}" for one in found["violations"] for node in one["nodes"]
    ]


async def test_no_two_kinds_of_page_have_the_same_title(checkers: Visitors, scene: Scene) -> None:
    """A reader with several tabs open, or a screen reader's list of windows, tells them apart."""
    finished = [sight for sight in SIGHTS if sight.status in {200, 422}]
    for sight in finished:
        if sight.name not in checkers.titles:
            async with checkers.looking_at(sight):
                pass
    kinds: dict[str, set[str]] = {}
    for title, url in (checkers.titles[sight.name] for sight in finished):
        assert title.strip()
        kinds.setdefault(title, set()).add(_kind(url, scene))
    assert {title: found for title, found in kinds.items() if len(found) > 1} == {}


def _kind(url: str, scene: Scene) -> str:
    """An address without what differs between two pages of one kind."""
    parts = url.partition("?")[0].split("/")[2:]
    return "/".join("*" if part in scene.ids.values() else part for part in parts)


async def test_the_checker_sees_a_fault_where_there_is_one(checkers: Visitors) -> None:
    """The proof that a green run means something."""
    program = axe()
    async with checkers.looking_at(SIGHTS[0]) as page:
        await page.add_script_tag(path=program)
        await page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=x><input>')")
        await page.add_style_tag(content="@media (prefers-color-scheme: dark) { p { color: #333 !important } }")
        light = await _faults(page, "light", {"type": "tag", "values": STANDARDS})
        dark = await _faults(page, "dark", {"type": "rule", "values": ["color-contrast"]})
    assert {fault.partition(":")[0] for fault in light} == {"image-alt", "label"}
    assert {fault.partition(":")[0] for fault in dark} == {"color-contrast"}


async def test_the_look_sees_a_fault_where_there_is_one(checkers: Visitors) -> None:
    async with checkers.looking_at(SIGHTS[0]) as page:
        await page.evaluate(
            "document.querySelector('main').insertAdjacentHTML('beforeend', '<h1>a</h1><input><button>')"
        )
        await page.evaluate("document.querySelector('main').style.minWidth = '400px'")
        found = await page.evaluate(LOOK)
    assert found["width"][0] > found["width"][1]
    assert len(found["headings"]) == 2
    assert len(found["unlabelled"]) == 1
