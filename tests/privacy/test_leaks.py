"""What is sealed stays sealed: unique marks in every sealed field, the whole life of needs and offers, and a search.

Searched is every byte that left or reached the servers over HTTP, what left in other ways (`ways_out.py`), the
databases with their logs, everything that was logged, and temporary files. Found may be only what was opened on
purpose, and what was released, where it was released.
"""

import io
import re
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, closing
from pathlib import Path
from sqlite3 import connect
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from node import logs
from node.domain.errors import ManyhandsError
from node.domain.notices import Kind, Status
from node.services import forgetting, needs, shares
from node.services.needs import NoticeFilter
from tests.privacy.people import filled, gather
from tests.privacy.sealed_story import (
    FIELDS,
    MARKS,
    RELEASED,
    SOURCES,
    Story,
    ask_in_every_way,
    fields_of,
    hand_off,
    mark,
    share_at_every_level,
)
from tests.privacy.table import rows
from tests.privacy.ways_out import (
    ask_first_and_change_minds,
    make_backups,
    print_in_the_terminal,
    put_a_copy_aside,
    take_everything_along,
)
from tests.privacy.wire import Exchange, Wire, recorded
from tests.village import Clock, befriend, settle, village

ROOT = Path(__file__).parents[2]
NODE = ROOT / "node"
#: Libraries with which something leaves the process by another way than an answer over HTTP.
OPENING_WAYS = (
    *("aiosmtplib", "smtplib", "email", "pyrage", "tarfile", "zipfile", "gzip", "csv", "prometheus_client", "syslog"),
    *("subprocess", "tempfile", "icalendar", r"federation\.web_push"),
)
#: The files that use one of them, each with the step of the story that lets something out there, or why none is needed.
WAYS_OUT = {
    "node/cli/exporting.py": "take_everything_along",
    "node/api/calendar.py": "writes days, categories and areas, and no words of a need",
    "node/worker/mail.py": "writes what `node.services.letters` says, which holds nothing of anybody",
    "node/worker/push.py": "writes the same few bytes to everybody, and the address of this server",
    "node/services/devices.py": "reads what a browser says of itself, and makes the key of this server",
    "node/domain/lists.py": "writes names of servers and communities, and nothing about anybody",
    "node/domain/spreadsheets/reading.py": "reads a table and writes none",
    "node/demo/__init__.py": "two communities of nobody, in a temporary folder",
    "node/storage/archives.py": "make_backups",
    "node/services/backups.py": "make_backups; what is not locked yet lies in a folder of the node's own, and goes",
    "node/cli/backups.py": "opens what make_backups made, in a temporary folder",
}


async def _breaks(_request: web.Request) -> web.Response:
    raise RuntimeError(f"a fault that holds {mark('webneed', 'name')}")


@pytest.fixture
async def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Story]:
    lines = io.StringIO()
    logs.configure("debug", lines)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    clock, wire = Clock(), Wire()
    async with AsyncExitStack() as stack:
        names = ("North Side Neighbours", "River Street Circle", "Market Hall Kitchen")
        three = [await stack.enter_async_context(village(name, tmp_path / name[:5], clock)) for name in names]
        for one in three:
            await stack.enter_async_context(
                recorded(one, wire, web.get("/breaks", _breaks), web.get("/api/breaks", _breaks))
            )
        north, river, market = three
        await befriend(river, north)
        yield Story(north, river, market, await gather(north, river), wire, lines, tmp_path)


@pytest.mark.timeout(900)  # the whole story at once, also on a small machine with much else to do
async def test_nothing_sealed_gets_out(story: Story) -> None:
    """One long story, because every part of it must hold in the same databases and logs."""
    await ask_in_every_way(story)
    await share_at_every_level(story)
    await hand_off(story)
    await ask_first_and_change_minds(story)
    await print_in_the_terminal(story)
    await take_everything_along(story)
    await put_a_copy_aside(story)
    await make_backups(story)
    await _knock_everywhere(story)
    await _go_wrong(story)
    _look_everywhere(story)
    await _erase_everything(story)
    _look_everywhere(story)


def test_every_way_out_is_part_of_the_story() -> None:
    """A file that begins to pack, mail, measure or write tables is a new way out and needs a step in `ways_out.py`."""
    opening = re.compile(rf"^\s*(?:import|from) ({'|'.join(OPENING_WAYS)})\b", re.MULTILINE)
    found = {str(path.relative_to(ROOT)) for path in NODE.rglob("*.py") if opening.search(path.read_text("utf-8"))}
    assert found == WAYS_OUT.keys()


# --- everybody knocks, and everything goes wrong --------------------------------------------------------------------


async def _knock_everywhere(story: Story) -> None:
    """Every page and call that can be read, in every role; and every need's own pages, with its code."""
    north = story.north
    shown = (await shares.shares_of(north.community, story.ids["apineed"]))[0]
    page = shown.object_id.rpartition("/")[2]
    known = {
        "soup": story.ids["apioffer"],
        "share": shown.id,
        "page": page,
        "public": page,
        "code": "blue-otter-calm-lantern-0000",
    }
    for row in rows():
        if row.method == "GET":
            for role in story.people.by_role:
                for need in ("webneed", "apineed", "sheetneed"):
                    ids = story.ids | known | {"need": story.ids[need], "handle": f"{north.url}/actors/public"}
                    await story.people[role].ask("GET", filled(row.path, ids))
                    if "{need}" not in row.path:
                        break
    for code in story.codes.values():
        north.clock.forward(minutes=11)
        for path in ("", "/correct", "/erase"):
            assert (await story.people["guest"].ask("GET", f"/r/{code}{path}")).status == 200
    for word in ("zq", *(value.decode() for value in MARKS.values())):
        found = await needs.listing(north.community, NoticeFilter(kind=Kind.NEED, q=word))
        assert found.items == ()
    for where in ("needs", "offers"):
        assert (await story.api("dispatcher", "GET", f"/{where}?q={mark('apineed', 'name')}")).status == 200


async def _go_wrong(story: Story) -> None:
    """400, 404, 409, 413, 415, 422 and 500, each with something sealed in the hand."""
    people, told = story.people, {name: mark("apineed", name) for name in FIELDS}
    sealed = {**told, "contact": [{"method": "phone", "value": told["contact"]}]}
    notice = {"title": "Bread", "category": "groceries"}
    wrong: tuple[Any, ...] = (
        {"notice": {}, "sealed": sealed},
        {"notice": notice, "sealed": {**sealed, "surprise": told["name"]}},
        {"notice": notice, "sealed": {**sealed, "contact": told["contact"]}},
        {"notice": notice, "sealed": {**sealed, "story": told["story"] * 1000}},
        {"notice": notice, "sealed": {**sealed, "contact": [{"method": told["name"], "value": "x"}]}},
    )
    for body in wrong:
        assert (await story.api("member", "POST", "/needs", body)).status == 422
    assert (
        await story.api("member", "POST", "/needs", {"notice": notice}, **{"Idempotency-Key": "apineed"})
    ).status == 409
    broken = str(sealed)
    head = {"Authorization": f"Bearer {people['member'].token}"}
    for content_type, status in (("application/json", 400), ("text/plain", 415)):
        answer = await people["stranger"].ask("POST", f"/r?{told['name']}", **{"Content-Type": content_type}, **head)
        assert answer.status in {404, 422}
        assert await _post(story, "/api/v1/needs", broken.encode(), {**head, "Content-Type": content_type}) == status
    assert (
        await _post(story, "/api/v1/needs", broken.encode() * 3000, {**head, "Content-Type": "application/json"}) == 413
    )
    for path in ("/breaks", "/api/breaks"):
        assert (await people["dispatcher"].ask("GET", path)).status == 500
    for path in (f"/{told['name']}", f"/dispatch/{told['name']}?why={told['story']}", f"/r/{told['address']}"):
        assert (await people["dispatcher"].ask("GET", path)).status == 404
    await _break_a_box(story)


async def _post(story: Story, path: str, body: bytes, headers: dict[str, str]) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.post(story.north.url + path, data=body, headers=headers) as got,
    ):
        return got.status


async def _break_a_box(story: Story) -> None:
    """A sealed note that cannot be opened any more is a fault of ours: 500, and not a word of it."""
    spare = await story.north.ask("A spare need")
    async with story.north.community.database.unit_of_work() as work:
        await work.connection.exec_driver_sql(
            "UPDATE sealed_notes SET box = zeroblob(60) WHERE notice_id = ?", (spare.notice.id,)
        )
    path = f"/dispatch/{spare.notice.id}/sealed"
    assert (await story.people["dispatcher"].ask("POST", path, {"reason": "call"})).status == 500
    assert (await story.api("dispatcher", "GET", f"/needs/{spare.notice.id}/sealed")).status == 500


# --- opened, erased -------------------------------------------------------------------------------------------------


async def _erase_everything(story: Story) -> None:
    """By the owners, and by itself when its time is over: then not even the wrapped keys are left on the disk."""
    north, database = story.north, database_of(story)
    keys = _wrapped_keys(database)
    assert {story.ids[source] for source in SOURCES} <= keys.keys()
    for source in ("webneed", "apioffer", "sheetneed"):
        await forgetting.erase_by_code(north.community, story.codes[source])
    for source in ("weboffer", "apineed", "sheetoffer"):
        await _close(story, source)
    north.clock.forward(days=15)
    await north.run_clocks()
    await settle(north, story.river, story.market)
    left = _wrapped_keys(database)
    assert not [source for source in SOURCES if story.ids[source] in left]
    on_disk = _bytes_below(database.parent)
    gone = {name: key for name, key in keys.items() if name not in left}
    assert len(gone) >= len(SOURCES)
    assert [name for name, key in gone.items() if key in on_disk] == []


async def _close(story: Story, source: str) -> None:
    try:
        await needs.change_status(
            story.north.community, story.ids[source], Status.NO_LONGER_NEEDED, story.north.dispatcher
        )
    except ManyhandsError as error:
        raise AssertionError(source) from error


def database_of(story: Story) -> Path:
    return story.north.community.settings.data_dir / "manyhands.db"


def _wrapped_keys(database: Path) -> dict[str, bytes]:
    with closing(connect(database)) as connection:
        return dict(connection.execute("SELECT notice_id, wrapped_key FROM sealed_keys"))


# --- the search -----------------------------------------------------------------------------------------------------


def _look_everywhere(story: Story) -> None:
    for place in ("North", "River", "Marke", "temporary"):
        assert _found(_bytes_below(story.folder / place)) == set(), place
    for way, left in story.left.items():
        assert _found(left) == set(), way
    text = story.lines.getvalue()
    assert "a request failed" in text or "page failed" in text
    assert _found(text.encode()) == set()
    assert not re.search(r"127\.0\.0\.1|mh_|[a-z]+-[a-z]+-\d{4}", text), "an address, a token or a code was logged"
    for exchange in story.wire.exchanges:
        answered = _found(exchange.answered)
        assert answered <= _may_be_answered(story, exchange), f"{exchange.at} {exchange.line}"
        assert not _found(exchange.asked) or _may_be_asked(exchange), f"{exchange.at} {exchange.line}"
    _check_that_the_search_finds_things(story)


def _found(content: bytes) -> set[str]:
    return {name for name, value in MARKS.items() if value in content}


def _bytes_below(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def _may_be_answered(story: Story, exchange: Exchange) -> set[str]:
    """What was opened on purpose by those who may, and what was released, to the one it was released to."""
    line = exchange.line
    released = {f"webneed {name}" for name in RELEASED}
    if exchange.at == story.river.community.host:
        return released if re.search(r"/details$|/released$", line) else set()
    if exchange.at != story.north.community.host:
        return set()
    if line.partition("?")[0] == f"GET /agreements/{story.ids['agreement']}/coordinate":
        return released if f"{story.river.url}/actors/".encode() in exchange.asked else set()
    if not any(key.encode() in exchange.asked for key in _of_dispatchers(story)):
        return set()
    opened = re.search(r"^GET /api/v1/(?:needs|offers)/(\w+)/sealed$|^POST /dispatch/(\w+)/sealed$", line)
    sources = [source for source in SOURCES if opened and story.ids[source] in opened.groups()]
    return {f"{source} {name}" for source in sources for name in fields_of(source)}


def _of_dispatchers(story: Story) -> Iterator[str]:
    for role in ("dispatcher", "steward"):
        yield from (story.people[role].cookie, story.people[role].token)


def _may_be_asked(exchange: Exchange) -> bool:
    """Only people say sealed things, at the doors that take them in; and whoever mistypes an address or a search."""
    return bool(re.match(r"POST /(ask|offer)/done|POST /api/v1/(needs|offers)$|GET /|POST /r\?", exchange.line))


def _check_that_the_search_finds_things(story: Story) -> None:
    """A search that finds nothing anywhere proves nothing."""
    sent = [one for one in story.wire.exchanges if one.line in {"POST /inbox", "POST /actors/peers/inbox"}]
    assert sent and any(b"Bread need by page" in one.asked for one in sent)
    lines = {one.line for one in story.wire.exchanges if _found(one.answered)}
    assert any("/coordinate?" in line for line in lines)
    assert any(line.endswith("/sealed") for line in lines)
    assert any(line.endswith("/details") for line in lines)
    assert b"Bread by spreadsheet" in _bytes_below(story.folder / "River")
    assert Path(f"{database_of(story)}-wal").exists(), "the write-ahead log is searched as well"
