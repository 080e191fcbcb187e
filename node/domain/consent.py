"""What the person who asks or offers agreed to. Nothing is shared beyond it."""

from dataclasses import dataclass

ALL = "all"


@dataclass(frozen=True)
class Consent:
    """Who may see the notice: helpers here (`board`), these peers (ids, or "all"), anyone at all (`public`)."""

    board: bool = False
    peers: tuple[str, ...] | str = ()
    public: bool = False

    @property
    def covers_all_peers(self) -> bool:
        """Every neighbouring community, now and later."""
        return self.peers == ALL

    def covers_peer(self, peer_id: str) -> bool:
        """This one neighbouring community."""
        return self.covers_all_peers or peer_id in self.peers
