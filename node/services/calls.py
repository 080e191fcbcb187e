"""Taking a call: what somebody tells a dispatcher is stored at once, with that we spoke and when we call back."""

from dataclasses import dataclass, replace
from datetime import datetime

from node.domain.contact_notes import Reached
from node.domain.members import Member, must_be_dispatcher
from node.services import contact_notes, needs
from node.services.community import Community, found_notice
from node.services.contact_notes import Tried
from node.services.needs import Asked, Entry


@dataclass(frozen=True)
class Call:
    """What was told, and when somebody calls back (None: nothing was agreed)."""

    entry: Entry
    call_back_at: datetime | None = None


async def take(community: Community, call: Call, by: Member, form_id: str) -> Asked:
    """Store what was told. It is open from the beginning: we spoke. The same `form_id` twice stores once.

    Raises Invalid, NotAllowed, and Conflict where the same form came before and is erased since.
    """
    must_be_dispatcher(by)
    async with community.database.unit_of_work() as work:
        asked = await needs.ask_in(community, work, call.entry, by, form_id)
        if asked.notice.erased_at is None:
            spoke = Tried(Reached.SPOKE, call_back_at=call.call_back_at, form_id=form_id)
            await contact_notes.note_in(community, work, asked.notice.id, spoke, by)
        return replace(asked, notice=await found_notice(work, asked.notice.id))
