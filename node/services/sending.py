"""What is decided at the moment of sending: may this still go there, and what does the answer say about the host?

Everything was decided once when it was put into the outbox; since then a peering may have ended, a host may have been
blocked, a share taken back (protocol 54).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from federation.deliver import Outcome
from federation.receive import FAREWELLS
from node.domain.hosts import HostHealth, failed
from node.domain.members import Member
from node.domain.peers import Direction, OwnActor, Peer, host_of
from node.domain.phrases import say
from node.domain.shares import RecipientState, Share
from node.services.audience import is_meant
from node.services.boundaries import Boundaries
from node.services.community import Community
from node.services.peers import may_change
from node.storage.audit import AuditEntry
from node.storage.outbox import DeliveryId, OutgoingActivity, WaitingDelivery
from node.storage.unit_of_work import UnitOfWork
from node.translate.notices import sender

#: Documents that only servers of this kind can read: a 500 for one, again and again, is that server's way of saying so.
OURS_ALONE = frozenset({"Offer", "Create"})
TRIES_OF_OURS_ALONE = 3
LOOK_AGAIN = timedelta(hours=1)
KEPT_FOR_PAUSED = timedelta(days=7)
DELETES_KEPT_FOR_PAUSED = timedelta(days=30)
#: A copy of which we know so may become one that did not arrive.
NOT_ERASED = (RecipientState.WAITING, RecipientState.SENT, RecipientState.UNREACHABLE)


@dataclass(frozen=True)
class Held:
    """A delivery that is not tried now, and why; `until` None: never."""

    reason: str
    until: datetime | None = None


@dataclass(frozen=True)
class _Now:
    """What holds for a batch of deliveries at this moment."""

    moment: datetime
    is_off: bool
    boundaries: Boundaries
    peers: Mapping[str, Peer]
    health: Mapping[str, HostHealth]
    shares: Mapping[str, Share]
    readers: Mapping[DeliveryId, frozenset[str]]
    bound: frozenset[tuple[OwnActor, str]]


async def hold_back(
    community: Community, work: UnitOfWork, claimed: tuple[WaitingDelivery, ...]
) -> dict[DeliveryId, Held]:
    """Which of these claimed deliveries must not go now, by id."""
    if not claimed:
        return {}
    hosts = {host_of(delivery.inbox) for delivery in claimed}
    shares = await work.shares.these(one.activity.share_id for one in claimed if one.activity.share_id)
    readers = await _readers(work, claimed, shares)
    everyone = {actor for found in readers.values() for actor in found}
    peers = await work.peers.by_hosts(hosts | {host_of(actor) for actor in everyone})
    state = _Now(
        moment=community.now(),
        is_off=community.settings.federation == "off",
        boundaries=community.remote.boundaries,
        peers=peers,
        health=await work.hosts.these(hosts),
        shares=shares,
        readers=readers,
        bound=await work.peers.accepted(Direction.INCOMING, everyone) if everyone else frozenset(),
    )
    found = {delivery.id: _held(delivery, state) for delivery in claimed}
    return {delivery_id: held for delivery_id, held in found.items() if held is not None}


def as_final(community: Community, delivery: WaitingDelivery, outcome: Outcome) -> bool:
    """Whether a failure that looks as if it could pass will not (peers that answer 500 to what they do not know)."""
    activity = delivery.activity
    home = community.home_of(activity.id)
    if home is None:
        return outcome.status is not None and outcome.status < 500  # passed on for another: it is not ours to insist
    is_note = activity.object_key.startswith(f"{home.base_url}/o/")  # any server reads a note
    is_ours_alone = activity.type in OURS_ALONE and not is_note
    return is_ours_alone and outcome.status == 500 and delivery.attempts + 1 >= TRIES_OF_OURS_ALONE


async def note_health(community: Community, work: UnitOfWork, went: Iterable[tuple[WaitingDelivery, Outcome]]) -> None:
    """Remember which hosts could not be reached today, and what their clocks say; any answer shows that one is well."""
    bad: set[str] = set()
    good: set[str] = set()
    for delivery, outcome in went:
        if outcome.date:
            community.remote.their_clocks.note(host_of(delivery.inbox), outcome.date, community.now())
        is_down = outcome.verdict == "retry" and (outcome.status is None or outcome.status >= 500)
        if is_down or outcome.status is not None:
            (bad if is_down else good).add(host_of(delivery.inbox))
    await work.hosts.are_well(good)
    if bad - good:
        known = await work.hosts.these(bad - good)
        for host in sorted(bad - good):
            await work.hosts.put(failed(known.get(host), host, community.now()))


async def heard_from(community: Community, work: UnitOfWork, hosts: Iterable[str]) -> None:
    """A verified activity came from there: what waits for these hosts goes at once (protocol 47)."""
    for host in await work.hosts.are_well(hosts):
        await work.outbox.revive_host(host, community.now())
        await work.peers.read_soon(host)


async def out_of_reach(community: Community, peer: Peer) -> HostHealth | None:
    """How the server of a community that cannot be reached has been doing; None while nothing is known against it."""
    async with community.database.reading() as work:
        health = (await work.hosts.these([peer.host])).get(peer.host)
    return health if health is not None and health.is_out_of_reach(community.now()) else None


async def try_now(community: Community, work: UnitOfWork, host: str) -> None:
    """What waits for this host goes now, as if nothing were known against it."""
    await work.hosts.are_well([host])
    await work.outbox.revive_host(host, community.now())
    await work.peers.read_soon(host)


async def try_again(community: Community, peer_id: str, by: Member | None) -> None:
    """Try a community that could not be reached for long. A steward's deed. Raises NotFound, NotAllowed."""
    async with community.database.unit_of_work() as work:
        peer = await may_change(work, peer_id, by)
        await try_now(community, work, peer.host)
        entry = AuditEntry(community.now(), by.id if by else None, "tried a peer again", peer.id, peer.host)
        await work.audit.add(entry)


def _held(delivery: WaitingDelivery, state: _Now) -> Held | None:
    activity, host = delivery.activity, host_of(delivery.inbox)
    if state.is_off and activity.type != "Delete":
        return Held(say("Federation is switched off here."), state.moment + LOOK_AGAIN)
    peer = state.peers.get(host)
    is_blocked = state.boundaries.blocks_host(host) or (peer is not None and peer.blocked)
    if is_blocked and activity.type not in FAREWELLS:
        return Held(say("This community is blocked here."))
    if activity.share_id is not None and activity.type in {"Create", "Update"}:
        share = state.shares.get(activity.share_id)
        if share is None or not share.is_shown:
            return Held(say("It was taken back before it was sent."))
        if peer is not None and peer.paused:
            return Held(say("This community is paused here."), state.moment + LOOK_AGAIN)
        if not any(_may_see(share, actor, state) for actor in state.readers.get(delivery.id, ())):
            return Held(say("Nobody there may see this any more."))
    health = state.health.get(host)
    return _paused(activity, state.moment) if health is not None and health.is_paused(state.moment) else None


def _paused(activity: OutgoingActivity, now: datetime) -> Held:
    reason = say("Its server could not be reached on seven days. It waits until it is heard of again.")
    kept = DELETES_KEPT_FOR_PAUSED if activity.type == "Delete" else KEPT_FOR_PAUSED
    return Held(reason, now + LOOK_AGAIN if now - activity.published_at < kept else None)


async def _readers(
    work: UnitOfWork, claimed: tuple[WaitingDelivery, ...], shares: Mapping[str, Share]
) -> dict[DeliveryId, frozenset[str]]:
    """The actors that the inbox of each delivery of a share stands for."""
    places = {one.id: (one.activity.share_id or "", one.inbox) for one in claimed if one.activity.share_id in shares}
    actors = await work.shares.actors_at(places.values()) if places else {}
    return {delivery_id: actors.get(place, frozenset()) for delivery_id, place in places.items()}


def _may_see(share: Share, actor: str, state: _Now) -> bool:
    """Whether this actor is bound to the feed of this share now, and the share is for its community."""
    peer = state.peers.get(host_of(actor))
    if (sender(share.level), actor) not in state.bound or (peer is not None and not peer.may_exchange):
        return False
    return is_meant(share, peer)
