"""Taking a call: what somebody tells a dispatcher is stored at once, with that we spoke and when we call back.

Before that, what may be the same is looked for: by category and area, in what dispatchers see anyway.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from node.domain.areas import near
from node.domain.call_backs import CallBack
from node.domain.consent import Question, Use
from node.domain.contact_notes import USUALLY_AFTER, Reached
from node.domain.likeness import is_like
from node.domain.members import Member, must_be_dispatcher
from node.domain.notices import Kind, Notice, Status
from node.services import consents, contact_notes, needs
from node.services.community import Community, found_notice, profile_in
from node.services.consents import Said
from node.services.contact_notes import Tried
from node.services.needs import Asked, Entry
from node.storage.notices import NoticeFilter

LOOKED_THROUGH = 500
MOST_SHOWN = 5


@dataclass(frozen=True)
class Call:
    """What was told, and when somebody calls back (None: nothing was agreed). `to_ask` is asked next time.

    `single` are answers about single neighbouring communities.
    """

    entry: Entry
    call_back_at: datetime | None = None
    to_ask: tuple[Use, ...] = ()
    single: tuple[Said, ...] = ()


@dataclass(frozen=True)
class Told:
    """What is known of it while it is being told."""

    kind: Kind
    categories: tuple[str, ...]
    area: str


async def here_already(community: Community, told: Told, by: Member, form_id: str) -> tuple[Notice, ...]:
    """What is not closed and may be the same, of each category the longest waiting first; nothing once this is stored.

    Raises NotAllowed.
    """
    must_be_dispatcher(by)
    if not told.area.strip():
        return ()  # without a part of town nothing is like anything
    async with community.database.reading() as work:
        if await work.notices.by_form(needs.form_of(community, form_id).hex()) is not None:
            return ()
        shown = await profile_in(work)
        about = dict.fromkeys(map(shown.categories.like, told.categories))
        wanted = [NoticeFilter(told.kind, category=category) for category in about]
        nearby = near(shown.areas, told.area)
        found = [one for each in wanted for one in await work.notices.waiting(each, LOOKED_THROUGH)]
    return tuple(one for one in found if is_like(one, one.wording.category, nearby))[:MOST_SHOWN]


async def take(community: Community, call: Call, by: Member, form_id: str) -> Asked:
    """Store what was told. All of it is open from the beginning: we spoke. The same `form_id` twice stores once.

    What is still to be asked waits in the queue, for the call-back, or for tomorrow where none was agreed.

    Raises Invalid, NotAllowed, and Conflict where the same form came before and is erased since.
    """
    must_be_dispatcher(by)
    now = community.now()
    async with community.database.unit_of_work() as work:
        is_new = await work.notices.by_form(needs.form_of(community, form_id).hex()) is None
        asked = await needs.ask_in(community, work, call.entry, by, form_id)
        if asked.notice.erased_at is None:
            spoke = Tried(Reached.SPOKE, call_back_at=call.call_back_at, form_id=form_id)
            await contact_notes.note_in(community, work, asked.notice.id, spoke, by)
        if is_new and call.single:
            entries = [one for said in call.single for one in consents.entries_of(said, said.questions, by.id, now)]
            notice = await found_notice(work, asked.notice.id)
            await consents.write_down(community, work, notice, tuple(entries))
        for use in call.to_ask if is_new else ():
            due_at = call.call_back_at or now + USUALLY_AFTER
            questions = (Question(use),)  # one for each: yes to one and no to another
            await work.call_backs.add(CallBack(community.new_id(), asked.notice.id, questions, due_at, now, by.id))
        first, *further = [await found_notice(work, one.id) for one in asked.notices]
        return replace(asked, notice=first, further=tuple(further))


async def still_so(community: Community, notice_id: str, by: Member, *, is_so: bool) -> Notice:
    """What the person said on the telephone to whether they still need it, or still offer it; else it is sorted.

    Raises NotFound, NotAllowed, Conflict.
    """
    if is_so:
        return await needs.renew_on_their_word(community, notice_id, by)
    return await needs.change_status(community, notice_id, Status.MET, by)
