"""A community rests: declared, made longer or shorter, ended early, told to its neighbours; and who of them rests.

The time stands in our actors' documents, so the rest ends everywhere by itself, even where word of it was lost.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from node.domain.errors import Conflict
from node.domain.members import Member, must_be_steward_or_command_line
from node.domain.peers import Peer
from node.domain.phrases import say
from node.domain.rest import check_until, still_until
from node.services.community import Community, profile_in
from node.services.presenting import TELLING
from node.services.telling import tell_changed
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork


async def resting_until(community: Community) -> datetime | None:
    """Until when we rest; None while we do not."""
    async with community.database.reading() as work:
        return still_until((await profile_in(work)).resting_until, community.now())


async def declare(community: Community, until: datetime | None, by: Member | None) -> datetime:
    """Rest until then, from now on, and tell it; a rest that goes on gets this new end. A steward's deed.

    `by` None stands for the command line. The same time twice is told once. Raises Invalid, NotAllowed.
    """
    must_be_steward_or_command_line(by)
    now = community.now()
    end = check_until(until, now)
    async with community.database.unit_of_work() as work:
        before = still_until((await profile_in(work)).resting_until, now)
        if before != end:
            await _change(community, work, end, by, "declared a rest" if before is None else "changed a rest")
    return end


async def end_early(community: Community, by: Member | None) -> None:
    """Be back now, and tell it. Raises NotAllowed, and Conflict where there is no rest."""
    must_be_steward_or_command_line(by)
    async with community.database.unit_of_work() as work:
        if still_until((await profile_in(work)).resting_until, community.now()) is None:
            raise Conflict(say("We do not rest at the moment."))
        await _change(community, work, None, by, "ended a rest")


async def rest_of(work: UnitOfWork, peer: Peer) -> datetime | None:
    """Until when a community said that it rests, be that over or not."""
    ids = [actor for actor in (peer.public_actor, peer.peers_actor) if actor is not None]
    said = [one.resting_until for one in (await work.peers.actors(ids)).values()]
    return max((until for until in said if until is not None), default=None)


async def must_be_awake(community: Community, work: UnitOfWork, peer_ids: Iterable[str]) -> None:
    """Raise Conflict where one of these communities rests: nothing is handed to it until it is back."""
    for peer in [await work.peers.get(peer_id) for peer_id in peer_ids]:
        if peer is not None and still_until(await rest_of(work, peer), community.now()):
            raise Conflict(
                say("%(community)s rests at the moment. It takes nothing on until it is back.", community=peer.name)
            )


async def actor_must_be_awake(community: Community, work: UnitOfWork, actor_id: str) -> None:
    """Raise Conflict where the community with this actor rests."""
    actor = await work.peers.actor(actor_id)
    if actor is not None and still_until(actor.resting_until, community.now()):
        raise Conflict(
            say(
                "%(community)s rests at the moment. Agree when it is back, or tell them: not this time.",
                community=actor.name,
            )
        )


async def _change(community: Community, work: UnitOfWork, until: datetime | None, by: Member | None, did: str) -> None:
    await work.community.put(replace(await profile_in(work), resting_until=until))
    for own in TELLING:
        await tell_changed(community, work, own)
    detail = until.isoformat() if until else ""
    await work.audit.add(AuditEntry(community.now(), by.id if by else None, did, "community", detail))
