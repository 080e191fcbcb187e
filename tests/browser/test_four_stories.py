"""The four stories, from start to end as each role, in English and in Arabic, with scripts and without.

A community begins, another brings its spreadsheet, and they link; somebody asks and a helper of theirs does it, and
when they ask again, an offer fits; a dispatcher takes a telephone call; what was told there is shared, asked about,
promised, brought home by silence, promised again, met by the neighbours, and gone afterwards. At the end the
community rests, and is sealed.

There are two walks, not four. In the first everybody reads English, and guests and helpers have scripts on their
telephones; in the second everybody reads Arabic, and dispatchers and stewards have them. So whoever acts in a story
acts in it in both languages, with scripts and without. A fault that shows in one of the four ways alone would have to
need a language and a script together. The script holds no sentence: what it shows stands in the page already, in the
reader's language (ADR 0059), and no address, field or button depends on the language. And where telephones differ as
they do here, as in life, what one sends without scripts is read by another who has them.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.asking_walks import (
    a_dispatcher_takes_a_call,
    somebody_asks_and_a_helper_comes,
    two_are_brought_together,
)
from tests.browser.community_walks import (
    a_community_begins,
    a_community_joins,
    a_spreadsheet_is_brought_in,
    it_rests_pauses_and_seals,
)
from tests.browser.sharing_walks import it_is_shared, the_neighbours_meet_it
from tests.browser.town import SCRIPTED, Town, two_towns

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session", params=sorted(SCRIPTED))
async def towns(request: pytest.FixtureRequest, tmp_path: Path, browser: Browser) -> AsyncIterator[tuple[Town, Town]]:
    """Two villages that have not heard of each other, all of whose people read one language."""
    async with two_towns(browser, tmp_path, request.param) as both:
        yield both


async def test_the_four_stories(towns: tuple[Town, Town]) -> None:
    harbour, mill = towns
    await a_community_begins(harbour)
    await a_spreadsheet_is_brought_in(mill)
    await a_community_joins(mill, harbour)
    code = await somebody_asks_and_a_helper_comes(harbour)
    await two_are_brought_together(harbour, code)
    code = await a_dispatcher_takes_a_call(harbour)
    await it_is_shared(harbour, mill)
    await the_neighbours_meet_it(harbour, mill, code)
    await it_rests_pauses_and_seals(harbour, mill, code)
