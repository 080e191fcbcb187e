"""What the community tells of itself, through the API: announcements and places."""

from typing import Any

PLACE = {
    "title": "Food bank at the old school",
    "area": "Old Town",
    "facts": {"category": "meals", "where": "12 Station Road", "hours": "Thursdays", "no_id_needed": True},
}


async def test_an_announcement_is_shown_first_written_changed_and_taken_back(dispatcher: Any) -> None:
    new = {"title": "The bridge is closed", "text": "Until Friday.", "area": "Old Town", "language": "en"}
    status, document = await dispatcher("POST", "/announcements/preview", new)
    assert status == 200 and new["title"] in document["content"]
    status, made = await dispatcher("POST", "/announcements", new)
    assert (status, made["audience"], made["recipients"]) == (201, "here", [])
    status, changed = await dispatcher("PATCH", f"/announcements/{made['id']}", {"text": "", "audience": "public"})
    assert (status, changed["text"], changed["audience"]) == (200, "", "public")
    kept = ("title", "area", "language", "until", "created_at")
    assert [changed[name] for name in kept] == [made[name] for name in kept]
    assert (await dispatcher("GET", "/announcements"))[1]["items"][0]["id"] == made["id"]
    assert (await dispatcher("GET", f"/resources/{made['id']}"))[0] == 404
    status, ended = await dispatcher("DELETE", f"/announcements/{made['id']}")
    assert status == 200 and ended["ended_at"] is not None
    assert (await dispatcher("GET", "/announcements"))[1]["items"] == []


async def test_a_place_is_written_changed_and_looked_at_again(dispatcher: Any, member: Any) -> None:
    status, document = await dispatcher("POST", "/resources/preview", PLACE)
    assert status == 200 and PLACE["title"] in document["content"]
    status, made = await dispatcher("POST", "/resources", PLACE)
    assert (status, made["facts"]["hours"], made["facts"]["no_id_needed"]) == (201, "Thursdays", True)
    path = f"/resources/{made['id']}"
    status, changed = await dispatcher("PATCH", path, {"title": "Food bank"})
    assert (status, changed["title"], changed["area"]) == (200, "Food bank", "Old Town")
    assert changed["facts"] == made["facts"]
    status, moved = await dispatcher("PATCH", path, {"facts": {"category": "goods", "where": "The old mill"}})
    assert (status, moved["title"], moved["facts"]["where"], moved["facts"]["hours"]) == (
        200, "Food bank", "The old mill", "",
    )  # fmt: skip
    status, checked = await dispatcher("POST", f"{path}/checked")
    assert status == 200 and checked["facts"]["checked_at"] > moved["facts"]["checked_at"]
    assert (await member("GET", "/resources?category=goods"))[1]["items"][0]["id"] == made["id"]
    assert (await member("PATCH", path, {"title": "Mine"}))[0] == 403
    assert (await dispatcher("DELETE", path))[1]["ended_at"] is not None
