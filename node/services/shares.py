"""Sharing: load, decide, translate, and store the object with its deliveries in one transaction."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from node.domain.errors import Conflict, ConsentMissing, Invalid, NotFound
from node.domain.members import Member, must_be_dispatcher, must_be_steward
from node.domain.notices import TEXT_LIMIT, Notice, Status
from node.domain.peers import Direction, FollowState, Peer, RemoteActor
from node.domain.redaction import contact_details, streets
from node.domain.responses import ResponseState, end
from node.domain.shares import (
    Level,
    RecipientState,
    Share,
    ShareRequest,
    ShareState,
    check_request,
    ends_at,
    must_be_shareable,
)
from node.services.community import Community, profile_in
from node.services.outgoing import Letter, inbox_of, known_actors, new_activity_id, post
from node.storage.audit import AuditEntry
from node.storage.shares import Published, RecipientMark
from node.storage.unit_of_work import UnitOfWork
from node.translate import agreements, notices
from node.translate.agreements import Tasked
from node.translate.notices import Setting
from schemas.fields import Document, document, dump

MOST_NAMED = 20
TAKEN_BACK = "This was taken back. Thank you for offering."


@dataclass(frozen=True)
class Preview:
    """Exactly what would be sent. `blocked` says in one sentence why it may not be; empty when it may."""

    document: Document
    html: str
    warnings: tuple[str, ...]
    blocked: str


@dataclass(frozen=True)
class RecipientLine:
    """One other server's copy."""

    actor: str
    name: str
    state: RecipientState
    changed_at: datetime


@dataclass(frozen=True)
class SharingRecord:
    """A share, what it shares, and everyone who got it."""

    share: Share
    notice: Notice
    recipients: tuple[RecipientLine, ...]


async def preview(community: Community, notice_id: str, request: ShareRequest, by: Member) -> Preview:
    """The document a share would send, and what to look at twice. Nothing is stored. Raises Invalid, NotFound."""
    must_be_dispatcher(by)
    check_request(request, community.now())
    async with community.database.reading() as work:
        notice = await _notice(work, notice_id)
        share = _new_share(community, notice, request)
        setting = await _setting(community, work, notice, share)
    note = notices.share_to_note(notice, share, setting)
    blocked = _blocked(notice, request)
    return Preview(document(note), note.content, _warnings(notice, request), blocked)


async def share(
    community: Community, notice_id: str, request: ShareRequest, by: Member, form_id: str | None = None
) -> Share:
    """Share a notice. The same `form_id` twice shares once.

    Raises Invalid, NotFound, NotAllowed, Conflict, and ConsentMissing with the reason.
    """
    must_be_dispatcher(by)
    if request.override_category:
        must_be_steward(by)
    check_request(request, community.now())
    form = community.database.vault.fingerprint(f"share {form_id}").hex() if form_id else None
    async with community.database.unit_of_work() as work:
        earlier = await work.shares.by_form(form) if form else None
        if earlier is not None:
            return earlier.share
        notice = await _notice(work, notice_id)
        must_be_shareable(notice, request)
        _check_size(request)
        _refuse_contact_details(notice, request.text)
        made = _new_share(community, notice, request)
        await _publish(community, work, notice, made, form)
        detail = f"{made.level} {made.object_id}"
        await work.audit.add(AuditEntry(made.published_at, by.id, "shared a notice", notice.id, detail))
    return made


async def get(community: Community, share_id: str) -> SharingRecord:
    """A share with everyone who got it. Raises NotFound."""
    async with community.database.reading() as work:
        published = await work.shares.get(share_id)
        if published is None:
            raise NotFound("There is no such share.")
        notice = await _notice(work, published.share.notice_id)
        found = await work.shares.recipients(share_id)
        actors = await work.peers.actors(recipient.actor for recipient in found)
    lines = tuple(
        RecipientLine(one.actor, _name(actors.get(one.actor), one.actor), one.state, one.changed_at) for one in found
    )
    return SharingRecord(published.share, notice, lines)


async def shares_of(community: Community, notice_id: str) -> tuple[Share, ...]:
    """Every share of a notice, oldest first."""
    async with community.database.reading() as work:
        return tuple(published.share for published in await work.shares.of_notice(notice_id))


async def shared_with(community: Community, notice_id: str) -> tuple[str, ...]:
    """In plain words, who can see the notice now."""
    async with community.database.reading() as work:
        shown = [one.share for one in await work.shares.of_notice(notice_id) if one.share.is_shown]
        names = {peer.id: peer.name for peer in await work.peers.all()}
    words: list[str] = []
    for one in shown:
        if one.level == Level.PUBLIC:
            words.append("everyone")
        elif one.level == Level.PEERS:
            words.append("all neighbouring communities")
        else:
            words.extend(names.get(peer, "a community we are no longer linked with") for peer in one.named)
    return tuple(dict.fromkeys(words))


async def withdraw(community: Community, share_id: str, by: Member) -> Share:
    """Take a share back from everyone who ever got it. Raises NotFound, NotAllowed. Twice is as good as once."""
    must_be_dispatcher(by)
    async with community.database.unit_of_work() as work:
        published = await work.shares.get(share_id)
        if published is None:
            raise NotFound("There is no such share.")
        if not published.share.is_shown:
            return published.share
        notice = await _notice(work, published.share.notice_id)
        ended = await end_share(community, work, notice, published, ShareState.WITHDRAWN)
        await work.audit.add(AuditEntry(community.now(), by.id, "took a share back", notice.id, share_id))
    return ended


async def withdraw_all(community: Community, work: UnitOfWork, notice: Notice) -> None:
    """Take every share of a notice back, inside a unit of work."""
    for published in await work.shares.of_notice(notice.id):
        if published.share.is_shown:
            await end_share(community, work, notice, published, ShareState.WITHDRAWN)


async def follow_notice(community: Community, work: UnitOfWork, notice: Notice) -> None:
    """What is shared follows the changed notice: an Update each, or the end of it all."""
    if notice.status in {Status.NO_LONGER_NEEDED, Status.EXPIRED}:
        await withdraw_all(community, work, notice)
        return
    for published in await work.shares.of_notice(notice.id):
        if published.share.is_shown:
            await _update(community, work, notice, published.share)


async def end_share(
    community: Community, work: UnitOfWork, notice: Notice, published: Published, state: ShareState
) -> Share:
    """End a share: what waits is dropped, and a Delete goes to everyone who ever got it (protocol 53, 55)."""
    now, old = community.now(), published.share
    activity_id = new_activity_id(community)
    ended = replace(old, state=state, updated_at=now, delete_activity_id=activity_id)
    await work.outbox.cancel(old.object_id)
    setting = await _setting(community, work, notice, old)
    everyone = await known_actors(work, await work.shares.recipient_inboxes(old.id))
    activity = notices.delete(activity_id, old, setting)
    await post(community, work, _letter(old, activity, everyone))
    await work.shares.put(Published(ended, published.document))
    await work.shares.mark(RecipientMark(old.id, RecipientState.ERASING), now)
    await _end_responses(community, work, old)
    return ended


async def audience_actors(work: UnitOfWork, one: Share) -> tuple[RemoteActor, ...]:
    """Everyone a share goes to at this moment."""
    if one.level == Level.NAMED:
        return await known_actors(work, await _named_actors(work, one.named))
    return await known_actors(work, await work.peers.followers(notices.sender(one.level)))


async def _publish(community: Community, work: UnitOfWork, notice: Notice, made: Share, form: str | None) -> None:
    setting = await _setting(community, work, notice, made)
    if made.level == Level.NAMED and len(setting.named_actors) != len(made.named):
        raise Invalid({"peers": "Choose only communities that are linked with this one."})
    note = notices.share_to_note(notice, made, setting)
    await work.shares.add(Published(made, dump(note)), form)
    actors = await audience_actors(work, made)
    await _remember(work, made, actors)
    await post(community, work, _letter(made, notices.create(new_activity_id(community), note), actors))
    if notice.status == Status.NEW:
        await work.notices.put(replace(notice, status=Status.OPEN, updated_at=made.published_at))


async def _update(community: Community, work: UnitOfWork, notice: Notice, old: Share) -> None:
    _refuse_contact_details(notice, old.text)
    changed = replace(old, updated_at=max(community.now(), old.updated_at + timedelta(seconds=1)))
    setting = await _setting(community, work, notice, changed)
    note = notices.share_to_note(notice, changed, setting)
    await work.shares.put(Published(changed, dump(note)))
    audience = await audience_actors(work, changed)
    earlier = await known_actors(work, await work.shares.recipient_inboxes(changed.id))
    everyone = tuple({actor.id: actor for actor in (*audience, *earlier)}.values())
    await _remember(work, changed, everyone)
    await post(community, work, _letter(changed, notices.update(new_activity_id(community), note), everyone))


async def _remember(work: UnitOfWork, one: Share, actors: tuple[RemoteActor, ...]) -> None:
    to_followers = one.level != Level.NAMED
    inboxes = {actor.id: inbox_of(actor, to_followers) for actor in actors}
    await work.shares.add_recipients(one.id, inboxes, one.updated_at)


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


def _new_share(community: Community, notice: Notice, request: ShareRequest) -> Share:
    now = community.now().replace(microsecond=0)
    return Share(
        id=community.new_id(),
        notice_id=notice.id,
        level=request.level,
        object_id=community.addresses.object(community.new_id()),
        published_at=now,
        updated_at=now,
        ends_at=ends_at(notice, now).replace(microsecond=0),
        lease=timedelta(hours=float(request.lease_hours)),
        reply_by=request.reply_by,
        text=request.text.strip(),
        named=request.peers if request.level == Level.NAMED else (),
    )


async def _setting(community: Community, work: UnitOfWork, notice: Notice, one: Share) -> Setting:
    shown = await profile_in(work)
    area = next((area for area in shown.areas if area.name == notice.wording.area), None)
    named = await _named_actors(work, one.named)
    return Setting(community.addresses, shown.languages[0], area, named)


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


def _blocked(notice: Notice, request: ShareRequest) -> str:
    try:
        must_be_shareable(notice, request)
        _check_size(request)
        _refuse_contact_details(notice, request.text)
    except (Conflict, ConsentMissing) as error:
        return error.message
    except Invalid as error:
        return next(iter(error.fields.values()))
    return ""


def _check_size(request: ShareRequest) -> None:
    if len(request.peers) > MOST_NAMED:
        raise Invalid({"peers": f"Choose at most {MOST_NAMED} communities."})
    if len(request.text) > TEXT_LIMIT:
        raise Invalid({"text": f"Please use at most {TEXT_LIMIT} characters."})


def _refuse_contact_details(notice: Notice, text: str) -> None:
    """Raise Invalid where the words that would travel hold a way to reach somebody (protocol 130)."""
    found = contact_details(_travelling(notice, text))
    if found:
        raise Invalid({"text": f"Take out what looks like a telephone number or an e-mail address: {found[0]}"})


def _warnings(notice: Notice, request: ShareRequest) -> tuple[str, ...]:
    found = streets(_travelling(notice, request.text))
    return tuple(f"This looks like a street address: {street}" for street in found)


def _travelling(notice: Notice, text: str) -> str:
    return f"{notice.wording.title}\n{notice.wording.area}\n{notices.shared_text(notice, text)}"


async def _notice(work: UnitOfWork, notice_id: str) -> Notice:
    notice = await work.notices.get(notice_id)
    if notice is None:
        raise NotFound("There is no such notice.")
    return notice


def _name(actor: RemoteActor | None, actor_id: str) -> str:
    return f"{actor.name} ({actor.host})" if actor is not None else actor_id
