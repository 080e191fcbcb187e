"""A community practises before it opens: it begins with an empty book, and ends with one.

While it does, everything here works as ever, and nothing leaves (`for_real`). At the end each need and each offer is
erased in a unit of work of its own, so that nobody waits long; what a crash leaves over, the clock erases.
"""

import asyncio
from dataclasses import replace
from importlib import resources
from itertools import cycle

from node.domain.errors import Conflict
from node.domain.members import Member, must_be_steward
from node.domain.phrases import say
from node.domain.practice import Practice, begin
from node.services import forgetting, imports, needs
from node.services.community import Community, profile_in
from node.services.imports import Draft
from node.storage.audit import AuditEntry
from node.storage.community import Profile
from node.storage.unit_of_work import UnitOfWork

#: In each of these the samples are written down.
_LANGUAGES = ("en", "es", "fr", "ar")


async def may_begin(community: Community, by: Member) -> str:
    """One sentence why practising may not begin; empty where it may. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.reading() as work:
        try:
            begin((await profile_in(work)).practice, has_notices=await work.notices.oldest() is not None)
        except Conflict as refusal:
            return refusal.message
    return ""


async def start(community: Community, by: Member, *, with_samples: bool) -> None:
    """Practise from now on, at first with some invented needs and offers. Twice is as good as once.

    Raises NotAllowed, and Conflict where there is something real that would be erased at the end.
    """
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        shown = await profile_in(work)
        practice = begin(shown.practice, has_notices=await work.notices.oldest() is not None)
        if practice is shown.practice:
            return
        await _put(community, work, practice, by, "began to practise")
        for draft in _samples(shown) if with_samples else ():
            await needs.ask_in(community, work, imports.entry_of(draft), by, draft.form_id)


async def end(community: Community, by: Member) -> None:
    """Erase everything that was asked and offered here, for good; then it is for real.

    Raises NotAllowed, and Conflict where nobody practises.
    """
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        practice = (await profile_in(work)).practice
        if not practice.is_under_way:
            raise Conflict(say("We are not practising. What is asked and offered here is for real."))
        if practice is Practice.ON:
            await _put(community, work, Practice.ENDING, by, "ended practising")
    await go_on_ending(community)


async def go_on_ending(community: Community) -> None:
    """Erase what is left of a practice that was ended; nothing where there is none. Others have their turn between."""
    async with community.database.reading() as work:
        is_ending = (await profile_in(work)).practice is Practice.ENDING
    while is_ending:
        is_ending = await _erase_one(community)
        await asyncio.sleep(0)


async def _erase_one(community: Community) -> bool:
    """Whether there was one left. With the last one gone, practising is over."""
    async with community.database.unit_of_work() as work:
        if (await profile_in(work)).practice is not Practice.ENDING:
            return False
        notice = await work.notices.oldest()
        if notice is not None:
            await forgetting.remove_whole(community, work, notice)
        else:
            await _put(community, work, Practice.NOT, None, "what was practised is erased")
    return notice is not None


async def _put(community: Community, work: UnitOfWork, practice: Practice, by: Member | None, did: str) -> None:
    await work.community.put(replace(await profile_in(work), practice=practice))
    await work.audit.add(AuditEntry(community.now(), by.id if by else None, did, "community"))


def _samples(shown: Profile) -> tuple[Draft, ...]:
    """Invented needs and offers in the community's first language, here and there in its areas."""
    language = shown.languages[0] if shown.languages[0] in _LANGUAGES else _LANGUAGES[0]
    folder = resources.files("node") / "samples"
    sheet, mapping = (folder / f"practice.{language}.csv").read_bytes(), (folder / "practice.toml").read_bytes()
    drafts = imports.read_spreadsheet(sheet, mapping).drafts
    areas = cycle([area.name for area in shown.areas] or [""])
    return tuple(
        replace(draft, wording=replace(draft.wording, area=area)) for draft, area in zip(drafts, areas, strict=False)
    )
