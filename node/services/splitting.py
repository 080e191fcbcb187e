"""Splitting a need: both parts stay behind one code, with the same sealed note and the same yes and no.

The part that goes its own way gets a copy of the sealed note under a key of its own, so that either can end and be
forgotten in its time. What is said with the code about who may know, and every correction of the note, is said of all
parts (`services.consents`, `services.correcting`), and erasing erases all (`services.forgetting`).
"""

from dataclasses import replace

from node.domain.members import Member, must_be_dispatcher
from node.domain.notices import Notice, settled
from node.domain.responses import ResponseState, Side
from node.domain.splitting import Split, Standing
from node.domain.splitting import split as parted
from node.services import publishing
from node.services.codes import part_hash
from node.services.community import Community, found_notice, profile_in
from node.services.promises import promised
from node.storage.audit import AuditEntry
from node.storage.sealed_notes import SealedNotes
from node.storage.unit_of_work import UnitOfWork

SPLIT = "split it"
SPLIT_OFF = "it was split off"


async def split(community: Community, notice_id: str, asked: Split, by: Member, form_id: str | None = None) -> Notice:
    """Split a need; answers the new part. The same `form_id` twice splits once.

    What is shared of it follows its new words; the new part is shown to nobody yet. Raises Invalid, Conflict, NotFound,
    NotAllowed.
    """
    must_be_dispatcher(by)
    now = community.now()
    form = community.database.vault.fingerprint(f"split {form_id or community.new_id()}").hex()
    async with community.database.unit_of_work() as work:
        earlier = await work.notices.by_form(form)
        if earlier is not None:
            return earlier
        notice = await found_notice(work, notice_id)
        stays, part = parted(notice, asked, await _standing(work, notice), community.new_id(), now)
        part = replace(part, wording=settled(part.wording, (await profile_in(work)).categories))
        await _add(community, work, part, form)
        await _copy(work, notice, part)
        await publishing.change_notice(community, work, stays)
        await work.audit.add(AuditEntry(now, by.id, SPLIT, notice.id))
        await work.audit.add(AuditEntry(now, by.id, SPLIT_OFF, part.id))
    return part


async def parts(community: Community, notice: Notice) -> tuple[Notice, ...]:
    """Every part of what was split, this one among them, in their order; empty where nothing was."""
    async with community.database.reading() as work:
        found = await work.notices.together(notice)
    return found if len(found) > 1 else ()


async def _standing(work: UnitOfWork, notice: Notice) -> Standing:
    answers = await work.responses.of_side(Side.ORIGIN, notice.id)
    is_offered = any(response.state is ResponseState.OFFERED for response in answers)
    numbers = [one.number for one in await work.notices.together(notice)]
    return Standing(await promised(work, notice.id), is_offered, max(numbers))


async def _add(community: Community, work: UnitOfWork, part: Notice, form: str) -> None:
    whole = await work.notices.code_hash(part.whole)
    await work.notices.add(part, part_hash(community, whole, part.number), form)


async def _copy(work: UnitOfWork, notice: Notice, part: Notice) -> None:
    """What was agreed to, when and in which words, and the sealed note, which nobody reads by this."""
    await work.consents.add(part.id, await work.consents.of_notice(notice.id))
    sealed = SealedNotes(work)
    note = await sealed.open(notice.id)
    if note is not None:
        await sealed.add(part.id, note)
