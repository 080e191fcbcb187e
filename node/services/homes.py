"""Under which of its addresses the community speaks: the one it lives at, or for a while the one it left.

What began under the old address ends under it, signed with its keys: nothing changes hands by a move. What is new is
said from the new one, but for neighbours that have not come along yet: they know us by the old one alone.
"""

from collections.abc import Iterator
from dataclasses import replace

from node.domain.addresses import Addresses
from node.domain.homes import FormerHome
from node.domain.peers import Direction, Follow, FollowState, OwnActor
from node.domain.responses import Response, Side
from node.services.community import Community
from node.services.keys import load_keys
from node.storage.database import Database
from node.storage.unit_of_work import UnitOfWork
from schemas.activities import Activity


async def left(database: Database, base_url: str) -> FormerHome | None:
    """The address that was left, if the community lives elsewhere now."""
    async with database.reading() as work:
        former = await work.homes.former()
    return former if former is not None and former.base_url != base_url else None


async def furnish(community: Community, former: FormerHome | None) -> None:
    """Make the community answer under the address it left, too; or no longer, where that is None."""
    homes = community.homes
    if former is None or former.is_over(community.now()):
        homes.former = None
        return
    keys = await load_keys(community.database, Addresses(former.base_url))
    settings = community.settings.model_copy(update={"base_url": former.base_url})
    homes.former = replace(community, settings=settings, remote=community.remote.with_keys(keys))
    homes.left_at = former.left_at


def of_response(community: Community, response: Response) -> Community:
    """Under the address that this task or offer of help began at."""
    return community.at(response.object_id if response.side is Side.ORIGIN else response.offer_id)


def of_follow(community: Community, follow: Follow) -> Community:
    """Under the address that this Follow is from, or for: theirs are of the old one until they follow anew."""
    if follow.direction is Direction.OUTGOING:
        return community.at(follow.activity_id)
    homes, current = community.homes, community.current
    return homes.former if homes.former is not None and follow.updated_at <= homes.left_at else current


async def towards(community: Community, work: UnitOfWork, actor: str) -> Community:
    """Under the address that this actor knows us by."""
    if community.homes.former is None:
        return community
    for own in (OwnActor.PEERS, OwnActor.PUBLIC):
        follow = await work.peers.follow(Direction.INCOMING, own, actor)
        if follow is not None and follow.state is FollowState.ACCEPTED:
            return of_follow(community, follow)
    return community.current


def of_activity(community: Community, activity: Activity) -> Community:
    """Under the address that an activity received speaks of; the one we live at where it names neither."""
    if community.homes.former is None:
        return community
    return next((home for thing in _named(activity) if (home := community.home_of(thing)) is not None), community)


def _named(activity: Activity) -> Iterator[str]:
    """What an activity is about, closest first, and whom it is for."""
    about = getattr(activity, "object", None)
    stipulated = getattr(getattr(about, "stipulates", None), "satisfies", None)
    inner = getattr(getattr(activity, "embedded", None), "object", None)
    found = (inner, stipulated, getattr(about, "fulfills", None), getattr(about, "in_reply_to", None), about)
    yield from (thing for thing in found if isinstance(thing, str))
    yield from (*getattr(activity, "to", ()), *getattr(activity, "cc", ()))
