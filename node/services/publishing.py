"""A share on its way: its object, who gets it, how it follows its notice, how it ends. Always inside a unit of work."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from node.domain.areas import told_area
from node.domain.errors import Invalid
from node.domain.notices import Notice, Status, return_quantity
from node.domain.peers import RemoteActor, host_of
from node.domain.phrases import say
from node.domain.redaction import refusal, refusal_of_change, region_of
from node.domain.responses import Response, ResponseState, end
from node.domain.shares import (
    Level,
    RecipientState,
    Share,
    ShareRequest,
    ShareState,
    consent_gap,
    moment_apart,
)
from node.services.audience import audience_actors, is_meant, named_actors
from node.services.community import Community, profile_in, zone_of
from node.services.for_real import must_be_for_real
from node.services.letting_go import let_go, parts_home
from node.services.outgoing import Letter, inbox_of, known_actors, new_activity_id, post
from node.services.promises import promised
from node.storage.shares import Published, RecipientMark
from node.storage.unit_of_work import UnitOfWork
from node.translate import agreements, notices
from node.translate.agreements import Tasked
from node.translate.notices import Setting
from schemas.fields import dump, load
from schemas.objects import Note, parse_note

MOST_MISSED = 1000
ASKED_BACK = frozenset({RecipientState.ERASING, RecipientState.ERASED})
TAKEN_BACK = str(say("This was taken back. Thank you for offering."))


async def withdraw_all(community: Community, work: UnitOfWork, notice: Notice) -> None:
    """Take every share of a notice back, inside a unit of work."""
    for published in await work.shares.of_notice(notice.id):
        if published.share.is_shown:
            await end_share(community, work, published, ShareState.WITHDRAWN)


async def withdraw_beyond(community: Community, work: UnitOfWork, notice: Notice) -> None:
    """Take back every share that goes further than the person agrees to now, inside a unit of work."""
    for published in await work.shares.of_notice(notice.id):
        share = published.share
        request = ShareRequest(share.level, share.named)
        if share.is_shown and consent_gap(notice.consent, notice.kind, request):
            await end_share(community, work, published, ShareState.WITHDRAWN)
    changed = None if notice.consent.board else await parts_home(work, notice.id, community.now())
    if changed is not None:
        await follow_notice(community, work, changed)


async def change_notice(community: Community, work: UnitOfWork, changed: Notice) -> None:
    """Store a changed notice; what is shared of it follows. Inside a unit of work.

    Raises Invalid where words that travel would hold a way to reach somebody that they did not hold before.
    """
    before = await work.notices.get(changed.id)
    if before is not None and before.wording != changed.wording:
        await _refuse_new_details(work, before, changed)
    await work.notices.put(changed)
    await follow_notice(community, work, changed)


async def carry_along(community: Community, work: UnitOfWork, changed: Notice, *, is_told: bool = True) -> None:
    """Store a notice that goes along with a change of our ways. Whoever sees it is told, unless it says the same to
    them; what is closed is shared no more, but comes back for another round.
    """
    if changed.is_closed or not is_told:
        await work.notices.put(changed)
    else:
        await change_notice(community, work, changed)


async def follow_notice(community: Community, work: UnitOfWork, notice: Notice) -> None:
    """What is shared follows the changed notice: an Update each, or the end of it all.

    With what is closed ends what helpers here had of it, and every match.
    """
    for other in await let_go(work, notice, community.now()) if notice.is_closed else ():
        await follow_notice(community, work, other)
    if notice.status in {Status.NO_LONGER_NEEDED, Status.EXPIRED}:
        await withdraw_all(community, work, notice)
        return
    told: list[datetime] = []
    for published in await work.shares.of_notice(notice.id):
        if published.share.is_shown:
            told.append(await _update(community, work, notice, (published.share, tuple(told))))


async def end_share(community: Community, work: UnitOfWork, published: Published, state: ShareState) -> Share:
    """End a share: what waits is dropped, and a Delete goes to everyone who ever got it (protocol 53, 55).

    Offers of help for it end. So do tasks, and what they had taken is open again; but where its time is simply over,
    what was agreed stays agreed until its own time is.
    """
    now, old = community.now(), published.share
    community = community.at(old.object_id)
    activity_id = new_activity_id(community)
    ended = replace(old, state=state, updated_at=now, delete_activity_id=activity_id)
    await work.outbox.cancel(old.object_id)
    setting = await setting_of(community, work, old)
    everyone = await _everyone(work, old)
    activity = notices.delete(activity_id, old, setting)
    await post(community, work, _letter(old, activity, everyone))
    await work.shares.put(Published(ended, b""))  # its words are not kept for nobody to read
    await work.outbox.forget(old.id)
    await work.questions.forget(old.object_id)
    await work.shares.mark(RecipientMark(old.id, RecipientState.ERASING), now)
    await _end_offers(community, work, old)
    if state is not ShareState.EXPIRED:
        await _bring_tasks_home(community, work, old)
    return ended


async def publish(community: Community, work: UnitOfWork, notice: Notice, made: Share, form: str | None) -> None:
    """Store a new share with its object, and send it to everyone it is for. Raises Invalid for an unlinked peer."""
    setting = await setting_of(community, work, made, notice.wording.area)
    must_reach_everybody_named(made, setting)
    await show(community, work, made, notices.share_to_note(notice, made, setting), form)
    if notice.status == Status.NEW:
        await work.notices.put(replace(notice, status=Status.OPEN, updated_at=community.now()))


def must_reach_everybody_named(made: Share, setting: Setting) -> None:
    """Raise Invalid where one of the communities named is not linked with this one."""
    if made.level == Level.NAMED and len(setting.named_actors) != len(made.named):
        raise Invalid({"peers": say("Choose only communities that are linked with this one.")})


async def show(community: Community, work: UnitOfWork, made: Share, note: Note, form: str | None = None) -> None:
    """Store a new share that shows this note, and send it to everyone it is for.

    Every share begins here. Raises Conflict while the community practises.
    """
    await must_be_for_real(work)
    await work.shares.add(Published(made, dump(note)), form)
    actors = await audience_actors(work, made)
    await _remember(community, work, made, actors)
    await post(community, work, _letter(made, notices.create(new_activity_id(community), note), actors))


async def show_anew(community: Community, work: UnitOfWork, changed: Share, note: Note) -> None:
    """Store what a share shows now, and tell everyone it is for."""
    community = community.at(changed.object_id)
    await work.shares.put(Published(changed, dump(note)))
    actors = await audience_actors(work, changed)
    await _remember(community, work, changed, actors)
    await post(community, work, _letter(changed, notices.update(new_activity_id(community), note), actors))


async def send_missed(
    community: Community, work: UnitOfWork, host: str, categories: Iterable[str] | None = None
) -> None:
    """Bring a community that was at rest up to date: what is new to it, and what it has, as that stands now.

    What it asked for in vain meanwhile it has erased, and has again then. Only what is shared with neighbours in these
    `categories`, where they are given, and of that what was changed. What it was asked to erase does not go there
    again: its id is gone there for good (protocol 107).
    """
    levels, only = (Level, None) if categories is None else ((Level.PEERS,), frozenset(categories))
    for published in await work.shares.shown(levels, MOST_MISSED):
        one, note = published.share, parse_note(load(published.document))
        if only is not None and one.category not in only:
            continue
        known = {copy.actor: copy.state for copy in await work.shares.recipients(one.id)}
        actors = [actor for actor in await audience_actors(work, one) if actor.host == host]
        actors = [actor for actor in actors if known.get(actor.id) not in ASKED_BACK]
        new = tuple(actor for actor in actors if actor.id not in known)
        home = community.at(one.object_id)
        if new:
            await _remember(community, work, one, new)
            await post(home, work, _letter(one, notices.create(new_activity_id(home), note), new))
        old = tuple(actor for actor in actors if actor.id in known)
        if old and (only is None or note.updated is not None):
            await post(home, work, _letter(one, notices.update(new_activity_id(home), note), old))


async def _update(
    community: Community, work: UnitOfWork, notice: Notice, about: tuple[Share, tuple[datetime, ...]]
) -> datetime:
    """Change one share's object; returns the time it states, which is unlike those told of the others."""
    old, told = about
    community = community.at(old.object_id)
    moment = moment_apart(community.now(), told, community.chance(), old.updated_at)
    changed = replace(old, updated_at=moment, category=notice.wording.category)
    setting = await setting_of(community, work, changed, notice.wording.area)
    if changed.category != old.category:
        await _follow_category(community, work, changed)
    await show_anew(community, work, changed, notices.share_to_note(notice, changed, setting))
    return changed.updated_at


async def take_back(community: Community, work: UnitOfWork, one: Share, holders: Iterable[str]) -> None:
    """Ask these actors alone to erase their copies of a share that goes on for others."""
    community = community.at(one.object_id)
    now, actors = community.now(), await known_actors(work, holders)
    for host in sorted({actor.host for actor in actors}):
        there = tuple(actor for actor in actors if actor.host == host)
        activity_id = new_activity_id(community)
        told = notices.delete_for(activity_id, one, community.addresses, tuple(actor.id for actor in there))
        await post(community, work, Letter(told, notices.sender(one.level), f"{one.object_id} {host}", there))
        for actor in there:
            await work.shares.ask_back(one.id, actor.id, activity_id, now)


async def has_task(work: UnitOfWork, one: Share, host: str) -> bool:
    """Whether a community has offered to help with a share, or does: it keeps its copy until that has ended."""
    return any(
        host_of(response.remote_actor) == host and (response.is_running or response.state is ResponseState.OFFERED)
        for response in await work.responses.of_share(one.id)
    )


async def _follow_category(community: Community, work: UnitOfWork, changed: Share) -> None:
    """A notice went over to another category: communities for which that is off give their copies back."""
    holders = {copy.actor for copy in await work.shares.recipients(changed.id) if copy.state not in ASKED_BACK}
    peers = await work.peers.by_hosts(host_of(actor) for actor in holders)
    for host, peer in sorted(peers.items()):
        theirs = sorted(actor for actor in holders if host_of(actor) == host)
        if peer.may_exchange and not is_meant(changed, peer) and not await has_task(work, changed, host):
            await take_back(community, work, changed, theirs)


async def _everyone(work: UnitOfWork, one: Share) -> tuple[RemoteActor, ...]:
    """Whom a share is for now, who may have read it in our outbox, and everyone who was ever sent it."""
    audience = await audience_actors(work, one)
    earlier = await known_actors(work, await work.shares.recipient_inboxes(one.id))
    return tuple({actor.id: actor for actor in (*audience, *earlier)}.values())


async def _remember(community: Community, work: UnitOfWork, one: Share, actors: tuple[RemoteActor, ...]) -> None:
    to_followers = one.level != Level.NAMED
    inboxes = {actor.id: inbox_of(actor, to_followers) for actor in actors}
    await work.shares.add_recipients(one.id, inboxes, community.now())


async def _end_offers(community: Community, work: UnitOfWork, old: Share) -> None:
    for response in await work.responses.of_share(old.id):
        if response.state == ResponseState.OFFERED:
            await _end_response(community, work, old, end(response, ResponseState.WITHDRAWN, community.now()))


async def _bring_tasks_home(community: Community, work: UnitOfWork, old: Share) -> None:
    running = [response for response in await work.responses.of_share(old.id) if response.is_running]
    for response in running:
        await _end_response(community, work, old, end(response, ResponseState.RETURNED, community.now()))
    notice = await work.notices.get(old.notice_id)
    if running and notice is not None:
        taken = sum((response.quantity for response in running), Decimal(0))
        changed = return_quantity(notice, taken, await promised(work, notice.id), community.now())
        await change_notice(community, work, changed)


async def _end_response(community: Community, work: UnitOfWork, old: Share, ended: Response) -> None:
    community = community.at(ended.object_id)
    await work.responses.put(ended)
    told = agreements.reject(new_activity_id(community), Tasked(ended, community.addresses), TAKEN_BACK)
    actors = await known_actors(work, [ended.remote_actor])
    await post(community, work, Letter(told, notices.sender(old.level), ended.offer_id, actors))


def _letter(one: Share, activity: notices.ShareActivity, actors: tuple[RemoteActor, ...]) -> Letter:
    return Letter(
        activity=activity,
        own_actor=notices.sender(one.level),
        object_key=one.object_id,
        actors=actors,
        share_id=one.id,
        public=one.level == Level.PUBLIC,
        to_followers=one.level != Level.NAMED,
    )


async def setting_of(community: Community, work: UnitOfWork, one: Share, area_name: str = "") -> Setting:
    """What translating this share needs to know beside the words; `area_name` is the area they name, if any."""
    shown = await profile_in(work)
    area = told_area(shown.areas, area_name, shown.larger_areas_only)
    named = await named_actors(work, one.named)
    addresses, zone = community.at(one.object_id).addresses, zone_of(community, shown)
    return Setting(addresses, shown.languages[0], area, named, zone, shown.categories)


def refuse_contact_details(notice: Notice, text: str, region: str | None = None) -> None:
    """Raise Invalid where the words that would travel hold a way to reach somebody (protocol 130).

    `region` (two letters) is where short telephone numbers are looked for, too.
    """
    refused = refusal(travelling(notice, text), region)
    if refused:
        raise Invalid({"text": refused})


async def _refuse_new_details(work: UnitOfWork, before: Notice, changed: Notice) -> None:
    """What went out as harmless, by the rules or the country of that day, stops nothing else that is done now."""
    region = region_of((await profile_in(work)).contact_line)
    for text in [one.share.text for one in await work.shares.of_notice(changed.id) if one.share.is_shown]:
        refused = refusal_of_change(travelling(before, text), travelling(changed, text), region)
        if refused:
            raise Invalid({"text": refused})


async def refusal_in(work: UnitOfWork, words: str) -> str:
    """The same of what we tell of ourselves, as one sentence: our own telephone line may stand in it."""
    line = (await profile_in(work)).contact_line
    return refusal(words, region_of(line), line)


async def must_be_no_contact(work: UnitOfWork, field: str, words: str) -> None:
    """Raise Invalid at `field` where these words of ours, which everybody is told, hold a way to reach somebody."""
    refused = await refusal_in(work, words)
    if refused:
        raise Invalid({field: refused})


def travelling(notice: Notice, text: str) -> str:
    """Every free word of the notice that would travel, one part a line."""
    return f"{notice.wording.title}\n{notice.wording.area}\n{notices.shared_text(notice, text)}"
