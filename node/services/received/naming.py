"""A community that we are linked with calls itself something else."""

from dataclasses import replace

from node.domain.peers import RemoteActor
from node.services.community import Community
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork


async def on_renamed(community: Community, work: UnitOfWork, actor: RemoteActor) -> None:
    """It is called so here, too, from now on; the log keeps what it was called before, for stewards."""
    peer = await work.peers.by_host(actor.host)
    if peer is None or actor.id not in {peer.public_actor, peer.peers_actor} or peer.name == actor.name:
        return
    await work.peers.put(replace(peer, name=actor.name))
    detail = f"{peer.name} → {actor.name}"
    await work.audit.add(AuditEntry(community.now(), None, "a neighbour changed its name", peer.id, detail))
