"""A village and the telephones of those who act in it: some with scripts, some without, all in one language."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from playwright.async_api import Browser

from node.domain.members import Role
from node.services import members
from tests.browser.reader import Reader, guest, member
from tests.village import Clock, Village, village

MILL = "Old Mill Mutual Aid"
#: Who has scripts on their telephone, by the language that everybody reads: each has them in one of the two.
SCRIPTED = {"en": {"guest", "helper"}, "ar": {"steward", "dispatcher"}}


@dataclass(frozen=True)
class Town:
    """One village, and a telephone for each who acts there."""

    village: Village
    steward: Reader
    dispatcher: Reader
    helper: Reader
    guest: Reader

    @property
    def readers(self) -> Iterator[Reader]:
        """Everybody."""
        return (value for one in fields(self) if isinstance(value := getattr(self, one.name), Reader))


@asynccontextmanager
async def two_towns(browser: Browser, directory: Path, code: str) -> AsyncIterator[tuple[Town, Town]]:
    """Two villages that have not heard of each other. Fails at the end when a browser complained of a script."""
    clock = Clock()
    async with (
        village("Harbour Lane Neighbours", directory / "harbour", clock) as harbour,
        village(MILL, directory / "mill", clock) as mill,
    ):
        known = len(browser.contexts)
        towns = await _town(browser, harbour, code), await _town(browser, mill, code)
        yield towns
        for context in browser.contexts[known:]:
            await context.close()
        assert [said for town in towns for reader in town.readers for said in reader.complaints] == []


async def _town(browser: Browser, one: Village, code: str) -> Town:
    scripted = SCRIPTED[code]
    sam = await members.add(one.community, "Sam", frozenset({Role.DISPATCHER}))
    cai = await members.add(one.community, "Cai", frozenset({Role.HELPER}))
    return Town(
        one,
        await member(browser, one, one.dispatcher, code, scripts="steward" in scripted),
        await member(browser, one, sam, code, scripts="dispatcher" in scripted),
        await member(browser, one, cai, code, scripts="helper" in scripted),
        await guest(browser, one, code, scripts="guest" in scripted),
    )
