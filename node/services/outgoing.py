"""Putting an activity of ours into the outbox: who gets it, once per inbox. Nothing is sent here."""

from collections.abc import Iterable
from dataclasses import dataclass

import orjson

from federation.addressing import Recipient, deliveries
from federation.proofs import prove
from node.domain.peers import OwnActor, RemoteActor
from node.services.community import Community
from node.storage.outbox import OutgoingActivity
from node.storage.unit_of_work import UnitOfWork
from schemas.activities import Activity
from schemas.fields import document, dump, is_public
from schemas.objects import Note


@dataclass(frozen=True)
class Letter:
    """One activity for some actors. `object_key` keeps in order what is about one thing (protocol 46).

    `signed_with` is the key its requests are signed with, where it is not the one the actor uses now.
    """

    activity: Activity
    own_actor: OwnActor
    object_key: str
    actors: tuple[RemoteActor, ...]
    share_id: str | None = None
    public: bool = False
    to_followers: bool = False
    signed_with: str | None = None


async def post(community: Community, work: UnitOfWork, letter: Letter) -> None:
    """Store the activity and one delivery per distinct inbox (protocol 41 to 43)."""
    now = community.now()
    activity = OutgoingActivity(
        id=letter.activity.id or "",
        own_actor=letter.own_actor,
        type=letter.activity.type,
        object_key=letter.object_key,
        body=_written(community, letter),
        published_at=now,
        share_id=letter.share_id,
        public=letter.public,
        sent_to=tuple(actor.id for actor in letter.actors),
        signed_with=letter.signed_with,
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


def _written(community: Community, letter: Letter) -> bytes:
    """The bytes to send; only what all may read carries a proof, because a proof stays for ever (protocol 1.4 #18)."""
    if not letter.public or not _is_for_all(letter.activity):
        return dump(letter.activity)
    key = community.remote.keys[letter.own_actor].ed25519
    return orjson.dumps(prove(document(letter.activity), key, community.now()))


def _is_for_all(activity: Activity) -> bool:
    about = getattr(activity, "object", None)
    says = (activity, about) if isinstance(about, Note) else (activity,)
    return all(is_public((*one.to, *one.cc)) for one in says)


def _own_inboxes(community: Community) -> tuple[str, ...]:
    return (community.addresses.shared_inbox, *(community.addresses.inbox(own) for own in OwnActor))
