"""A community that we are linked with calls itself something else."""

from dataclasses import replace

from node.domain.peers import Peer, RemoteActor
from node.services.community import Community, profile_in
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork


async def on_renamed(community: Community, work: UnitOfWork, actor: RemoteActor) -> None:
    """It is called so here, too, from now on; the log keeps what it was called before, for stewards.

    What would make two of us look alike is not taken over: our own name, or another neighbour's.
    """
    peer = await work.peers.by_host(actor.host)
    if peer is None or actor.id not in {peer.public_actor, peer.peers_actor} or peer.name == actor.name:
        return
    if await _is_taken(work, peer, actor.name):
        return
    await work.peers.put(replace(peer, name=actor.name))
    detail = f"{peer.name} → {actor.name}"
    await work.audit.add(AuditEntry(community.now(), None, "a neighbour changed its name", peer.id, detail))


async def _is_taken(work: UnitOfWork, peer: Peer, name: str) -> bool:
    others = [known for peer_id, known in (await work.peers.names()).items() if peer_id != peer.id]
    return name.casefold() in {known.casefold() for known in (*others, (await profile_in(work)).name)}
