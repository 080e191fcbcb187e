"""Word that one of our actors says something else now, from the address that each who knows us knows."""

from node.domain.peers import OwnActor
from node.services import homes
from node.services.community import Community
from node.services.outgoing import Letter, known_actors, post
from node.services.presenting import linked_with, update_of
from node.storage.unit_of_work import UnitOfWork


async def tell_changed(community: Community, work: UnitOfWork, own: OwnActor) -> None:
    """Send `Update(actor)` to whoever follows this actor or is followed by it, inside a unit of work.

    Neighbours that have not come along after a move get it from the actor that they know, in its own name.
    """
    told: dict[str, list[str]] = {}
    for actor in await linked_with(work, own):
        home = await homes.towards(community, work, actor)
        told.setdefault(home.base_url, []).append(actor)
    for base_url, actors in told.items():
        home = community.at(f"{base_url}/")
        activity = await update_of(home, work, own, home.remote.keys[own])
        known = await known_actors(work, actors)
        await post(home, work, Letter(activity, own, activity.actor, known, to_followers=True))
