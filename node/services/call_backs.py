"""Whom to call back, and whom to ask first: shown in the queue, settled by a contact note or by writing the answer."""

from dataclasses import dataclass, replace
from datetime import datetime

from node.domain.call_backs import CallBack, questions_before
from node.domain.consent import Channel
from node.domain.errors import Conflict, Invalid, NotFound
from node.domain.members import Member, must_be_dispatcher
from node.domain.notices import Notice
from node.domain.phrases import say
from node.domain.shares import Level, ShareRequest
from node.services import consents
from node.services.community import Community, found_notice
from node.services.consents import Said
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork

QUEUE_LENGTH = 500


@dataclass(frozen=True)
class Wish:
    """What a dispatcher would like to share with whom, and by when the person should be asked (None: at once)."""

    level: Level
    peers: tuple[str, ...] = ()
    due_at: datetime | None = None


@dataclass(frozen=True)
class CallBackLine:
    """Whom to ask about what: the notice, and the names of the communities in question."""

    call_back: CallBack
    notice: Notice
    peer_names: tuple[str, ...]


async def ask_first(community: Community, notice_id: str, wish: Wish, by: Member) -> CallBack:
    """Note that the person is to be asked. The same question twice is noted once.

    Raises Invalid, NotFound, NotAllowed, and Conflict where they agreed already or the notice is closed.
    """
    must_be_dispatcher(by)
    now = community.now()
    async with community.database.unit_of_work() as work:
        notice = await found_notice(work, notice_id)
        if notice.is_closed:
            raise Conflict(say("This is closed, so there is nothing to ask. Open it first."))
        request = ShareRequest(wish.level, wish.peers)
        await _must_know(work, request)
        questions = questions_before(notice.consent, request)
        for earlier in await work.call_backs.open_of(notice.id):
            if set(questions) <= set(earlier.questions):
                return earlier
        call_back = CallBack(community.new_id(), notice.id, questions, wish.due_at or now, now, by.id)
        await work.call_backs.add(call_back)
        await work.audit.add(AuditEntry(now, by.id, "asks the person first", notice.id, str(wish.level)))
    return call_back


async def answer(community: Community, call_back_id: str, said: Said, by: Member) -> Notice:
    """What the person said to the questions of a call-back; those of `said` do not matter. Twice is as good as once.

    Raises Invalid, NotFound, NotAllowed.
    """
    must_be_dispatcher(by)
    if said.channel == Channel.UNKNOWN:
        raise Invalid({"channel": say("Choose how they told you.")})
    async with community.database.unit_of_work() as work:
        call_back = await _call_back(work, call_back_id)
        notice = await found_notice(work, call_back.notice_id)
        if not call_back.is_open:
            return notice
        if not call_back.questions:
            raise Conflict(say("There is nothing to ask here. Note how the call went instead."))
        entries = consents.entries_of(said, call_back.questions, by.id, community.now())
        return await consents.write_down(community, work, notice, entries)


async def let_be(community: Community, call_back_id: str, by: Member) -> Notice:
    """Nobody has to call back, or to ask. Twice is as good as once. Raises NotFound, NotAllowed."""
    must_be_dispatcher(by)
    now = community.now()
    async with community.database.unit_of_work() as work:
        call_back = await _call_back(work, call_back_id)
        if call_back.is_open:
            await work.call_backs.put(replace(call_back, settled_at=now))
            await work.audit.add(AuditEntry(now, by.id, "lets a call-back be", call_back.notice_id))
        return await found_notice(work, call_back.notice_id)


async def get(community: Community, call_back_id: str) -> CallBackLine:
    """One of them. Raises NotFound."""
    async with community.database.reading() as work:
        return (await _lines(work, (await _call_back(work, call_back_id),)))[0]


async def due(community: Community) -> tuple[CallBackLine, ...]:
    """Everybody who is still to be called back or asked, soonest first."""
    async with community.database.reading() as work:
        return await _lines(work, await work.call_backs.due(QUEUE_LENGTH))


async def open_of(community: Community, notice_id: str) -> tuple[CallBackLine, ...]:
    """When the person behind one notice is to be called back, and what to be asked; nothing once it is closed."""
    async with community.database.reading() as work:
        found = await _lines(work, await work.call_backs.open_of(notice_id))
    return tuple(line for line in found if not line.notice.is_closed)


async def _lines(work: UnitOfWork, found: tuple[CallBack, ...]) -> tuple[CallBackLine, ...]:
    about = await work.notices.these(one.notice_id for one in found)
    names = await work.peers.names()
    return tuple(CallBackLine(one, about[one.notice_id], one.peer_names(names)) for one in found)


async def _must_know(work: UnitOfWork, request: ShareRequest) -> None:
    if request.level == Level.NAMED and not {peer.id for peer in await work.peers.all()}.issuperset(request.peers):
        raise Invalid({"peers": say("There is no community with one of these ids.")})


async def _call_back(work: UnitOfWork, call_back_id: str) -> CallBack:
    found = await work.call_backs.get(call_back_id)
    if found is None:
        raise NotFound(say("There is nobody to call back here."))
    return found
