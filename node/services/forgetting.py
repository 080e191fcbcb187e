"""Erasing: at the owner's wish at once, and by itself some time after closing. Always inside a unit of work.

What goes by itself answers how many it was, at most BATCH at a time.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta, tzinfo

from node.domain.categories import name_of
from node.domain.notices import SET_STATUS, Notice, Status, without_words
from node.domain.responses import Side
from node.domain.retention import RECEIPT_KEPT, past_of
from node.domain.second_yes import of_share
from node.services import publishing
from node.services.community import Community, profile_in, zone_in
from node.services.for_real import is_practising
from node.services.letting_go import let_go
from node.services.needs import found_by_code
from node.storage.audit import AuditEntry
from node.storage.sealed_notes import SealedNotes
from node.storage.unit_of_work import UnitOfWork

BATCH = 100


async def erase_by_code(community: Community, code: str) -> None:
    """Everything the owner wrote goes at once: the sealed note with its key, the words, and every shared copy.

    Of what was split, every part goes. What stays is that there was something of this category. Twice is as good as
    once. Raises NotFound.
    """
    async with community.database.unit_of_work() as work:
        found = await work.notices.together(await found_by_code(community, work, code))
        zone = await zone_in(community, work)
        for notice in [one for one in found if one.erased_at is None]:
            await _count(work, notice, zone, with_area=False)
            await _erase(community, work, notice)
            await work.audit.add(AuditEntry(community.now(), None, "owner erased everything", notice.id))


async def is_due(community: Community, work: UnitOfWork) -> bool:
    """Whether any of the three below has something to do."""
    now, clocks = community.now(), (await profile_in(work)).clocks
    return bool(
        await work.notices.closed_with_note(now - timedelta(days=clocks.sealed_notes), 1)
        or await work.notices.closed_with_words(now - timedelta(days=clocks.notices), 1)
        or await work.notices.erased_before(now - RECEIPT_KEPT, 1)
    )


async def erase_sealed(community: Community, work: UnitOfWork) -> int:
    """The sealed notes of what was closed long enough ago go, with what dispatchers noted down about it."""
    now = community.now()
    kept = timedelta(days=(await profile_in(work)).clocks.sealed_notes)
    due = await work.notices.closed_with_note(now - kept, BATCH)
    for notice_id in due:
        await _erase_note(work, notice_id)
        await work.audit.add(AuditEntry(now, None, "a sealed note's time was over", notice_id))
    return len(due)


async def erase_words(community: Community, work: UnitOfWork) -> int:
    """Of what was closed long enough ago everything that was written goes; a number for its month stays."""
    now, zone = community.now(), await zone_in(community, work)
    kept = timedelta(days=(await profile_in(work)).clocks.notices)
    due = await work.notices.closed_with_words(now - kept, BATCH)
    for notice in due:
        await _count(work, notice, zone)
        await _erase(community, work, notice)
        await work.audit.add(AuditEntry(now, None, "the time of its words was over", notice.id))
    return len(due)


async def drop_receipts(community: Community, work: UnitOfWork) -> int:
    """What was erased RECEIPT_KEPT ago is removed, with the record of where its copies were; its code opens nothing."""
    due = await work.notices.erased_before(community.now() - RECEIPT_KEPT, BATCH)
    await _remove(work, due)
    return len(due)


async def remove_whole(community: Community, work: UnitOfWork, notice: Notice) -> None:
    """Nothing stays of it, as if it had never been asked or offered: no number, no receipt, no line of the log."""
    if notice.erased_at is None:
        await _erase(community, work, notice)
    await work.openings.forget_of(notice.id)
    await work.audit.forget_about(notice.id)
    await _remove(work, (notice.id,))


async def erase_again(community: Community, kept: Collection[str]) -> int:
    """Erase what came back with an older copy of the data and is none of `kept`; how many there were.

    A sealed note without a key goes as well: its time was over. Of what nobody erased the words stay.
    """
    now = community.now()
    async with community.database.unit_of_work() as work:
        zone = await zone_in(community, work)
        gone = [notice_id for notice_id in await work.notices.not_erased() if notice_id not in kept]
        for notice in [await work.notices.get(notice_id) for notice_id in gone]:
            if notice is not None:
                await _count(work, notice, zone, with_area=False)
                await _erase(community, work, notice)
                await work.audit.add(AuditEntry(now, None, "erased again after a restore", notice.id))
        for notice_id in await SealedNotes(work).without_key():
            await _erase_note(work, notice_id)
            await work.audit.add(AuditEntry(now, None, "a sealed note's time was over", notice_id))
    return len(gone)


async def _remove(work: UnitOfWork, ids: Collection[str]) -> None:
    for notice_id in ids:
        for response in await work.responses.of_side(Side.ORIGIN, notice_id):
            await work.outbox.forget_about(response.offer_id)
    await work.responses.remove_of(ids)
    await work.notices.remove(ids)


async def _count(work: UnitOfWork, notice: Notice, zone: tzinfo, *, with_area: bool = True) -> None:
    """One more in the numbers of its month: with the part that goes last, so once for all that is behind one code.

    What is only practised counts for nothing.
    """
    parts = await work.notices.together(notice)
    if await is_practising(work) or any(one.erased_at is None for one in parts if one.id != notice.id):
        return
    met = int(all(one.status is Status.MET for one in parts))
    await work.past.add(replace(past_of(notice, zone, with_area), category=parts[0].wording.category, met=met))


async def _erase(community: Community, work: UnitOfWork, notice: Notice) -> None:
    await publishing.withdraw_all(community, work, notice)
    await _erase_note(work, notice.id)
    for other in await let_go(work, notice, community.now()):
        await publishing.follow_notice(community, work, other)
    await work.consents.forget(notice.id)
    await work.call_backs.forget(notice.id)
    await work.tellings.forget_of(notice.id)
    await work.shares.forget_words(notice.id)
    await work.first_yeses.remove(of_share(notice.id))
    answered = await work.responses.of_side(Side.ORIGIN, notice.id)
    await work.outbox.forget_delivered(response.offer_id for response in answered)
    await work.responses.forget_words(notice.id)
    await work.notices.put(without_words(notice, name_of(notice.wording.category), community.now()))


async def _erase_note(work: UnitOfWork, notice_id: str) -> None:
    """The note, its key, how we tried to reach the person, and the words members typed about it.

    What was done, by whom and when stays in the log.
    """
    await SealedNotes(work).erase(notice_id)
    await work.openings.forget_words(notice_id)
    await work.contact_notes.forget(notice_id)
    await work.audit.forget_words(notice_id, SET_STATUS)
