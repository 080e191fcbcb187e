"""An offer of help from its first word to its end. Every step that is not meant raises."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from node.domain.errors import Conflict
from node.domain.responses import RUNNING, Response, ResponseState, agree, end, progress
from tests.unit.node.make import NOW, make_response

LATER = NOW + timedelta(hours=1)
LEASE = NOW + timedelta(days=2)
ENDED = frozenset(ResponseState) - RUNNING - {ResponseState.OFFERED}


def agreed(**changed: Any) -> Response:
    response = agree(make_response(), "https://aid.north.example/agreements/x", ("name", "contact"), LEASE, NOW)
    return replace(response, **changed)


def test_a_yes_begins_a_lease() -> None:
    response = agreed()
    assert response.state == ResponseState.AGREED
    assert response.lease_until == LEASE
    assert response.released == ("name", "contact")
    assert response.is_running
    assert response.is_handoff
    assert not make_response().is_handoff


@pytest.mark.parametrize("state", sorted(set(ResponseState) - {ResponseState.OFFERED}))
def test_only_a_waiting_offer_is_agreed_to(state: ResponseState) -> None:
    with pytest.raises(Conflict):
        agree(make_response(state=state), "x", (), LEASE, LATER)


@pytest.mark.parametrize("state", sorted(ENDED))
@pytest.mark.parametrize("before", sorted(RUNNING | {ResponseState.OFFERED}))
def test_whatever_runs_can_end_and_nothing_stays_released(before: ResponseState, state: ResponseState) -> None:
    over = end(agreed(state=before), state, LATER, "a few words")
    assert (over.state, over.released, over.answer, over.updated_at) == (state, (), "a few words", LATER)


@pytest.mark.parametrize("before", sorted(ENDED))
def test_what_has_ended_does_not_end_otherwise(before: ResponseState) -> None:
    response = make_response(state=before)
    assert end(response, before, LATER) is response
    for state in ENDED - {before}:
        with pytest.raises(Conflict):
            end(response, state, LATER)


def test_earlier_words_stay_when_no_new_ones_are_given() -> None:
    assert end(make_response(answer="Thank you"), ResponseState.DECLINED, LATER).answer == "Thank you"


def test_under_way_keeps_the_lease_and_what_is_released() -> None:
    moving = progress(agreed(), ResponseState.UNDER_WAY, None, LATER)
    assert (moving.state, moving.lease_until, moving.released) == (ResponseState.UNDER_WAY, LEASE, ("name", "contact"))
    assert progress(moving, ResponseState.UNDER_WAY, None, LATER + timedelta(1)) is moving


@pytest.mark.parametrize(
    ("brought", "state", "amount"),
    [
        (None, ResponseState.MET, 3),
        (Decimal(3), ResponseState.MET, 3),
        (Decimal(9), ResponseState.MET, 3),
        (Decimal("2.5"), ResponseState.PARTLY, Decimal("2.5")),
        (Decimal(0), ResponseState.PARTLY, 0),
    ],
)
def test_what_was_brought_decides_whether_it_is_met(brought: Decimal | None, state: ResponseState, amount: int) -> None:
    for before in RUNNING:
        done = progress(agreed(state=before), ResponseState.MET, brought, LATER)
        assert (done.state, done.released) == (state, ())
        assert done.brought == amount


@pytest.mark.parametrize("before", sorted(ENDED | {ResponseState.OFFERED}))
def test_only_an_agreed_task_goes_on(before: ResponseState) -> None:
    for state in (ResponseState.UNDER_WAY, ResponseState.MET, ResponseState.PARTLY):
        if state != before:
            with pytest.raises(Conflict):
                progress(make_response(state=before), state, Decimal(1), LATER)


def test_met_with_another_amount_is_not_the_same_again() -> None:
    done = progress(agreed(), ResponseState.PARTLY, Decimal(2), LATER)
    assert progress(done, ResponseState.PARTLY, Decimal(2), LATER) is done
    with pytest.raises(Conflict):
        progress(done, ResponseState.PARTLY, Decimal(1), LATER)
