"""One community, two processes over one PostgreSQL: the work is shared, and nothing is done twice or by half."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from federation.cavage import sign_headers
from federation.keys import PrivateKey, generate_rsa
from federation.messages import LD_JSON_WITH_PROFILE, Request
from node import app
from node.domain.errors import ManyhandsError
from node.domain.notices import Status
from node.domain.peers import OwnActor
from node.domain.responses import Response, ResponseState
from node.domain.shares import Level
from node.services import keys, needs, peers, responses, shares
from node.worker import Worker
from schemas.fields import dump
from tests.federation.outsider import Outsider
from tests.federation.posts import follow
from tests.ports import free_port
from tests.village import Village, befriend, key_of, settle, until

pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


@pytest.fixture
async def twin(north: Village) -> AsyncIterator[Village]:
    """A second process of the first village, with a door of its own; each hears what the other stores."""
    async with (
        north.community.database.hearing(),
        app.open_community(north.community.settings, north.clock) as community,
        community.database.hearing(),
    ):
        one = Village(community, Worker(community, lambda: 0.0), north.clock, north.dispatcher, free_port())
        await one.open_doors()
        yield one
        await one.close_doors()


async def both_settle(one: Village, twin: Village) -> None:
    """The two processes work at the same time, until nothing moves."""
    for _ in range(50):
        if not any(await asyncio.gather(_turns(one.worker), _turns(twin.worker))):
            return
    raise AssertionError("the processes never came to rest")


async def _turns(worker: Worker) -> bool:
    return any(await asyncio.gather(worker.handle_journal(), worker.deliver_outbox(), worker.catch_up()))


async def at_door(one: Village, method: str, path: str, key: PrivateKey, body: bytes = b"") -> int:
    """A signed request under the community's public name, at the door of this very process."""
    content = {"content-type": LD_JSON_WITH_PROFILE} if body else {}
    signed = sign_headers(Request(method, f"{one.url}{path}", content, body), key, one.clock())
    headers = {"Host": one.community.host, "Accept": "application/json", **content, **signed}
    async with aiohttp.request(method, f"http://127.0.0.1:{one.port}{path}", headers=headers, data=body) as answer:
        return answer.status


async def say(at: Village, elsewhere: Outsider, actor: str, **said: Any) -> int:
    """An activity of an outsider's, at the door of one process."""
    body = {"@context": "https://www.w3.org/ns/activitystreams", "actor": actor, **said}
    return await at_door(at, "POST", "/inbox", elsewhere.keys[actor], json.dumps(body).encode())


async def ask_to_follow(at: Village, elsewhere: Outsider, name: str) -> str:
    actor = elsewhere.actor(name)
    target = f"{at.url}/actors/public"
    assert await say(at, elsewhere, actor, id=f"{actor}#follow", type="Follow", object=target) == 202
    return actor


# C-46
async def test_everything_is_sent_once_and_in_order(north: Village, twin: Village, elsewhere: Outsider) -> None:
    """Of twelve notices the Create, the Update and the Delete, while both send as fast as they can."""
    await ask_to_follow(north, elsewhere, "robin")
    await both_settle(north, twin)
    elsewhere.received.clear()
    asked = [await north.ask(f"Chairs for table {number}") for number in range(12)]
    shown = [await north.share(one) for one in asked]
    for one in asked:
        await needs.change_status(north.community, one.notice.id, Status.PAUSED, north.dispatcher)
    await both_settle(north, twin)
    for share in shown:
        await shares.withdraw(twin.community, share.id, north.dispatcher)
    await both_settle(north, twin)
    assert max(Counter(activity["id"] for activity in elsewhere.received).values()) == 1
    for share in shown:
        about = [one["type"] for one in elsewhere.received if one["object"]["id"] == share.object_id]
        assert about == ["Create", "Update", "Delete"]


# C-89, C-103
async def test_everything_is_handled_once_and_each_actors_in_order(
    north: Village, twin: Village, elsewhere: Outsider
) -> None:
    """Six people follow and think better of it, at either door: nobody is left, and each was answered once."""
    for number in range(6):
        at, then_at = (north, twin) if number % 2 else (twin, north)
        actor = await ask_to_follow(at, elsewhere, f"n{number}")
        undone = {"id": f"{actor}#follow", "type": "Follow", "object": f"{north.url}/actors/public"}
        undo = {"id": f"{actor}#undo", "type": "Undo", "object": undone | {"actor": actor}}
        assert await say(then_at, elsewhere, actor, **undo) == 202
        assert await say(then_at, elsewhere, actor, **undone, to=[]) == 202  # the same Follow once more, at the other
    await both_settle(north, twin)
    async with north.community.database.reading() as work:
        assert await work.peers.followers(OwnActor.PUBLIC) == ()
    assert Counter(one["type"] for one in elsewhere.received) == {"Accept": 6}


# C-126
async def test_two_dispatchers_cannot_give_the_same_away_twice(
    north: Village, twin: Village, river: Village, market: Village
) -> None:
    """Four coats are wanted and two communities offer four each; both are agreed to at the same moment."""
    for helper in (river, market):
        await befriend(helper, north)
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river, market)
    for helper in (river, market):
        await helper.offer(quantity=4)
        await settle(north, helper)
    first, second = (line.response.id for line in await responses.listing(north.community))

    async def agree(at: Village, response_id: str) -> Response | ManyhandsError:
        try:
            return await responses.agree(at.community, response_id, (), None, north.dispatcher)
        except ManyhandsError as error:
            return error

    found = await asyncio.gather(agree(north, first), agree(twin, second))
    assert sum(isinstance(one, Response) for one in found) == 1


# C-71
async def test_what_is_read_or_due_happens_once(north: Village, twin: Village, river: Village) -> None:
    """A captured request opens nothing at the other door; a lease that is over brings the need home one time."""
    await befriend(river, north)
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    sent = await river.offer(quantity=4)
    await settle(north, river)
    await responses.agree(north.community, (await north.response()).id, ("name",), None, north.dispatcher)
    await settle(north, river)
    url = (await responses.get(river.community, sent.id)).response.coordination_url or ""
    captured = ("GET", url.removeprefix(north.url), key_of(river, OwnActor.PEERS))
    assert [await at_door(one, *captured) for one in (north, twin)] == [200, 401]
    north.clock.forward(hours=49)
    await asyncio.gather(north.run_clocks(), twin.run_clocks())
    async with north.community.database.reading() as work:
        assert [line.action for line in await work.audit.newest(9)].count("a lease ran out") == 1
    assert (await twin.response()).state == ResponseState.RETURNED


@asynccontextmanager
async def running(one: Village) -> AsyncIterator[None]:
    """Its worker works by itself, as in a server."""
    task = asyncio.create_task(one.worker.run())
    yield
    task.cancel()
    await asyncio.wait([task])


# C-58
async def test_a_block_and_new_keys_count_in_every_process(
    north: Village, twin: Village, river: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, because the other process is told; it does not look by itself here."""
    monkeypatch.setattr("node.worker.loops.CLOCKS_EVERY", timedelta(hours=1))

    async def is_closed() -> bool:
        return await at_door(twin, "POST", "/inbox", key_of(river), dump(follow(river, north))) == 403

    async def signs_anew() -> bool:
        return twin.community.remote.keys[OwnActor.PUBLIC].rsa.id.endswith("#main-key-2")

    await befriend(river, north)
    async with running(twin):
        assert not await is_closed()
        await peers.block(north.community, (await north.peer(river)).peer.id, north.dispatcher)
        await until(is_closed)
        await keys.rotate(north.community)
        await until(signs_anew)


# C-82
async def test_a_key_that_was_taken_back_is_refused_at_every_door(
    north: Village, twin: Village, elsewhere: Outsider
) -> None:
    """Its owner told one process; the other had the old key in mind."""
    robin = await ask_to_follow(north, elsewhere, "robin")
    await settle(north)
    assert await say(twin, elsewhere, robin, id=f"{robin}#1", type="Like", object=f"{north.url}/o/x") == 202
    old = elsewhere.keys[robin]
    elsewhere.keys[robin] = generate_rsa(f"{robin}#key-2")
    elsewhere.actor("robin")
    assert (
        await say(north, elsewhere, robin, id=f"{robin}#2", type="Update", object=elsewhere.document_of("robin")) == 202
    )
    await settle(north)
    elsewhere.keys[robin] = old

    async def is_refused() -> bool:
        return await say(twin, elsewhere, robin, id=f"{robin}#3", type="Like", object=f"{north.url}/o/x") == 401

    await until(is_refused)
