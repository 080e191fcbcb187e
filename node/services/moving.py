"""The community moves house: keys for the new address, word to everybody, and the old address answered for a while."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

from node.domain.addresses import Addresses
from node.domain.errors import Conflict
from node.domain.homes import FormerHome
from node.domain.members import Member, must_be_steward, must_be_steward_or_command_line
from node.domain.peers import Direction, Follow, FollowState, OwnActor, PeerLevel
from node.domain.phrases import say
from node.services import homes
from node.services.community import Community
from node.services.outgoing import Letter, known_actors, new_activity_id, post
from node.services.presenting import TELLING, linked_with
from node.services.relations import send_follow
from node.services.setup import new_keys
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork
from node.translate.following import move

MOST_NAMES = 5


@dataclass(frozen=True)
class Standing:
    """How far a move has come.

    `came_along` and `not_yet` are names of linked communities; so many `tasks` and offers still end at the old address.
    """

    former: FormerHome | None
    lives_at: str
    came_along: tuple[str, ...] = ()
    not_yet: tuple[str, ...] = ()
    tasks: int = 0


async def prepare(community: Community, base_url: str, by: Member | None) -> None:
    """Make keys for the new address and remember the old one. Nobody is told yet, and nothing is sent from there.

    From its next start, with BASE_URL set to the new address, the node answers at both. Raises NotAllowed, and
    Conflict where it is the same address, an earlier move is not over, or somebody waits for an answer.
    """
    must_be_steward_or_command_line(by)
    if base_url == community.base_url:
        raise Conflict(say("The community lives at that address already."))
    if community.settings.federation == "off":
        raise Conflict(say("Federation is switched off, so nobody could be told. Switch it on first."))
    addresses, now = Addresses(base_url), community.now()
    fresh = await asyncio.to_thread(lambda: [key for own in OwnActor for key in new_keys(addresses, own, now)])
    async with community.database.unit_of_work() as work:
        await _must_be_settled(work, now)
        unused = [
            key.key_id for key in await work.keys.listing() if not key.key_id.startswith(f"{community.base_url}/")
        ]
        await work.keys.remove(unused)  # of an earlier address, or of a move that was begun and left
        for key in fresh:
            await work.keys.add(key)
        await work.homes.put(FormerHome(community.base_url, now))
        await work.audit.add(AuditEntry(now, by.id if by else None, "prepared a move", "community", base_url))


async def tell(community: Community, by: Member | None) -> None:
    """Tell everybody who knows us that we moved. Twice is as good as once. Raises NotAllowed, Conflict.

    A server that follows us comes along by itself; linked communities wait for a steward of theirs.
    """
    must_be_steward_or_command_line(by)
    former, now = community.homes.former, community.now()
    if former is None:
        raise Conflict("No move is prepared, or it is over. Begin with: manyhands move ADDRESS")
    async with community.database.unit_of_work() as work:
        home = await work.homes.former()
        if home is None or home.told_at is not None:
            return
        await work.homes.told(now)
        for own in TELLING:
            await _say_moved(former, work, own)
        await _follow_anew(community, work)
        await work.audit.add(AuditEntry(now, by.id if by else None, "told of the move", "community", home.base_url))


async def standing(community: Community, by: Member) -> Standing:
    """How far the move has come. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.reading() as work:
        former = await homes_former(work, community)
        if former is None:
            return Standing(None, community.base_url)
        along: list[str] = []
        not_yet: list[str] = []
        for peer in await work.peers.all():
            theirs = [one for one in await work.peers.follows_with(peer.host) if _is_peering(one)]
            if theirs:
                has_come = all(one.updated_at > former.left_at for one in theirs)
                (along if has_come else not_yet).append(peer.name)
        old = f"{former.base_url}/"
        ongoing = await work.responses.open()
    tasks = sum((one.offer_id.startswith(old) or one.object_id.startswith(old)) for one in ongoing)
    return Standing(former, community.base_url, tuple(along), tuple(not_yet), tasks)


async def homes_former(work: UnitOfWork, community: Community) -> FormerHome | None:
    """The address that was left, as long as it is answered."""
    found = await work.homes.former()
    is_over = found is None or found.is_over(community.now()) or found.base_url == community.base_url
    return None if is_over else found


async def leave_due(community: Community) -> None:
    """Once the old address has served its time, erase its keys; nothing is answered there any more."""
    former = community.homes.former
    if former is None:
        return
    async with community.database.reading() as work:
        home = await work.homes.former()
    if home is not None and not home.is_over(community.now()):
        return
    async with community.database.unit_of_work() as work:
        mine = [key.key_id for key in await work.keys.listing() if key.key_id.startswith(f"{former.base_url}/")]
        await work.keys.remove(mine)
        await work.homes.forget()
        await work.audit.add(AuditEntry(community.now(), None, "left the old address", "community", former.base_url))
    await homes.furnish(community, None)


async def follow_back(community: Community, work: UnitOfWork, actor: str) -> None:
    """A neighbour follows us at the new address: from there we follow it too, where we did from the old one."""
    former = community.homes.former
    if former is None or community is former:
        return
    for own in TELLING:
        follow = await work.peers.follow(Direction.OUTGOING, own, actor)
        if follow is not None and follow.state is FollowState.ACCEPTED and community.at(follow.activity_id) is former:
            await _send_follow(community, work, follow)


async def _must_be_settled(work: UnitOfWork, now: datetime) -> None:
    earlier = await work.homes.former()
    if earlier is not None and not earlier.is_over(now) and earlier.told_at is not None:
        raise Conflict(
            say(
                "The move from %(address)s is not over: it is answered there until %(day)s. Wait for that day.",
                address=earlier.base_url,
                day=f"{earlier.answered_until:%Y-%m-%d}",
            )
        )
    waiting = {one.host for one in await work.peers.all_follows() if one.state is FollowState.ASKED}
    if waiting:
        names = ", ".join(sorted(waiting)[:MOST_NAMES])
        raise Conflict(say("Somebody asks to be linked and waits for an answer. Answer first: %(names)s", names=names))


async def _say_moved(former: Community, work: UnitOfWork, own: OwnActor) -> None:
    """In the name of the old actor, to whoever follows it or is followed by it (FEP-7628)."""
    old, new = former.addresses.actor(own), former.current.addresses.actor(own)
    activity = move(new_activity_id(former), old, new, former.addresses.followers(own))
    everyone = await known_actors(work, await linked_with(work, own))
    await post(former, work, Letter(activity, own, f"move {own}", everyone, to_followers=True))


async def _follow_anew(community: Community, work: UnitOfWork) -> None:
    """Public feeds are followed from the new address at once; linked communities once they came along."""
    linked = {peer.host for peer in await work.peers.all() if peer.level is PeerLevel.PEERS}
    for follow in await work.peers.all_follows():
        is_ours = follow.direction is Direction.OUTGOING and follow.state is FollowState.ACCEPTED
        if is_ours and follow.host not in linked:
            await _send_follow(community, work, follow)


async def _send_follow(community: Community, work: UnitOfWork, follow: Follow) -> None:
    """Ask anew; until they answer, what was agreed stands."""
    await send_follow(community, work, follow.own_actor, follow.remote_actor)
    asked = await work.peers.follow(Direction.OUTGOING, follow.own_actor, follow.remote_actor)
    if asked is not None:
        await work.peers.put_follow(replace(asked, state=FollowState.ACCEPTED))


def _is_peering(follow: Follow) -> bool:
    is_theirs = follow.direction is Direction.INCOMING and follow.state is FollowState.ACCEPTED
    return is_theirs and follow.own_actor is OwnActor.PEERS
