"""Contact notes through the API, and whom to call back."""

from typing import Any


async def test_a_try_is_noted_and_somebody_calls_back(dispatcher: Any, need_id: str) -> None:
    path, later = f"/needs/{need_id}/contact-notes", "2031-05-06T16:00:00Z"
    status, first = await dispatcher("POST", path, {"reached": "no answer", "words": "Rang long.", "call_back": later})
    assert (status, first["reached"], first["words"], first["by"]) == (201, "no answer", "Rang long.", "Bo")
    [waiting] = (await dispatcher("GET", "/callbacks"))[1]["items"]
    assert (waiting["notice_id"], waiting["use"], waiting["peers"], waiting["due"]) == (need_id, None, [], later)
    answer = {"given": True, "channel": "phone"}
    assert (await dispatcher("POST", f"/callbacks/{waiting['id']}/answer", answer))[0] == 409
    assert (await dispatcher("DELETE", f"/callbacks/{waiting['id']}"))[0] == 204
    assert (await dispatcher("GET", "/callbacks"))[1]["items"] == []
    _, second = await dispatcher("POST", path, {"reached": "spoke"})
    assert (await dispatcher("GET", path))[1] == {"items": [second, first], "next": None}
    assert (await dispatcher("GET", f"/needs/{need_id}"))[1]["status"] == "open"


async def test_what_cannot_be_is_named(dispatcher: Any, need_id: str) -> None:
    path = f"/needs/{need_id}/contact-notes"
    for body, field in (
        ({"reached": "spoke", "words": "Now 020 555 01344"}, "words"),
        ({"reached": "spoke", "call_back": "2031-05-04T11:00:00Z"}, "call_back"),
        ({"reached": "shouted"}, "reached"),
    ):
        status, problem = await dispatcher("POST", path, body)
        assert (status, problem["errors"][0]["field"]) == (422, field)
