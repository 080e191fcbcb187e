"""Shares through the API: preview, share, see, withdraw."""

from typing import Any

import pytest

from node.domain.peers import Peer


async def test_sharing_publicly(dispatcher: Any, need_id: str) -> None:
    answer = await dispatcher.send("POST", f"/needs/{need_id}/shares", {"level": "public", "text": "Two packs."})
    assert answer.status == 201
    share = await answer.json()
    assert answer.headers["Location"] == f"/api/v1/shares/{share['id']}"
    assert share["object"].startswith("https://linden.example/o/")
    assert (share["level"], share["state"], share["notice_id"]) == ("public", "shown", need_id)
    assert (share["text"], share["lease_hours"]) == ("Two packs.", 48)
    (listed,) = (await dispatcher("GET", f"/needs/{need_id}"))[1]["shares"]
    assert listed == share


async def test_nothing_is_shared_until_somebody_does_and_that_is_logged(  # C-131
    dispatcher: Any, steward: Any, need_id: str
) -> None:
    assert (await dispatcher("GET", f"/needs/{need_id}"))[1]["shares"] == []
    await dispatcher("POST", f"/needs/{need_id}/shares", {"level": "public"})
    lines = (await steward("GET", "/audit"))[1]["items"]
    assert ("Bo", "shared a notice", need_id) in [(line["member"], line["action"], line["subject"]) for line in lines]


async def test_a_share_shows_who_got_it_and_who_confirmed_erasing_it(dispatcher: Any, need_id: str, peer: Peer) -> None:
    _, share = await dispatcher("POST", f"/needs/{need_id}/shares", {"level": "named", "peers": [peer.id]})
    assert share["peers"] == [peer.id]
    status, record = await dispatcher("GET", f"/shares/{share['id']}")
    assert status == 200
    assert record["notice"] == {"id": need_id, "kind": "need", "title": "Diapers, size 4", "status": "open"}
    (recipient,) = record["recipients"]
    assert (recipient["actor"], recipient["name"], recipient["state"]) == (
        peer.peers_actor,
        "Willow Court (willow.example)",
        "waiting",
    )
    assert record["receipts"] == []
    status, withdrawn = await dispatcher("DELETE", f"/shares/{share['id']}")
    assert (status, withdrawn["state"]) == (200, "withdrawn")
    assert (await dispatcher("GET", f"/shares/{share['id']}"))[1]["recipients"][0]["state"] == "erasing"
    assert (await dispatcher("DELETE", f"/shares/{share['id']}"))[0] == 200


@pytest.mark.parametrize("level", ["public", "peers", "named"])
async def test_without_consent_the_reason_is_said_and_nothing_shared(
    dispatcher: Any, need: Any, peer: Peer, level: str
) -> None:
    _, stored = await dispatcher("POST", "/needs", {**need, "consent": {"peers": []}})
    body = {"level": level, "peers": [peer.id]}
    status, problem = await dispatcher("POST", f"/needs/{stored['id']}/shares", body)
    assert (status, problem["type"]) == (409, "urn:manyhands:problem:consent-missing")
    assert "did not agree" in problem["detail"]
    assert (await dispatcher("GET", f"/needs/{stored['id']}"))[1]["shares"] == []


async def test_the_preview_is_the_document_and_stores_nothing(dispatcher: Any, need_id: str) -> None:
    status, document = await dispatcher("GET", f"/needs/{need_id}/shares/preview?level=public&text=Two%20packs.")
    assert status == 200
    assert document["type"] == "Note"
    assert "Two packs." in document["content"]
    assert (await dispatcher("GET", f"/needs/{need_id}"))[1]["shares"] == []
    status, check = await dispatcher("GET", f"/needs/{need_id}/shares/check?level=public&text=Two%20packs.")
    assert (status, check["blocked"]) == (200, "")
    assert "<p>Two packs.</p>" in check["html"]


async def test_a_preview_shows_what_may_not_be_sent_yet(dispatcher: Any, need: Any, peer: Peer) -> None:
    _, stored = await dispatcher("POST", "/needs", {**need, "consent": {"peers": []}})
    path = f"/needs/{stored['id']}/shares"
    assert (await dispatcher("GET", f"{path}/preview?level=peers"))[1]["type"] == "Note"
    assert "did not agree" in (await dispatcher("GET", f"{path}/check?level=named&peers={peer.id},other"))[1]["blocked"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"level": "everyone"}, "level"),
        ({"level": "named"}, "peers"),
        ({"level": "named", "peers": "all"}, "peers"),
        ({"lease_hours": 0}, "lease_hours"),
        ({"lease_hours": "0.009"}, "lease_hours"),
        ({"lease_hours": 1441}, "lease_hours"),
        ({"lease_hours": True}, "lease_hours"),
        ({"reply_by": "2031-05-05T10:00:00"}, "reply_by"),
        ({"reply_by": "2031-05-01T10:00:00Z"}, "reply_by"),
        ({"reply_by": "0001-01-01T00:00:00+14:00"}, "reply_by"),
        ({"override_category": "yes"}, "override_category"),
        ({"text": "x" * 2001}, "text"),
    ],
)
async def test_a_share_that_cannot_be_meant_names_the_field(
    dispatcher: Any, need_id: str, change: dict[str, Any], field: str
) -> None:
    status, problem = await dispatcher("POST", f"/needs/{need_id}/shares", {"level": "public", **change})
    assert (status, problem["errors"][0]["field"]) == (422, field)


@pytest.mark.parametrize(("hours", "shown"), [(0.01, 0.01), ("0.5", 0.5), (24, 24), (1440, 1440), (None, 48)])
async def test_a_lease_is_a_number_of_hours(dispatcher: Any, need_id: str, hours: object, shown: float) -> None:
    body = {"level": "public", "lease_hours": hours, "reply_by": "2031-05-05T10:00:00+02:00"}
    status, share = await dispatcher("POST", f"/needs/{need_id}/shares", body)
    assert status == 201
    assert share["lease_hours"] == pytest.approx(shown)
    assert share["reply_by"] == "2031-05-05T08:00:00Z"


async def test_only_a_steward_shows_a_delicate_category_publicly(dispatcher: Any, steward: Any, need: Any) -> None:
    delicate = {**need, "notice": {**need["notice"], "category": "health"}}
    _, stored = await dispatcher("POST", "/needs", delicate)
    path = f"/needs/{stored['id']}/shares"
    status, problem = await dispatcher("POST", path, {"level": "public"})
    assert (status, problem["type"]) == (409, "about:blank")
    assert (await dispatcher("POST", path, {"level": "public", "override_category": True}))[0] == 403
    assert (await steward("POST", path, {"level": "public", "override_category": True}))[0] == 201


async def test_a_telephone_number_is_never_shared(dispatcher: Any, need_id: str) -> None:
    body = {"level": "public", "text": "Call 555 0134 999"}
    assert (await dispatcher("POST", f"/needs/{need_id}/shares", body))[0] == 422  # C-130


async def test_a_correction_does_not_send_a_telephone_number_after_all(dispatcher: Any, need_id: str) -> None:
    await dispatcher("POST", f"/needs/{need_id}/shares", {"level": "public"})
    change = {"notice": {"text": "Call 555 0134 999"}}
    status, problem = await dispatcher("PATCH", f"/needs/{need_id}", change)
    assert (status, problem["errors"][0]["field"]) == (422, "notice.text")  # C-130
    assert (await dispatcher("GET", f"/needs/{need_id}"))[1]["notice"]["text"] == "Two packs would do."


async def test_the_same_key_shares_once(dispatcher: Any, need_id: str) -> None:
    key = {"Idempotency-Key": "share-1"}
    first = await dispatcher("POST", f"/needs/{need_id}/shares", {"level": "public"}, headers=key)
    assert first == await dispatcher("POST", f"/needs/{need_id}/shares", {"level": "public"}, headers=key)
    assert len((await dispatcher("GET", f"/needs/{need_id}"))[1]["shares"]) == 1


async def test_offers_are_shared_in_the_same_way(dispatcher: Any, need: Any) -> None:
    _, stored = await dispatcher("POST", "/offers", need)
    status, share = await dispatcher("POST", f"/offers/{stored['id']}/shares", {"level": "peers"})
    assert status == 201
    assert (await dispatcher("GET", f"/shares/{share['id']}"))[1]["notice"]["kind"] == "offer"
