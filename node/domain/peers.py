"""Other communities and what was agreed with them, per direction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit

from node.domain.exchange import Exchange
from node.domain.fingerprints import Compared
from node.domain.phrases import say
from node.domain.rest import still_until

#: What pages call a community whose name is not there any more.
NO_LONGER_KNOWN = say("a community we no longer know")
NO_LONGER_LINKED = say("a community we are no longer linked with")


class PeerLevel(StrEnum):
    """`public` follows the public feed only, `peers` is a peering agreed by both sides."""

    PUBLIC = "public"
    PEERS = "peers"


class FollowState(StrEnum):
    """Where one direction stands. `asking`: we asked them. `asked`: they asked us."""

    ASKING = "asking"
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ENDED = "ended"


class Direction(StrEnum):
    """OUTGOING: we follow them. INCOMING: they follow us."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"


class OwnActor(StrEnum):
    """Which of our three actors; members are never actors."""

    PUBLIC = "public"
    PEERS = "peers"
    INSTANCE = "instance"


@dataclass(frozen=True)
class RemoteActor:
    """Another server's actor as it was last fetched from its own id.

    `is_manyhands` and `takes_rfc9421` are what it says its server implements (FEP-844e). `resting_until` may be over.
    `keys` are the marks of the keys in its document; `link_text` what it writes to whoever links with it.
    """

    id: str
    type: str
    username: str
    name: str
    inbox: str
    shared_inbox: str | None
    url: str | None
    summary: str
    is_manyhands: bool
    fetched_at: datetime
    takes_rfc9421: bool = False
    resting_until: datetime | None = None
    keys: tuple[str, ...] = ()
    link_text: str = ""

    @property
    def host(self) -> str:
        """Host and port, as in the actor's id."""
        return host_of(self.id)

    @property
    def handle(self) -> str:
        """`@name@host` as people write it; empty where it has no name."""
        return f"@{self.username}@{self.host}" if self.username else ""


@dataclass(frozen=True)
class HostSkills:
    """What every actor that we know of one host says its server implements."""

    is_manyhands: bool
    takes_rfc9421: bool


@dataclass(frozen=True)
class Follow:
    """One Follow between one of our actors and a remote one.

    `caught_up`: what they showed before was read, or is given up. Until then `read_tries` counts the failed tries, and
    `read_due_at` is when the next one is due (None: at once).
    """

    activity_id: str
    direction: Direction
    own_actor: OwnActor
    remote_actor: str
    state: FollowState
    updated_at: datetime
    caught_up: bool = False
    read_tries: int = 0
    read_due_at: datetime | None = None

    @property
    def host(self) -> str:
        """Host of the remote actor."""
        return host_of(self.remote_actor)


@dataclass(frozen=True)
class Peer:
    """A community on another host that a steward knows of. `paused` and `blocked` are our own decision.

    `moving_to` is the actor it says it goes on as, until a steward confirms or declines that; `former_hosts` are
    those it left, which still speak for what began there. `exchange` says which notices for neighbours flow, where the
    level is `peers`; `compared` which keys a steward made sure of.
    """

    id: str
    address: str
    host: str
    name: str
    level: PeerLevel
    created_at: datetime
    public_actor: str | None = None
    peers_actor: str | None = None
    paused: bool = False
    blocked: bool = False
    moving_to: str | None = None
    former_hosts: tuple[str, ...] = ()
    exchange: Exchange = field(default_factory=Exchange)
    compared: Compared | None = None

    @property
    def may_exchange(self) -> bool:
        """Neither paused nor blocked."""
        return not (self.paused or self.blocked)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Where it lives and where it lived."""
        return (self.host, *self.former_hosts)


@dataclass(frozen=True)
class PeerStanding:
    """A peer with where each direction stands; None where nobody asked.

    `resting_until` is until when it said that it rests. That time may be over: ask `rests`.
    """

    peer: Peer
    outgoing: FollowState | None
    incoming: FollowState | None
    resting_until: datetime | None = None

    def rests(self, now: datetime) -> datetime | None:
        """Until when this community rests; None while it does not."""
        return still_until(self.resting_until, now)

    @property
    def receives(self) -> bool:
        """Whether this community agreed to receive what is for neighbours, and nothing rests or is blocked."""
        is_neighbour = self.peer.level == PeerLevel.PEERS and self.incoming == FollowState.ACCEPTED
        return is_neighbour and self.peer.may_exchange

    def shown(self, state: FollowState | None) -> str | None:
        """The word shown for one direction: our own pause or block comes before what was agreed."""
        if self.peer.blocked:
            return "blocked"
        if self.peer.paused and state is not None:
            return "paused"
        return state.value if state is not None else None


@lru_cache(4096)
def host_of(uri: str) -> str:
    """Host and port of an id, lower case."""
    return urlsplit(uri).netloc.lower()


def name_among(actors: Mapping[str, RemoteActor], actor_id: str) -> str:
    """What an actor calls itself; its host where it is not among those known."""
    return actors[actor_id].name if actor_id in actors else host_of(actor_id)
