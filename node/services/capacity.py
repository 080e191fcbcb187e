"""What we could give now, told to neighbours; and what they could give, as they tell us."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from node.domain.capacity import Capacity, CapacityDraft, check_draft
from node.domain.errors import NotFound
from node.domain.feed import FeedItem
from node.domain.members import Member, must_be_dispatcher
from node.domain.peers import Peer
from node.domain.phrases import say
from node.domain.redaction import Overlap, findings
from node.domain.shares import Level, Share, ShareState
from node.services.community import Community
from node.services.for_real import why_not
from node.services.publishing import end_share, must_be_no_contact, refusal_in, setting_of, show
from node.services.shares import Preview, RecipientLine, object_id_for, recipient_lines
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork
from node.translate.capacity import capacity_to_note
from schemas.fields import document

SECOND = timedelta(seconds=1)
GONE = say("This is not here any more: it was taken back, or its time is over.")


@dataclass(frozen=True)
class Told:
    """What we could give, and every copy of it."""

    capacity: Capacity
    recipients: tuple[RecipientLine, ...] = ()


@dataclass(frozen=True)
class Heard:
    """What a neighbour could give."""

    item: FeedItem
    peer: Peer


async def ours(community: Community, by: Member) -> tuple[Told, ...]:
    """What we told our neighbours and still holds, at most one of each category. Raises NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        return tuple([await _told(work, one) for one in await work.capacities.current(community.now())])


async def theirs(community: Community, by: Member, category: str | None = None) -> tuple[Heard, ...]:
    """What neighbours could give, that which ends first before the others. Raises NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        return await heard(community, work, category)


async def heard(community: Community, work: UnitOfWork, category: str | None = None) -> tuple[Heard, ...]:
    """The same inside a unit of work. A community that is paused or blocked is left out."""
    items = await work.feed.capacity(community.now(), category)
    peers = await work.peers.by_hosts({item.host for item in items})
    known = ((item, peers.get(item.host)) for item in items)
    return tuple(Heard(item, peer) for item, peer in known if peer is not None and peer.may_exchange)


async def preview(community: Community, draft: CapacityDraft, by: Member, form_id: str | None = None) -> Preview:
    """Exactly what neighbours would see, and what to read once more in it. Nothing is stored.

    With the same `form_id`, `tell` sends it under the very id shown here. Raises Invalid, NotAllowed.
    """
    must_be_dispatcher(by)
    capacity = _new(community, check_draft(draft, community.now()))
    async with community.database.reading() as work:
        share = _share(community, capacity, form_id)
        note = capacity_to_note(capacity, share, await setting_of(community, work, share))
        refusal = await why_not(work) or await refusal_in(work, capacity.title)
    return Preview(document(note), note.content, findings(capacity.title, Overlap()), refusal)


async def tell(community: Community, draft: CapacityDraft, by: Member, form_id: str | None = None) -> Capacity:
    """Tell all neighbours what we could give now, in place of what we told in the same category before.

    It goes to those that are sent this category. The same `form_id` twice tells once. Raises Invalid, NotAllowed.
    """
    must_be_dispatcher(by)
    now = community.now()
    checked = check_draft(draft, now)
    form = community.form_mark("capacity", form_id)
    async with community.database.unit_of_work() as work:
        earlier = await work.capacities.by_form(form) if form else None
        if earlier is not None:
            return earlier
        capacity = _new(community, checked)
        await must_be_no_contact(work, "title", capacity.title)
        before = [old for old in await work.capacities.current(now) if old.category == capacity.category]
        told = [moment for old in before for moment in await _end(community, work, old)]
        await work.capacities.add(capacity, form)
        share = _share(community, capacity, form_id, told)
        note = capacity_to_note(capacity, share, await setting_of(community, work, share))
        await show(community, work, share, note)
        await work.audit.add(AuditEntry(now, by.id, "told what we could give", capacity.id, capacity.category))
    return capacity


async def take_back(community: Community, capacity_id: str, by: Member) -> None:
    """It holds no longer: each community that has a copy is asked to erase it. Twice is as good as once.

    Raises NotFound, NotAllowed.
    """
    must_be_dispatcher(by)
    async with community.database.unit_of_work() as work:
        found = await work.capacities.get(capacity_id)
        if found is None:
            raise NotFound(GONE)
        if found.is_current(community.now()):
            await _end(community, work, found)
            entry = AuditEntry(community.now(), by.id, "took back what we could give", found.id, found.category)
            await work.audit.add(entry)


async def _end(community: Community, work: UnitOfWork, capacity: Capacity) -> tuple[datetime, ...]:
    """Take one back; answers when it was published."""
    await work.capacities.end(capacity.id, community.now())
    shared = await work.shares.of_posting(capacity.id)
    for published in shared:
        if published.share.is_shown:
            await end_share(community, work, published, ShareState.WITHDRAWN)
    return tuple(published.share.published_at for published in shared)


async def _told(work: UnitOfWork, capacity: Capacity) -> Told:
    shared = await work.shares.of_posting(capacity.id)
    return Told(capacity, await recipient_lines(work, shared[-1].share.id) if shared else ())


def _new(community: Community, draft: CapacityDraft) -> Capacity:
    now = community.now()
    until = (draft.until or now).replace(microsecond=0)
    return Capacity(community.new_id(), draft.title, draft.category, draft.quantity, draft.unit, until, now)


def _share(community: Community, capacity: Capacity, form_id: str | None, told: Iterable[datetime] = ()) -> Share:
    """Published later than what it stands in place of: whoever gets both keeps the later one."""
    now = max([community.now().replace(microsecond=0), *(moment + SECOND for moment in told)])
    return Share(
        id=community.new_id(),
        notice_id="",
        posting_id=capacity.id,
        level=Level.PEERS,
        object_id=object_id_for(community, form_id),
        published_at=now,
        updated_at=now,
        ends_at=capacity.until,
        category=capacity.category,
    )
