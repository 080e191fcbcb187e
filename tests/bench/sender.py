"""The delivering side of the node: shares, outbox and worker as they are, and the bare signing beside them."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import uvloop

from federation.transport import Transport
from node import app, serving
from node.domain.consent import Consent
from node.domain.members import Member, Role
from node.domain.notices import Kind, Wording
from node.domain.peers import Direction, Follow, FollowState, OwnActor, RemoteActor
from node.domain.shares import Level, ShareRequest
from node.services import members, needs, shares
from node.services.community import Community
from node.services.remote import Remote
from node.worker import Worker
from tests.bench.own_settings import settings_of
from tests.bench.processes import configuration, obey

#: As long as what is signed for a delivery.
LINE: Final = b"x" * 256
WORDING: Final = Wording(
    "Winter coats for children", "goods", "Sizes for ages five to nine.", area="North Side", quantity=Decimal(4)
)
EVERYTHING: Final = Consent(board=True, peers="all", public=True)


async def main(given: dict[str, Any]) -> None:
    """Deliver what is asked for until stdin ends."""
    settings = settings_of(given)
    await app.initialise(settings, "North Side")
    async with app.open_community(settings) as opened:
        community = _finding_everything_here(opened, int(given["port"]))
        await _be_followed(community, given["inboxes"], bool(given["by_nodes"]))
        try:
            await _obey(community)
        finally:
            await community.remote.transport.close()


async def _obey(community: Community) -> None:
    worker = Worker(community)
    serving.keep_what_is_there()
    dispatcher = await members.add(community, "Robin", frozenset({Role.DISPATCHER}))

    async def answer(asked: dict[str, Any]) -> dict[str, Any]:
        match asked["do"]:
            case "share":
                await _share(community, dispatcher, asked["times"])
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


async def _be_followed(community: Community, inboxes: list[str], by_nodes: bool) -> None:
    """One actor at each inbox follows our public actor; `by_nodes`: of nodes like this one, which verify Ed25519."""
    now = datetime.now(UTC)
    async with community.database.unit_of_work() as work:
        for inbox in inboxes:
            actor = inbox.replace("/inbox", "/actors/public")
            known = RemoteActor(
                actor, "Organization", "river", "River", inbox, inbox, None, "", by_nodes, now, by_nodes
            )
            await work.peers.put_actor(known)
            accepted = FollowState.ACCEPTED
            await work.peers.put_follow(
                Follow(f"{actor}#follow", Direction.INCOMING, OwnActor.PUBLIC, actor, accepted, now, True)
            )


async def _share(community: Community, dispatcher: Member, times: int) -> None:
    """So many needs, each asked and shared with everybody."""
    for _ in range(times):
        asked = await needs.ask(community, needs.Entry(Kind.NEED, WORDING, consent=EVERYTHING))
        await shares.share(community, asked.notice.id, ShareRequest(Level.PUBLIC), dispatcher)


async def _left(community: Community) -> int:
    async with community.database.reading() as work:
        return len(await work.outbox.waiting(1))


def _sign(community: Community, times: int) -> float:
    key = community.remote.keys[OwnActor.PUBLIC].rsa
    start = time.process_time()
    for _ in range(times):
        key.sign(LINE)
    return time.process_time() - start


if __name__ == "__main__":
    uvloop.run(main(configuration()))
