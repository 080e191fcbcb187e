"""The feed of followed communities, and our community's offer to help."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from node.domain.feed import FeedItem, FeedKind
from node.domain.responses import ResponseState, Side
from node.services.community import Community

OFFER = {"quantity": "12", "text": "On Thursday at noon.", "until": "2031-05-07", "form_id": "form-1"}


async def _own(community: Community, item: FeedItem) -> list[Any]:
    async with community.database.reading() as work:
        return list(await work.responses.of_items({item.id}))


async def test_the_feed_is_narrowed_down(helper: Any, put_item: Any, peer: Any, make_peer: Any) -> None:
    await make_peer("River Hands")
    await put_item("feed1", title="Soup")
    await put_item("feed2", title="Interpreters", kind=FeedKind.OFFER)
    await put_item("feed3", title="Repair evening", kind=FeedKind.ANNOUNCEMENT, intent_id=None)
    await put_item("feed4", title="Firewood", actor="https://river.example/actors/peers")
    titles = ("Soup", "Interpreters", "Repair evening", "Firewood")

    async def shown(query: str) -> set[str]:
        page = await helper.get(f"/feed{query}")
        assert page.status == 200
        return {title for title in titles if title in page.text}

    assert await shown("") == set(titles)
    assert await shown("?kind=need") == {"Soup", "Firewood"}
    assert await shown("?kind=offer") == {"Interpreters"}
    assert await shown("?kind=announcement") == {"Repair evening"}
    assert await shown("?origin=river.example") == {"Firewood"}
    assert await shown("?kind=offer&origin=river.example") == set()


async def test_an_empty_feed_says_what_to_do_next(helper: Any, steward: Any) -> None:
    assert "A steward can link us with one." in (await helper.get("/feed")).text
    assert "/peers" in (await steward.get("/feed")).read.links
    filtered = await helper.get("/feed?kind=need")
    assert "Nothing like this at the moment" in filtered.text
    assert "/feed" in filtered.read.links


async def test_older_ones_are_one_link_away(helper: Any, put_item: Any, peer: Any, clock: Any) -> None:
    for number in range(51):
        await put_item(f"feed{number}", title=f"Notice {number:02d}.", received_at=clock.at + timedelta(minutes=number))
    first = await helper.get("/feed?kind=need")
    assert "Notice 50." in first.text
    assert "Notice 00." not in first.text
    (older,) = [link for link in first.read.links if "after=" in link]
    assert "kind=need" in older
    assert "Notice 00." in (await helper.get(older)).text


async def test_what_is_not_a_cursor_of_ours_is_said_plainly(helper: Any) -> None:
    assert (await helper.get("/feed?after=nonsense")).status == 422


async def test_a_notice_is_read(helper: Any, item: FeedItem) -> None:
    page = await helper.get(f"/feed/{item.id}")
    assert "<p>Thirty bowls &amp; spoons</p>" in page.html
    assert "from Willow Court (willow.example)" in page.text
    assert "Tell a dispatcher" in page.text
    assert f"/feed/{item.id}/offer" not in page.read.links


async def test_words_and_addresses_of_others_stay_words(helper: Any, put_item: Any, peer: Any) -> None:
    # T-32
    item = await put_item(title="<script>alert(1)</script>", url="javascript:alert(1)", area="<b>Old</b>", unit="<u>")
    page = await helper.get(f"/feed/{item.id}")
    listed = await helper.get("/feed")
    assert "<script>" not in page.html + listed.html
    assert "javascript:" not in page.html
    assert "<b>Old" not in page.html + listed.html
    assert "<u>" not in page.html


async def test_help_is_offered_once(dispatcher: Any, item: FeedItem, community: Community) -> None:
    page = await dispatcher.get(f"/feed/{item.id}/offer")
    assert 'value="30"' in page.html
    assert page.form(f"/feed/{item.id}/offer")["form_id"]
    first = await dispatcher.post(f"/feed/{item.id}/offer", **OFFER)
    again = await dispatcher.post(f"/feed/{item.id}/offer", **OFFER)
    assert first.status == again.status == 303
    (own,) = await _own(community, item)
    assert (own.quantity, own.text, own.state) == (Decimal(12), "On Thursday at noon.", ResponseState.OFFERED)
    shown = await dispatcher.get(first.location)
    assert "We offered to help. Their answer is still to come." in shown.text
    assert f"/feed/{item.id}/offer" not in shown.read.links
    assert "There is nothing more to send." in (await dispatcher.get(f"/feed/{item.id}/offer")).text


async def test_an_offer_is_taken_back(dispatcher: Any, item: FeedItem, community: Community) -> None:
    await dispatcher.post(f"/feed/{item.id}/offer", **OFFER)
    assert (await dispatcher.post(f"/feed/{item.id}/take-back")).status == 303
    (own,) = await _own(community, item)
    assert own.state is ResponseState.WITHDRAWN
    page = await dispatcher.get(f"/feed/{item.id}")
    assert "It was taken back." in page.text
    assert f"/feed/{item.id}/offer" in page.read.links


async def test_there_is_nothing_to_take_back(dispatcher: Any, item: FeedItem) -> None:
    assert (await dispatcher.post(f"/feed/{item.id}/take-back")).status == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quantity": "many"}, "quantity"),
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "31"}, "quantity"),
        ({"until": "2031-05-01"}, "until"),
        ({"until": "soon"}, "until"),
        ({"text": "x" * 1001}, "text"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(
    dispatcher: Any, item: FeedItem, community: Community, wrong: dict[str, str], field: str
) -> None:
    page = await dispatcher.post(f"/feed/{item.id}/offer", **(OFFER | wrong))
    assert page.status == 422
    assert f'id="{field}-wrong"' in page.html
    assert page.form(f"/feed/{item.id}/offer")["form_id"] == "form-1"
    assert await _own(community, item) == []


async def test_what_is_met_takes_no_offers(dispatcher: Any, put_item: Any, peer: Any) -> None:
    item = await put_item(status="met")
    assert f"/feed/{item.id}/offer" not in (await dispatcher.get(f"/feed/{item.id}")).read.links
    assert "Nothing can be offered" in (await dispatcher.get(f"/feed/{item.id}/offer")).text
    assert (await dispatcher.post(f"/feed/{item.id}/offer", **OFFER)).status == 409


async def test_an_offer_of_theirs_is_asked_for(dispatcher: Any, put_item: Any, peer: Any) -> None:
    item = await put_item(kind=FeedKind.OFFER)
    assert "Ask for this" in (await dispatcher.get(f"/feed/{item.id}")).text
    await dispatcher.post(f"/feed/{item.id}/offer", **OFFER)
    assert "We asked for this." in (await dispatcher.get(f"/feed/{item.id}")).text


async def test_their_answer_is_shown(dispatcher: Any, item: FeedItem, put_response: Any) -> None:
    await put_response(
        "r", Side.HELPER, feed_item_id=item.id, state=ResponseState.DECLINED, answer="Already covered, thank you."
    )
    page = await dispatcher.get(f"/feed/{item.id}")
    assert "They said: not this time." in page.text
    assert "Already covered, thank you." in page.text
