"""Our actors as they present the community to others, and word to whoever knows them that they changed."""

from federation.keys import KeyPair
from node.domain.areas import told_names
from node.domain.peers import Direction, FollowState, OwnActor
from node.domain.rest import still_until
from node.services.community import Community, profile_in
from node.services.outgoing import Letter, known_actors, new_activity_id, post
from node.storage.community import Profile
from node.storage.unit_of_work import UnitOfWork
from node.translate.actors import Presentation, actor_document, published_keys
from schemas.activities import Update

TELLING = (OwnActor.PUBLIC, OwnActor.PEERS)


def presentation(community: Community, shown: Profile) -> Presentation:
    """What the actors say of the community at this moment."""
    former, current = community.homes.former, community.current
    resting = still_until(shown.resting_until, community.now())
    return Presentation(
        name=shown.name,
        username=shown.username,
        areas=told_names(shown.areas, shown.larger_areas_only),
        created_at=shown.created_at,
        resting_until=resting,
        link_text=shown.link_text,
        lived_at=former.addresses if former is not None and community is not former else None,
        lives_at=current.addresses if community is former else None,
    )


async def tell_keys(
    community: Community, work: UnitOfWork, own: OwnActor, pair: KeyPair, signed_with: str | None = None
) -> None:
    """Send `Update(actor)` to whoever follows this actor or is followed by it, inside a unit of work.

    It shows the keys of `pair`; `signed_with` is the key its requests are signed with, where that is another one.
    """
    activity = await update_of(community, work, own, pair)
    everyone = await known_actors(work, await linked_with(work, own))
    letter = Letter(activity, own, activity.actor, everyone, to_followers=True, signed_with=signed_with)
    await post(community, work, letter)


async def update_of(community: Community, work: UnitOfWork, own: OwnActor, pair: KeyPair) -> Update:
    """The `Update` with this actor as it is now, under the address of `community`."""
    shown = presentation(community, await profile_in(work))
    actor = actor_document(community.addresses, own, shown, {own: published_keys(pair)})
    return Update(
        id=new_activity_id(community),
        actor=actor.id,
        published=community.now(),
        to=(community.addresses.followers(own),),
        object=actor,
    )


async def linked_with(work: UnitOfWork, own: OwnActor) -> list[str]:
    """Who follows this actor or is followed by it: they may know its document."""
    followed = [
        follow.remote_actor
        for follow in await work.peers.all_follows()
        if (follow.direction, follow.own_actor, follow.state) == (Direction.OUTGOING, own, FollowState.ACCEPTED)
    ]
    return list(dict.fromkeys((*await work.peers.followers(own), *followed)))
