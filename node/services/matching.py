"""Matches: offers suggested for a need with the reason, proposed, agreed, done, or undone without blame."""

from dataclasses import dataclass

from node.domain import days
from node.domain.areas import near
from node.domain.errors import Conflict, NotFound
from node.domain.matches import HELD_FOR, Fit, Match, agree, fits, is_open, place
from node.domain.matches import propose as proposal
from node.domain.members import Member, must_be_dispatcher
from node.domain.notices import Kind, Notice, commit_quantity
from node.domain.phrases import say
from node.services import publishing
from node.services.community import Community, found_notice, profile_in, zone_of
from node.services.letting_go import settle_side
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork

MOST_LOOKED_AT = 200
MOST_SUGGESTED = 20

PROPOSED = "proposed a match"
AGREED = "agreed on a match"
DONE = "a match is done"
UNDONE = "undid a match"
RAN_OUT = "the time of a match ran out"
BATCH = 100


@dataclass(frozen=True)
class Suggestion:
    """An offer that may be what is needed, and why."""

    offer: Notice
    reasons: tuple[Fit, ...]


@dataclass(frozen=True)
class MatchLine:
    """A match as one of its sides sees it: with the notice at the other."""

    match: Match
    other: Notice


async def suggestions(community: Community, need_id: str, by: Member) -> tuple[Suggestion, ...]:
    """Offers of the same category that are open: those of the same area first, then those that share a language.

    Of the same area is also what lies within the need's, or around it.

    Empty for an offer, and for a need of which nothing is open. Raises NotFound, NotAllowed.
    """
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        need = await found_notice(work, need_id)
        if need.kind is not Kind.NEED or not is_open(need):
            return ()
        shown = await profile_in(work)
        today, nearby = days.today(community.now(), zone_of(community, shown)), near(shown.areas, need.wording.area)
        known = {match.offer_id for match in await work.matches.of_notice(need_id)}
        offers = await work.notices.open_offers(need.wording.category, MOST_LOOKED_AT)
    found = [Suggestion(one, fits(need, one, today, nearby)) for one in offers if one.id not in known]
    fitting = sorted((one for one in found if one.reasons), key=lambda one: place(one.reasons, one.offer))
    return tuple(fitting[:MOST_SUGGESTED])


async def of_notice(community: Community, notice_id: str, by: Member) -> tuple[MatchLine, ...]:
    """The matches of a need or an offer, the oldest first. Raises NotFound, NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        await found_notice(work, notice_id)
        found = await work.matches.of_notice(notice_id)
        others = await work.notices.these(match.other(notice_id) for match in found)
    return tuple(MatchLine(match, others[match.other(notice_id)]) for match in found)


async def propose(community: Community, need_id: str, offer_id: str, by: Member) -> Match:
    """Bring a need and an offer together; nothing is taken of them yet. The same two once.

    Raises Invalid, NotFound, NotAllowed, Conflict.
    """
    must_be_dispatcher(by)
    async with community.database.unit_of_work() as work:
        need, offer = await found_notice(work, need_id), await found_notice(work, offer_id)
        earlier = [match for match in await work.matches.of_notice(need_id) if match.offer_id == offer_id]
        if earlier:
            return earlier[0]
        match = proposal(community.new_id(), need, offer, community.now())
        await work.matches.add(match)
        await _write_down(community, work, match, PROPOSED, by)
    return match


async def agree_on(community: Community, match_id: str, by: Member) -> Match:
    """Both said yes: what it takes of the two is promised to nobody else. Raises NotFound, NotAllowed, Conflict."""
    must_be_dispatcher(by)
    now = community.now()
    async with community.database.unit_of_work() as work:
        match = await _match(work, match_id)
        need, offer = await found_notice(work, match.need_id), await found_notice(work, match.offer_id)
        agreed = agree(match, need, offer)
        await work.matches.put(agreed)
        for notice in (need, offer):
            amount = agreed.amount_of(notice.id)
            if amount > 0:
                await publishing.change_notice(community, work, commit_quantity(notice, amount, now))
        await _write_down(community, work, agreed, AGREED, by)
    return agreed


async def done(community: Community, match_id: str, by: Member) -> None:
    """It was brought, or done: both sides follow, and who helped whom is forgotten.

    Raises NotFound, NotAllowed, Conflict.
    """
    must_be_dispatcher(by)
    async with community.database.unit_of_work() as work:
        match = await _match(work, match_id)
        if not match.holds:
            raise Conflict(say("Agree on it first."))
        await _end(community, work, match, was_met=True)
        await _write_down(community, work, match, DONE, by)


async def undo(community: Community, match_id: str, by: Member) -> None:
    """Not these two after all: both are open again, and no reason is asked for. Raises NotFound, NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.unit_of_work() as work:
        match = await _match(work, match_id)
        await _end(community, work, match, was_met=False)
        await _write_down(community, work, match, UNDONE, by)


async def run_out(community: Community) -> None:
    """What nobody has said anything about for long is undone."""
    moment = community.now() - HELD_FOR
    async with community.database.reading() as work:
        is_due = bool(await work.matches.since_before(moment, 1))
    if not is_due:
        return
    async with community.database.unit_of_work() as work:
        for match in await work.matches.since_before(moment, BATCH):
            await _end(community, work, match, was_met=False)
            await _write_down(community, work, match, RAN_OUT, None)


async def _end(community: Community, work: UnitOfWork, match: Match, was_met: bool) -> None:
    await work.matches.remove(match.id)
    for notice_id in (match.need_id, match.offer_id) if match.holds else ():
        notice = await found_notice(work, notice_id)
        settled = await settle_side(work, match, notice, community.now(), was_met)
        await publishing.follow_notice(community, work, settled)


async def _write_down(community: Community, work: UnitOfWork, match: Match, action: str, by: Member | None) -> None:
    """A line at each side, without the other: the log shall not say who helped whom."""
    for notice_id in (match.need_id, match.offer_id):
        await work.audit.add(AuditEntry(community.now(), by.id if by else None, action, notice_id))


async def _match(work: UnitOfWork, match_id: str) -> Match:
    match = await work.matches.get(match_id)
    if match is None:
        raise NotFound(say("There is no such match: it is done, or was undone."))
    return match
