"""Who could help: neighbours whose capacity may be what a need asks for, so that it is shared with one, not all."""

from dataclasses import dataclass

from node.domain.capacity import Reason, reason_for
from node.domain.feed import FeedItem
from node.domain.members import Member, must_be_dispatcher
from node.domain.notices import Notice, Status
from node.domain.peers import Peer
from node.domain.rest import still_until
from node.domain.shares import Level, ShareRequest, consent_gap
from node.services.audience import readers
from node.services.capacity import heard
from node.services.community import Community, found_notice
from node.services.rest import rest_of
from node.storage.unit_of_work import UnitOfWork

_ORDER = tuple(Reason)


@dataclass(frozen=True)
class Candidate:
    """A neighbour's capacity beside a need: why it stands here, and what is in the way.

    `not_sent` says why nothing can be shared with it now; `to_ask` which consent is missing.
    """

    peer: Peer
    item: FeedItem
    reason: Reason
    not_sent: str = ""
    to_ask: str = ""


async def who_could_help(community: Community, notice_id: str, by: Member) -> tuple[Candidate, ...]:
    """Neighbours whose capacity fits a need: what covers all of it first, then by which ends first.

    Empty for an offer, and for a need that is not open. Communities that are paused, blocked, or rest now are left
    out. Raises NotFound, NotAllowed.
    """
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        notice = await found_notice(work, notice_id)
        if notice.is_closed or notice.status is Status.PAUSED:
            return ()
        found = [
            await _candidate(work, notice, (one.peer, one.item, reason))
            for one in await heard(community, work, notice.wording.category)
            if (reason := reason_for(notice, one.item, community.now())) is not None
            and not still_until(await rest_of(work, one.peer), community.now())
        ]
    return tuple(sorted(found, key=lambda one: _ORDER.index(one.reason)))


async def _candidate(work: UnitOfWork, notice: Notice, found: tuple[Peer, FeedItem, Reason]) -> Candidate:
    peer, item, reason = found
    request = ShareRequest(Level.NAMED, (peer.id,))
    reader = next(iter(await readers(work, notice.wording.category, request)), None)
    return Candidate(
        peer=peer,
        item=item,
        reason=reason,
        not_sent=reader.reason if reader is not None else "",
        to_ask=consent_gap(notice.consent, notice.kind, request),
    )
