"""A share on its way: its object, who gets it, how it follows its notice, how it ends. Always inside a unit of work."""

from dataclasses import replace
from datetime import datetime

from node.domain.errors import Invalid
from node.domain.notices import Notice, Status
from node.domain.peers import Direction, FollowState, Peer, RemoteActor
from node.domain.redaction import contact_details, region_of
from node.domain.responses import ResponseState, end
from node.domain.shares import (
    Level,
    RecipientState,
    Share,
    ShareRequest,
    ShareState,
    consent_gap,
    moment_apart,
)
from node.services.community import Community, profile_in, zone_of
from node.services.outgoing import Letter, inbox_of, known_actors, new_activity_id, post
from node.storage.shares import Published, RecipientMark
from node.storage.unit_of_work import UnitOfWork
from node.translate import agreements, notices
from node.translate.agreements import Tasked
from node.translate.notices import Setting
from schemas.fields import dump, load
from schemas.objects import parse_note

MOST_MISSED = 1000
TAKEN_BACK = "This was taken back. Thank you for offering."


async def withdraw_all(community: Community, work: UnitOfWork, notice: Notice) -> None:
    """Take every share of a notice back, inside a unit of work."""
    for published in await work.shares.of_notice(notice.id):
        if published.share.is_shown:
            await end_share(community, work, notice, published, ShareState.WITHDRAWN)


async def withdraw_beyond(community: Community, work: UnitOfWork, notice: Notice) -> None:
    """Take back every share that goes further than the person agrees to now, inside a unit of work."""
    for published in await work.shares.of_notice(notice.id):
        share = published.share
        request = ShareRequest(share.level, share.named)
        if share.is_shown and consent_gap(notice.consent, notice.kind, request):
            await end_share(community, work, notice, published, ShareState.WITHDRAWN)


async def follow_notice(community: Community, work: UnitOfWork, notice: Notice) -> None:
    """What is shared follows the changed notice: an Update each, or the end of it all."""
    if notice.status in {Status.NO_LONGER_NEEDED, Status.EXPIRED}:
        await withdraw_all(community, work, notice)
        return
    told: list[datetime] = []
    for published in await work.shares.of_notice(notice.id):
        if published.share.is_shown:
            told.append(await _update(community, work, notice, (published.share, tuple(told))))


async def end_share(
    community: Community, work: UnitOfWork, notice: Notice, published: Published, state: ShareState
) -> Share:
    """End a share: what waits is dropped, and a Delete goes to everyone who ever got it (protocol 53, 55)."""
    now, old = community.now(), published.share
    activity_id = new_activity_id(community)
    ended = replace(old, state=state, updated_at=now, delete_activity_id=activity_id)
    await work.outbox.cancel(old.object_id)
    setting = await setting_of(community, work, notice, old)
    everyone = await _everyone(work, old)
    activity = notices.delete(activity_id, old, setting)
    await post(community, work, _letter(old, activity, everyone))
    await work.shares.put(Published(ended, b""))  # its words are not kept for nobody to read
    await work.outbox.forget(old.id)
    await work.shares.mark(RecipientMark(old.id, RecipientState.ERASING), now)
    await _end_responses(community, work, old)
    return ended


async def audience_actors(work: UnitOfWork, one: Share) -> tuple[RemoteActor, ...]:
    """Everyone a share goes to at this moment."""
    if one.level == Level.NAMED:
        return await known_actors(work, await _named_actors(work, one.named))
    return await known_actors(work, await work.peers.followers(notices.sender(one.level)))


async def publish(community: Community, work: UnitOfWork, notice: Notice, made: Share, form: str | None) -> None:
    """Store a new share with its object, and send it to everyone it is for. Raises Invalid for an unlinked peer."""
    setting = await setting_of(community, work, notice, made)
    if made.level == Level.NAMED and len(setting.named_actors) != len(made.named):
        raise Invalid({"peers": "Choose only communities that are linked with this one."})
    note = notices.share_to_note(notice, made, setting)
    await work.shares.add(Published(made, dump(note)), form)
    actors = await audience_actors(work, made)
    await _remember(community, work, made, actors)
    await post(community, work, _letter(made, notices.create(new_activity_id(community), note), actors))
    if notice.status == Status.NEW:
        await work.notices.put(replace(notice, status=Status.OPEN, updated_at=community.now()))


async def send_missed(community: Community, work: UnitOfWork, host: str) -> None:
    """Bring a community that was at rest up to date: what is new to it, and what was changed meanwhile."""
    for published in await work.shares.shown(Level, MOST_MISSED):
        one, note = published.share, parse_note(load(published.document))
        actors = [actor for actor in await audience_actors(work, one) if actor.host == host]
        known = await work.shares.recipient_inboxes(one.id)
        new = tuple(actor for actor in actors if actor.id not in known)
        if new:
            await _remember(community, work, one, new)
            await post(community, work, _letter(one, notices.create(new_activity_id(community), note), new))
        old = tuple(actor for actor in actors if actor.id in known)
        if old and note.updated is not None:
            await post(community, work, _letter(one, notices.update(new_activity_id(community), note), old))


async def _update(
    community: Community, work: UnitOfWork, notice: Notice, about: tuple[Share, tuple[datetime, ...]]
) -> datetime:
    """Change one share's object; returns the time it states, which is unlike those told of the others."""
    old, told = about
    refuse_contact_details(notice, old.text, region_of((await profile_in(work)).contact_line))
    changed = replace(old, updated_at=moment_apart(community.now(), told, community.chance(), old.updated_at))
    setting = await setting_of(community, work, notice, changed)
    note = notices.share_to_note(notice, changed, setting)
    await work.shares.put(Published(changed, dump(note)))
    everyone = await audience_actors(work, changed)
    await _remember(community, work, changed, everyone)
    await post(community, work, _letter(changed, notices.update(new_activity_id(community), note), everyone))
    return changed.updated_at


async def _everyone(work: UnitOfWork, one: Share) -> tuple[RemoteActor, ...]:
    """Whom a share is for now, who may have read it in our outbox, and everyone who was ever sent it."""
    audience = await audience_actors(work, one)
    earlier = await known_actors(work, await work.shares.recipient_inboxes(one.id))
    return tuple({actor.id: actor for actor in (*audience, *earlier)}.values())


async def _remember(community: Community, work: UnitOfWork, one: Share, actors: tuple[RemoteActor, ...]) -> None:
    to_followers = one.level != Level.NAMED
    inboxes = {actor.id: inbox_of(actor, to_followers) for actor in actors}
    await work.shares.add_recipients(one.id, inboxes, community.now())


async def _end_responses(community: Community, work: UnitOfWork, old: Share) -> None:
    for response in await work.responses.of_share(old.id):
        if response.state != ResponseState.OFFERED and not response.is_running:
            continue
        ended = end(response, ResponseState.WITHDRAWN, community.now())
        await work.responses.put(ended)
        told = agreements.reject(new_activity_id(community), Tasked(ended, community.addresses), TAKEN_BACK)
        actors = await known_actors(work, [response.remote_actor])
        await post(community, work, Letter(told, notices.sender(old.level), response.offer_id, actors))


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


async def setting_of(community: Community, work: UnitOfWork, notice: Notice, one: Share) -> Setting:
    """What translating this share needs to know beside the notice."""
    shown = await profile_in(work)
    area = next((area for area in shown.areas if area.name == notice.wording.area), None)
    named = await _named_actors(work, one.named)
    return Setting(community.addresses, shown.languages[0], area, named, zone_of(community, shown))


async def _named_actors(work: UnitOfWork, named: tuple[str, ...]) -> tuple[str, ...]:
    chosen = [peer for peer in await work.peers.all() if peer.id in named and peer.may_exchange]
    actors = [await _linked_actor(work, peer) for peer in chosen]
    return tuple(actor for actor in actors if actor is not None)


async def _linked_actor(work: UnitOfWork, peer: Peer) -> str | None:
    """The peer's actor that agreed to receive what is for peers."""
    for follow in await work.peers.follows_with(peer.host):
        is_peering = follow.remote_actor == peer.peers_actor and follow.direction is Direction.INCOMING
        if is_peering and follow.state is FollowState.ACCEPTED:
            return follow.remote_actor
    return None


def refuse_contact_details(notice: Notice, text: str, region: str | None = None) -> None:
    """Raise Invalid where the words that would travel hold a way to reach somebody (protocol 130).

    `region` (two letters) is where short telephone numbers are looked for, too.
    """
    found = contact_details(travelling(notice, text), region)
    if found:
        raise Invalid({"text": f"Take out what looks like a telephone number or an e-mail address: {found[0]}"})


def travelling(notice: Notice, text: str) -> str:
    """Every free word of the notice that would travel, one part a line."""
    return f"{notice.wording.title}\n{notice.wording.area}\n{notices.shared_text(notice, text)}"
