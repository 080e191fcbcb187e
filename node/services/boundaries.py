"""Whom we hear nothing from, and whose link rests: kept in memory, because every request asks."""

from collections.abc import Iterable

from node.domain.blocks import Block, BlockKind
from node.domain.peers import Peer, host_of
from node.storage.database import Database


class Boundaries:
    """Empty until it is told what was decided."""

    def __init__(self) -> None:
        self._hosts: frozenset[str] = frozenset()
        self._senders: frozenset[str] = frozenset()
        self._resting: frozenset[str] = frozenset()

    def replace(self, peers: Iterable[Peer], blocks: Iterable[Block]) -> None:
        """Take what was decided about neighbours, and about everybody else."""
        known, others = tuple(peers), tuple(blocks)
        servers = {block.subject for block in others if block.kind is BlockKind.SERVER}
        self._hosts = frozenset(servers | {host for peer in known if peer.blocked for host in peer.hosts})
        self._senders = frozenset(block.subject for block in others if block.kind is BlockKind.SENDER)
        self._resting = frozenset(host for peer in known if peer.paused and not peer.blocked for host in peer.hosts)

    def blocks_host(self, host: str) -> bool:
        """Whether nothing is heard from this host."""
        return host in self._hosts

    def blocks(self, actor: str) -> bool:
        """Whether nothing is heard from this actor, or from its whole host."""
        return actor in self._senders or host_of(actor) in self._hosts

    def rests(self, actor: str) -> bool:
        """Whether the link with this actor's community is paused: nothing new comes in from there."""
        return host_of(actor) in self._resting

    def keeps_out(self, actor: str) -> bool:
        """Whether what this actor wrote is not taken in, by whatever way it comes."""
        return self.blocks(actor) or self.rests(actor)


async def refresh(database: Database, boundaries: Boundaries) -> None:
    """Bring it up to date with what is stored."""
    async with database.reading() as work:
        boundaries.replace(await work.peers.all(), await work.blocks.all())
