"""Agreed tasks shared between two communities: under way, met, partly met, handed back, come home."""

from dataclasses import replace
from decimal import Decimal

from node.domain.categories import SERVICES
from node.domain.errors import Conflict, Invalid, NotFound
from node.domain.members import Member, must_be_dispatcher
from node.domain.notices import fulfil, fulfil_late, return_quantity
from node.domain.openings import UNSAID, Why
from node.domain.peers import OwnActor
from node.domain.phrases import say
from node.domain.responses import (
    LEASE_OVER,
    Response,
    ResponseState,
    Side,
    brought_after_all,
    confirm_late,
    end,
    progress,
)
from node.services import homes, publishing, readings
from node.services.community import Community
from node.services.meeting import meeting_phrase
from node.services.outgoing import new_activity_id
from node.services.promises import promised
from node.services.responses import ResponseLine, found_response, get, lines, tell
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork
from node.translate import agreements
from node.translate.agreements import Tasked, Word
from schemas.fields import Document
from schemas.marketplace import Agreement

__all__ = ["LEASE_OVER", "get", "listing"]

SETTABLE = frozenset({ResponseState.UNDER_WAY, ResponseState.MET, ResponseState.PARTLY, ResponseState.RETURNED})
HOME = str(say("This is with us again. Thank you."))
LATE = str(say("This had come home already. We have read that it was brought, and look into it."))


async def listing(community: Community) -> tuple[ResponseLine, ...]:
    """Every agreed task, running ones first, then the newest."""
    async with community.database.reading() as work:
        found = await work.responses.handed_off()
        return await lines(work, tuple(sorted(found, key=lambda response: not response.is_running)))


async def released(community: Community, response_id: str, by: Member, why: Why = UNSAID) -> Document:
    """What the origin lets the helper read. At the helper: read there and then, written down, and stored nowhere.

    At the origin only the fields' names, and the phrase that they will say at the door.
    Raises NotFound, NotAllowed, Conflict, PeerTrouble.
    """
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        response = await found_response(work, response_id)
    if not response.is_running:
        raise Conflict(say("Nothing is released: this is not an agreed task, or it has ended."))
    if response.side is Side.ORIGIN:
        return {"fields": list(response.released), "meeting_phrase": meeting_phrase(community, response)}
    if response.coordination_url is None:
        raise NotFound(say("The other community released nothing."))
    opening_id = await readings.begin(community, response.id, by, why)
    remote = homes.of_response(community, response).remote
    fields = await remote.read_released(response.coordination_url, OwnActor(response.own_actor))
    await readings.end(community, opening_id, fields)
    return fields


async def set_status(
    community: Community, response_id: str, status: ResponseState, quantity: Decimal | None, by: Member
) -> Response:
    """Say how an agreed task goes; the other community is told. Saying the same twice changes nothing.

    Raises Invalid, NotFound, NotAllowed, Conflict.
    """
    must_be_dispatcher(by)
    if status not in SETTABLE:
        raise Invalid({"status": say("Choose from: %(words)s.", words=", ".join(sorted(SETTABLE)))})
    async with community.database.unit_of_work() as work:
        response = await found_response(work, response_id)
        if not response.is_handoff:
            raise Conflict(say("This is not an agreed task yet."))
        _check_quantity(response, status, quantity)
        changed = await _apply(community, work, response, (status, quantity))
        await work.audit.add(AuditEntry(community.now(), by.id, f"shared task: {status}", response.id))
    return changed


async def finish_at_origin(
    community: Community, work: UnitOfWork, response: Response, brought: Decimal | None
) -> Response:
    """An agreed task ended well at the origin: the notice follows, and the helper's community gets its receipt.

    So it does where it had come home, and they said afterwards that it was brought.
    """
    now = community.now().replace(microsecond=0)
    if response.receipt_at is not None:
        return response
    was_home = response.is_said_late
    ended = confirm_late(response, brought, now) if was_home else progress(response, ResponseState.MET, brought, now)
    done = replace(ended, receipt_at=now)
    notice = await work.notices.get(done.notice_id or "")
    amount = done.brought if done.brought is not None else done.quantity
    await work.responses.put(done)
    category = notice.wording.category if notice is not None else "other"
    if notice is not None:
        left = await promised(work, notice.id, but=done.id)
        changed = (
            fulfil_late(notice, amount, left, now) if was_home else fulfil(notice, done.quantity, amount, left, now)
        )
        await publishing.change_notice(community, work, changed)
    community = homes.of_response(community, response)
    tasked = Tasked(done, community.addresses)
    word = Word(amount, True, "deliverService" if category in SERVICES else "transfer", now)
    await tell(community, work, done, agreements.receipt(community.new_id(), tasked, word))
    return done


async def come_home(community: Community, work: UnitOfWork, response: Response, words: str) -> Response:
    """The origin takes a task back: the need is open again and the helper is told why."""
    returned = await bring_back(community, work, response)
    community = homes.of_response(community, response)
    tasked = Tasked(returned, community.addresses)
    await tell(community, work, returned, agreements.reject(new_activity_id(community), tasked, words))
    return returned


async def hand_back(community: Community, work: UnitOfWork, response: Response) -> Response:
    """At the helper: a task that was taken on goes back, or an offer of ours is withdrawn; the origin is told."""
    state = ResponseState.RETURNED if response.is_handoff else ResponseState.WITHDRAWN
    returned = end(response, state, community.now())
    if returned == response:
        return response
    community = homes.of_response(community, response)
    await work.responses.put(returned)
    await tell(
        community, work, returned, agreements.undo(new_activity_id(community), Tasked(returned, community.addresses))
    )
    return returned


async def bring_back(community: Community, work: UnitOfWork, response: Response) -> Response:
    """At the origin: the task ended unmet, and what it had taken is open again."""
    now = community.now()
    returned = end(response, ResponseState.RETURNED, now)
    if returned == response:
        return response
    await work.responses.put(returned)
    notice = await work.notices.get(response.notice_id or "")
    if notice is not None:
        changed = return_quantity(notice, response.quantity, await promised(work, notice.id), now)
        await publishing.change_notice(community, work, changed)
    return returned


async def _apply(
    community: Community, work: UnitOfWork, response: Response, said: tuple[ResponseState, Decimal | None]
) -> Response:
    status, quantity = said
    if response.side is Side.ORIGIN:
        return await _apply_at_origin(community, work, response, said)
    if status is ResponseState.RETURNED:
        return await hand_back(community, work, response)
    now = community.now().replace(microsecond=0)
    is_late = response.state == ResponseState.RETURNED and status is not ResponseState.UNDER_WAY
    changed = brought_after_all(response, quantity, now) if is_late else progress(response, status, quantity, now)
    if changed == response:
        return response
    await work.responses.put(changed)
    community = homes.of_response(community, response)
    finished = status is not ResponseState.UNDER_WAY
    amount = changed.brought if changed.brought is not None else changed.quantity
    word = Word(amount, finished, "transfer", now)
    tasked = Tasked(changed, community.addresses)
    await tell(community, work, changed, agreements.progress(community.new_id(), tasked, word))
    return changed


async def _apply_at_origin(
    community: Community, work: UnitOfWork, response: Response, said: tuple[ResponseState, Decimal | None]
) -> Response:
    status, quantity = said
    if status is ResponseState.RETURNED:
        if not response.is_running:
            return end(response, status, community.now())
        return await come_home(community, work, response, HOME)
    if status is ResponseState.UNDER_WAY:
        return await _under_way_at_origin(community, work, response)
    if response.receipt_at is None and not response.is_running and not response.is_said_late:
        raise Conflict(say("This has already ended."))
    return await finish_at_origin(community, work, response, quantity)


async def _under_way_at_origin(community: Community, work: UnitOfWork, response: Response) -> Response:
    now = community.now().replace(microsecond=0)
    changed = progress(response, ResponseState.UNDER_WAY, None, now)
    if changed == response:
        return response
    await work.responses.put(changed)
    await tell_under_way(community, work, changed)
    return changed


async def tell_under_way(community: Community, work: UnitOfWork, response: Response) -> None:
    """The other side is told that the task is under way."""
    community = homes.of_response(community, response)
    word = Word(response.quantity, False, "transfer", community.now().replace(microsecond=0))
    tasked = Tasked(response, community.addresses)
    await tell(community, work, response, agreements.progress(community.new_id(), tasked, word))


def _check_quantity(response: Response, status: ResponseState, quantity: Decimal | None) -> None:
    if status is ResponseState.PARTLY and quantity is None:
        raise Invalid({"quantity": say("Write how much was brought.")})
    if quantity is not None and not 0 < quantity <= response.quantity:
        raise Invalid(
            {"quantity": say("Write a number above 0, at most %(most)s.", most=f"{response.quantity.normalize():f}")}
        )


async def read_agreement(community: Community, agreement_id: str, reader: str) -> Agreement | None:
    """The agreement as a document, for the other side of it alone."""
    async with community.database.reading() as work:
        response = await work.responses.by_agreement(agreement_id)
    if response is None or response.side is not Side.ORIGIN or response.remote_actor != reader:
        return None
    return agreements.agreement(Tasked(response, homes.of_response(community, response).addresses))
