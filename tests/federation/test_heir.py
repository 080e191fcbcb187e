"""A named heir: one neighbour holds what it cannot read, and two stewards of a dark community open it there."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from node.domain.consent import Consent
from node.domain.errors import Conflict, Invalid, NotAllowed
from node.domain.heirs import DARK_AFTER, EVERY, KEPT, KEPT_IN_THE_DARK, TRIES_A_DAY, HeldCopy
from node.domain.members import Role
from node.domain.notices import Kind, Status, Wording
from node.domain.on_behalf import OnBehalf
from node.domain.peers import OwnActor
from node.domain.practice import Practice
from node.services import audit, heir_copies, heirs, members, needs, peers
from node.services.community import profile, save_profile
from node.services.needs import Entry
from node.storage import locked_copies
from node.storage.tables import held_copies
from tests.federation.pages import Browser, call
from tests.village import EVERYTHING, SEALED, Village, befriend, settle, signed_get


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words become keys slowly on purpose; here with the least that Argon2 allows."""
    for name, value in (("TIME_COST", 1), ("MEMORY_KIB", 8), ("LANES", 1)):
        monkeypatch.setattr(locked_copies, name, value)


@pytest.fixture
async def words(north: Village, river: Village) -> AsyncIterator[tuple[str, ...]]:
    """North named river, river agreed; three stewards of north have their words."""
    await befriend(river, north)
    made = await heirs.choose(north.community, (await north.peer(river)).peer.id, 3, north.dispatcher)
    await heirs.hold(river.community, await at_river(river, north), river.dispatcher)
    yield made


async def at_river(river: Village, north: Village) -> str:
    return (await river.peer(north)).peer.id


async def held(river: Village, north: Village) -> HeldCopy | None:
    return await heirs.held(river.community, await at_river(river, north))


async def stored(river: Village) -> bytes:
    async with river.community.database.reading() as work:
        return b"".join(await work.connection.scalars(select(held_copies.c.body)))


async def go_dark(north: Village, river: Village, **longer: float) -> None:
    await north.close_doors()
    river.clock.forward(seconds=EVERY.total_seconds())
    await settle(river)
    river.clock.forward(seconds=DARK_AFTER.total_seconds(), **longer)
    await settle(river)


async def titles(river: Village, north: Village, first: str, second: str) -> list[str]:
    found = await heirs.open_copy(river.community, await at_river(river, north), (first, second), river.dispatcher)
    return [need["title"] for need in dict(found)["needs"]]  # type: ignore[index, union-attr, call-overload]


async def test_two_of_three_stewards_open_it_when_the_node_is_dark_and_it_is_told(
    north: Village, river: Village, words: tuple[str, ...]
) -> None:
    """Whichever two, in whichever order and spelling; shown once, kept nowhere, and told when the node is back."""
    entry = Entry(Kind.NEED, Wording("Insulin needs a fridge", "goods"), SEALED, EVERYTHING, for_someone_else=True)
    await needs.ask(north.community, replace(entry, on_behalf=OnBehalf(may_be_contacted=False)))
    river.clock.forward(seconds=EVERY.total_seconds())
    await settle(north, river)
    assert b"Insulin" not in await stored(river) and b"Amina" not in await stored(river)
    with pytest.raises(Conflict, match="answers"):
        await titles(river, north, words[0], words[1])
    await go_dark(north, river)
    first, second, third = words
    assert await titles(river, north, first, third) == ["Insulin needs a fridge"]
    assert await titles(river, north, second.upper().replace(" ", "-"), first) == ["Insulin needs a fridge"]
    peer_id = await at_river(river, north)
    async with Browser(river) as robin:
        await robin.walk_in(river.dispatcher)
        assert "Silent since" in await robin.open(f"/peers/{peer_id}/copy")
        page = await robin.press(f"/peers/{peer_id}/copy/open", first=third, second=second)
        for shown in ("Insulin needs a fridge", "Amina", "555-0101", "the blue door", "Do not get in touch with them"):
            assert shown in page
    assert b"Insulin" not in await stored(river)
    log = [line for line in await audit.listing(river.community, river.dispatcher) if "copy" in line.action]
    assert [line.action for line in log] == ["opened a locked copy"] * 3
    assert not any("Insulin" in line.detail or first in line.detail for line in log)
    await north.open_doors()
    river.clock.forward(seconds=EVERY.total_seconds())
    await settle(north, river)
    heir = (await heirs.standing(north.community, north.dispatcher)).heir
    assert heir is not None and heir.opened_at is not None
    assert (await held(river, north)).dark_since is None  # type: ignore[union-attr]
    assert "two stewards opened" in str(
        [line.action for line in await audit.listing(north.community, north.dispatcher)]
    )
    with pytest.raises(Conflict):
        await titles(river, north, first, second)


async def test_one_stewards_words_are_not_enough_and_tries_are_limited(
    north: Village, river: Village, words: tuple[str, ...]
) -> None:
    await go_dark(north, river)
    wrong = ((words[0], words[0]), (words[0], "calm otter blue lantern kind river"), ("", ""), ("x" * 9000, words[1]))
    for first, second in (*wrong, wrong[0]):
        with pytest.raises(Invalid):
            await titles(river, north, first, second)
    assert len(wrong) + 1 == TRIES_A_DAY
    with pytest.raises(Conflict, match="too many"):
        await titles(river, north, words[0], words[1])
    river.clock.forward(days=1)
    assert await titles(river, north, words[0], words[1]) == []
    sol = await members.add(river.community, "Sol", frozenset({Role.DISPATCHER}))
    with pytest.raises(NotAllowed):
        await heirs.open_copy(river.community, await at_river(river, north), (words[0], words[1]), sol)


async def test_tries_side_by_side_count_each(north: Village, river: Village, words: tuple[str, ...]) -> None:
    await go_dark(north, river)
    found = await asyncio.gather(
        *(titles(river, north, words[0], f"wrong {number}") for number in range(9)), return_exceptions=True
    )
    assert sum(isinstance(one, Invalid) for one in found) == TRIES_A_DAY
    assert sum(isinstance(one, Conflict) for one in found) == 9 - TRIES_A_DAY


async def test_what_is_in_it(
    north: Village, river: Village, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Open needs whose owners agreed to this neighbour, and were told of it: not what was closed, erased or refused."""
    await north.ask("For all neighbours")
    await north.ask("For helpers here", consent=Consent(board=True))
    await north.ask("Only for another", consent=Consent(peers=("somebody",)))
    done = await north.ask("Done by now")
    await needs.change_status(north.community, done.notice.id, Status.MET, north.dispatcher)
    river.clock.forward(seconds=EVERY.total_seconds())
    await settle(north, river)
    await go_dark(north, river)
    assert await titles(river, north, words[0], words[1]) == ["For all neighbours"]
    contents: list[bytes] = []
    monkeypatch.setattr(heir_copies, "locked", lambda _key, _lock, content: contents.append(content))
    for practice in (Practice.NOT, Practice.ON):
        await save_profile(north.community, replace(await profile(north.community), practice=practice))
        await heir_copies.locked_copy(north.community, f"{river.url}/actors/peers", None)
    assert [b"For all neighbours" in content for content in contents] == [True, False], "nor what is only practised"


async def test_what_came_in_before_they_agreed_is_not_in_it(north: Village, river: Village) -> None:
    """Nobody was told of a copy then."""
    await befriend(river, north)
    await north.ask("Asked before")
    river.clock.forward(minutes=1)
    words = await heirs.choose(north.community, (await north.peer(river)).peer.id, 2, north.dispatcher)
    await heirs.hold(river.community, await at_river(river, north), river.dispatcher)
    await north.ask("Asked after")
    river.clock.forward(seconds=EVERY.total_seconds())
    await settle(north, river)
    await go_dark(north, river)
    assert await titles(river, north, words[0], words[1]) == ["Asked after"]


async def test_either_side_ends_it_and_the_copy_goes(north: Village, river: Village, words: tuple[str, ...]) -> None:
    assert await held(river, north) is not None
    await heirs.end(north.community, north.dispatcher)
    river.clock.forward(seconds=EVERY.total_seconds())
    await settle(north, river)
    assert await held(river, north) is None
    with pytest.raises(Conflict, match="have not named us"):
        await heirs.hold(river.community, await at_river(river, north), river.dispatcher)
    await heirs.choose(north.community, (await north.peer(river)).peer.id, 2, north.dispatcher)
    await heirs.hold(river.community, await at_river(river, north), river.dispatcher)
    await heirs.stop_holding(river.community, await at_river(river, north), river.dispatcher)
    assert await held(river, north) is None
    await heirs.hold(river.community, await at_river(river, north), river.dispatcher)
    await peers.drop(river.community, await at_river(river, north), river.dispatcher)
    assert await stored(river) == b""


async def test_new_words_end_the_old_ones(north: Village, river: Village, words: tuple[str, ...]) -> None:
    fresh = await heirs.choose(north.community, (await north.peer(river)).peer.id, 2, north.dispatcher)
    river.clock.forward(seconds=EVERY.total_seconds())
    await settle(north, river)
    await go_dark(north, river)
    with pytest.raises(Invalid):
        await titles(river, north, words[0], words[1])
    assert await titles(river, north, *fresh) == []


async def test_it_ends_by_itself(north: Village, river: Village, words: tuple[str, ...]) -> None:
    """After a week without a newer one; where its community is silent, after sixty days."""
    river.clock.forward(seconds=KEPT.total_seconds())  # our own node was off
    await settle(river)
    assert await held(river, north) is None
    await heirs.hold(river.community, await at_river(river, north), river.dispatcher)
    await go_dark(north, river, days=20)
    assert await held(river, north) is not None
    river.clock.forward(seconds=KEPT_IN_THE_DARK.total_seconds())
    await settle(river)
    assert await held(river, north) is None


async def test_only_the_heir_gets_it(north: Village, river: Village, market: Village, words: tuple[str, ...]) -> None:
    """Not a stranger, not another neighbour, not the heir's other actor, not the heir once it is paused."""
    await befriend(market, north)
    url = f"{north.url}/heir/copy"
    assert await signed_get(market, url, OwnActor.PEERS) == 404
    assert await signed_get(river, url, OwnActor.PUBLIC) == 404
    assert await signed_get(river, f"{url}?once=1", OwnActor.PEERS) == 200
    assert await signed_get(river, f"{url}?once=1", OwnActor.PEERS) == 401  # the very same request opens nothing again
    await peers.pause(north.community, (await north.peer(river)).peer.id, north.dispatcher)
    assert await signed_get(river, f"{url}?once=2", OwnActor.PEERS) == 404


async def test_words_are_shown_once_on_the_page(north: Village, river: Village) -> None:
    await befriend(river, north)
    peer_id = (await north.peer(river)).peer.id
    async with Browser(north) as robin:
        await robin.walk_in(north.dispatcher)
        await robin.open("/heir")
        assert "Choose a number from 2 to 12." in await robin.press("/heir", peer=peer_id, stewards="1")
        assert "Choose a community" in await robin.press("/heir", peer="nobody", stewards="2")
        page = await robin.press("/heir", peer=peer_id, stewards="2")
        shown = re.findall(r"<strong>([a-z]+(?: [a-z]+){5})</strong>", page)
        assert len(set(shown)) == 2
        again = await robin.open("/heir")
        assert "not yet" in again and not any(one in again for one in shown)
    async with north.community.database.reading() as work:
        _, lock = await work.heirs.lock()
    assert not any(one in repr(lock) for one in shown)


async def test_a_neighbour_that_cannot_hold_it_says_so(north: Village, river: Village) -> None:
    """Named without a question, it answers no; the other side sees it, a later yes counts, and so does a later end."""
    await befriend(river, north)
    at_north, at_home = (await north.peer(river)).peer.id, await at_river(river, north)
    with pytest.raises(Conflict, match="nothing to say no to"):
        await heirs.refuse(river.community, at_home, river.dispatcher)
    await heirs.choose(north.community, at_north, 2, north.dispatcher)
    async with Browser(river) as robin:
        await robin.walk_in(river.dispatcher)
        await robin.open(f"/peers/{at_home}/copy")
        assert "They have been told" in await robin.press(f"/peers/{at_home}/copy/refuse")
    assert await signed_get(river, f"{north.url}/heir/refusal?once=1", OwnActor.PUBLIC) == 404
    async with Browser(north) as sam:
        await sam.walk_in(north.dispatcher)
        assert "cannot hold a locked copy" in await sam.open("/dispatch")
        assert "They said no" in await sam.open("/heir")
    await heirs.hold(river.community, at_home, river.dispatcher)
    assert not await heirs.is_refused(north.community, north.dispatcher)
    assert await heirs.stop_holding(river.community, at_home, river.dispatcher)
    assert await heirs.is_refused(north.community, north.dispatcher)
    await heirs.hold(river.community, at_home, river.dispatcher)
    await north.close_doors()
    assert not await heirs.stop_holding(river.community, at_home, river.dispatcher)
    assert await held(river, north) is None
    await north.open_doors()
    assert not await heirs.is_refused(north.community, north.dispatcher)


async def test_programs_of_both_stewards_agree_refuse_and_end_it(north: Village, river: Village) -> None:
    """What is shown on the pages is in the API, at both ends; words are made and copies opened on pages alone."""
    await befriend(river, north)
    copy = f"/peers/{await at_river(river, north)}/copy"

    async def here(method: str, path: str = copy) -> tuple[int, Any]:
        return await call(river, method, path)

    async def named() -> dict[str, Any]:
        return dict((await call(north, "GET", "/heir"))[1]["heir"])

    assert (await here("POST"))[0] == 409
    await heirs.choose(north.community, (await north.peer(river)).peer.id, 3, north.dispatcher)
    found = await named()
    assert (found["name"], found["stewards"], found["agreed_at"]) == ("River Street Circle", 3, None)
    assert (await here("POST", f"{copy}/refuse"))[0] == 204
    assert (await named())["refused_at"] is not None
    status, answer = await here("POST")
    assert (status, answer["held"]["may_be_opened"], answer["held"]["dark_since"]) == (200, False, None)
    found = await named()
    assert found["agreed_at"] == found["fetched_at"] is not None and found["refused_at"] is None
    await go_dark(north, river, hours=1)
    held_now = (await here("GET"))[1]["held"]
    assert held_now["may_be_opened"] and held_now["dark_since"] is not None
    await north.open_doors()
    assert await here("DELETE") == (200, {"told": True})
    assert await here("GET") == (200, {"held": None})
    assert (await named())["refused_at"] is not None
    assert (await call(north, "DELETE", "/heir"))[0] == 204
    assert await call(north, "GET", "/heir") == (200, {"heir": None})
