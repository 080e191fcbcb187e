"""A day's work through the API: a need in parts, some of it met, still wanted; shifts."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from node.services import needs
from node.services.community import Community, profile, save_profile

BOXES = {
    "notice": {"title": "Twenty boxes", "category": "organising", "text": "By Friday.", "quantity": 20},
    "consent": {"board": True},
}


async def test_a_need_is_split_met_in_part_and_still_wanted(member: Any, dispatcher: Any, community: Community) -> None:
    boxes = (await member("POST", "/needs", BOXES))[1]["id"]
    await dispatcher("POST", f"/needs/{boxes}/status", {"status": "open"})
    path, asked = f"/needs/{boxes}/split", {"title": "Boxes to share", "quantity": 8, "stays_title": "Boxes for us"}
    key = {"headers": {"Idempotency-Key": "once"}}
    sent = await dispatcher.send("POST", path, asked, **key)
    part = await sent.json()
    assert (sent.status, sent.headers["Location"]) == (201, f"/api/v1/needs/{part['id']}")
    assert (part["notice"]["category"], part["notice"]["text"], part["remaining"]) == ("organising", "", 8)
    assert (await dispatcher("POST", path, asked, **key))[1] == part
    stays = (await dispatcher("GET", f"/needs/{boxes}"))[1]
    assert (stays["notice"]["title"], stays["notice"]["text"], stays["remaining"]) == ("Boxes for us", "By Friday.", 12)
    assert stays["parts"] == [boxes, part["id"]]
    met = f"/needs/{part['id']}/met"
    _, some = await dispatcher("POST", met, {"quantity": 3, "was": 8})
    assert (some["status"], some["remaining"]) == ("partly met", 5)
    assert (await dispatcher("POST", met, {"quantity": 3, "was": 8}))[0] == 409, "somebody noted it already"
    status, problem = await dispatcher("POST", met, {"quantity": 6})
    assert (status, problem["errors"][0]["field"]) == (422, "quantity")
    for state in ("paused", "open"):
        assert (await dispatcher("POST", f"/needs/{boxes}/status", {"status": state}))[1]["status"] == state
    before = (await needs.get(community, boxes)).renewed_at
    assert (await dispatcher("POST", f"/needs/{boxes}/still", {"given": True}))[1]["status"] == "open"
    assert (await needs.get(community, boxes)).renewed_at != before
    assert (await dispatcher("POST", f"/needs/{boxes}/still", {"given": False}))[1]["status"] == "met"
    assert (await dispatcher("POST", path, asked))[0] == 409, "it has ended"


async def test_what_cannot_be_split_is_named(member: Any, dispatcher: Any) -> None:
    boxes = (await member("POST", "/needs", BOXES))[1]["id"]
    for wrong, field in (
        ({"title": "Twenty boxes", "text": "By Friday."}, "title"),
        ({"title": "Some", "quantity": 20}, "quantity"),
        ({"title": "Some", "category": "nonsense"}, "category"),
        ({"title": "Some", "quantity": 2, "stays_title": " "}, "stays_title"),
    ):
        status, problem = await dispatcher("POST", f"/needs/{boxes}/split", wrong)
        assert (status, problem["errors"][0]["field"]) == (422, field)


async def test_a_shift_is_written_for_weeks_taken_let_go_and_taken_off(
    dispatcher: Any, steward: Any, community: Community
) -> None:
    await save_profile(community, replace(await profile(community), timezone="Europe/Berlin"))
    evening = {"starts_at": "2031-10-22T16:00:00Z", "ends_at": "2031-10-22T18:00:00Z", "words": "Telephone", "weeks": 2}
    key = {"headers": {"Idempotency-Key": "once"}}
    status, written = await dispatcher("POST", "/shifts", evening, **key)
    assert (status, len(written["items"])) == (201, 2)
    assert (await dispatcher("POST", "/shifts", evening, **key))[1] == written
    starts = [datetime.fromisoformat(one["starts_at"]).hour for one in written["items"]]
    assert starts == [16, 17], "at six by the clock, also after it is put back"
    path = f"/shifts/{written['items'][0]['id']}"
    for _twice in range(2):
        taken = (await dispatcher("POST", f"{path}/take", {}))[1]["items"][0]
        assert (taken["names"], taken["yours"]) == (["Bo"], True)
    assert not (await steward("GET", "/shifts"))[1]["items"][0]["yours"]
    assert (await dispatcher("POST", f"{path}/let-go", {}))[0] == 204
    assert (await dispatcher("GET", "/shifts"))[1] == written
    assert (await dispatcher("DELETE", path))[0] == 204
    assert (await dispatcher("POST", f"{path}/take", {}))[0] == 404
    for wrong, field in (
        ({"starts_at": "9999-12-31T23:00:00Z", "ends_at": "9999-12-31T23:30:00Z"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00Z"}, "ends_at"),
        ({"words": " "}, "words"),
        ({"weeks": 13}, "weeks"),
    ):
        status, problem = await dispatcher("POST", "/shifts", evening | wrong)
        assert (status, problem["errors"][0]["field"]) == (422, field)
