"""A third community comes, with one friend; the friend introduces it to the other. Each step is seen at both sides."""

from typing import Any

from node.demo.walking import Place, Sight, Walk, accepted, link, peer_at, seen

WISH = "We are new, cook for sixty, and would like to know who is near the river."
WORDS = "They cook on Thursdays and have a van. Good people to know."


async def joined(walk: Walk) -> tuple[Sight, Sight]:
    """A newcomer links with the one community it knows."""
    here, there = await link(walk.newcomer, walk.asking)
    walk.ids |= {"friend": here["id"], "newcomer": there["id"]}
    return Sight(walk.newcomer, f"/peers/{here['id']}"), Sight(walk.asking, f"/peers/{there['id']}")


async def wished(walk: Walk) -> tuple[Sight, Sight]:
    """It asks its friend to be introduced; whom to, the friend decides."""
    await walk.newcomer.api.post("/introductions/requests", {"friend": walk.ids["friend"], "text": WISH})
    await seen(walk.asking, "the wish to be introduced", lambda: _reads(walk.asking, "asking", WISH))
    return Sight(walk.newcomer, "/introductions"), Sight(walk.asking, "/introductions")


async def introduced(walk: Walk) -> tuple[Sight, Sight]:
    """The friend writes a few words to its other neighbour, whose stewards read them. Nothing happens by itself."""
    to = await peer_at(walk.asking, walk.helping)
    wish = {"about": walk.ids["newcomer"], "to": [to["id"]], "text": WORDS}
    await walk.asking.api.post("/introductions", wish)
    met = await seen(walk.helping, "the introduction", lambda: _introduced(walk.helping))
    walk.ids["met"] = met["id"]
    return Sight(walk.asking, "/introductions"), Sight(walk.helping, "/introductions")


async def reached(walk: Walk) -> tuple[Sight, Sight]:
    """They ask the newcomer, with one click; it accepts, and the three know each other."""
    await walk.helping.api.post(f"/introductions/{walk.ids['met']}/ask")
    theirs, ours = await accepted(walk.helping, walk.newcomer)
    return Sight(walk.helping, f"/peers/{theirs['id']}"), Sight(walk.newcomer, f"/peers/{ours['id']}")


MEETING = (joined, wished, introduced, reached)


async def _introduced(place: Place) -> Any:
    """The community that neighbours introduced here, in the words that were written."""
    items = (await place.api.get("/introductions"))["items"]
    return next((item for item in items if any(one["text"] == WORDS for one in item["words"])), None)


async def _reads(place: Place, kind: str, text: str) -> bool:
    return any(one["text"] == text for one in (await place.api.get("/introductions"))[kind])
