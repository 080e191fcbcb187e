"""One need's way from the community that asks to the one that helps. Each step is seen at both before the next."""

from collections.abc import Callable
from functools import partial
from typing import Any

from node.demo.asking import Answered
from node.demo.meeting import MEETING
from node.demo.walking import Place, Sight, StepFailed, Walk, link, seen

RELEASED = ["name", "contact"]
PHRASE = "meeting_phrase"


async def linked(walk: Walk) -> tuple[Sight, Sight]:
    """The helping community asks for a peering, the asking one accepts, and each follows the other."""
    theirs, ours = await link(walk.helping, walk.asking)
    return Sight(walk.asking, f"/peers/{ours['id']}"), Sight(walk.helping, f"/peers/{theirs['id']}")


async def asked(walk: Walk) -> tuple[Sight, Sight]:
    """A need of the spreadsheet is open where it was asked, and nothing of it is anywhere else."""
    needs = (await walk.asking.api.get("/needs?category=groceries&limit=100"))["items"]
    need = next((need for need in needs if need["consent"]["peers"] == "all"), None)
    if need is None:
        raise StepFailed("No need of the spreadsheet may be shared with neighbouring communities.")
    walk.ids["need"] = need["id"]
    await walk.asking.api.post(f"/needs/{need['id']}/status", {"status": "open"})
    await seen(walk.asking, "the open need", lambda: _need_is(walk, "open"))
    if (await walk.helping.api.get("/feed"))["items"]:
        raise StepFailed(f"{walk.helping.name} was shown something before it was shared.")
    return Sight(walk.asking, f"/dispatch/{need['id']}"), Sight(walk.helping, "/feed")


async def shared(walk: Walk) -> tuple[Sight, Sight]:
    """The notice reaches the neighbouring communities; the sealed note does not."""
    share = await walk.asking.api.post(f"/needs/{walk.ids['need']}/shares", {"level": "peers", "lease_hours": 48})
    item = await seen(walk.helping, "the shared need", lambda: _feed_item(walk.helping, share["object"]))
    await seen(walk.asking, "that the share was delivered", lambda: _is_delivered(walk, share["id"]))
    walk.ids |= {"share": share["id"], "item": item["id"]}
    return Sight(walk.asking, f"/shares/{share['id']}"), Sight(walk.helping, f"/feed/{item['id']}")


async def offered(walk: Walk) -> tuple[Sight, Sight]:
    """The helping community offers to meet it."""
    item = await walk.helping.api.get(f"/feed/{walk.ids['item']}")
    words = {"quantity": item["quantity"] or 1, "text": "We can bring this on Thursday."}
    offer = await walk.helping.api.post(f"/feed/{item['id']}/responses", words)
    walk.ids["offer"] = offer["offer"]
    response = await seen(
        walk.asking, "the offer of help", lambda: _response(walk.asking, "/responses", offer["offer"])
    )
    walk.ids["response"] = response["id"]
    return Sight(walk.asking, f"/responses/{response['id']}"), Sight(walk.helping, f"/feed/{item['id']}")


async def agreed(walk: Walk) -> tuple[Sight, Sight]:
    """The asking community agrees, and ticks what may be read."""
    await walk.asking.api.post(f"/responses/{walk.ids['response']}/agree", {"release": RELEASED})
    return await _both_see(walk, "agreed")


async def released(walk: Walk) -> tuple[Sight, Sight]:
    """The helping community reads exactly what was released, and what to say at the door, from where it is kept."""
    here = await walk.helping.api.get(f"/handoffs/{walk.ids['task']}/released")
    there = await walk.asking.api.get(f"/handoffs/{walk.ids['response']}/released")
    read = set(here) - {PHRASE}
    if not read or read != set(there["fields"]) or not read <= set(RELEASED) or here[PHRASE] != there[PHRASE]:
        raise StepFailed(f"{walk.helping.name} did not read exactly what was released.")
    return _tasks(walk)


async def under_way(walk: Walk) -> tuple[Sight, Sight]:
    """Somebody is on the way."""
    await walk.helping.api.post(f"/handoffs/{walk.ids['task']}/status", {"status": "under way"})
    return await _both_see(walk, "under way")


async def met(walk: Walk) -> tuple[Sight, Sight]:
    """It was brought, and the need is met where it was asked."""
    await walk.helping.api.post(f"/handoffs/{walk.ids['task']}/status", {"status": "met"})
    await _both_see(walk, "met")
    await seen(walk.asking, "the need that is met", lambda: _need_is(walk, "met"))
    return Sight(walk.asking, f"/dispatch/{walk.ids['need']}"), Sight(walk.helping, f"/tasks/{walk.ids['task']}")


async def receipt(walk: Walk) -> tuple[Sight, Sight]:
    """Both sides hold the note that says what was brought, and nothing about the person can be read any more."""
    for place in (walk.asking, walk.helping):
        await seen(place, "the receipt", partial(_has_receipt, place, walk.ids["offer"]))
    await seen(walk.helping, "that what was released is closed again", lambda: _is_closed(walk))
    return _tasks(walk)


STEPS = (linked, asked, shared, offered, agreed, released, under_way, met, receipt, *MEETING)


async def walk_through(walk: Walk, say: Callable[[str], None]) -> None:
    """Every step in turn, one line each. Raises StepFailed naming the step."""
    for step in STEPS:
        name = step.__name__.replace("_", " ")
        try:
            sights = await step(walk)
        except (StepFailed, Answered) as failed:
            raise StepFailed(f"The step “{name}” failed: {failed.message}") from failed
        say(f"{name:<10} {sights[0]}   {sights[1]}")


def _tasks(walk: Walk) -> tuple[Sight, Sight]:
    return Sight(walk.asking, f"/tasks/{walk.ids['response']}"), Sight(walk.helping, f"/tasks/{walk.ids['task']}")


async def _both_see(walk: Walk, state: str) -> tuple[Sight, Sight]:
    for place, kept in ((walk.asking, "response"), (walk.helping, "task")):
        found = await seen(place, f"the hand-off as {state}", partial(_handoff, place, walk, state))
        walk.ids[kept] = found["id"]
    return _tasks(walk)


async def _need_is(walk: Walk, status: str) -> bool:
    need = await walk.asking.api.get(f"/needs/{walk.ids['need']}")
    return bool(need["status"] == status)


async def _is_delivered(walk: Walk, share_id: str) -> bool:
    record = await walk.asking.api.get(f"/shares/{share_id}")
    return any(recipient["state"] == "sent" for recipient in record["recipients"])


async def _feed_item(place: Place, object_id: str) -> Any:
    items = (await place.api.get("/feed?kind=need"))["items"]
    return next((item for item in items if item["object"] == object_id), None)


async def _response(place: Place, path: str, offer_id: str) -> Any:
    items = (await place.api.get(path))["items"]
    return next((item for item in items if item["offer"] == offer_id), None)


async def _handoff(place: Place, walk: Walk, state: str) -> Any:
    found = await _response(place, "/handoffs", walk.ids["offer"])
    return found if found is not None and found["state"] == state else None


async def _has_receipt(place: Place, offer_id: str) -> bool:
    found = await _response(place, "/handoffs", offer_id)
    return found is not None and found["receipt_at"] is not None


async def _is_closed(walk: Walk) -> bool:
    try:
        await walk.helping.api.get(f"/handoffs/{walk.ids['task']}/released")
    except Answered:
        return True
    return False
