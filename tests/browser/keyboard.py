"""Somebody with nothing but the keyboard. On the way to anything, each stop has to be seen, and none may hold them."""

from itertools import pairwise
from typing import Any

from playwright.async_api import Page

MOST_TABS = 150
#: By how much a stop may stand above the one before, in CSS pixels: beside one another, small under large.
BESIDE = 60

#: The focused thing: what it is taken for (its label, or its words), and whether one sees where the focus is.
STOP = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const around = one.closest('.pick') || one;
  const style = getComputedStyle(around);
  const box = around.getBoundingClientRect();
  return {
    name: (one.labels?.length ? one.labels[0] : one).textContent.replace(/\\s+/g, ' ').trim(),
    seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
      && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    top: box.top + scrollY,
    key: [...document.querySelectorAll('*')].indexOf(one),
  };
}"""
#: How many things take the focus by Tab: of choices of one name only one does, and none that is folded away or hidden.
STOPS = """() => {
  const stops = 'a[href], button, input:not([type=hidden]), select, textarea, summary, pre[tabindex="0"]';
  const open = [...document.querySelectorAll(stops)].filter(one => one.checkVisibility());
  const names = open.map(one => one.type === 'radio' ? 'radio ' + (one.form?.action || '') + one.name : one);
  return new Set(names).size;
}"""


async def tab(page: Page) -> dict[str, Any] | None:
    """One step on; None where the page ends. Fails where nobody sees what has the focus."""
    await page.keyboard.press("Tab")
    stop: dict[str, Any] | None = await page.evaluate(STOP)
    assert stop is None or stop["seen"], f"nobody sees the focus on “{stop['name']}” on {await page.title()}"
    return stop


async def reach(page: Page, name: str) -> None:
    """Tab until the thing with this name has the focus."""
    for _ in range(MOST_TABS):
        stop = await tab(page)
        if stop and stop["name"] == name:
            return
    raise AssertionError(f"the keyboard does not reach “{name}” on {await page.title()}")


async def enter(page: Page, name: str) -> None:
    """Reach a link or button and press Enter."""
    await reach(page, name)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def write(page: Page, name: str, text: str) -> None:
    """Reach a field and type."""
    await reach(page, name)
    await page.keyboard.type(text)


async def choose(page: Page, first: str, wanted: str) -> None:
    """Reach a group of choices, which takes the focus at `first`, and go down to the wanted one."""
    await reach(page, first)
    await page.keyboard.press("Space")
    for _ in range(MOST_TABS):
        if (await page.evaluate(STOP))["name"] == wanted:
            return
        await page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrows do not reach “{wanted}”")


async def mend(page: Page, sentence: str, field: str) -> None:
    """What is wrong has the focus when the page comes; its first link says this, and leads to the field of this id."""
    await page.wait_for_selector(".errors:focus")  # the browser gives it a moment after the page is there
    assert await page.evaluate("document.activeElement.matches('.errors')"), await page.title()
    stop = await tab(page)
    assert stop is not None and stop["name"].endswith(f" – {sentence}")
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == field


async def walk_round(page: Page) -> None:
    """From top to bottom through everything that takes the focus, once each and downwards, and out at the end."""
    await page.evaluate("document.activeElement.blur()")
    await page.evaluate("window.getSelection().setBaseAndExtent(document.body, 0, document.body, 0)")
    stops: list[dict[str, Any]] = []
    for _ in range(MOST_TABS):
        stop = await tab(page)
        if stop is None or stop["key"] in {one["key"] for one in stops[:-1]}:
            break
        if not stops or stop["key"] != stops[-1]["key"]:  # a day has several places within one field
            stops.append(stop)
    assert stops[0]["name"] == "Skip to the content"
    above = [after["name"] for before, after in pairwise(stops[1:]) if _is_above(after, before)]
    assert above == [], "the keyboard jumps up the page"
    assert len(stops) == await page.evaluate(STOPS), [one["name"] for one in stops]


def _is_above(after: dict[str, Any], before: dict[str, Any]) -> bool:
    return bool(after["top"] < before["top"] - BESIDE)


async def words_of(page: Page) -> str:
    """Everything the main part says."""
    return " ".join((await page.get_by_role("main").inner_text()).split())
