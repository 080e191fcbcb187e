"""The public notices in a feed reader: what the pages show, and nothing that they do not."""

from collections.abc import AsyncIterator
from pathlib import Path
from xml.etree import ElementTree as Xml

import aiohttp
import pytest

from node.domain.notices import Kind
from node.domain.shares import Level
from node.services import shares
from tests.village import SEALED, Clock, Village, village

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
async def north(tmp_path: Path) -> AsyncIterator[Village]:
    async with village("North & South Side", tmp_path, Clock()) as one:
        yield one


async def fetch(north: Village, name: str, **headers: str) -> tuple[aiohttp.ClientResponse, str]:
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(f"{north.url}/feeds/{name}.atom") as answer,
    ):
        return answer, await answer.text()


def titles(feed: str) -> list[str]:
    return [title.text or "" for title in Xml.fromstring(feed).findall("a:entry/a:title", ATOM)]


async def test_needs_and_offers_each_have_a_feed_of_what_is_open_to_everyone(north: Village) -> None:
    coats = await north.share(await north.ask("Coats <4> & hats", text="Any \ufffecolour.", languages=("en",)))
    await north.share(await north.ask("Rides", kind=Kind.OFFER, category="transport"))
    await north.share(await north.ask("For neighbours"), Level.PEERS)
    await north.ask("For nobody else")
    answer, needs = await fetch(north, "needs")
    assert (answer.status, answer.content_type) == (200, "application/atom+xml")
    assert titles(needs) == ["Coats <4> & hats"]
    assert titles((await fetch(north, "offers"))[1]) == ["Rides"]
    entry = Xml.fromstring(needs).find("a:entry", ATOM)
    assert entry is not None
    assert entry.findtext("a:id", "", ATOM) == coats.object_id
    assert entry.findtext("a:summary", "", ATOM) == "Any colour.\n\nNorth Side"
    link = entry.find("a:link", ATOM)
    assert link is not None and link.get("href", "").startswith(f"{north.url}/p/")
    assert not [word for word in (SEALED.name, SEALED.address, SEALED.contact[0].value) if word in needs]


async def test_a_reader_that_has_it_is_told_so_until_something_is_taken_back(north: Village) -> None:
    share = await north.share(await north.ask())
    answer, _ = await fetch(north, "needs")
    tag = answer.headers["ETag"]
    assert (await fetch(north, "needs", **{"If-None-Match": tag}))[0].status == 304
    await shares.withdraw(north.community, share.id, north.dispatcher)
    answer, feed = await fetch(north, "needs", **{"If-None-Match": tag})
    assert (answer.status, titles(feed)) == (200, [])
