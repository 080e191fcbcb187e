"""The clock of an agreed task: given more time, run out, and what is said when it had run out already."""

from datetime import datetime, timedelta
from decimal import Decimal

from node.domain.errors import Conflict
from node.domain.members import Member, must_be_dispatcher
from node.domain.phrases import say
from node.domain.responses import (
    LEASE_OVER,
    Response,
    ResponseState,
    Side,
    brought_after_all,
    end,
    extend,
    extended_by_origin,
)
from node.services import handoffs, homes
from node.services.community import Community
from node.services.outgoing import new_activity_id
from node.services.responses import ResponseLine, found_response, lines, tell
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork
from node.translate import agreements
from node.translate.agreements import Tasked

#: For how long dispatchers are told that a task came home, and of how many at most.
TOLD_FOR = timedelta(days=3)
MOST_TOLD = 20


async def give_more_time(community: Community, response_id: str, until: datetime, by: Member) -> Response:
    """At the origin: the helper has it until then. The other community is told.

    Raises Invalid, NotFound, NotAllowed, Conflict where it is not ours or does not run.
    """
    must_be_dispatcher(by)
    now = community.now()
    async with community.database.unit_of_work() as work:
        response = await found_response(work, response_id)
        if response.side is not Side.ORIGIN:
            raise Conflict(say("This is theirs. Ask them for more time."))
        changed = extend(response, until.replace(microsecond=0), now)
        await work.responses.put(changed)
        at_home = homes.of_response(community, changed)
        tasked = Tasked(changed, at_home.addresses)
        await tell(at_home, work, changed, agreements.extension(new_activity_id(at_home), tasked, now))
        if changed.state == ResponseState.UNDER_WAY:  # their own clock may have ended it, and forgotten that
            await handoffs.tell_under_way(community, work, changed)
        await work.audit.add(AuditEntry(now, by.id, "gave a task more time", response.notice_id or ""))
    return changed


async def on_more_time(
    community: Community, work: UnitOfWork, response: Response, until: datetime, said_at: datetime | None
) -> None:
    """At the helper: the origin's word about the lease, as it was `said_at`."""
    now = community.now()
    await work.responses.put(extended_by_origin(response, until, said_at or now, now))


async def run_out(community: Community) -> None:
    """Every task whose time is over ends: ours come home, and their helpers are told; theirs go home by our clock."""
    now = community.now()
    async with community.database.reading() as work:
        is_due = bool(await work.responses.overdue(now))
    if not is_due:
        return
    async with community.database.unit_of_work() as work:
        for response in await work.responses.overdue(now):
            if response.side is Side.ORIGIN:
                await handoffs.come_home(community, work, response, LEASE_OVER)
            else:
                await work.responses.put(end(response, ResponseState.RETURNED, now, LEASE_OVER))
            await work.audit.add(AuditEntry(now, None, "a lease ran out", response.notice_id or response.id))


async def on_said_late(community: Community, work: UnitOfWork, response: Response, brought: Decimal | None) -> None:
    """They say that something was brought, and it had come home before: dispatchers look, and they are told so."""
    await work.responses.put(brought_after_all(response, brought, community.now()))
    community = homes.of_response(community, response)
    tasked = Tasked(response, community.addresses)
    await tell(community, work, response, agreements.reject(new_activity_id(community), tasked, handoffs.LATE))


async def lately_home(community: Community) -> tuple[ResponseLine, ...]:
    """Tasks of either side that went home unmet within the last days, the newest first; those to look at among them."""
    async with community.database.reading() as work:
        since = community.now() - TOLD_FOR
        found = await work.responses.returned(since, MOST_TOLD)
        return await lines(work, found)
