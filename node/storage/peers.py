"""Other communities: the peers a steward knows of, their actors, and who follows whom."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.exchange import Exchange, in_order
from node.domain.fingerprints import Compared
from node.domain.peers import Direction, Follow, FollowState, HostSkills, OwnActor, Peer, PeerLevel, RemoteActor
from node.storage.remote_actors import actor_of, values_of
from node.storage.tables import follows, moves, peers, remote_actors

_KEPT_APART = select(peers.c.host).where(peers.c.paused | peers.c.blocked)


class Peers:
    """One peer per host.

    `changed` tells that a peer is not as before, `renewed` which actors were stored or forgotten.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.changed = False
        self.renewed: set[str] = set()

    async def add(self, peer: Peer) -> None:
        """Store a new peer."""
        self.changed = True
        await self._connection.execute(insert(peers).values(_peer_values(peer) | {"id": peer.id}))

    async def put(self, peer: Peer) -> None:
        """Store a changed peer."""
        self.changed = True
        await self._connection.execute(update(peers).where(peers.c.id == peer.id).values(_peer_values(peer)))

    async def remove(self, peer_id: str) -> None:
        """Forget a peer."""
        self.changed = True
        await self._connection.execute(delete(peers).where(peers.c.id == peer_id))

    async def get(self, peer_id: str) -> Peer | None:
        """The peer with this id."""
        return await self._peer(peers.c.id == peer_id)

    async def by_host(self, host: str) -> Peer | None:
        """The peer on this host, or the one that left it."""
        found = await self._peer(peers.c.host == host)
        return found if found is not None else (await self._moved_from({host})).get(host)

    async def by_hosts(self, hosts: Iterable[str]) -> dict[str, Peer]:
        """The peers on these hosts, or that left them, by host."""
        wanted = set(hosts)
        rows = await self._connection.execute(select(peers).where(peers.c.host.in_(wanted)))
        found = {row.host: _peer(row) for row in rows}
        return await self._moved_from(wanted - found.keys()) | found

    async def all(self) -> tuple[Peer, ...]:
        """Every peer, by name."""
        return tuple(_peer(row) for row in await self._connection.execute(select(peers).order_by(peers.c.name)))

    async def names(self) -> dict[str, str]:
        """The name of every peer, by its id."""
        rows = await self._connection.execute(select(peers.c.id, peers.c.name))
        return {row.id: row.name for row in rows}

    async def put_actor(self, actor: RemoteActor) -> None:
        """Store an actor as it was just fetched."""
        self.renewed.add(actor.id)
        await self._connection.execute(delete(remote_actors).where(remote_actors.c.id == actor.id))
        await self._connection.execute(insert(remote_actors).values(values_of(actor)))

    async def actor(self, actor_id: str) -> RemoteActor | None:
        """The actor as it was last fetched."""
        return (await self.actors([actor_id])).get(actor_id)

    async def actors(self, ids: Iterable[str]) -> dict[str, RemoteActor]:
        """Actors by id; unknown ids are left out."""
        rows = await self._connection.execute(select(remote_actors).where(remote_actors.c.id.in_(set(ids))))
        return {row.id: actor_of(row) for row in rows}

    async def skills(self, hosts: Iterable[str]) -> dict[str, HostSkills]:
        """What these hosts implement, by host; hosts of which no actor is known are left out."""
        said = (remote_actors.c.host, remote_actors.c.is_manyhands, remote_actors.c.takes_rfc9421)
        query = select(*said).where(remote_actors.c.host.in_(set(hosts))).distinct()
        found: dict[str, HostSkills] = {}
        for row in await self._connection.execute(query):
            others = found.get(row.host, HostSkills(True, True))
            found[row.host] = HostSkills(
                others.is_manyhands and row.is_manyhands, others.takes_rfc9421 and row.takes_rfc9421
            )
        return found

    async def remove_actor(self, actor_id: str) -> None:
        """Forget an actor, and every Follow in either direction with it."""
        self.renewed.add(actor_id)
        await self._connection.execute(delete(remote_actors).where(remote_actors.c.id == actor_id))
        await self._connection.execute(delete(follows).where(follows.c.remote_actor == actor_id))

    async def moved_at(self, actor_id: str) -> datetime | None:
        """When this actor last said that it moved."""
        return await self._connection.scalar(select(moves.c.at).where(moves.c.actor == actor_id))

    async def put_move(self, actor_id: str, target: str, now: datetime) -> None:
        """Remember that this actor moved."""
        await self._connection.execute(delete(moves).where(moves.c.actor == actor_id))
        await self._connection.execute(insert(moves).values(actor=actor_id, target=target, at=now))

    async def put_follow(self, follow: Follow) -> None:
        """Store a Follow; there is one per direction and pair of actors."""
        await self._connection.execute(delete(follows).where(*_same(follow)))
        await self._connection.execute(
            insert(follows).values(
                direction=follow.direction,
                own_actor=follow.own_actor,
                remote_actor=follow.remote_actor,
                remote_host=follow.host,
                activity_id=follow.activity_id,
                state=follow.state,
                updated_at=follow.updated_at,
                caught_up=follow.caught_up,
                read_tries=follow.read_tries,
                read_due_at=follow.read_due_at,
            )
        )

    async def remove_follow(self, follow: Follow) -> None:
        """Forget a Follow."""
        await self._connection.execute(delete(follows).where(*_same(follow)))

    async def follow(self, direction: Direction, own_actor: OwnActor, remote_actor: str) -> Follow | None:
        """The Follow of this direction between these two actors."""
        return await self._follow(
            follows.c.direction == direction,
            follows.c.own_actor == own_actor,
            follows.c.remote_actor == remote_actor,
        )

    async def follow_by_activity(self, direction: Direction, activity_id: str) -> Follow | None:
        """The Follow with this activity id."""
        return await self._follow(follows.c.direction == direction, follows.c.activity_id == activity_id)

    async def follows_with(self, host: str) -> tuple[Follow, ...]:
        """Every Follow in either direction with actors on this host."""
        rows = await self._connection.execute(select(follows).where(follows.c.remote_host == host))
        return tuple(_follow(row) for row in rows)

    async def all_follows(self) -> tuple[Follow, ...]:
        """Every Follow in either direction."""
        return tuple(_follow(row) for row in await self._connection.execute(select(follows)))

    async def accepted(self, direction: Direction, actors: Iterable[str]) -> frozenset[tuple[OwnActor, str]]:
        """Which of our actors and which of these are bound by an accepted Follow of this direction."""
        query = select(follows.c.own_actor, follows.c.remote_actor).where(
            follows.c.direction == direction,
            follows.c.state == FollowState.ACCEPTED,
            follows.c.remote_actor.in_(set(actors)),
        )
        return frozenset((OwnActor(row.own_actor), row.remote_actor) for row in await self._connection.execute(query))

    async def behind(self, now: datetime, limit: int) -> tuple[Follow, ...]:
        """Accepted Follows of ours whose earlier notices are to be read now; those that are paused here wait."""
        query = select(follows).where(
            follows.c.direction == Direction.OUTGOING,
            follows.c.state == FollowState.ACCEPTED,
            follows.c.caught_up.is_(False),
            or_(follows.c.read_due_at.is_(None), follows.c.read_due_at <= now),
            follows.c.remote_host.not_in(_KEPT_APART),
        )
        oldest_first = query.order_by(follows.c.read_tries, follows.c.updated_at, follows.c.remote_actor)
        return tuple(_follow(row) for row in await self._connection.execute(oldest_first.limit(limit)))

    async def read_again(self, host: str) -> None:
        """What this host showed has to be read once more."""
        ours = (follows.c.direction == Direction.OUTGOING) & (follows.c.remote_host == host)
        again = {"caught_up": False, "read_tries": 0, "read_due_at": None}
        await self._connection.execute(update(follows).where(ours).values(again))

    async def read_soon(self, host: str) -> None:
        """What could not be read of this host is due at once: it was heard of again."""
        waits = (follows.c.remote_host == host) & follows.c.caught_up.is_(False)
        await self._connection.execute(update(follows).where(waits).values(read_due_at=None))

    async def followers(self, own_actor: OwnActor) -> tuple[str, ...]:
        """Ids of the actors whose Follow of ours was accepted and who are neither paused nor blocked."""
        query = (
            select(follows.c.remote_actor)
            .where(
                follows.c.direction == Direction.INCOMING,
                follows.c.own_actor == own_actor,
                follows.c.state == FollowState.ACCEPTED,
                follows.c.remote_host.not_in(_KEPT_APART),
            )
            .order_by(follows.c.remote_actor)
        )
        return tuple(await self._connection.scalars(query))

    async def _moved_from(self, hosts: set[str]) -> dict[str, Peer]:
        rows = await self._connection.execute(select(peers).where(peers.c.former_hosts != ""))
        moved = [_peer(row) for row in rows]
        return {host: peer for peer in moved for host in peer.former_hosts if host in hosts}

    async def _peer(self, condition: ColumnElement[bool]) -> Peer | None:
        row = (await self._connection.execute(select(peers).where(condition))).one_or_none()
        return None if row is None else _peer(row)

    async def _follow(self, *conditions: ColumnElement[bool]) -> Follow | None:
        row = (await self._connection.execute(select(follows).where(*conditions))).one_or_none()
        return None if row is None else _follow(row)


def _same(follow: Follow) -> tuple[ColumnElement[bool], ...]:
    return (
        follows.c.direction == follow.direction,
        follows.c.own_actor == follow.own_actor,
        follows.c.remote_actor == follow.remote_actor,
    )


def _follow(row: Row[Any]) -> Follow:
    return Follow(
        activity_id=row.activity_id,
        direction=Direction(row.direction),
        own_actor=OwnActor(row.own_actor),
        remote_actor=row.remote_actor,
        state=FollowState(row.state),
        updated_at=row.updated_at,
        caught_up=row.caught_up,
        read_tries=row.read_tries,
        read_due_at=row.read_due_at,
    )


def _peer(row: Row[Any]) -> Peer:
    return Peer(
        id=row.id,
        address=row.address,
        host=row.host,
        name=row.name,
        level=PeerLevel(row.level),
        created_at=row.created_at,
        public_actor=row.public_actor,
        peers_actor=row.peers_actor,
        paused=row.paused,
        blocked=row.blocked,
        moving_to=row.moving_to,
        former_hosts=tuple(row.former_hosts.split()),
        exchange=Exchange(frozenset(row.sends), frozenset(row.receives)),
        compared=_compared(row),
    )


def _compared(row: Row[Any]) -> Compared | None:
    if row.compared_at is None:
        return None
    return Compared(frozenset(row.compared_ours), frozenset(row.compared_theirs), row.compared_at)


def _compared_values(compared: Compared | None) -> dict[str, object]:
    return {
        "compared_ours": sorted(compared.ours) if compared else None,
        "compared_theirs": sorted(compared.theirs) if compared else None,
        "compared_at": compared.at if compared else None,
    }


def _peer_values(peer: Peer) -> dict[str, object]:
    return {
        "address": peer.address,
        "host": peer.host,
        "name": peer.name,
        "level": peer.level,
        "created_at": peer.created_at,
        "public_actor": peer.public_actor,
        "peers_actor": peer.peers_actor,
        "paused": peer.paused,
        "blocked": peer.blocked,
        "moving_to": peer.moving_to,
        **_compared_values(peer.compared),
        "former_hosts": " ".join(peer.former_hosts),
        "sends": list(in_order(peer.exchange.sends)),
        "receives": list(in_order(peer.exchange.receives)),
    }
