"""What others may read of what we sent: decided anew for every reader."""

from dataclasses import dataclass

from node.domain.errors import TooManyTries
from node.domain.peers import OwnActor, host_of
from node.domain.phrases import say
from node.domain.shares import Level, Share
from node.services.answering import read_answer
from node.services.community import Community
from node.services.outgoing import inbox_of, known_actors
from node.services.received.offers import may_see
from node.storage.audit import AuditEntry
from node.storage.outbox import OutgoingActivity
from node.storage.shares import Published
from node.storage.unit_of_work import UnitOfWork
from schemas.activities import parse_activity
from schemas.fields import dump, load
from schemas.objects import parse_note

LARGEST_LISTING = 1000
READ_BY_PEER = "a peer read a shared notice"


@dataclass(frozen=True)
class Readable:
    """What was found for a reader: the bytes to serve, or that it was public and is gone."""

    body: bytes | None
    is_public: bool
    gone_id: str | None = None


@dataclass(frozen=True)
class Shown:
    """Something shared now: the id of the Create that announced it, and its object as it stands."""

    create_id: str
    document: bytes
    share: Share


async def read_object(community: Community, object_id: str, reader: str | None) -> Readable | None:
    """A share's object, or a private answer, if this reader may see it (protocol 23, 24, 26).

    None looks the same as "never was".

    Raises TooManyTries where a peer reads more than a community needs (T-41).
    """
    async with community.database.reading() as work:
        published = await work.shares.by_object(object_id)
        if published is None:
            answer = await read_answer(work, community, object_id, reader)
            return Readable(answer, False) if answer is not None else None
        share = published.share
        is_public = share.level == Level.PUBLIC
        if not share.is_shown:
            return Readable(None, True, share.object_id) if is_public else None
        if is_public:
            return Readable(published.document, True)
        if reader is None or not await may_see(work, share, reader):
            return None
    await remember_reader(community, (share,), reader)
    return Readable(published.document, False)


async def read_activity(community: Community, activity_id: str, reader: str | None) -> Readable | None:
    """An activity of ours: public ones for everyone, others for those it was sent to."""
    async with community.database.reading() as work:
        activity = await work.outbox.activity(activity_id)
        if activity is None:
            return None
        if not activity.public and not await _may_read(work, activity, reader):
            return None
        if activity.share_id is None or activity.type not in {"Create", "Update"}:
            return Readable(activity.body, activity.public)
        published = await work.shares.get(activity.share_id)
    if published is None or not published.share.is_shown:
        return None
    return Readable(_as_it_stands(activity, published), activity.public)


def _as_it_stands(activity: OutgoingActivity, published: Published) -> bytes:
    """The activity about its object as it is now: words that were corrected are not shown again."""
    said = parse_activity(load(activity.body))
    return dump(said.model_copy(update={"object": parse_note(load(published.document))}))


async def visible(community: Community, own: OwnActor, reader: str | None) -> tuple[Shown, ...]:
    """What one actor's outbox holds for this reader, newest first (protocol 33)."""
    levels = {OwnActor.PUBLIC: (Level.PUBLIC,), OwnActor.PEERS: (Level.PEERS, Level.NAMED), OwnActor.INSTANCE: ()}[own]
    if not levels or (own is OwnActor.PEERS and reader is None):
        return ()
    async with community.database.reading() as work:
        found = await work.shares.shown(levels, LARGEST_LISTING)
        found = tuple(one for one in found if community.at(one.share.object_id) is community)
        if own is not OwnActor.PUBLIC and reader is not None:
            found = tuple([one for one in found if await may_see(work, one.share, reader)])
        creates = await work.outbox.creates(one.share.id for one in found)
    return tuple(Shown(creates[one.share.id].id, one.document, one.share) for one in found if one.share.id in creates)


async def remember_reader(community: Community, shares: tuple[Share, ...], reader: str) -> None:
    """What is for peers was read with a signature: its reader gets its Delete, too (protocol 53), and it is logged.

    Raises TooManyTries, before anything is shown, where a peer reads more than a community needs (T-41).
    """
    now = community.now()
    wait = community.limits.read(host_of(reader), now, len(shares)) if shares else None
    if wait is not None:
        raise TooManyTries(say("Your community has read very much within the hour. Please wait a little."), wait)
    async with community.database.unit_of_work() as work:
        inboxes = {actor.id: inbox_of(actor, True) for actor in await known_actors(work, [reader])}
        for share in shares:
            await work.shares.add_recipients(share.id, inboxes, now)
            await work.audit.add(AuditEntry(now, None, READ_BY_PEER, share.subject_id, reader))


async def follower_count(community: Community, own: OwnActor) -> int:
    """How many follow: the number alone is ever shown (protocol 35)."""
    async with community.database.reading() as work:
        return len(await work.peers.followers(own))


async def _may_read(work: UnitOfWork, activity: OutgoingActivity, reader: str | None) -> bool:
    if reader is None:
        return False
    if activity.share_id is None:
        return reader in activity.sent_to
    published = await work.shares.get(activity.share_id)
    return published is not None and await may_see(work, published.share, reader)
