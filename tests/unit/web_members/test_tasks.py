"""Shared tasks: the lease clock, live details, and how a task ends."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from node.domain.errors import PeerTrouble
from node.domain.notices import Notice
from node.domain.peers import OwnActor
from node.domain.responses import Response, ResponseState, Side
from node.domain.shares import Share
from node.services import responses
from node.services.community import Community
from schemas.fields import Document

Told = list[tuple[str, OwnActor]]


async def _now(community: Community, response: Response) -> Response:
    return (await responses.get(community, response.id)).response


@pytest.fixture
def told() -> Told:
    """What the other community was asked for."""
    return []


@pytest.fixture
def other_side(community: Community, monkeypatch: pytest.MonkeyPatch, told: Told) -> dict[str, Any]:
    """The other community's server: it answers with what a test puts in here, or raises it."""
    answer: dict[str, Any] = {}

    async def read_released(url: str, own: OwnActor) -> Document:
        told.append((url, own))
        if "error" in answer:
            raise answer["error"]
        return answer

    monkeypatch.setattr(community.remote, "read_released", read_released)
    return answer


@pytest.fixture
async def ours(put_response: Any, share: Share, need: Notice, community: Community, dispatcher: Any) -> Response:
    """Our need is with the neighbouring community."""
    response: Response = await put_response("ours", Side.ORIGIN, share_id=share.id, notice_id=need.id)
    await dispatcher.post(f"/responses/{response.id}/agree", release=["name", "contact"], lease_hours="20")
    return await _now(community, response)


async def test_the_clock_says_when_it_goes_home(dispatcher: Any, task: Response, clock: Any) -> None:
    page = await dispatcher.get(f"/tasks/{task.id}")
    assert "Goes home on Tue 6 May 2031, 10:00 UTC , in about 46 hours." in page.text
    clock.go_on(hours=44)
    assert "in about 2 hours" in (await dispatcher.get("/tasks")).text
    clock.go_on(hours=3)
    assert "that time is over" in (await dispatcher.get(f"/tasks/{task.id}")).text


async def test_both_sides_are_listed(dispatcher: Any, task: Response, ours: Response) -> None:
    page = await dispatcher.get("/tasks")
    assert "From Willow Court, with us" in page.text
    assert "Ours, with Willow Court" in page.text
    assert "Goes home in about 46 hours" in page.text
    assert "Comes home in about 20 hours" in page.text


async def test_with_no_task_the_page_says_what_to_do_next(dispatcher: Any) -> None:
    page = await dispatcher.get("/tasks")
    assert "No task is running" in page.text
    assert "/feed" in page.read.links


async def test_details_are_fetched_only_when_asked_for(
    dispatcher: Any, task: Response, other_side: dict[str, Any], told: Told
) -> None:
    other_side |= {"name": "Ruta", "contact": [{"method": "phone", "value": "555 0134", "voicemail_ok": False}]}
    page = await dispatcher.get(f"/tasks/{task.id}")
    assert told == []
    assert "Ruta" not in page.html
    details = await dispatcher.post(f"/tasks/{task.id}/details", reason="call")
    assert told == [("https://willow.example/agreements/1/coordinate", OwnActor.PEERS)]
    assert "Ruta" in details.text
    assert "Call: 555 0134" in details.text
    assert "Please leave no message." in details.text
    assert details.headers["Cache-Control"] == "no-store"
    assert "Ruta" not in (await dispatcher.get(f"/tasks/{task.id}")).html
    assert (await dispatcher.get(f"/tasks/{task.id}/details")).status == 405


@pytest.mark.parametrize(
    "answer",
    [
        {"name": ["Ruta"], "contact": "555", "address": {"a": 1}, "story": None, "arrival": 7},
        {"contact": [7, None, "x", {}, {"method": 1, "value": ["x"], "voicemail_ok": "yes"}]},
        {"name": "<script>alert(1)</script>", "contact": [{"method": "<b>", "value": "<img src=x>"}]},
        {"name": "n" * 100_000, "contact": [{"method": "text", "value": "1"}] * 5000},
        {},
    ],
)
async def test_a_strange_answer_is_read_with_care(
    dispatcher: Any, task: Response, other_side: dict[str, Any], answer: dict[str, Any]
) -> None:
    # T-32
    other_side |= answer
    page = await dispatcher.post(f"/tasks/{task.id}/details", reason="call")
    assert page.status == 200
    assert "<script>" not in page.html
    assert "<img src=x" not in page.html
    assert len(page.html) < 20_000


async def test_an_answer_that_does_not_come_is_told_on_the_task(
    dispatcher: Any, task: Response, other_side: dict[str, Any]
) -> None:
    other_side["error"] = PeerTrouble("The details could not be read just now.")
    page = await dispatcher.post(f"/tasks/{task.id}/details", reason="call")
    assert page.status == 502
    assert "The details could not be read just now." in page.text
    assert "Show how to reach them" in page.text


async def test_an_ended_task_shows_no_details(
    dispatcher: Any, task: Response, other_side: dict[str, Any], told: Told
) -> None:
    await dispatcher.post(f"/tasks/{task.id}/status", status="met")
    assert (await dispatcher.post(f"/tasks/{task.id}/details", reason="call")).status == 409
    assert told == []
    page = await dispatcher.get(f"/tasks/{task.id}")
    assert "Show how to reach them" not in page.text
    assert "What was released can no longer be read." in page.text


async def test_our_own_details_are_not_on_the_task(
    dispatcher: Any, ours: Response, other_side: dict[str, Any], told: Told
) -> None:
    page = await dispatcher.get(f"/tasks/{ours.id}")
    assert "they may read: what to call them, how to reach them." in page.text
    assert "Ruta" not in page.html
    assert (await dispatcher.post(f"/tasks/{ours.id}/details")).status == 404
    assert told == []


async def test_under_way_then_partly_met(dispatcher: Any, task: Response, community: Community) -> None:
    page = await dispatcher.post(f"/tasks/{task.id}/status", status="under way")
    assert "Under way. We are on it." in (await dispatcher.get(page.location)).text
    page = await dispatcher.post(f"/tasks/{task.id}/status", status="partly", quantity="12,5")
    after = await dispatcher.get(page.location)
    assert "It is noted as partly met." in after.text
    assert "Partly met. The rest is open again with them." in after.text
    assert (await _now(community, task)).brought == Decimal("12.5")


async def test_met_waits_for_the_receipt_and_shows_it(
    dispatcher: Any, task: Response, community: Community, clock: Any
) -> None:
    page = await dispatcher.post(f"/tasks/{task.id}/status", status="met")
    assert "Their receipt appears here when it comes." in (await dispatcher.get(page.location)).text
    met = await _now(community, task)
    async with community.database.unit_of_work() as work:
        await work.responses.put(replace(met, receipt_at=clock.at + timedelta(hours=1)))
    assert "Both communities have noted how it ended:" in (await dispatcher.get(f"/tasks/{task.id}")).text


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"status": "partly"}, "quantity"),
        ({"status": "partly", "quantity": "many"}, "quantity"),
        ({"status": "partly", "quantity": "0"}, "quantity"),
        ({"status": "partly", "quantity": "31"}, "quantity"),
        ({"status": "lost"}, "status"),
        ({}, "status"),
    ],
)
async def test_what_is_wrong_is_told_and_changes_nothing(
    dispatcher: Any, task: Response, community: Community, said: dict[str, str], field: str
) -> None:
    page = await dispatcher.post(f"/tasks/{task.id}/status", **said)
    assert page.status == 422
    assert f'href="#{field}"' in page.html
    assert (await _now(community, task)).state is ResponseState.AGREED


async def test_handing_back_needs_no_reason(dispatcher: Any, task: Response, community: Community) -> None:
    page = await dispatcher.get(f"/tasks/{task.id}/hand-back")
    assert "No reason needed, and no mark on anyone." in page.text
    assert page.names(f"/tasks/{task.id}/status") == {"csrf", "status"}
    done = await dispatcher.post(f"/tasks/{task.id}/status", status="returned")
    assert "It is back at its origin. No reason was needed." in (await dispatcher.get(done.location)).text
    assert (await _now(community, task)).state is ResponseState.RETURNED


async def test_saying_the_same_twice_is_no_error(dispatcher: Any, task: Response) -> None:
    first = await dispatcher.post(f"/tasks/{task.id}/status", status="met")
    again = await dispatcher.post(f"/tasks/{task.id}/status", status="met")
    assert first.location == again.location


async def test_an_ended_task_cannot_begin_again(dispatcher: Any, task: Response) -> None:
    await dispatcher.post(f"/tasks/{task.id}/status", status="returned")
    page = await dispatcher.post(f"/tasks/{task.id}/status", status="under way")
    assert page.status == 409
    assert "That did not work just now" in page.text


async def test_the_origin_takes_it_back(dispatcher: Any, ours: Response, need: Notice, community: Community) -> None:
    page = await dispatcher.get(f"/tasks/{ours.id}/hand-back")
    assert "Take it back?" in page.text
    await dispatcher.post(f"/tasks/{ours.id}/status", status="returned")
    assert "It came home. It is open again here." in (await dispatcher.get(f"/tasks/{ours.id}")).text
    assert need.wording.title in (await dispatcher.get("/dispatch")).text


async def test_an_offer_that_was_never_agreed_is_no_task(dispatcher: Any, offered: Response) -> None:
    assert (await dispatcher.get(f"/tasks/{offered.id}")).status == 404
    assert (await dispatcher.post(f"/tasks/{offered.id}/status", status="met")).status == 404
