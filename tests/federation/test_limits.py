"""How much one source may ask of us, and what is for peers is never read without end or without a trace."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import aiohttp
import pytest

from node.domain.peers import OwnActor
from node.domain.shares import Level
from node.services import audit, limits
from node.services.limits import Allowance, Limits, registrable
from node.services.published import READ_BY_PEER
from schemas.activities import Like
from schemas.fields import document
from tests.federation.outsider import Outsider, outsider
from tests.village import START, Clock, Village, befriend, settle, signed_get, village

RATE = 3


@pytest.fixture
async def narrow(tmp_path: Path, clock: Clock) -> AsyncIterator[Village]:
    """A village that takes three deliveries a minute from one source."""
    async with village("Narrow Lane", tmp_path / "narrow", clock) as one:
        object.__setattr__(one.community, "limits", Limits(RATE))
        yield one


def like(actor: str, number: int) -> bytes:
    return json.dumps(document(Like(id=f"{actor}/{number}", actor=actor, object="https://x.example/o/1"))).encode()


def from_address(narrow: Village, *networks: str) -> None:
    """As if requests came through proxies in these networks."""
    proxies = tuple(ip_network(network) for network in networks)
    settings = narrow.community.settings.model_copy(update={"trusted_proxies": proxies})
    object.__setattr__(narrow.community, "settings", settings)


# C-63, T-22
async def test_one_address_is_told_when_to_come_back(narrow: Village, clock: Clock) -> None:
    """429 with Retry-After, before anything is read; a little later it may go on."""
    async with aiohttp.ClientSession() as session:
        for _ in range(RATE):
            assert (await session.post(f"{narrow.url}/inbox", data=b"{}")).status == 415
        answer = await session.post(f"{narrow.url}/inbox", data=b"{}")
        assert answer.status == 429
        wait = int(answer.headers["Retry-After"])
        assert 0 < wait <= 60
        clock.forward(seconds=wait)
        assert (await session.post(f"{narrow.url}/inbox", data=b"{}")).status == 415


# C-63
@pytest.mark.parametrize("several", ["actors", "one actor"])
async def test_one_servers_keys_and_one_actor(narrow: Village, elsewhere: Outsider, clock: Clock, several: str) -> None:
    """Whatever addresses it comes from; another server is not held up by that."""
    from_address(narrow, "127.0.0.0/8")
    names = [f"user{number}" if several == "actors" else "robin" for number in range(RATE + 1)]
    actors = [elsewhere.actor(name) for name in names]
    statuses = [
        await elsewhere.post(narrow, like(actor, number), actor, **{"X-Forwarded-For": f"192.0.2.{number}"})
        for number, actor in enumerate(actors)
    ]
    assert statuses == [202] * RATE + [429]
    async with outsider(clock) as other:
        sam = other.actor("sam")
        assert await other.post(narrow, like(sam, 1), sam, **{"X-Forwarded-For": "192.0.2.77"}) == 202


# C-63
async def test_nobody_uses_up_what_is_anothers(narrow: Village, elsewhere: Outsider, clock: Clock) -> None:
    """What is said in another's name, and not proven, counts for the address alone."""
    from_address(narrow, "127.0.0.0/8")
    robin = elsewhere.actor("robin")
    async with outsider(clock) as forger:
        forger.actor("robin")
        forger.keys[robin] = next(iter(forger.keys.values()))
        for number in range(RATE + 2):
            address = {"X-Forwarded-For": f"192.0.2.{number}"}
            assert await forger.post(narrow, like(robin, number), robin, **address) == 401
    assert await elsewhere.post(narrow, like(robin, 99), robin, **{"X-Forwarded-For": "192.0.2.77"}) == 202


# T-31, C-63
async def test_a_header_that_no_proxy_of_ours_wrote_changes_nothing(narrow: Village) -> None:
    """An invented address is not another address; one that our proxy wrote is."""
    async with aiohttp.ClientSession() as session:

        async def knock(number: int, hops: str) -> int:
            headers = {"X-Forwarded-For": hops.format(number)}
            return (await session.post(f"{narrow.url}/inbox", data=b"{}", headers=headers)).status

        assert [await knock(number, "192.0.2.{}") for number in range(RATE + 1)][-1] == 429
        from_address(narrow, "127.0.0.0/8")
        assert [await knock(number, "192.0.2.{}") for number in range(RATE + 1)][-1] == 415
        assert [await knock(number, "192.0.2.{}, 198.51.100.7") for number in range(RATE + 1)][-1] == 429


# T-24
def test_an_allowance_is_bounded_and_fills_up_again() -> None:
    allowance = Allowance(10, timedelta(minutes=1), remembered=3)
    assert [allowance.take("one", START) for _ in range(10)] == [None] * 10
    assert allowance.take("one", START) == timedelta(seconds=6)
    assert allowance.take("one", START, cost=5) == timedelta(seconds=30)
    assert allowance.take("one", START + timedelta(seconds=30), cost=5) is None
    assert allowance.take("one", START + timedelta(seconds=30)) is not None
    assert allowance.take("one", START - timedelta(hours=1)) is not None
    for source in ("two", "three", "four"):
        assert allowance.take(source, START) is None
    assert len(allowance._left) == 3
    assert allowance.take("more than there ever is", START, cost=99) is None


# C-63, T-22
def test_a_wildcard_is_one_source_of_new_actors() -> None:
    """Keys of unknown actors are fetched so often for one registered name, whatever stands before it."""
    one = Limits(RATE)
    keys = [f"https://n{number}.evil.example/a#main-key" for number in range(limits.DISCOVERIES_PER_MINUTE + 1)]
    waits = [one.discover(key, START) for key in keys]
    assert [wait is None for wait in waits] == [True] * limits.DISCOVERIES_PER_MINUTE + [False]
    assert one.discover("https://other.example/a#main-key", START) is None
    assert registrable("a.b.council.gov.uk") == "council.gov.uk"
    assert registrable("river.co.uk") == "river.co.uk"
    assert registrable("a.b.example") == "b.example"
    assert registrable("192.0.2.7") == "192.0.2.7"


# T-41
async def test_a_peer_reads_only_so_much_within_an_hour_and_leaves_a_trace(
    north: Village, river: Village, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Documents one by one and pages of the outbox together; each reading is in the log."""
    monkeypatch.setattr(limits, "READS_PER_HOUR", 3)
    await befriend(river, north)
    object.__setattr__(north.community, "limits", Limits(600))
    asked = await north.ask()
    share = await north.share(asked, Level.PEERS)
    outbox = f"{north.url}/actors/peers/outbox?page=1"
    urls = [share.object_id, outbox, share.object_id, outbox, share.object_id]
    statuses = []
    for url in urls:
        clock.forward(seconds=1)
        statuses.append(await signed_get(river, url, OwnActor.PEERS))
    assert statuses == [200, 200, 200, 429, 429]
    assert await signed_get(river, f"{north.url}/o/nothinghere", OwnActor.PEERS) == 404
    lines = [line for line in await audit.listing(north.community, north.dispatcher) if line.action == READ_BY_PEER]
    assert [(line.subject, line.detail) for line in lines] == [(asked.notice.id, f"{river.url}/actors/peers")] * 3
    clock.forward(hours=1)
    assert await signed_get(river, share.object_id, OwnActor.PEERS) == 200
    await settle(north, river)


# T-41, C-53
async def test_whoever_read_it_in_our_outbox_is_told_when_it_is_gone(north: Village, river: Village) -> None:
    """Nothing was ever sent there; the copy goes all the same."""
    await north.share(await north.ask("A cot", category="baby"), Level.PUBLIC)
    await north.share(await north.ask("Two chairs"), Level.PEERS)
    await befriend(river, north)
    assert len(await river.feed()) == 2
    north.clock.forward(days=31)
    await north.run_clocks()
    await settle(north, river)
    assert await river.feed() == ()
