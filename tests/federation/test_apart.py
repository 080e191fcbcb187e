"""The copies of one notice at two levels cannot be told to belong together by what they say of themselves."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from node.domain.peers import OwnActor
from node.domain.shares import APART, JITTER, Level, moment_apart
from node.services import needs, published
from node.services.needs import Asked
from tests.village import START, Village, befriend, settle

moments = st.integers(-7200, 60).map(lambda seconds: START + timedelta(seconds=seconds))


async def notes(north: Village, river: Village) -> list[dict[str, object]]:
    reader = f"{river.url}/actors/peers"
    shown = [*await published.visible(north.community, OwnActor.PUBLIC, None)]
    shown += await published.visible(north.community, OwnActor.PEERS, reader)
    return [json.loads(one.document) for one in shown]


# C-134, T-39
async def test_a_public_and_a_peers_copy_share_neither_id_nor_time(north: Village, river: Village) -> None:
    """With the same words, shared and changed in the same second."""
    await befriend(river, north)
    asked = await north.ask()
    await north.share(asked, Level.PUBLIC)
    await north.share(asked, Level.PEERS)
    first, second = await notes(north, river)
    assert first["id"] != second["id"]
    assert abs(at(first, "published") - at(second, "published")) >= APART
    assert abs(at(first, "endTime") - at(second, "endTime")) >= APART
    north.clock.forward(hours=2)
    await correct(north, asked, "New words")
    first, second = await notes(north, river)
    assert abs(at(first, "updated") - at(second, "updated")) >= APART
    for number in range(3):
        earlier = first, second
        await correct(north, asked, f"Words {number}")
        first, second = await notes(north, river)
        assert at(first, "updated") != at(second, "updated")
        assert at(first, "updated") > at(earlier[0], "updated")
        assert at(second, "updated") > at(earlier[1], "updated")
    await settle(north, river)
    assert len(await river.feed()) == 2


async def correct(north: Village, asked: Asked, text: str) -> None:
    wording = replace(asked.notice.wording, text=text)
    await needs.correct(north.community, asked.notice.id, wording, north.dispatcher)


def at(note: dict[str, object], key: str) -> datetime:
    return datetime.fromisoformat(str(note[key]))


# C-134
@given(st.lists(moments, max_size=4), st.floats(0, 1, exclude_max=True))
def test_a_first_publication_is_far_from_all_others(others: list[datetime], chance: float) -> None:
    moment = moment_apart(START, others, chance)
    if not others:
        assert moment == START
    assert START - JITTER <= moment <= START
    assert all(abs(moment - other) >= APART for other in others)


# C-134, C-110
@given(st.lists(moments, max_size=4), st.floats(0, 1, exclude_max=True), moments)
def test_a_change_is_always_later_and_never_the_same(others: list[datetime], chance: float, after: datetime) -> None:
    moment = moment_apart(START, others, chance, after)
    assert moment > after
    assert moment not in others
    assert moment.tzinfo == UTC


# C-134
def test_chance_decides() -> None:
    found = {moment_apart(START, [START], number / 50) for number in range(50)}
    assert len(found) == 50
