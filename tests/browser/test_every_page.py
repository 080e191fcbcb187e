"""What each page owes its reader: room at 320 px, one heading, named controls, places to tap, no axe faults."""

import json
import re
from itertools import pairwise
from typing import Any, Literal

import pytest
from playwright.async_api import Page, ViewportSize

from schemas.fields import Json
from tests.browser.refused import EVERY
from tests.browser.scene import Scene
from tests.browser.sights import SIGHTS, Sight, Visitors

Scheme = Literal["light", "dark"]
DIRECTIONS = {"en": "ltr", "ar": "rtl"}

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

EVERY_PAGE = pytest.mark.parametrize("sight", EVERY, ids=lambda sight: sight.name)
CODE = re.compile(r"([a-z]+-){4}\d{4}")
STANDARDS: list[Json] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: What somebody sees of a wide screen who enlarges it four times (WCAG 2.2, 1.4.10).
ENLARGED = ViewportSize(width=320, height=256)

#: Asked of the page from outside; the only script that our pages bring is a file of their own.
LOOK = """() => {
  const shown = one => { const box = one.getBoundingClientRect(); return box.width > 1 && box.height > 1; };
  const name = one => (one.outerHTML.split('>')[0] + '>').replace(/\\s+/g, ' ') + one.textContent.trim().slice(0, 40);
  const controls = [...document.querySelectorAll('input:not([type=hidden]):not([hidden]), select, textarea')];
  const tapped = document.querySelectorAll('button, a.button, summary, nav a, .home, .door, .pick, select, textarea, '
    + 'input:not([type=hidden]):not([type=radio]):not([type=checkbox])');
  const page = document.documentElement;
  const describes = one => (one?.getAttribute('aria-describedby') || '').split(' ')
    .some(id => id.endsWith('-wrong') && document.getElementById(id));
  return {
    width: [page.scrollWidth, page.clientWidth],
    headings: [...document.querySelectorAll('h1')].map(one => one.textContent.trim()),
    lang: page.lang,
    direction: getComputedStyle(page).direction,
    scripts: [...document.scripts].filter(one => !one.src.startsWith(location.origin + '/static/')).length,
    unlabelled: controls.filter(one => !one.labels.length || !one.labels[0].textContent.trim()).map(name),
    small: [...tapped].filter(shown).filter(one => one.getBoundingClientRect().height < 44).map(name),
    levels: [...document.querySelectorAll('h1, h2, h3, h4')].filter(shown).map(one => Number(one.tagName[1])),
    jumps: [...document.querySelectorAll('[tabindex]')].filter(one => one.tabIndex > 0).map(name),
    wrong: document.querySelectorAll('.errors[role=alert]:focus a').length,
    nameless: [...document.querySelectorAll('.errors a')].filter(one => !one.querySelector('b')).map(name),
    folded: [...document.querySelectorAll('.errors a')].map(one => one.hash.slice(1))
      .filter(id => !document.getElementById(id)?.checkVisibility()),
    untold: [...document.querySelectorAll('.errors a')].map(one => one.hash.slice(1)).filter(id => {
      const field = document.getElementById(id);
      return !field || !(describes(field) || describes(field.closest('fieldset')));
    }),
  };
}"""

#: With more room between letters, words, lines and paragraphs (WCAG 2.2, 1.4.12).
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
  const page = document.documentElement;
  const cut = [...document.querySelectorAll('body *')].filter(one => getComputedStyle(one).overflowX !== 'visible')
    .filter(one => one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1 && !one.matches('textarea, input'));
  const found = {width: [page.scrollWidth, page.clientWidth], cut: cut.map(one => one.outerHTML.slice(0, 80))};
  document.adoptedStyleSheets = [];
  return found;
}"""

#: Everything that takes the focus, one after the other, as the keyboard comes to it.
STOPS = """() => {
  const stops = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  const leave = document.querySelector('.leave');
  const over = leave?.getBoundingClientRect();
  return [...document.querySelectorAll(stops)].flatMap(one => {
    one.focus();
    if (document.activeElement !== one) return [];
    const around = one.closest('.pick') || one;
    const style = getComputedStyle(around);
    const box = around.getBoundingClientRect();
    return [{
      name: one.outerHTML.split('>')[0],
      ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
      inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
      covered: Boolean(over) && one !== leave && box.top >= over.top && box.bottom <= over.bottom
        && box.left >= over.left && box.right <= over.right,
    }];
  });
}"""
FOCUSED = "document.activeElement.outerHTML.split('>')[0]"


@EVERY_PAGE
async def test_it_can_be_used_on_a_small_telephone_by_keyboard_and_by_screen_reader(
    sight: Sight, checkers: Visitors
) -> None:
    """One visit for all of it, light and from left to right, then dark and from right to left.

    Opening a page costs more than looking at it. No colour of ours depends on the direction, so two of the four ways to
    see a page show the contrasts of all.
    """
    async with checkers.looking_at(sight) as page:
        await _look(checkers, page, sight, "light", "en")
        spaced = await page.evaluate(SPACED)
        if not sight.is_once:
            await checkers.read_in("ar", sight, page)
            await page.set_viewport_size(ENLARGED)
            await _look(checkers, page, sight, "dark", "ar")
    assert spaced["width"][0] <= spaced["width"][1], "with room between its letters the page scrolls sideways"
    assert spaced["cut"] == []


async def _look(checkers: Visitors, page: Page, sight: Sight, scheme: Scheme, code: str) -> None:
    await page.emulate_media(color_scheme=scheme)
    if sight.status == 422:
        await page.wait_for_selector(".errors:focus")
    found: dict[str, Any] = await page.evaluate(LOOK)
    assert (found["lang"], found["direction"]) == (code, DIRECTIONS[code])
    _check_looks(found)
    if sight.status == 422:
        assert found["wrong"], "what is wrong leads nowhere"
    _check_stops(await _tab(page), await page.evaluate(STOPS))
    await checkers.let_check(page)
    faults = await _faults(page, {"type": "tag", "values": STANDARDS})
    assert faults == [], json.dumps(faults, indent=2)


def _check_looks(found: dict[str, Any]) -> None:
    wide, room = found["width"]
    assert wide <= room, "the page scrolls sideways"
    assert len(found["headings"]) == 1 and found["headings"][0]
    assert found["scripts"] == 0
    assert found["unlabelled"] == []
    assert found["small"] == []
    assert found["jumps"] == [], "the keyboard leaves the order of the page"
    assert found["untold"] == [], "what is wrong is not said at its field"
    assert found["nameless"] == [], "what is wrong does not say at which field"
    assert found["folded"] == [], "what is wrong is folded away"
    assert 1 in found["levels"][:2], "the heading comes too late"
    assert all(after - before <= 1 for before, after in pairwise(found["levels"])), "a heading level is left out"


def _check_stops(tabbed: str, stops: list[dict[str, Any]]) -> None:
    assert len(stops) >= 3
    assert 'class="skip"' in stops[0]["name"]
    assert tabbed in {one["name"] for one in stops}
    assert [one["name"] for one in stops if not one["ring"] or not one["inside"] or one["covered"]] == []


async def _tab(page: Page) -> str:
    """What the first Tab comes to. From here on the browser shows where the focus is."""
    await page.keyboard.press("Tab")
    name: str = await page.evaluate(FOCUSED)
    return name


async def _faults(page: Page, rules: Json) -> list[str]:
    found = await page.evaluate(
        """async rules => (await axe.run({runOnly: rules, resultTypes: ['violations']})).violations.flatMap(
          one => one.nodes.map(node => `${one.id}: ${node.html} ${node.failureSummary}`))""",
        rules,
    )
    return list(found)


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
    return "/".join("*" if part in scene.ids.values() or CODE.fullmatch(part) else part for part in parts)


async def test_the_checker_sees_a_fault_where_there_is_one(checkers: Visitors) -> None:
    """The proof that a green run means something."""
    async with checkers.looking_at(SIGHTS[0]) as page:
        await checkers.let_check(page)
        await page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=x><input>')")
        await page.add_style_tag(content="@media (prefers-color-scheme: dark) { p { color: #333 !important } }")
        light = await _faults(page, {"type": "tag", "values": STANDARDS})
        await page.emulate_media(color_scheme="dark")
        dark = await _faults(page, {"type": "rule", "values": ["color-contrast"]})
    assert {fault.partition(":")[0] for fault in light} == {"image-alt", "label"}
    assert {fault.partition(":")[0] for fault in dark} == {"color-contrast"}


async def test_the_look_sees_a_fault_where_there_is_one(checkers: Visitors) -> None:
    async with checkers.looking_at(SIGHTS[0]) as page:
        await page.evaluate(
            "document.querySelector('main').insertAdjacentHTML('beforeend', '<h1>a</h1><input><button>')"
        )
        await page.evaluate("document.querySelector('button').style.outline = 'none'")
        await page.evaluate("document.querySelector('main').style.minWidth = '400px'")
        found = await page.evaluate(LOOK)
        stops = await page.evaluate(STOPS)
    assert found["width"][0] > found["width"][1]
    assert len(found["headings"]) == 2
    assert len(found["unlabelled"]) == 1
    (unseen,) = (one["name"] for one in stops if not one["ring"])
    assert unseen.startswith("<button")
