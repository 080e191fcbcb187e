"""Offers of help for our notices: nothing is released but what a dispatcher ticks."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from node.domain.notices import Notice
from node.domain.responses import Response, ResponseState, Side
from node.domain.shares import Share
from node.services import responses
from node.services.community import Community


async def _now(community: Community, response: Response) -> Response:
    return (await responses.get(community, response.id)).response


async def test_strangers_stand_apart_and_what_waits_stands_first(
    dispatcher: Any, offered: Response, put_response: Any, share: Share, need: Notice
) -> None:
    # T-40
    about = {"share_id": share.id, "notice_id": need.id}
    await put_response(
        "gone", Side.ORIGIN, state=ResponseState.DECLINED, offer_id="https://willow.example/a/0", **about
    )
    await put_response("stranger", Side.ORIGIN, remote_actor="https://nobody.example/actors/public", **about)
    page = await dispatcher.get("/responses")
    waiting, strangers, answered = (
        page.html.index(f">{heading}</h2>")
        for heading in ("Waiting for our answer", "From communities we are not linked with", "Answered")
    )
    places = {name: page.html.index(f'"/responses/{name}"') for name in (offered.id, "stranger", "gone")}
    assert waiting < places[offered.id] < strangers < places["stranger"] < answered < places["gone"]
    assert "Ask around who they are" in (await dispatcher.get("/responses/stranger")).text


async def test_with_nothing_waiting_the_page_says_so(dispatcher: Any) -> None:
    page = await dispatcher.get("/responses")
    assert "Nothing waits for an answer" in page.text
    assert "/dispatch" in page.read.links


async def test_only_the_names_of_filled_fields_are_shown(dispatcher: Any, offered: Response, need: Notice) -> None:
    page = await dispatcher.get(f"/responses/{offered.id}")
    for name in ("What to call them", "How to reach them", "Address", "Arrival card"):
        assert name in page.text
    assert "Their story" not in page.text
    assert not [word for word in ("Ruta", "555 0134", "blue door", "Knock twice") if word in page.html]
    assert " checked" not in page.html
    assert "Nobody has opened it yet." in (await dispatcher.get(f"/dispatch/{need.id}")).text


async def test_agreeing_releases_what_was_ticked_for_as_long_as_was_said(
    dispatcher: Any, offered: Response, community: Community, clock: Any
) -> None:
    page = await dispatcher.post(
        f"/responses/{offered.id}/agree", release=["name", "contact"], lease_hours="10", text="ignored"
    )
    assert page.location == f"/responses/{offered.id}?changed=agreed"
    agreed = await _now(community, offered)
    assert agreed.state is ResponseState.AGREED
    assert agreed.released == ("name", "contact")
    assert agreed.lease_until == clock.at + timedelta(hours=10)
    after = await dispatcher.get(page.location)
    assert "While the task runs they may read: what to call them, how to reach them." in after.text
    assert f"/tasks/{offered.id}" in after.read.links


async def test_agreeing_with_nothing_ticked_releases_nothing(
    dispatcher: Any, offered: Response, community: Community, clock: Any
) -> None:
    # T-40
    await dispatcher.post(f"/responses/{offered.id}/agree", release=["code", ""])
    agreed = await _now(community, offered)
    assert agreed.state is ResponseState.AGREED
    assert agreed.released == ()
    assert agreed.lease_until == clock.at + timedelta(hours=48)


async def test_the_usual_lease_is_the_one_it_was_shared_with(dispatcher: Any, offered: Response) -> None:
    assert 'name="lease_hours" type="text" value="48"' in (await dispatcher.get(f"/responses/{offered.id}")).html


@pytest.mark.parametrize("hours", ["many", "0", "1441"])
async def test_a_lease_that_cannot_be_meant_is_told_beside_the_field(
    dispatcher: Any, offered: Response, community: Community, hours: str
) -> None:
    page = await dispatcher.post(f"/responses/{offered.id}/agree", release="name", lease_hours=hours)
    assert page.status == 422
    assert 'id="lease_hours-wrong"' in page.html
    assert 'value="name" checked' in page.html
    assert (await _now(community, offered)).state is ResponseState.OFFERED


async def test_agreeing_twice_changes_nothing_and_says_so(
    dispatcher: Any, offered: Response, community: Community
) -> None:
    await dispatcher.post(f"/responses/{offered.id}/agree", release="name")
    page = await dispatcher.post(f"/responses/{offered.id}/agree", release=["name", "address"])
    assert page.status == 409
    assert "That did not work just now" in page.text
    assert (await _now(community, offered)).released == ("name",)


async def test_more_than_is_open_cannot_be_agreed(
    dispatcher: Any, put_response: Any, share: Share, need: Notice
) -> None:
    # C-126
    await put_response("much", Side.ORIGIN, share_id=share.id, notice_id=need.id, quantity=Decimal(3))
    page = await dispatcher.post("/responses/much/agree")
    assert page.status == 409
    assert "That is more than is still open." in page.text


async def test_not_this_time_is_said_with_a_few_words(dispatcher: Any, offered: Response, community: Community) -> None:
    page = await dispatcher.post(f"/responses/{offered.id}/decline", text=" Already covered, thank you. ")
    assert page.location == f"/responses/{offered.id}?changed=declined"
    declined = await _now(community, offered)
    assert (declined.state, declined.answer) == (ResponseState.DECLINED, "Already covered, thank you.")
    after = await dispatcher.get(page.location)
    assert "They have been told. The notice stays open here." in after.text
    assert f"/responses/{offered.id}/agree" not in [form["action"] for form in after.read.forms]


async def test_too_many_words_come_back(dispatcher: Any, offered: Response, community: Community) -> None:
    page = await dispatcher.post(f"/responses/{offered.id}/decline", text="x" * 1001)
    assert page.status == 422
    assert 'id="text-wrong"' in page.html
    assert re.search(r'name="lease_hours" type="text" value="\d+"', page.html)
    assert (await _now(community, offered)).state is ResponseState.OFFERED


async def test_an_offer_of_ours_is_not_ours_to_answer(dispatcher: Any, task: Response) -> None:
    assert (await dispatcher.get(f"/responses/{task.id}")).status == 404
    assert (await dispatcher.post(f"/responses/{task.id}/agree")).status == 404


async def test_their_words_stay_words(dispatcher: Any, put_response: Any, share: Share, need: Notice) -> None:
    # T-32
    await put_response("loud", Side.ORIGIN, share_id=share.id, notice_id=need.id, text="<img src=x onerror=alert(1)>")
    assert "<img src=x" not in (await dispatcher.get("/responses/loud")).html
