"""Consent through the API: its history, a further answer, and asking the person first."""

from typing import Any

import pytest

from node.domain.peers import Peer

YES = {"use": "peers", "given": True, "channel": "phone", "language": "en", "wording": "May all of them see it?"}
NO = {**YES, "given": False}


async def consents(dispatcher: Any, need_id: str) -> list[tuple[str, bool]]:
    """Each answer as (use, yes or no), oldest first."""
    _, record = await dispatcher("GET", f"/needs/{need_id}")
    return [(line["use"], line["given"]) for line in record["consents"]]


async def test_the_history_begins_with_what_was_agreed_to(dispatcher: Any, need: Any) -> None:
    said = {"wording": "¿Quién puede verlo?", "language": "es", "channel": "in person", "still_needed": True}
    _, stored = await dispatcher("POST", "/needs", {**need, "consent": need["consent"] | said})
    status, record = await dispatcher("GET", f"/needs/{stored['id']}")
    assert status == 200
    uses = [line["use"] for line in record["consents"]]
    assert uses == ["dispatchers", "board", "peers", "public", "message", "still needed"]
    board = record["consents"][1]
    assert board.pop("at") >= stored["created_at"][:10]
    assert board == {
        "use": "board",
        "peer": None,
        "given": True,
        "wording": "¿Quién puede verlo?",
        "language": "es",
        "channel": "in person",
        "by": "Bo",
    }
    # How a message may be left was said with the contact, not in these words.
    assert record["consents"][4]["wording"] == ""


async def test_the_known_fields_stay_as_they_are(dispatcher: Any, need: Any) -> None:
    _, stored = await dispatcher("POST", "/needs", need)
    assert stored["consent"] == {"board": True, "peers": "all", "public": True}
    _, record = await dispatcher("GET", f"/needs/{stored['id']}")
    assert record["consent"] == stored["consent"]
    assert {line["channel"] for line in record["consents"]} == {"unknown"}


async def test_a_no_ends_the_share_and_the_next_one_is_refused(dispatcher: Any, need_id: str, peer: Peer) -> None:
    _, share = await dispatcher("POST", f"/needs/{need_id}/shares", {"level": "peers"})
    status, answers = await dispatcher("POST", f"/needs/{need_id}/consents", NO)
    assert status == 201
    assert [(line["use"], line["given"]) for line in answers["items"]][-2:] == [("peers", False), ("public", False)]
    assert (await dispatcher("GET", f"/shares/{share['id']}"))[1]["state"] == "withdrawn"
    status, problem = await dispatcher("POST", f"/needs/{need_id}/shares", {"level": "peers"})
    assert (status, problem["type"]) == (409, "urn:manyhands:problem:consent-missing")
    assert problem["detail"].endswith("Ask the person first.")
    assert problem["ask_first"] == f"/api/v1/needs/{need_id}/callbacks"


async def test_the_person_is_asked_first_and_then_it_goes(dispatcher: Any, need: Any, peer: Peer) -> None:
    _, stored = await dispatcher("POST", "/needs", {**need, "consent": {"board": True}})
    path = f"/needs/{stored['id']}"
    body = {"level": "named", "peers": [peer.id], "due": "2031-05-06T18:00:00+02:00"}
    status, call_back = await dispatcher("POST", f"{path}/callbacks", body)
    assert status == 201
    assert (call_back["use"], call_back["peers"], call_back["due"]) == ("named", [peer.id], "2031-05-06T16:00:00Z")
    assert (await dispatcher("POST", f"{path}/callbacks", body))[1]["id"] == call_back["id"]
    assert (await dispatcher("GET", "/callbacks"))[1] == {"items": [call_back], "next": None}
    answer = {"given": True, "channel": "phone", "wording": "May Willow Court see it?"}
    status, settled = await dispatcher("POST", f"/callbacks/{call_back['id']}/answer", answer)
    assert status == 200 and settled["settled_at"]
    assert (await dispatcher("GET", "/callbacks"))[1]["items"] == []
    last = (await dispatcher("GET", path))[1]["consents"][-1]
    assert (last["use"], last["peer"], last["given"], last["by"]) == ("named", peer.id, True, "Bo")
    body = {"level": "named", "peers": [peer.id]}
    assert (await dispatcher("POST", f"{path}/shares", body))[0] == 201
    assert (await dispatcher("POST", f"{path}/callbacks", body))[0] == 409


async def test_an_answer_another_way_settles_the_call_back(dispatcher: Any, need: Any) -> None:
    _, stored = await dispatcher("POST", "/needs", {**need, "consent": {}})
    await dispatcher("POST", f"/needs/{stored['id']}/callbacks", {"level": "peers"})
    await dispatcher("POST", f"/needs/{stored['id']}/consents", YES)
    assert (await dispatcher("GET", "/callbacks"))[1]["items"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"use": "everything"}, "use"),
        ({"use": "dispatchers", "given": False}, "use"),
        ({"use": "named"}, "peers"),
        ({"use": "named", "peers": []}, "peers"),
        ({"use": "named", "peers": ["nobody"]}, "peers"),
        ({"given": "yes"}, "given"),
        ({"channel": "pigeon"}, "channel"),
        ({"wording": "x" * 1001}, "wording"),
        ({"language": "not a language"}, "language"),
    ],
)
async def test_an_answer_that_cannot_be_meant_names_the_field(
    dispatcher: Any, need_id: str, change: dict[str, Any], field: str
) -> None:
    before = await consents(dispatcher, need_id)
    status, problem = await dispatcher("POST", f"/needs/{need_id}/consents", {**YES, **change})
    assert (status, problem["errors"][0]["field"]) == (422, field)
    assert await consents(dispatcher, need_id) == before


@pytest.mark.parametrize("body", [{"level": "named"}, {"level": "named", "peers": ["nobody"]}, {"level": "local"}])
async def test_somebody_is_asked_about_communities_we_know(dispatcher: Any, need: Any, body: dict[str, Any]) -> None:
    _, stored = await dispatcher("POST", "/needs", {**need, "consent": {}})
    assert (await dispatcher("POST", f"/needs/{stored['id']}/callbacks", body))[0] == 422


async def test_offers_have_the_same_history(dispatcher: Any, need: Any) -> None:
    _, stored = await dispatcher("POST", "/offers", need)
    status, answers = await dispatcher("POST", f"/offers/{stored['id']}/consents", NO)
    assert (status, answers["items"][-1]["given"]) == (201, False)
    assert (await dispatcher("POST", f"/needs/{stored['id']}/consents", NO))[0] == 404
