"""A helping community asks for more time before the lease is over; the origin gives it, or leaves it as it is."""

from datetime import datetime

from node.domain.errors import Invalid
from node.domain.members import Member, must_be_dispatcher
from node.domain.phrases import say
from node.domain.redaction import refusal
from node.domain.responses import (
    MORE_TIME_TEXT_LIMIT,
    MoreTime,
    Response,
    Side,
    ask_more_time,
    asked_more_time,
)
from node.services import homes
from node.services.community import Community, profile_in
from node.services.responses import ResponseLine, found_response, lines, tell
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork
from node.translate import agreements
from node.translate.agreements import Tasked
from node.translate.text import plain_text
from schemas.activities import Create
from schemas.objects import Note


async def ask(community: Community, response_id: str, until: datetime, text: str, by: Member) -> Response:
    """At the helper: ask the origin to have it until then, in a few words or none. The same said twice is sent once.

    Raises Invalid, NotFound, NotAllowed, and Conflict where the task is ours or does not run.
    """
    must_be_dispatcher(by)
    now = community.now()
    async with community.database.unit_of_work() as work:
        response = await found_response(work, response_id)
        wish = MoreTime(until.replace(microsecond=0), await _checked(work, text), now.replace(microsecond=0))
        before = response.more_time
        changed = ask_more_time(response, wish)
        if before is not None and (before.until, before.text) == (wish.until, wish.text):
            return response
        await work.responses.put(changed)
        at_home = homes.of_response(community, changed)
        asked = agreements.asking(community.new_id(), Tasked(changed, at_home.addresses), wish)
        await tell(at_home, work, changed, asked)
        await work.audit.add(AuditEntry(now, by.id, "asked for more time", response.id))
    return changed


async def on_note(community: Community, work: UnitOfWork, create: Create, note: Note) -> bool:
    """At the origin: whether this asks for more time for a task of ours. Only its own helper is listened to.

    Whatever says a new end in reply to an agreement is meant for it, and is nothing else, also where it comes too late.
    """
    response = await task_behind(work, note)
    if response is None or note.end_time is None or response.side is not Side.ORIGIN:
        return False
    if response.remote_actor != create.actor or note.attributed_to != create.actor:
        return False
    now = community.now()
    text = plain_text(note.content)[:MORE_TIME_TEXT_LIMIT]
    wish = MoreTime(note.end_time, text, note.published or now)
    changed = asked_more_time(response, wish, now)
    if changed != response:
        await work.responses.put(changed)
        await work.audit.add(AuditEntry(now, None, "they asked for more time", response.notice_id or ""))
    return True


async def task_behind(work: UnitOfWork, note: Note) -> Response | None:
    """The task for which this note asks for more time; None where it asks for none. Inside a unit of work."""
    if note.in_reply_to is None or note.end_time is None:
        return None
    return await work.responses.by_agreement(note.in_reply_to)


async def waiting(community: Community) -> tuple[ResponseLine, ...]:
    """Tasks of ours whose helpers ask for more time and wait for an answer, the nearest end first."""
    async with community.database.reading() as work:
        return await lines(work, await work.responses.asking_for_time())


async def _checked(work: UnitOfWork, text: str) -> str:
    trimmed = text.strip()
    if len(trimmed) > MORE_TIME_TEXT_LIMIT:
        raise Invalid({"text": say("Please use at most %(most)s characters.", most=MORE_TIME_TEXT_LIMIT)})
    why_not = refusal(trimmed, line=(await profile_in(work)).contact_line)
    if why_not:
        raise Invalid({"text": why_not})
    return trimmed
