"""Putting an activity of ours into the outbox: who gets it, once per inbox. Nothing is sent here."""

from collections.abc import Iterable
from dataclasses import dataclass

from federation.addressing import Recipient, deliveries
from node.domain.peers import OwnActor, RemoteActor
from node.services.community import Community
from node.storage.outbox import OutgoingActivity
from node.storage.unit_of_work import UnitOfWork
from schemas.activities import Activity
from schemas.fields import dump


@dataclass(frozen=True)
class Letter:
    """One activity for some actors. `object_key` keeps in order what is about one thing (protocol 46)."""

    activity: Activity
    own_actor: OwnActor
    object_key: str
    actors: tuple[RemoteActor, ...]
    share_id: str | None = None
    public: bool = False
    to_followers: bool = False


async def post(community: Community, work: UnitOfWork, letter: Letter) -> None:
    """Store the activity and one delivery per distinct inbox (protocol 41 to 43)."""
    now = community.now()
    activity = OutgoingActivity(
        id=letter.activity.id or "",
        own_actor=letter.own_actor,
        type=letter.activity.type,
        object_key=letter.object_key,
        body=dump(letter.activity),
        published_at=now,
        share_id=letter.share_id,
        public=letter.public,
        sent_to=tuple(actor.id for actor in letter.actors),
    )
    inboxes = deliveries(recipients(letter.actors), letter.to_followers, _own_inboxes(community))
    await work.outbox.add(activity, inboxes, now)


def recipients(actors: Iterable[RemoteActor]) -> tuple[Recipient, ...]:
    """Actors as the addressing rule takes them."""
    return tuple(Recipient(actor.id, actor.inbox, actor.shared_inbox) for actor in actors)


def inbox_of(actor: RemoteActor, to_followers: bool) -> str:
    """Where a letter for this actor goes."""
    return actor.shared_inbox if to_followers and actor.shared_inbox else actor.inbox


async def known_actors(work: UnitOfWork, ids: Iterable[str]) -> tuple[RemoteActor, ...]:
    """The actors we know among these ids, in the ids' order."""
    wanted = tuple(ids)
    found = await work.peers.actors(wanted)
    return tuple(found[actor_id] for actor_id in wanted if actor_id in found)


def new_activity_id(community: Community) -> str:
    """An id for a new activity."""
    return community.addresses.activity(community.new_id())


def _own_inboxes(community: Community) -> tuple[str, ...]:
    return (community.addresses.shared_inbox, *(community.addresses.inbox(own) for own in OwnActor))
