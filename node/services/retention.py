"""A clock for each kind of record: set by stewards, run by the worker and by `manyhands retention run`."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from functools import partial

from node.domain.hand_over import KEPT as HANDED_OVER_KEPT
from node.domain.hosts import FORGOTTEN_AFTER
from node.domain.members import Member, must_be_steward
from node.domain.postings import KEPT_AFTER_END
from node.domain.retention import ANSWERS_KEPT, JOURNAL_KEPT, TELLINGS_KEPT, Clocks, Past, check_clocks
from node.domain.shifts import KEPT as SHIFTS_KEPT
from node.services import expiring, forgetting, introducing, replays
from node.services.community import Community, profile_in
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork

Forget = Callable[[Community, UnitOfWork], Awaitable[int]]
"""Forgets what is due of one kind, and answers how many that were."""


@dataclass(frozen=True)
class Forgotten:
    """How many records of one kind were forgotten, or would be."""

    kind: str
    how_many: int


class _OnlyLooking(Exception):
    """Undoes a unit of work in which everything was done only to see how much it is."""


async def set_clocks(community: Community, changed: Clocks, by: Member) -> None:
    """For how long each kind of record is kept, from now on also what is there already. Raises Invalid, NotAllowed."""
    must_be_steward(by)
    clocks, now = check_clocks(changed), community.now()
    said = ", ".join(f"{name} {days}" for name, days in asdict(clocks).items())
    async with community.database.unit_of_work() as work:
        await work.community.put(replace(await profile_in(work), clocks=clocks))
        await work.sessions.shorten(now + timedelta(days=clocks.sessions))
        await work.audit.add(AuditEntry(now, by.id, "changed for how many days things are kept", "community", said))


async def past(community: Community) -> tuple[Past, ...]:
    """What is left of what was erased, newest month first."""
    async with community.database.reading() as work:
        return await work.past.all()


async def forget_due(community: Community) -> None:
    """One round: forget what is due of every kind, at most a batch of what takes long."""
    async with community.database.reading() as work:
        is_due = await expiring.is_due(community, work) or await forgetting.is_due(community, work)
    for _, forget in SLOW if is_due else ():
        await _batch(community, forget)
    async with community.database.unit_of_work() as work:
        for _, forget in QUICK:
            await forget(community, work)


async def run(community: Community) -> tuple[Forgotten, ...]:
    """Forget everything that is due, batch by batch, and tell how many of each kind."""
    return tuple([Forgotten(kind, await _all(partial(_batch, community, forget))) for kind, forget in (*SLOW, *QUICK)])


async def look(community: Community) -> tuple[Forgotten, ...]:
    """What `run` would forget. It is done and undone again, so the numbers are those of the deed itself."""
    found: list[Forgotten] = []
    try:
        async with community.database.unit_of_work() as work:
            for kind, forget in (*SLOW, *QUICK):
                found.append(Forgotten(kind, await _all(partial(forget, community, work))))
            raise _OnlyLooking
    except _OnlyLooking:
        return tuple(found)


async def _all(forget: Callable[[], Awaitable[int]]) -> int:
    how_many = batch = await forget()
    while batch >= forgetting.BATCH:
        batch = await forget()
        how_many += batch
    return how_many


async def _batch(community: Community, forget: Forget) -> int:
    async with community.database.unit_of_work() as work:
        return await forget(community, work)


async def _copies(community: Community, work: UnitOfWork) -> int:
    return await work.feed.forget_before(community.now())


async def _postings(community: Community, work: UnitOfWork) -> int:
    return await work.postings.forget_before(community.now() - KEPT_AFTER_END)


async def _log(community: Community, work: UnitOfWork) -> int:
    kept = timedelta(days=(await profile_in(work)).clocks.log)
    gone = await work.audit.forget_before(community.now() - kept)
    return gone + await work.openings.forget_before(community.now() - kept)


async def _sessions(community: Community, work: UnitOfWork) -> int:
    return await work.sessions.forget_ended(community.now())


async def _invitations(community: Community, work: UnitOfWork) -> int:
    return await work.invitations.forget_over(community.now())


async def _messages(community: Community, work: UnitOfWork) -> int:
    kept = timedelta(days=(await profile_in(work)).strangers_kept_days)
    gone = await work.enquiries.forget_before(community.now() - kept)
    gone += await work.reports.forget_before(community.now() - kept)
    await work.answers.forget_ended()
    await work.questions.forget_ended()
    return gone


async def _tellings(community: Community, work: UnitOfWork) -> int:
    return await work.tellings.forget_before(community.now() - TELLINGS_KEPT)


async def _handed_over(community: Community, work: UnitOfWork) -> int:
    gone = await work.hand_over.forget_before(community.now() - HANDED_OVER_KEPT)
    return gone + await work.shifts.forget_before(community.now() - SHIFTS_KEPT)


async def _answers(community: Community, work: UnitOfWork) -> int:
    await replays.forget_signatures(work, community.now())
    return await work.replays.forget_before(community.now() - ANSWERS_KEPT)


async def _received(community: Community, work: UnitOfWork) -> int:
    await work.hosts.forget_before(community.now() - FORGOTTEN_AFTER)
    return await work.journal.forget_before(community.now() - JOURNAL_KEPT)


#: Each kind of record with what forgets it, in the order in which it is done: what takes long, and what does not.
SLOW: tuple[tuple[str, Forget], ...] = (
    ("needs and offers that nobody spoke for, ended", expiring.expire),
    ("sealed notes", forgetting.erase_sealed),
    ("needs and offers, reduced to numbers", forgetting.erase_words),
    ("receipts of what was erased", forgetting.drop_receipts),
)
QUICK: tuple[tuple[str, Forget], ...] = (
    ("copies of other communities' notices", _copies),
    ("announcements and places that are over", _postings),
    ("lines of the log", _log),
    ("sessions and sign-in links", _sessions),
    ("invitations that are over", _invitations),
    ("shifts that are over, and notes between shifts", _handed_over),
    ("messages and reports of strangers", _messages),
    ("introductions", introducing.forget_ended),
    ("that members were told what waits", _tellings),
    ("answers kept for programs", _answers),
    ("activities received from other servers", _received),
)
