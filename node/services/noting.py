"""What there is to tell people away from the pages is noted down; `tellings` sends it on its way.

Where there is no way at all (no mail server, no device for text messages) nothing is noted, and the pages say it alone.
"""

from collections.abc import Collection
from datetime import datetime, tzinfo

from node.domain import days
from node.domain.consent import Use, is_given
from node.domain.members import Member, Role
from node.domain.notices import Kind, Notice, Status
from node.domain.retention import asked_at
from node.domain.tellings import DIGEST_HOUR, TAKEN_FOR_GOOD, Subject, Telling, TellingState, Way
from node.services import quiet
from node.services.community import Community, zone_in
from node.services.for_real import is_practising
from node.services.reaching import way_to
from node.storage.notices import NoticeFilter
from node.storage.unit_of_work import UnitOfWork

BATCH = 50


async def note_due(community: Community) -> None:
    """Note what is to be told now; what was noted before is not noted again."""
    now = community.now()
    async with community.database.reading() as work:
        every = await ways_in(community, work)
        # Only members are told on devices; and while we practise, whoever asked or offered is told by no way at all.
        ways = frozenset() if await is_practising(work) else every - {Way.PUSH}
        zone = await zone_in(community, work)
        asked = bool(ways) and bool(await work.notices.to_be_asked(now, days.today(now, zone), 1))
        taken = await work.notices.taken_on_untold(now - TAKEN_FOR_GOOD, BATCH) if ways else ()
        digests = await _digests(community, work, zone, every)
    if not asked and not digests and not taken:
        return
    async with community.database.unit_of_work() as work:
        for notice in await work.notices.to_be_asked(now, days.today(now, zone), BATCH) if asked else ():
            await _note_question(community, work, notice, zone, ways)
        for notice in taken:
            await _note_taken_on(community, work, notice, ways)
        known = await work.tellings.known(one.key for one in digests)
        for telling in digests:
            if telling.key not in known:
                await work.tellings.add(telling)


async def ways_in(community: Community, work: UnitOfWork) -> frozenset[Way]:
    """Which ways this community has.

    A mail server in the settings, a device for text messages among the members, Web Push where stewards offer it.
    """
    has_device = any(Role.GATEWAY in member.roles for member in await work.members.all())
    has = {Way.MAIL: bool(community.settings.smtp_url), Way.TEXT: has_device, Way.PUSH: (await work.ways.get()).push}
    return frozenset(way for way, is_there in has.items() if is_there)


async def what_waits(work: UnitOfWork, now: datetime) -> tuple[str, ...]:
    """Of what there is to do for dispatchers, what waits: `needs`, `offers`, `call backs`. Never how much, or whose."""
    found = []
    for name, kind in (("needs", Kind.NEED), ("offers", Kind.OFFER)):
        if await work.notices.page(NoticeFilter(kind, Status.NEW), None, 1):
            found.append(name)
    if any(one.due_at <= now for one in await work.call_backs.due(1)):
        found.append("call backs")
    return tuple(found)


async def _note_question(
    community: Community, work: UnitOfWork, notice: Notice, zone: tzinfo, ways: frozenset[Way]
) -> None:
    now, asked = community.now(), asked_at(notice, zone)
    if asked is None or asked > now:
        return
    said = notice.spoken_for_at
    # Whoever asked for several parts of one need is asked once, about all of them.
    key = f"{Subject.STILL_NEEDED} {notice.whole} {said:%Y-%m-%dT%H:%M:%S.%f}"
    is_asked = bool(await work.tellings.known([key]))
    key = f"{key} {notice.number}" if is_asked else key
    way = Way.NONE if is_asked else await _way(work, notice, Use.STILL_NEEDED, ways)
    await work.tellings.add(_about(community, notice, Subject.STILL_NEEDED, way, key))


async def _note_taken_on(community: Community, work: UnitOfWork, notice: Notice, ways: frozenset[Way]) -> None:
    """Told once, also where it comes home and is taken on again: the page behind the code says where it stands.

    What comes back for its next round is told anew (`services.rounds`).
    """
    key = f"{Subject.TAKEN_ON} {notice.id}"
    if await work.tellings.known([key]):
        return
    way = await _way(work, notice, Use.TAKEN_ON, ways)
    await work.tellings.add(_about(community, notice, Subject.TAKEN_ON, way, key))


async def _way(work: UnitOfWork, notice: Notice, use: Use, ways: Collection[Way]) -> Way:
    """By which way its owner is told; none where they did not agree to that, or no way of ours reaches them."""
    if not is_given(await work.consents.of_notice(notice.id), use):
        return Way.NONE
    way, _address = await way_to(work, notice.id, ways)
    return way


def _about(community: Community, notice: Notice, subject: Subject, way: Way, key: str) -> Telling:
    """What is told of a notice. Where there is no way, it is noted all the same, so that it is not looked for again."""
    now, state = community.now(), TellingState.GIVEN_UP if way is Way.NONE else TellingState.WAITING
    return Telling(community.new_id(), subject, way, key, now, now, notice_id=notice.id, state=state)


async def _digests(community: Community, work: UnitOfWork, zone: tzinfo, ways: Collection[Way]) -> tuple[Telling, ...]:
    """One for each member who wants to be told what waits, from the morning on, once a day, and not in quiet hours."""
    now = community.now()
    if now.astimezone(zone).hour < DIGEST_HOUR or not (wanting := await _wanting(work, ways)):
        return ()
    if not await what_waits(work, now):
        return ()
    keys = {member_id: f"{Subject.WHAT_WAITS} {member_id} {days.today(now, zone)}" for member_id in wanting}
    known = await work.tellings.known(keys.values())
    members = [await work.members.get(member_id) for member_id, key in keys.items() if key not in known]
    told = [one for one in members if one is not None and one.is_dispatcher]
    may_be = [one for one in told if await quiet.may_be_told(community, work, one.id)]
    return tuple(_digest(community, one, wanting[one.id], keys[one.id]) for one in may_be)


async def _wanting(work: UnitOfWork, ways: Collection[Way]) -> dict[str, Way]:
    """The members who want to be told, and by which one way: on their devices rather than by e-mail."""
    by_mail = await work.tellings.addresses.members() if Way.MAIL in ways else ()
    by_push = await work.tellings.devices.members() if Way.PUSH in ways else ()
    return dict.fromkeys(by_mail, Way.MAIL) | dict.fromkeys(by_push, Way.PUSH)


def _digest(community: Community, member: Member, way: Way, key: str) -> Telling:
    now = community.now()
    return Telling(community.new_id(), Subject.WHAT_WAITS, way, key, now, now, member_id=member.id)
