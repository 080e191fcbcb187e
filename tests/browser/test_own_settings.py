"""What readers set for themselves is kept to: their own colours, nothing that moves, and pages that come quickly."""

import gzip
import re
from itertools import chain
from typing import Any
from urllib.parse import urljoin

import aiohttp
import pytest
from playwright.async_api import Page

from node.web.static_files import load_static_files
from tests.browser.scene import Scene
from tests.browser.sights import SIGHTS, Visitors

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

#: Between them they hold every part that the stylesheet knows.
PARTS = (
    "welcome ask-2-reach ask-1-what-errors my-request dispatch-needs need-with-helpers share-preview network".split()
)
#: What the first page may weigh with everything that belongs to it, as it comes over the line, in bytes.
MOST = 30_000

#: In colours that the reader chose, nothing may be said by ours alone.
TOLD_APART = """() => {
  const shown = one => one.checkVisibility();
  const here = [...document.querySelectorAll('[aria-current]')].filter(shown);
  const buttons = [...document.querySelectorAll('button:not(.change), a.button, .door, .errors, .card')].filter(shown);
  const style = one => getComputedStyle(one);
  return {
    here: here.filter(one => [...one.closest('ul').querySelectorAll('a:not([aria-current])')]
      .some(other => style(other).borderBottomColor === style(one).borderBottomColor)).map(one => one.outerHTML),
    flat: buttons.filter(one => style(one).borderTopStyle === 'none' || parseFloat(style(one).borderTopWidth) < 1)
      .map(one => one.outerHTML.slice(0, 80)),
  };
}"""


#: Where parts of a text begin on the screen, from the left.
LEFT_OF = """(one, parts) => parts.map(([from, to]) => {
  const range = document.createRange();
  range.setStart(one.firstChild, from);
  range.setEnd(one.firstChild, to);
  return range.getBoundingClientRect().left;
})"""


async def test_in_the_reader_s_own_colours_everything_is_still_told_apart(checkers: Visitors) -> None:
    found: dict[str, Any] = {}
    for name in PARTS:
        async with checkers.looking_at(next(one for one in SIGHTS if one.name == name)) as page:
            await page.emulate_media(forced_colors="active")
            found[name] = await page.evaluate(TOLD_APART) | {"contrast": await _contrasts(checkers, page)}
            await page.emulate_media(forced_colors="null")
    assert {name: seen for name, seen in found.items() if any(seen.values())} == {}


async def _contrasts(checkers: Visitors, page: Page) -> list[str]:
    await checkers.let_check(page)
    found = await page.evaluate(
        "async () => (await axe.run({runOnly: ['color-contrast']})).violations.flatMap(one => one.nodes)"
    )
    return [f"{node['html']} {node['failureSummary']}" for node in found]


async def test_what_people_typed_runs_as_it_begins_on_a_page_from_right_to_left(visitors: Visitors) -> None:
    """A house's number stays before its street."""
    sight = next(one for one in SIGHTS if one.name == "resource-old")
    async with visitors.looking_at(sight) as page:
        await visitors.read_in("ar", sight, page)
        words = page.locator("dd", has_text="Mill Lane")
        number, street = await words.evaluate(LEFT_OF, [[0, 1], [2, 6]])
    assert number < street


async def test_nothing_moves_by_itself() -> None:
    """Whoever asks for less motion has nothing to lose: there is none."""
    files = load_static_files()
    sheets = "".join(one.content.decode() for name, one in files.items() if name.endswith((".css", ".svg")))
    assert re.findall(r"animation|transition|scroll-behavior|@keyframes|<animate|<marquee", sheets) == []


async def test_the_first_page_with_all_that_belongs_to_it_is_small(scene: Scene) -> None:
    weights = {}
    async with aiohttp.ClientSession(auto_decompress=False, headers={"Accept-Encoding": "gzip"}) as client:
        page = await _weigh(client, f"{scene.north.url}/", weights)
        for path in set(re.findall(r'<(?:link|img|script)\b[^>]*\b(?:href|src)="([^"]+)"', page)):
            await _weigh(client, urljoin(scene.north.url, path), weights)
    assert len(weights) >= 3
    assert sum(weights.values()) < MOST, weights


async def _weigh(client: aiohttp.ClientSession, url: str, weights: dict[str, int]) -> str:
    async with client.get(url) as answer:
        body = await answer.read()
        weights[url] = len(body) + len("".join(chain.from_iterable(answer.headers.items())))
        assert answer.status == 200
    return (gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body).decode(
        errors="replace"
    )
