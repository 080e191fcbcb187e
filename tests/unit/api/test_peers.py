"""Neighbouring communities, and the log, through the API."""

from typing import Any

import pytest

from node.domain.exchange import LEAST, in_order
from node.domain.peers import Peer


async def test_each_direction_has_its_word(steward: Any, peer: Peer) -> None:
    expected = {
        "id": "peer1",
        "address": "@willow@willow.example",
        "name": "Willow Court",
        "host": "willow.example",
        "level": "peers",
        "state": {"outgoing": "accepted", "incoming": "accepted"},
        "resting_until": None,
        "sends": list(in_order(LEAST)),
        "receives": list(in_order(LEAST)),
    }
    assert await steward("GET", "/peers") == (200, {"items": [expected], "next": None})
    assert await steward("GET", "/peers/peer1") == (200, expected)


async def test_what_flows_is_chosen_by_category(steward: Any, peer: Peer) -> None:
    """A list is given whole, one that is left out stays, and what is no category is refused beside its field."""
    status, changed = await steward("PATCH", f"/peers/{peer.id}", {"sends": ["money", "groceries", "groceries"]})
    assert (status, changed["sends"]) == (200, ["groceries", "money"])
    assert changed["receives"] == list(in_order(LEAST))
    status, changed = await steward("PATCH", f"/peers/{peer.id}", {"receives": []})
    assert (status, changed["sends"], changed["receives"]) == (200, ["groceries", "money"], [])
    for body in ({"sends": ["weapons"]}, {"sends": ["money"] * 21}, {"sends": "money"}):
        status, problem = await steward("PATCH", f"/peers/{peer.id}", body)
        assert (status, problem["errors"][0]["field"].split(".")[0]) == (422, "sends")
    assert (await steward("GET", f"/peers/{peer.id}"))[1] == changed
    assert (await steward("PATCH", "/peers/nobody", {"sends": []}))[0] == 404


async def test_pause_resume_block_unblock_and_drop(steward: Any, peer: Peer) -> None:
    for word, shown in (("pause", "paused"), ("resume", "accepted"), ("block", "blocked")):
        status, changed = await steward("POST", f"/peers/{peer.id}/{word}")
        assert (status, changed["state"]) == (200, {"outgoing": shown, "incoming": shown})
    status, changed = await steward("POST", f"/peers/{peer.id}/unblock", {})
    assert (status, changed["state"]) == (200, {"outgoing": None, "incoming": None})
    answer = await steward.send("DELETE", f"/peers/{peer.id}")
    assert (answer.status, await answer.read()) == (204, b"")
    assert (await steward("GET", "/peers"))[1]["items"] == []
    assert (await steward("DELETE", f"/peers/{peer.id}"))[0] == 404


async def test_there_is_nothing_to_decline(steward: Any, peer: Peer) -> None:
    assert (await steward("POST", f"/peers/{peer.id}/decline"))[0] in {200, 409}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"level": "public"}, "address"),
        ({"address": "@willow@willow.example"}, "level"),
        ({"address": "", "level": "public"}, "address"),
        ({"address": "two words", "level": "public"}, "address"),
        ({"address": "@willow@willow.example", "level": "named"}, "level"),
        ({"address": ["@willow@willow.example"], "level": "public"}, "address"),
    ],
)
async def test_an_address_that_cannot_be_one(steward: Any, body: Any, field: str) -> None:
    status, problem = await steward("POST", "/peers", body)
    assert (status, problem["errors"][0]["field"]) == (422, field)


@pytest.mark.parametrize(
    "address", ["@public@127.0.0.1", "https://10.0.0.1/", "@a@localhost", "https://linden.example/"]
)
async def test_an_address_that_may_not_be_asked(steward: Any, address: str) -> None:
    status, problem = await steward("POST", "/peers", {"address": address, "level": "public"})
    assert status in {422, 502}  # T-14
    assert problem["detail"].endswith(".")
    assert (await steward("GET", "/peers"))[1]["items"] == []


async def test_the_log_says_who_did_what(steward: Any, peer: Peer) -> None:
    await steward("POST", f"/peers/{peer.id}/pause")
    status, log = await steward("GET", "/audit")
    assert status == 200
    assert log["next"] is None
    newest = log["items"][0]
    assert (newest["member"], newest["action"], newest["subject"]) == ("Amina", "paused a peer", peer.id)


async def test_rest_declared_read_and_ended(steward: Any, dispatcher: Any) -> None:
    assert await steward("GET", "/rest") == (200, {"until": None})
    soon = "2031-06-04T18:00:00Z"
    assert await steward("POST", "/rest", {"until": soon}) == (200, {"until": soon})
    assert await steward("GET", "/rest") == (200, {"until": soon})
    for wrong in (None, "soon", "2031-06-04", "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"):
        assert (await steward("POST", "/rest", {"until": wrong}))[0] == 422
    assert (await dispatcher("GET", "/rest"))[0] == 403
    assert (await steward("DELETE", "/rest"))[0] == 204
    assert (await steward("DELETE", "/rest"))[0] == 409
