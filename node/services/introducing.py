"""Introductions between us and neighbours: who may write any, kept, sent and taken back. Inside a unit of work."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from node.domain.introductions import LONGEST, MONTH, Introduced, Introduction, Side, Sort
from node.domain.peers import FollowState, OwnActor, Peer, host_of
from node.services import homes
from node.services.community import Community
from node.services.outgoing import Letter, known_actors, new_activity_id, post
from node.storage.unit_of_work import UnitOfWork
from node.translate import introductions
from schemas.activities import Introduction as IntroductionActivity

#: The same words again within this time are the same form, sent twice.
SENT_TWICE = timedelta(minutes=10)


@dataclass(frozen=True)
class Draft:
    """Words of ours before they are sent: to whom, about whom, and for how long they stand."""

    sort: Sort
    to: Peer
    about: Introduced
    text: str
    lasts: timedelta = LONGEST


async def is_friend(work: UnitOfWork, peer: Peer) -> bool:
    """Whether a peering with this community was agreed, in either direction, and neither rests nor is blocked."""
    if not peer.may_exchange:
        return False
    return any(
        follow.own_actor is OwnActor.PEERS and follow.state is FollowState.ACCEPTED
        for follow in await work.peers.follows_with(peer.host)
    )


async def friend_behind(work: UnitOfWork, actor: str) -> Peer | None:
    """The neighbour of which this is one of the two actors, if a peering with it was agreed."""
    peer = await work.peers.by_host(host_of(actor))
    if peer is None or actor not in {peer.public_actor, peer.peers_actor}:
        return None
    return peer if await is_friend(work, peer) else None


async def would_show(community: Community, work: UnitOfWork, activity: IntroductionActivity) -> bool:
    """Whether our stewards would see these words, as far as can be said without asking anybody about the introduced.

    They come from a neighbour, for us, about a third community that is neither our neighbour nor kept out, and they are
    not beyond our own rule. What is passed over is passed over in silence.
    """
    own = community.at(activity.target or "").addresses.own_actor(activity.target or "")
    friend = await friend_behind(work, activity.actor)
    about, now = host_of(activity.object), community.now()
    if own is None or friend is None or about in community.hosts | {friend.host}:
        return False
    if community.remote.boundaries.keeps_out(activity.object):
        return False
    known = await work.peers.by_host(about)
    if known is not None and (known.blocked or await is_friend(work, known)):
        return False
    earlier = await work.introductions.between(Side.RECEIVED, Sort.ANOTHER, friend.host, about)
    if earlier is not None:
        return not earlier.is_set_aside
    theirs = await work.introductions.of_neighbour(friend.host, now - MONTH)
    return (await work.introductions.rule()).takes(theirs, await work.introductions.waiting(now))


async def keep(work: UnitOfWork, introduction: Introduction) -> None:
    """Store what came; newer words of the same community about the same one stand in place of the older."""
    where = (introduction.side, introduction.sort, introduction.host, introduction.about.host)
    earlier = await work.introductions.between(*where)
    await work.introductions.put(introduction if earlier is None else replace(introduction, id=earlier.id))


async def write(community: Community, work: UnitOfWork, draft: Draft) -> Introduction:
    """Send words of ours; the same form sent twice sends them once."""
    home = await homes.towards(community, work, actor_of(draft.to))
    made = _made(home, draft)
    earlier = await work.introductions.between(Side.WRITTEN, made.sort, made.host, made.about.host)
    if earlier is not None and earlier.text == made.text and made.written_at - earlier.written_at < SENT_TWICE:
        return earlier
    written = made if earlier is None else replace(made, id=earlier.id)
    await work.introductions.put(written)
    activity = introductions.introduce(written, home.addresses)
    actors = await known_actors(work, [written.actor])
    await post(home, work, Letter(activity, OwnActor.PEERS, _key(written), actors))
    return written


async def take_back(community: Community, work: UnitOfWork, written: Iterable[Introduction]) -> None:
    """Ask whom we wrote to to forget it; here the words are gone at once."""
    for one in written:
        await work.introductions.remove(one.id)
        await work.outbox.forget_about(_key(one))
        home = community.at(one.activity_id)
        activity = introductions.undo(new_activity_id(home), one, home.addresses)
        actors = await known_actors(work, [one.actor])
        await post(home, work, Letter(activity, OwnActor.PEERS, _key(one), actors))


async def end_with(community: Community, work: UnitOfWork, host: str) -> None:
    """A peering ended: nobody there speaks to us of others, and we speak neither to them nor of them."""
    await work.introductions.remove_received(host)
    await take_back(community, work, await work.introductions.written_with(host))


async def forget_ended(community: Community, work: UnitOfWork) -> int:
    """Forget every word whose time is over, ours as it was sent among them; answers how many."""
    ended = await work.introductions.ended(community.now())
    for one in ended:
        await work.introductions.remove(one.id)
        if one.side is Side.WRITTEN:
            await work.outbox.forget_about(_key(one))
    return len(ended)


def _made(community: Community, draft: Draft) -> Introduction:
    now = community.now()
    return Introduction(
        id=community.new_id(),
        side=Side.WRITTEN,
        sort=draft.sort,
        activity_id=new_activity_id(community),
        actor=actor_of(draft.to),
        about=draft.about,
        text=draft.text,
        written_at=now,
        ends_at=now + draft.lasts,
    )


def actor_of(peer: Peer) -> str:
    """Whom we write to there."""
    return peer.peers_actor or peer.public_actor or ""


def _key(introduction: Introduction) -> str:
    """What keeps words and their taking back in order at one community."""
    return f"introduction {introduction.sort} {introduction.host} {introduction.about.host}"
