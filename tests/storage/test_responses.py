"""Offers of help between us at rest, at either side."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from node.domain.responses import RUNNING, Response, ResponseState, Side
from node.storage.unit_of_work import UnitOfWork
from tests.unit.node.make import NOW, make_response

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "response",
    [
        make_response(),
        make_response(
            Side.HELPER,
            state=ResponseState.PARTLY,
            text="Any evening.",
            until=NOW + HOUR,
            share_id="s",
            notice_id="n",
            feed_item_id="f",
            agreement_id="https://x/agreements/1",
            lease_until=NOW + HOUR,
            released=("name", "contact"),
            coordination_url="https://x/c",
            brought=Decimal("2.50"),
            receipt_at=NOW,
            answer="Thank you",
        ),
    ],
)
async def test_a_response_comes_back_as_it_was(work: UnitOfWork, response: Response) -> None:
    await work.responses.add(response, "form")
    assert await work.responses.get("response1") == await work.responses.by_form("form") == response
    assert await work.responses.by_offer(response.side, response.offer_id) == response
    other = Side.HELPER if response.side is Side.ORIGIN else Side.ORIGIN
    assert await work.responses.by_offer(other, response.offer_id) is None
    changed = replace(response, state=ResponseState.WITHDRAWN, released=(), updated_at=NOW + HOUR)
    await work.responses.put(changed)
    assert await work.responses.get("response1") == changed


async def test_one_offer_is_kept_once_at_each_side(work: UnitOfWork) -> None:
    await work.responses.add(make_response(), None)
    await work.responses.add(make_response(Side.HELPER, id="response2"), None)
    with pytest.raises(IntegrityError):
        async with work.savepoint():
            await work.responses.add(make_response(id="response3"), None)


async def test_responses_by_what_they_are_about_newest_first(work: UnitOfWork) -> None:
    for number in range(3):
        await work.responses.add(
            make_response(
                id=f"r{number}",
                offer_id=f"o{number}",
                notice_id=f"n{number % 2}",
                share_id="s",
                feed_item_id=f"f{number}",
                agreement_id=f"a{number}" if number else None,
                created_at=NOW + HOUR * number,
            ),
            None,
        )

    def names(found: tuple[Response, ...]) -> list[str]:
        return [one.id for one in found]

    assert names(await work.responses.of_side(Side.ORIGIN)) == ["r2", "r1", "r0"]
    assert names(await work.responses.of_side(Side.ORIGIN, "n0")) == ["r2", "r0"]
    assert await work.responses.of_side(Side.HELPER) == ()
    assert names(await work.responses.of_share("s")) == ["r2", "r1", "r0"]
    assert names(await work.responses.of_items({"f0", "f2"})) == ["r2", "r0"]
    assert names(await work.responses.handed_off()) == ["r2", "r1"]
    found = await work.responses.by_agreement("a1")
    assert found is not None
    assert found.id == "r1"


@pytest.mark.parametrize("state", ResponseState)
async def test_what_comes_home_and_what_lapses(work: UnitOfWork, state: ResponseState) -> None:
    for side in Side:
        await work.responses.add(make_response(side, id=side, state=state, lease_until=NOW, until=NOW), None)
    overdue = await work.responses.overdue(NOW)
    assert {one.side for one in overdue} == (set(Side) if state in RUNNING else set())
    assert len(await work.responses.unanswered(NOW)) == (2 if state == ResponseState.OFFERED else 0)
    assert await work.responses.overdue(NOW - HOUR) == await work.responses.unanswered(NOW - HOUR) == ()
