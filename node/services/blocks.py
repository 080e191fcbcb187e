"""Blocking whom we want to hear nothing from: one sender, or a whole server. They are told nothing (protocol 52)."""

from dataclasses import dataclass

from node.domain.blocks import Block, BlockKind, read_server
from node.domain.errors import Invalid, NotFound
from node.domain.members import Member, must_be_steward
from node.domain.peers import Peer, host_of
from node.domain.phrases import say
from node.services import boundaries, peers
from node.services.community import Community
from node.services.enquiries import found_enquiry
from node.services.relations import end_follow, forget_letters
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Blocked:
    """Everything that is blocked: neighbours with their page, then servers and senders."""

    peers: tuple[Peer, ...]
    others: tuple[Block, ...]


async def listing(community: Community, by: Member) -> Blocked:
    """What is blocked now. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.reading() as work:
        known = tuple(peer for peer in await work.peers.all() if peer.blocked)
        return Blocked(known, await work.blocks.all())


async def block_sender(community: Community, enquiry_id: str, by: Member) -> None:
    """Hear nothing more from whoever wrote this message; what they wrote is forgotten. Raises NotFound, NotAllowed."""
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        enquiry = await found_enquiry(work, enquiry_id)
        for answer in await work.answers.to(enquiry.actor):
            if not answer.taken_back:
                await work.outbox.forget_about(answer.object_id)
        await _end_follows(community, work, host_of(enquiry.actor), enquiry.actor)
        await work.enquiries.remove_of(enquiry.actor)
        await work.reports.remove_of(enquiry.actor)
        name = enquiry.handle or enquiry.name or enquiry.actor
        await _add(work, Block(community.new_id(), BlockKind.SENDER, enquiry.actor, name, community.now()))
        await work.audit.add(AuditEntry(community.now(), by.id, "blocked a sender", enquiry.actor))
    await boundaries.refresh(community.database, community.remote.boundaries)


async def block_server(community: Community, server: str, by: Member) -> None:
    """Hear nothing more from a server; where it is a neighbour's, that link ends.

    What its people wrote, and what it reported and showed, is forgotten. Raises Invalid, NotAllowed.
    """
    must_be_steward(by)
    host = read_server(server)
    if host in community.hosts:
        raise Invalid({"server": say("This is our own server.")})
    async with community.database.reading() as work:
        peer = await work.peers.by_host(host)
    if peer is not None:
        await peers.block(community, peer.id, by)
        return
    async with community.database.unit_of_work() as work:
        await _end_follows(community, work, host)
        await work.feed.remove_of(host)
        await forget_letters(work, host)
        await _add(work, Block(community.new_id(), BlockKind.SERVER, host, host, community.now()))
        await work.audit.add(AuditEntry(community.now(), by.id, "blocked a server", host))
    await boundaries.refresh(community.database, community.remote.boundaries)


async def unblock(community: Community, block_id: str, by: Member) -> None:
    """Hear from them again; what was ended stays ended. The id may be that of a blocked neighbour.

    Raises NotFound, NotAllowed.
    """
    must_be_steward(by)
    async with community.database.reading() as work:
        peer = await work.peers.get(block_id)
    if peer is not None and peer.blocked:
        await peers.unblock(community, peer.id, by)
        return
    async with community.database.unit_of_work() as work:
        block = await work.blocks.get(block_id)
        if block is None:
            raise NotFound(say("This block is not there any more."))
        await work.blocks.remove(block_id)
        await work.audit.add(AuditEntry(community.now(), by.id, f"unblocked a {block.kind}", block.subject))
    await boundaries.refresh(community.database, community.remote.boundaries)


async def _add(work: UnitOfWork, block: Block) -> None:
    if await work.blocks.by_subject(block.subject) is None:
        await work.blocks.add(block)


async def _end_follows(community: Community, work: UnitOfWork, host: str, actor: str | None = None) -> None:
    """Whoever follows us from there follows no longer, and we follow nobody there."""
    for follow in await work.peers.follows_with(host):
        if actor is None or follow.remote_actor == actor:
            await end_follow(community, work, follow)
