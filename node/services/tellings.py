"""Messages to people on their way: made from what is known now, sent once, tried again where nothing was taken.

Before anything goes out, that it goes is written down. A process that ends in between leaves a message that may have
been sent; it is given up then, because the page says the same, and twice is worse than not by this way.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import assert_never

from node.domain.consent import Question, Use, newest
from node.domain.devices import Device
from node.domain.errors import NotFound
from node.domain.notices import Status
from node.domain.phrases import say
from node.domain.retention import asked_at, expires_at
from node.domain.tellings import (
    Subject,
    Telling,
    TellingState,
    Verdict,
    Way,
    by_mail_instead,
    going,
    left_behind,
    settled,
)
from node.services.community import Community, profile_in, zone_in
from node.services.letters import (
    Letter,
    Voice,
    digest,
    question,
    question_in_short,
    taken_on,
    taken_on_in_short,
)
from node.services.links import mail_link, still_link
from node.services.noting import ways_in, what_waits
from node.services.reaching import way_to
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork

#: What is on its way for longer than this was left behind by a process that ended.
LEFT_BEHIND = timedelta(minutes=15)
WROTE = "asked whether it is still so, by a message"
TOLD_TAKEN_ON = "told that somebody took it on, by a message"
_WRITTEN = {Subject.STILL_NEEDED: WROTE, Subject.TAKEN_ON: TOLD_TAKEN_ON}
_WORDLESS = Letter("", "", "")


@dataclass(frozen=True)
class Reader:
    """To whom a message about their notice goes now: by which way, where to, and in which voice it speaks."""

    way: Way
    address: str
    voice: Voice


@dataclass(frozen=True)
class Going:
    """A message that goes out now: its telling's id, where to, and what it says.

    On `devices` nothing is said but that something waits; the words stand there already.
    """

    id: str
    to: str
    letter: Letter
    devices: tuple[Device, ...] = ()


async def take(community: Community, way: Way, limit: int) -> tuple[Going, ...]:
    """Messages to send now, at most `limit`; each has to be settled. What need not be told any more is dropped."""
    now = community.now()
    async with community.database.reading() as work:
        if not (await work.tellings.due(way, now, 1) or await work.tellings.left_going(way, now - LEFT_BEHIND, 1)):
            return ()
    taken = []
    async with community.database.unit_of_work() as work:
        for left in await work.tellings.left_going(way, now - LEFT_BEHIND, limit):
            await work.tellings.put(left_behind(left, now))
        for telling in await work.tellings.due(way, now, limit):
            made = await _made(community, work, telling)
            if made is None:
                await _drop(work, telling, community)
                continue
            if not await work.tellings.take(going(telling, now)):
                continue
            taken.append(made)
            if telling.notice_id is not None:
                await work.audit.add(AuditEntry(now, None, _WRITTEN[telling.subject], telling.notice_id))
    return tuple(taken)


async def settle(community: Community, telling_id: str, verdict: Verdict) -> None:
    """Store what became of a message. What is gone meanwhile stays gone."""
    async with community.database.unit_of_work() as work:
        telling = await work.tellings.get(telling_id)
        if telling is None:
            return
        after = settled(telling, verdict, community.now())
        if telling.way is Way.PUSH and verdict is Verdict.REFUSED and await _has_mail(community, work, telling):
            after = by_mail_instead(telling, community.now())
        await work.tellings.put(after)


async def _has_mail(community: Community, work: UnitOfWork, telling: Telling) -> bool:
    return Way.MAIL in await ways_in(community, work) and telling.member_id in await work.tellings.addresses.members()


async def settle_text(community: Community, telling_id: str, verdict: Verdict) -> None:
    """The same, as a device says it; twice is as good as once. Raises NotFound for what is no text message."""
    async with community.database.unit_of_work() as work:
        telling = await work.tellings.get(telling_id)
        if telling is None or telling.way is not Way.TEXT:
            raise NotFound(say("There is no such message."))
        if telling.state is TellingState.GOING:
            await work.tellings.put(settled(telling, verdict, community.now()))


async def _drop(work: UnitOfWork, telling: Telling, community: Community) -> None:
    """It need not be told any more. Of what came home before it was told, the next time is told."""
    if telling.subject is Subject.TAKEN_ON:
        await work.tellings.remove(telling.id)
        return
    await work.tellings.put(settled(telling, Verdict.REFUSED, community.now()))


async def _made(community: Community, work: UnitOfWork, telling: Telling) -> Going | None:
    match telling.subject:
        case Subject.STILL_NEEDED:
            return await _question(community, work, telling)
        case Subject.TAKEN_ON:
            return await _news(community, work, telling)
        case Subject.WHAT_WAITS:
            return await _digest(community, work, telling)
        case _:
            assert_never(telling.subject)


async def _news(community: Community, work: UnitOfWork, telling: Telling) -> Going | None:
    """Somebody has it. Where it came home meanwhile, there is nothing to tell."""
    notice = await work.notices.get(telling.notice_id or "")
    if notice is None or notice.status is not Status.TAKEN_ON:
        return None
    reader = await _reader(community, work, telling, Use.TAKEN_ON)
    if reader is None:
        return None
    voice, page = reader.voice, f"{community.base_url}/r"
    words = taken_on_in_short(voice, page) if reader.way is Way.TEXT else taken_on(voice, page)
    return Going(telling.id, reader.address, words)


async def _question(community: Community, work: UnitOfWork, telling: Telling) -> Going | None:
    notice = await work.notices.get(telling.notice_id or "")
    zone, now = await zone_in(community, work), community.now()
    asked = None if notice is None else asked_at(notice, zone)
    if notice is None or asked is None or asked > now:
        return None
    reader = await _reader(community, work, telling, Use.STILL_NEEDED)
    if reader is None:
        return None
    voice, link = reader.voice, still_link(community, notice.id)
    if reader.way is Way.TEXT:
        return Going(telling.id, reader.address, question_in_short(voice, notice.kind, link))
    ends = expires_at(notice, zone)
    day = ends.astimezone(zone).date() if ends else None
    return Going(telling.id, reader.address, question(voice, notice.kind, link, day))


async def _digest(community: Community, work: UnitOfWork, telling: Telling) -> Going | None:
    member = await work.members.get(telling.member_id or "")
    if member is None or not member.is_dispatcher:
        return None
    waits = await what_waits(work, community.now())
    if telling.way is Way.PUSH:
        devices = await work.tellings.devices.of(member.id)
        return Going(telling.id, "", _WORDLESS, devices) if waits and devices else None
    address = await work.tellings.addresses.get(member.id)
    if address is None or not waits:
        return None
    voice, stop = await _voice(community, work, member.language), mail_link(community, member.id)
    return Going(telling.id, address, digest(voice, waits, f"{community.base_url}/dispatch", stop))


async def _reader(community: Community, work: UnitOfWork, telling: Telling, use: Use) -> Reader | None:
    """Whoever asked or offered; None where they do not agree to it any more, or are not reached by this way."""
    notice_id = telling.notice_id or ""
    agreed = newest(await work.consents.of_notice(notice_id)).get(Question(use))
    if agreed is None or not agreed.is_given:
        return None
    way, address = await way_to(work, notice_id, {telling.way})
    if way is Way.NONE:
        return None
    return Reader(way, address, await _voice(community, work, agreed.asking.language))


async def _voice(community: Community, work: UnitOfWork, language: str = "") -> Voice:
    """The community's, in the language that somebody reads in or was asked in, else in its first."""
    shown = await profile_in(work)
    code = language or shown.languages[0]
    return Voice(shown.name, code, partial(community.tell_in, code))
