"""After a community said yes: read what it showed before (protocol 2.13, back-fill).

Nothing of it is stored before everything was read, and all of it at once: whoever is interrupted begins again, and what
is here already stays as it is. What was deleted meanwhile is not kept, because its id is remembered. A community that
cannot be asked now is asked again, as deliveries are, then daily, and given up after MOST_TRIES.
"""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from federation.retry import RETRIES, next_try
from node.domain.errors import PeerTrouble
from node.domain.peers import Follow, FollowState
from node.services import homes
from node.services.community import Community
from node.services.received.notes import on_note
from node.storage.audit import AuditEntry
from node.storage.turns import Turn
from node.storage.unit_of_work import UnitOfWork
from schemas.activities import Create, parse_activity
from schemas.context import AS
from schemas.errors import InvalidDocument
from schemas.fields import Document
from schemas.objects import Note

AT_ONCE = 3
MOST_NOTICES = 200
#: About two and a half days of tries that come further and further apart, then two weeks of one a day.
MOST_TRIES = RETRIES + 14
DAILY = timedelta(days=1)

log = structlog.get_logger("catching up")


async def catch_up(community: Community) -> bool:
    """Read the outboxes of newly followed communities, a few at a time; whether there was any."""
    if not await _behind(community):
        return False
    async with community.database.keeping_out(Turn.CATCH_UP) as is_ours:
        behind = await _behind(community) if is_ours else ()
        read = await asyncio.gather(*(_read(community, follow) for follow in behind))
        for follow, items in zip(behind, read, strict=True):
            await _store(community, follow, items)
    return bool(behind)


async def _behind(community: Community) -> tuple[Follow, ...]:
    async with community.database.reading() as work:
        return await work.peers.behind(community.now(), AT_ONCE)


async def _read(community: Community, follow: Follow) -> tuple[Document, ...] | None:
    """The newest things in its outbox; None where it cannot be asked now."""
    try:
        remote = homes.of_follow(community, follow).remote
        return (await remote.outbox(follow.remote_actor, follow.own_actor))[:MOST_NOTICES]
    except PeerTrouble:
        return None


async def _store(community: Community, follow: Follow, items: tuple[Document, ...] | None) -> None:
    """Keep what was read, oldest first, unless the link rests or has ended since it was asked for."""
    async with community.database.unit_of_work() as work:
        current = await work.peers.follow(follow.direction, follow.own_actor, follow.remote_actor)
        peer = await work.peers.by_host(follow.host)
        if current is None or current.state is not FollowState.ACCEPTED or (peer and not peer.may_exchange):
            return
        if items is None:
            await _put_off(community, work, current)
            return
        for item in reversed(items):
            await _keep(community, work, follow, item)
        await work.peers.put_follow(replace(current, caught_up=True, read_due_at=None))


async def _keep(community: Community, work: UnitOfWork, follow: Follow, item: Document) -> None:
    """One notice; whatever is wrong with it, the others are kept."""
    create = _create(item, follow)
    if create is None or not isinstance(create.object, Note):
        return
    try:
        async with work.savepoint():
            await on_note(community, work, create, create.object)
    except Exception as error:  # the same as when it had been delivered: its fault is not the others'
        log.exception("an earlier notice could not be kept", error=type(error).__name__)


async def _put_off(community: Community, work: UnitOfWork, follow: Follow) -> None:
    now = community.now()
    waiting = put_off(follow, now, community.chance())
    await work.peers.put_follow(waiting)
    if waiting.caught_up:
        action = "gave up reading what a community showed before"
        await work.audit.add(AuditEntry(now, None, action, follow.remote_actor))


def put_off(follow: Follow, now: datetime, chance: float) -> Follow:
    """The same after one more try that failed: to be read later, or given up after MOST_TRIES."""
    tries = follow.read_tries + 1
    if tries >= MOST_TRIES:
        return replace(follow, caught_up=True, read_tries=0, read_due_at=None)
    return replace(follow, read_tries=tries, read_due_at=next_try(now, tries, None, chance) or now + DAILY)


def _create(item: Document, follow: Follow) -> Create | None:
    """A Create by the very actor whose outbox it stands in; anything else in it is passed over."""
    try:
        activity = parse_activity({"@context": AS, **item})
    except InvalidDocument:
        return None
    return activity if isinstance(activity, Create) and activity.actor == follow.remote_actor else None
