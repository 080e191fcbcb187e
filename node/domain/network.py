"""Our neighbours at a glance: what went each way this month, between communities. Never of people, never ranked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from node.domain.peers import FollowState, PeerStanding
from node.domain.retention import HIDDEN_BELOW


class Link(StrEnum):
    """How we stand with a neighbour now: the first of these that is so."""

    BLOCKED = "blocked"
    PAUSED = "paused"
    UNREACHABLE = "unreachable"
    RESTS = "rests"
    LINKED = "linked"
    ASKED = "asked"


class Band(StrEnum):
    """How much went one way. A small number might lead to somebody, so it is a few and no number."""

    NONE = "none"
    FEW = "few"
    SOME = "some"


@dataclass(frozen=True)
class Flow:
    """How much of one thing went one way this month; `told` is the number where it may be told, else None."""

    band: Band
    told: int | None

    @classmethod
    def of(cls, number: int) -> "Flow":
        """Nothing is said as nothing; below five is a few; only then a number is told."""
        if number == 0:
            return cls(Band.NONE, 0)
        return cls(Band.FEW, None) if number < HIDDEN_BELOW else cls(Band.SOME, number)


@dataclass(frozen=True)
class Flows:
    """What went one way: notices shown, and tasks taken on for the other."""

    notices: Flow
    tasks: Flow

    @property
    def band(self) -> Band:
        """How much went this way, all together."""
        bands = {self.notices.band, self.tasks.band}
        return next(band for band in (Band.SOME, Band.FEW, Band.NONE) if band in bands)


@dataclass(frozen=True)
class Neighbour:
    """One community in the picture. `until` is the end of its rest."""

    peer_id: str
    name: str
    address: str
    link: Link
    to_them: Flows
    to_us: Flows
    until: datetime | None = None


@dataclass(frozen=True)
class Counted:
    """How many notices and tasks went each way this month, by host."""

    shown: dict[str, int]
    received: dict[str, int]
    helped: dict[str, int]
    were_helped: dict[str, int]


def link_of(standing: PeerStanding, is_unreachable: bool, now: datetime) -> Link:
    """How we stand with a neighbour."""
    if standing.peer.blocked:
        return Link.BLOCKED
    if standing.peer.paused:
        return Link.PAUSED
    if FollowState.ACCEPTED not in {standing.outgoing, standing.incoming}:
        return Link.ASKED
    if is_unreachable:
        return Link.UNREACHABLE
    return Link.RESTS if standing.rests(now) else Link.LINKED


def neighbours(
    standings: Iterable[PeerStanding], counted: Counted, failing: Iterable[str], now: datetime
) -> tuple[Neighbour, ...]:
    """Everybody we know, by name. `failing` are hosts that cannot be reached."""
    down = frozenset(failing)
    found = [_neighbour(standing, counted, standing.peer.host in down, now) for standing in standings]
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.address)))


def _neighbour(standing: PeerStanding, counted: Counted, is_unreachable: bool, now: datetime) -> Neighbour:
    peer = standing.peer
    return Neighbour(
        peer_id=peer.id,
        name=peer.name,
        address=peer.address,
        link=link_of(standing, is_unreachable, now),
        to_them=Flows(Flow.of(counted.shown.get(peer.host, 0)), Flow.of(counted.helped.get(peer.host, 0))),
        to_us=Flows(Flow.of(counted.received.get(peer.host, 0)), Flow.of(counted.were_helped.get(peer.host, 0))),
        until=standing.rests(now),
    )
