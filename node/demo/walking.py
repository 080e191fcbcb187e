"""What every step of the demo is made of: places, what is seen there, and waiting until it is."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from node.demo.asking import Api
from node.domain.errors import Conflict

DEADLINE_S = 30
PAUSE_S = 0.1


class StepFailed(Conflict):
    """A step could not be done, or was not seen in time; the message says which and where."""


@dataclass(frozen=True)
class Place:
    """A community of the demo: its name and its API."""

    name: str
    api: Api

    def page(self, path: str) -> str:
        """The address of one of its pages."""
        return f"{self.api.base_url}{path}"


@dataclass(frozen=True)
class Sight:
    """What a step looks like at one community, and the page that shows it."""

    place: Place
    path: str

    def __str__(self) -> str:
        return f"{self.place.name}: {self.place.page(self.path)}"


@dataclass
class Walk:
    """The three communities, and the ids that the steps found so far. The newcomer comes when a need was met."""

    asking: Place
    helping: Place
    newcomer: Place
    ids: dict[str, str] = field(default_factory=dict)


Look = Callable[[], Awaitable[Any]]


async def seen(place: Place, what: str, look: Look) -> Any:
    """What `look` finds at a community as soon as it finds something. Raises StepFailed after DEADLINE_S."""
    clock = asyncio.get_running_loop()
    deadline = clock.time() + DEADLINE_S
    while True:
        found = await look()
        if found:
            return found
        if clock.time() > deadline:
            raise StepFailed(f"{place.name} did not see within {DEADLINE_S} seconds: {what}.")
        await asyncio.sleep(PAUSE_S)


async def link(asking: Place, asked: Place) -> tuple[Any, Any]:
    """A peering: one asks, the other accepts. The peer as each of them has it; raises StepFailed."""
    await asking.api.post("/peers", {"address": asked.page("/actors/public"), "level": "peers"})
    return await accepted(asking, asked)


async def accepted(asking: Place, asked: Place) -> tuple[Any, Any]:
    """The peering that was asked for is accepted, and each follows the other. Raises StepFailed."""
    there = await seen(asked, "the peering that was asked for", lambda: peer_at(asked, asking, "asked"))
    await asked.api.post(f"/peers/{there['id']}/accept")
    there = await seen(asked, "the peering", lambda: _peering(asked, asking))
    here = await seen(asking, "the peering", lambda: _peering(asking, asked))
    return here, there


async def peer_at(place: Place, other: Place, incoming: str | None = None) -> Any:
    """The other community as this one has it in its list, if it follows us in this way."""
    peers = (await place.api.get("/peers"))["items"]
    host = urlsplit(other.api.base_url).netloc
    found = next((peer for peer in peers if peer["host"] == host), None)
    return found if found is not None and incoming in {None, found["state"]["incoming"]} else None


async def _peering(place: Place, other: Place) -> Any:
    """Both directions accepted; what the other asked back is accepted on the way."""
    peer = await peer_at(place, other, "asked")
    if peer is not None:
        await place.api.post(f"/peers/{peer['id']}/accept")
    peer = await peer_at(place, other, "accepted")
    return peer if peer is not None and peer["state"]["outgoing"] == "accepted" else None
