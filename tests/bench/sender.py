"""The delivering side of the node: outbox and worker as they are, and the bare signing they are compared with."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import uvloop

from federation.transport import Transport
from node import app
from node.domain.peers import OwnActor, RemoteActor
from node.services.community import Community
from node.services.remote import Remote
from node.storage.outbox import OutgoingActivity
from node.worker import Worker
from tests.bench.own_settings import settings_of
from tests.bench.posts import note_body
from tests.bench.processes import configuration, obey

LINE = 256


async def main(given: dict[str, Any]) -> None:
    """Deliver what is asked for until stdin ends."""
    settings = settings_of(given)
    await app.initialise(settings, "North Side")
    async with app.open_community(settings) as opened:
        community = _finding_everything_here(opened, int(given["port"]))
        try:
            await _obey(community, given["inboxes"])
        finally:
            await community.remote.transport.close()


async def _obey(community: Community, inboxes: list[str]) -> None:
    worker = Worker(community)

    async def answer(asked: dict[str, Any]) -> dict[str, Any]:
        match asked["do"]:
            case "learn":
                await _learn(community, inboxes)
            case "fill":
                await _fill(community, inboxes, asked["activities"])
            case "deliver":
                start = time.process_time()
                while await worker.deliver_outbox():
                    pass
                return {"seconds": time.process_time() - start, "left": await _left(community)}
            case "sign":
                return {"seconds": await asyncio.to_thread(_sign, community, asked["times"])}
        return {}

    await obey({}, answer)


def _finding_everything_here(community: Community, port: int) -> Community:
    """The same community, for which every host is a port of this machine."""

    async def here(_host: str, _port: int) -> Sequence[tuple[str, int]]:
        return [("127.0.0.1", port)]

    remote = community.remote
    transport = Transport(remote.transport.policy, "manyhands/bench", resolve=here)
    return replace(community, remote=Remote(transport, remote.keys, community.now))


async def _learn(community: Community, inboxes: list[str]) -> None:
    """Every host shows an actor of a node like this one, which verifies Ed25519."""
    now = datetime.now(UTC)
    async with community.database.unit_of_work() as work:
        for inbox in inboxes:
            actor = inbox.replace("/inbox", "/actors/public")
            shown = RemoteActor(actor, "Organization", "river", "River", inbox, inbox, None, "", True, now, True)
            await work.peers.put_actor(shown)


async def _fill(community: Community, inboxes: list[str], how_many: int) -> None:
    now, author = datetime.now(UTC), community.addresses.actor(OwnActor.PUBLIC)
    async with community.database.unit_of_work() as work:
        for _ in range(how_many):
            name = uuid4().hex
            body = note_body(author, now)
            activity = OutgoingActivity(
                community.addresses.activity(name), OwnActor.PUBLIC, "Create", name, body, now, None, True
            )
            await work.outbox.add(activity, inboxes, now)


async def _left(community: Community) -> int:
    async with community.database.reading() as work:
        return len(await work.outbox.waiting(1))


def _sign(community: Community, times: int) -> float:
    key, line = community.remote.keys[OwnActor.PUBLIC].rsa, b"x" * LINE
    start = time.process_time()
    for _ in range(times):
        key.sign(line)
    return time.process_time() - start


if __name__ == "__main__":
    uvloop.run(main(configuration()))
