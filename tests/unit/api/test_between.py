"""What stands between communities, through the API: the network, moving house, the heir, two stewards."""

from typing import Any

from node.domain.peers import Peer

NOTHING = {"band": "none", "told": 0}
NO_WAY = {"notices": NOTHING, "tasks": NOTHING}


async def test_the_network_by_name(dispatcher: Any, peer: Peer) -> None:
    status, found = await dispatcher("GET", "/network")
    assert status == 200
    (one,) = found["items"]
    assert (one["peer"], one["name"], one["link"]) == (peer.id, "Willow Court", "linked")
    assert (one["to_them"], one["to_us"], one["until"]) == (NO_WAY, NO_WAY, None)


async def test_nobody_moved(steward: Any) -> None:
    status, found = await steward("GET", "/moving")
    assert (status, found["former"], found["came_along"], found["tasks"]) == (200, None, [], 0)
    assert (await steward("POST", "/moving/tell"))[0] == 409


async def test_no_heir_and_no_copy(steward: Any, peer: Peer) -> None:
    """Words are made on the page alone: there is no call that names an heir, and none that opens a copy."""
    assert await steward("GET", "/heir") == (200, {"heir": None})
    assert (await steward("POST", "/heir", {}))[0] == 405
    assert (await steward("POST", f"/peers/{peer.id}/copy/open", {}))[0] == 404
    assert await steward("GET", f"/peers/{peer.id}/copy") == (200, {"held": None})


async def test_two_stewards_are_asked_for_and_not_ended_here(steward: Any, peer: Peer) -> None:
    assert await steward("GET", "/second-yes") == (200, {"links": False, "shares": False})
    assert await steward("POST", "/second-yes", {"deed": "shares"}) == (200, {"links": False, "shares": True})
    assert (await steward("POST", "/second-yes", {"deed": "everything"}))[0] == 422
    assert (await steward("DELETE", "/second-yes"))[0] == 405
    assert await steward("GET", f"/peers/{peer.id}/second-yes") == (200, {"waiting": None})
