"""Guessing codes: what it costs, and that it tells nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from node.domain.errors import TooManyTries
from node.domain.notices import Kind, Wording
from node.services import forgetting, needs, retention
from node.services.limits import neighbourhood
from node.services.needs import Asked, Entry
from node.web.tries import EARLIER_IN_ALL, IN_ALL, PER_CLIENT, CodeTries, Tries
from tests.unit.web.conftest import START

LONG, SHORT = "blue-otter-calm-lantern-{:04d}", "blue-otter-{:04d}"


@pytest.fixture
async def asked(community: Any) -> Asked:
    """A request that was taken in."""
    return await needs.ask(community, Entry(Kind.NEED, Wording("A lift to the clinic", "transport")), form_id="form-1")


def guess(counted: CodeTries, place: int, code: str, now: datetime = START) -> bool:
    """One wrong guess; whether it was taken at all."""
    address = f"192.0.{place // 250}.{place % 250}"
    try:
        counted.check(address, code, now)
    except TooManyTries:
        return False
    counted.wrong(address, code, now)
    return True


def test_one_client_has_ten_wrong_guesses_in_ten_minutes() -> None:
    counted = CodeTries()
    assert [guess(counted, 1, LONG.format(number)) for number in range(12)] == [True] * PER_CLIENT + [False] * 2
    assert guess(counted, 2, LONG.format(1))
    assert guess(counted, 1, LONG.format(1), START + timedelta(minutes=10))


def test_a_whole_network_of_clients_has_two_hundred_in_an_hour() -> None:
    counted = CodeTries()
    taken = [guess(counted, place, LONG.format(place)) for place in range(IN_ALL + 5)]
    assert taken == [True] * IN_ALL + [False] * 5
    assert not guess(counted, 900, LONG.format(1), START + timedelta(minutes=59))
    assert guess(counted, 900, LONG.format(1), START + timedelta(hours=1))


def test_of_the_first_shorter_codes_there_are_fifty_guesses_a_day() -> None:
    counted = CodeTries()
    taken = [guess(counted, place, SHORT.format(place)) for place in range(EARLIER_IN_ALL + 5)]
    assert taken == [True] * EARLIER_IN_ALL + [False] * 5
    assert guess(counted, 900, LONG.format(1)), "codes of four words go on"
    assert not guess(counted, 901, SHORT.format(1), START + timedelta(hours=23))
    assert guess(counted, 901, SHORT.format(1), START + timedelta(hours=24))


def test_whoever_came_lately_comes_back_while_others_guess() -> None:
    counted = CodeTries()
    counted.right("2001:db8::1", LONG.format(7), START)
    for place in range(IN_ALL):
        guess(counted, place, LONG.format(place))
    counted.check("2001:db8::2", LONG.format(7), START)  # the same customer's next address
    for address, code in (("2001:db8::1", LONG.format(8)), ("2001:db8:0:1::1", LONG.format(7))):
        with pytest.raises(TooManyTries):
            counted.check(address, code, START)
    for place in range(IN_ALL):
        guess(counted, place, LONG.format(place), START + timedelta(hours=24))
    with pytest.raises(TooManyTries):
        counted.check("2001:db8::1", LONG.format(7), START + timedelta(hours=24))
    assert LONG.format(7) not in repr(vars(counted))


def test_tries_are_counted_by_place_forgotten_and_bounded() -> None:
    counted = Tries(limit=2, window=timedelta(minutes=10), remembered=2)
    counted.wrong("a", START)
    counted.wrong("a", START)
    assert counted.are_over("a", START)
    assert not counted.are_over("b", START)
    assert not counted.are_over("a", START + timedelta(minutes=10))
    counted.wrong("b", START)
    counted.wrong("c", START)
    assert not counted.are_over("a", START), "only the two most recent places are remembered"


def test_one_customer_of_a_provider_is_one_client() -> None:
    assert neighbourhood("2001:db8::1") == neighbourhood("2001:db8::ffff:1")
    assert neighbourhood("2001:db8::1") != neighbourhood("2001:db8:0:1::1")
    assert neighbourhood("::ffff:192.0.2.1") == neighbourhood("192.0.2.1")
    assert neighbourhood("nonsense") == "nonsense"


@contextmanager
def statements(community: Any) -> Iterator[list[str]]:
    """What the database is asked in the meantime."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    engine = community.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


WRONG = ["blue-otter-calm-lantern-0000", "blue-otter-0000", "no-such-code", "4127", "x" * 300, "%00", "á"]


async def test_every_wrong_code_gets_the_same_answer_in_the_same_way(visitor: Any, community: Any, wait: Any) -> None:
    """No word, no status, no header and no further look into the database tells one wrong code from another."""
    answers, asked = set(), set()
    for code in WRONG:
        for path in ("", "/slip", "/code.svg", "/everything", "/everything.json", "/erase", "/reach", "/again"):
            with statements(community) as seen:
                page = await visitor.open(f"/r/{code}{path}")
            answers.add((page.status, page.html, tuple(sorted(set(page.headers) - {"Date"}))))
            asked.add(tuple(seen))
            wait(timedelta(minutes=11))
    assert len(answers) == 1
    assert len(asked) == 1
    assert page.status == 404 and page.headers["Cache-Control"] == "no-store"


async def test_a_retired_code_is_a_wrong_code(visitor: Any, community: Any, asked: Asked, wait: Any) -> None:
    await forgetting.erase_by_code(community, asked.code)
    assert (await visitor.open(f"/r/{asked.code}")).heading == "It is erased"
    wait(timedelta(days=91))
    await retention.run(community)
    gone = await visitor.open(f"/r/{asked.code}")
    wrong = await visitor.open(f"/r/{LONG.format(0)}")
    assert (gone.status, gone.html) == (wrong.status, wrong.html) == (404, wrong.html)


async def test_the_same_form_after_that_says_that_it_was_erased(visitor: Any, community: Any, asked: Asked) -> None:
    await forgetting.erase_by_code(community, asked.code)
    again = await needs.ask(community, Entry(Kind.NEED, Wording("A lift to the clinic", "transport")), form_id="form-1")
    assert again.code == asked.code, "the receipt can still be found"
    assert again.notice.erased_at is not None


async def test_posting_a_wrong_code_counts_as_a_guess(visitor: Any, asked: Asked) -> None:
    for number in range(10):
        await visitor.open("/r")
        assert (await visitor.press("Show it", code=LONG.format(number))).status == 404
    await visitor.open("/r")
    assert (await visitor.press("Show it", code=asked.code)).status == 429
