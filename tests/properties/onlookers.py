"""Everything that a running community gives to somebody who asks at every address it has, and what it holds."""

import re

from aiohttp import ClientSession

from federation.messages import ACTIVITY_JSON, Request
from federation.signing import Scheme, sign
from node import serving
from node.domain.peers import OwnActor
from node.services import shares
from node.storage.tables import metadata
from tests.village import Village

#: What there is for other servers; all else is for people, who sign nothing.
DOCUMENTS = frozenset({"o", "a", "actors", "agreements", "events", "inbox", ".well-known", "nodeinfo"})


async def all_that(one: Village, reader: Village | None, notices: list[str]) -> bytes:
    """What `one` gives to a reader who signs as its peers actor, or to nobody in particular: every body, joined.

    Nobody in particular also looks at every page. `notices` are the ids of all notices there are.
    """
    known = await _known(one, notices)
    asked = [(url, ACTIVITY_JSON) for url in _addresses(one, known) if _kind(url.removeprefix(one.url)) in DOCUMENTS]
    if reader is None:
        asked += [(url, "text/html") for url in _addresses(one, known)]
    found = []
    async with ClientSession() as session:
        for url, accept in asked:
            headers = {"Accept": accept} | (_signature(reader, url) if reader else {})
            async with session.get(url, headers=headers, allow_redirects=False) as answer:
                found.append(await answer.read())
    return b"\n".join(found)


async def everything_in(one: Village) -> str:
    """Every row of every table."""
    found = []
    async with one.community.database.reading() as work:
        for table in metadata.sorted_tables:
            found += [repr(tuple(row)) for row in await work.connection.exec_driver_sql(f"SELECT * FROM {table.name}")]
    return "\n".join(found)


def _signature(reader: Village, url: str) -> dict[str, str]:
    return sign(Request("GET", url), reader.community.remote.keys[OwnActor.PEERS], Scheme.CAVAGE, reader.clock())


def _addresses(one: Village, known: dict[str, list[str]]) -> list[str]:
    """Every address that answers to a GET, with every id that is known for it."""
    routes = serving.make_app(one.community).router.routes()
    paths = {route.resource.canonical for route in routes if route.resource and route.method in {"GET", "*"}}
    filled = {
        re.sub(r"\{\w+\}", known_id, path) for path in paths for known_id in known.get(_kind(path), known["notices"])
    }
    filled |= {f"/actors/{own}/outbox?page={page}" for own in OwnActor for page in (1, 2)}
    return sorted(f"{one.url}{path}" for path in filled)


async def _known(one: Village, notices: list[str]) -> dict[str, list[str]]:
    """Ids by the first word of the paths they stand in."""
    made = [share for notice in notices for share in await shares.shares_of(one.community, notice)]
    async with one.community.database.reading() as work:
        sent = [str(row[0]) for row in await work.connection.exec_driver_sql("SELECT id FROM activities")]
        rows = await work.connection.exec_driver_sql("SELECT agreement_id FROM responses")
        agreed = [str(row[0]) for row in rows]
    objects = [_last(share.object_id) for share in made] or ["x"]
    return {
        "o": objects,
        "p": objects,
        "a": [_last(one) for one in sent] or ["x"],
        "agreements": [_last(one) for one in agreed] or ["x"],
        "tags": ["mutualaid", "goods"],
        "notices": notices,
    }


def _kind(path: str) -> str:
    """The first word of a path."""
    return path.split("/")[1]


def _last(uri: str) -> str:
    return uri.rpartition("/")[2]
