"""One of everything, every default spelled once; `changed` says what a test is about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from node.domain.addresses import Addresses
from node.domain.consent import Consent
from node.domain.feed import FeedItem, FeedKind
from node.domain.members import Member, Role
from node.domain.notices import Kind, Notice, Status, Wording
from node.domain.peers import Direction, Follow, FollowState, OwnActor, Peer, PeerLevel, RemoteActor
from node.domain.responses import Response, ResponseState, Side
from node.domain.shares import Level, Share

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
NORTH = Addresses("https://aid.north.example")
RIVER = "https://help.river.example"
RIVER_PUBLIC = f"{RIVER}/actors/public"
EVERYTHING = Consent(board=True, peers="all", public=True)


def make_wording(**changed: Any) -> Wording:
    return replace(Wording("Winter coats", "goods", area="North Side", quantity=Decimal(4)), **changed)


def make_notice(status: Status = Status.OPEN, remaining: int | str | None = None, **changed: Any) -> Notice:
    """A need for four winter coats; words that belong to its wording may be given as they are."""
    fields = {name: changed.pop(name) for name in tuple(changed) if name in Notice.__dataclass_fields__}
    wording = fields.pop("wording", None) or make_wording(**changed)
    left = wording.quantity if remaining is None else Decimal(remaining)
    plain = Notice("notice1", Kind.NEED, wording, NOW, NOW, status=status, remaining=left, consent=EVERYTHING)
    return replace(plain, **fields)


def make_share(level: Level = Level.PUBLIC, **changed: Any) -> Share:
    plain = Share(
        id="share1",
        notice_id="notice1",
        level=level,
        object_id=NORTH.object("4Jx9vQ2mT7kRbW1c"),
        published_at=NOW,
        updated_at=NOW,
        ends_at=datetime(2026, 12, 1, 23, 59, tzinfo=UTC),
    )
    return replace(plain, **changed)


def make_response(side: Side = Side.ORIGIN, **changed: Any) -> Response:
    plain = Response(
        id="response1",
        side=side,
        offer_id=f"{RIVER}/a/offer1",
        object_id=NORTH.object("4Jx9vQ2mT7kRbW1c"),
        own_actor=OwnActor.PUBLIC,
        remote_actor=RIVER_PUBLIC,
        quantity=Decimal(3),
        unit="one",
        state=ResponseState.OFFERED,
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(plain, **changed)


def make_item(**changed: Any) -> FeedItem:
    plain = FeedItem(
        id="item1",
        object_id=f"{RIVER}/o/item1",
        actor=RIVER_PUBLIC,
        kind=FeedKind.NEED,
        title="Two chairs",
        html="<p>Two chairs</p>",
        published_at=NOW,
        updated_at=NOW,
        received_at=NOW,
        ends_at=NOW + timedelta(days=10),
        available=Decimal(2),
        intent_id=f"{RIVER}/o/item1#primary",
    )
    return replace(plain, **changed)


def make_member(*roles: Role, **changed: Any) -> Member:
    return replace(Member("member1", "Robin", frozenset(roles or {Role.DISPATCHER}), NOW), **changed)


def make_actor(actor_id: str = RIVER_PUBLIC, **changed: Any) -> RemoteActor:
    plain = RemoteActor(
        id=actor_id,
        type="Organization",
        username="river",
        name="River Street Circle",
        inbox=f"{actor_id}/inbox",
        shared_inbox=f"{RIVER}/inbox",
        url=f"{RIVER}/",
        summary="",
        is_manyhands=True,
        fetched_at=NOW,
    )
    return replace(plain, **changed)


def make_peer(**changed: Any) -> Peer:
    plain = Peer("peer1", "@river@help.river.example", "help.river.example", "River", PeerLevel.PEERS, NOW)
    return replace(plain, **changed)


def make_follow(direction: Direction = Direction.INCOMING, **changed: Any) -> Follow:
    plain = Follow(f"{RIVER}/a/follow1", direction, OwnActor.PUBLIC, RIVER_PUBLIC, FollowState.ACCEPTED, NOW)
    return replace(plain, **changed)
