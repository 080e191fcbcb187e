"""The same once more, without filling anything in again: a new need or offer with a code of its own."""

from dataclasses import dataclass, replace
from datetime import date

from node.domain.consent import Consent, Intake
from node.domain.errors import Conflict
from node.domain.phrases import say
from node.services.community import Community
from node.services.needs import Asked, Entry, ask, found_by_code
from node.storage.sealed_notes import SealedNotes

ERASED = say("What you wrote has been erased in the meantime, so it cannot be copied. Please write it once more.")


@dataclass(frozen=True)
class Again:
    """What is different this time: by which day, who may know, how that was asked; and of how much it is.

    `all_parts` means everything behind the code that is not erased, not only what the code opens.
    """

    needed_by: date | None
    consent: Consent
    intake: Intake
    all_parts: bool = False


async def ask_again(community: Community, code: str, again: Again, form_id: str) -> Asked:
    """Copy what a code opens into a new one; the same `form_id` twice copies once.

    Raises NotFound, Invalid, and Conflict where its sealed note has been erased.
    """
    async with community.database.reading() as work:
        notice = await found_by_code(community, work, code)
        sealed = await SealedNotes(work).open(notice.id)
        parts = await work.notices.together(notice) if again.all_parts else (notice,)
    if sealed is None or notice.erased_at is not None:
        raise Conflict(ERASED)
    kept = [one.wording for one in parts if one.erased_at is None]
    first, *further = [replace(one, needed_by=again.needed_by, repeat_until=None) for one in kept]
    entry = Entry(
        kind=notice.kind,
        wording=first,
        further=tuple(further),
        again=True,
        sealed=sealed,
        consent=again.consent,
        intake=again.intake,
        for_someone_else=notice.for_someone_else,
        on_behalf=notice.on_behalf,
        standing=notice.standing,
    )
    return await ask(community, entry, form_id=form_id)
