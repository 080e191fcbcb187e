"""A village and the telephones of those who act in it: some with scripts, some without, all in one language."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser

from node.domain.members import Role
from node.services import members
from tests.browser.reader import Reader, guest, member
from tests.village import Clock, Village, village

HARBOUR, MILL = "Harbour Lane Neighbours", "Old Mill Mutual Aid"
#: Who has scripts on their telephone, by the language that everybody reads: each has them in one of the two.
SCRIPTED = {"en": {"guest", "helper"}, "ar": {"steward", "dispatcher"}}


@dataclass(frozen=True)
class Town:
    """One village, and by their role the telephone of each who acts there."""

    village: Village
    phones: dict[str, Reader]

    @property
    def steward(self) -> Reader:
        """Who looks after the community."""
        return self.phones["steward"]

    @property
    def dispatcher(self) -> Reader:
        """Who looks after the queue: Sam."""
        return self.phones["dispatcher"]

    @property
    def helper(self) -> Reader:
        """Who does what there is to do: Cai."""
        return self.phones["helper"]

    @property
    def guest(self) -> Reader:
        """Somebody without an account."""
        return self.phones["guest"]


@asynccontextmanager
async def two_towns(browser: Browser, directory: Path, code: str) -> AsyncIterator[tuple[Town, Town]]:
    """Two villages that have not heard of each other, with everybody in the first and a desk in the second.

    Fails at the end when a browser complained of a script.
    """
    clock = Clock()
    async with (
        village(HARBOUR, directory / "harbour", clock) as harbour,
        village(MILL, directory / "mill", clock) as mill,
    ):
        known = len(browser.contexts)
        here = await _town(browser, harbour, code, ("steward", "dispatcher", "helper", "guest"))
        there = await _town(browser, mill, code, ("steward", "dispatcher"))
        yield here, there
        for context in browser.contexts[known:]:
            await context.close()
        phones = (*here.phones.values(), *there.phones.values())
        assert [said for one in phones for said in one.complaints] == []


async def _town(browser: Browser, one: Village, code: str, roles: tuple[str, ...]) -> Town:
    people = {
        "steward": one.dispatcher,
        "dispatcher": await members.add(one.community, "Sam", frozenset({Role.DISPATCHER})),
        "helper": await members.add(one.community, "Cai", frozenset({Role.HELPER})),
    }
    phones = {}
    for role in roles:
        scripts = role in SCRIPTED[code]
        if role in people:
            phones[role] = await member(browser, one, people[role], code, scripts=scripts)
        else:
            phones[role] = await guest(browser, one, code, scripts=scripts)
    return Town(one, phones)
