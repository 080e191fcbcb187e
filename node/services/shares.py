"""Sharing: load, decide, translate, and store the object with its deliveries in one transaction."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from node.domain.errors import Conflict, ConsentMissing, Invalid, NotFound, SecondYesNeeded
from node.domain.ids import id_from
from node.domain.members import Member, must_be_dispatcher, must_be_steward
from node.domain.notices import TEXT_LIMIT, Notice
from node.domain.peers import RemoteActor
from node.domain.phrases import say
from node.domain.redaction import Finding
from node.domain.second_yes import FirstYes, of_share
from node.domain.shares import (
    Level,
    Recipient,
    RecipientState,
    Share,
    ShareRequest,
    ShareState,
    check_request,
    details_of,
    ends_at,
    moment_apart,
    must_be_shareable,
)
from node.services import second_yes
from node.services.audience import Reader, readers, refuse_switched_off
from node.services.community import Community, found_notice, zone_in
from node.services.for_real import must_be_for_real, why_not
from node.services.publishing import end_share, publish, refuse_contact_details, setting_of
from node.services.reminders import region_in, reminders
from node.services.rest import must_be_awake
from node.services.second_yes import Deed
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork
from node.translate import notices
from schemas.fields import Document, document

MOST_NAMED = 20
NEEDS_SECOND = say("Sharing takes two here. This is noted, and waits for the yes of a steward who is somebody else.")


@dataclass(frozen=True)
class Preview:
    """Exactly what would be sent, and what to read once more in it.

    `blocked` says in one sentence why it may not be sent; empty when it may. `lacks_consent` tells whether that is
    because the person has not agreed. `readers` are the neighbours it is for, and those that do not get it.
    """

    document: Document
    html: str
    findings: tuple[Finding, ...]
    blocked: str
    lacks_consent: bool = False
    readers: tuple[Reader, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """The findings as sentences."""
        return tuple(finding.sentence for finding in self.findings)

    @property
    def mark(self) -> str:
        """Stands for these warnings and no others: whoever confirms them, confirms what they have read."""
        return hashlib.sha256("\n".join(self.warnings).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class RecipientLine:
    """One other server's copy. `answers` tells whether servers of that kind say when they have erased something."""

    actor: str
    name: str
    state: RecipientState
    changed_at: datetime
    answers: bool = True
    sent_at: datetime | None = None


@dataclass(frozen=True)
class SharingRecord:
    """A share, what it shares, and everyone who got it."""

    share: Share
    notice: Notice
    recipients: tuple[RecipientLine, ...]


@dataclass(frozen=True)
class _Beside:
    """What a new share needs beside the notice: its object's id, where days end, and when others were published."""

    object_id: str
    zone: tzinfo
    others: tuple[datetime, ...] = ()


async def preview(
    community: Community, notice_id: str, request: ShareRequest, by: Member, form_id: str | None = None
) -> Preview:
    """The document a share would send, and what to read once more. Nothing is stored. Raises Invalid, NotFound.

    With the same `form_id`, `share` sends it under the very id shown here.
    """
    must_be_dispatcher(by)
    check_request(request, community.now())
    async with community.database.reading() as work:
        notice = await found_notice(work, notice_id)
        beside = _Beside(object_id_for(community, form_id), await zone_in(community, work))
        share = _new_share(community, notice, request, beside)
        setting = await setting_of(community, work, share, notice.wording.area)
        found = await reminders(work, notice, request.text)
        region = await region_in(work)
        stays_here = await why_not(work)
        listed = await readers(work, notice.wording.category, request)
        not_there = await _not_there(community, work, request, (listed, by))
    note = notices.share_to_note(notice, share, setting)
    blocked = _refusal(notice, request, region) or not_there
    lacks_consent = isinstance(blocked, ConsentMissing) and not stays_here
    return Preview(document(note), note.content, found, stays_here or _sentence(blocked), lacks_consent, listed)


async def share(
    community: Community, notice_id: str, request: ShareRequest, by: Member, form_id: str | None = None
) -> Share:
    """Share a notice. The same `form_id` twice shares once.

    Raises Invalid, NotFound, NotAllowed, Conflict, ConsentMissing with the reason, and SecondYesNeeded where sharing
    takes two and this is the first yes.
    """
    must_be_dispatcher(by)
    if request.override_category:
        must_be_steward(by)
    check_request(request, community.now())
    form = community.form_mark("share", form_id)
    async with community.database.unit_of_work() as work:
        earlier = await work.shares.by_form(form) if form else None
        if earlier is not None:
            return earlier.share
        await must_be_for_real(work)
        notice = await found_notice(work, notice_id)
        must_be_shareable(notice, request)
        _check_size(request)
        listed = await readers(work, notice.wording.category, request)
        refuse_switched_off(listed, request, is_steward=by.is_steward)
        refuse_contact_details(notice, request.text, await region_in(work))
        await must_be_awake(community, work, request.peers)
        others = [published.share.published_at for published in await work.shares.of_notice(notice.id)]
        beside = _Beside(object_id_for(community, form_id), await zone_in(community, work), tuple(others))
        made = _new_share(community, notice, request, beside)
        said = FirstYes(of_share(notice.id), by.id, community.now(), details_of(request))
        is_agreed = await second_yes.is_agreed(work, Deed.SHARES, said, may_complete=by.is_steward)
        if is_agreed:
            await publish(community, work, notice, made, form)
            detail = f"{made.level} {made.object_id}"
            await work.audit.add(AuditEntry(community.now(), by.id, "shared a notice", notice.id, detail))
    if not is_agreed:  # what was noted stays
        raise SecondYesNeeded(NEEDS_SECOND)
    return made


async def get(community: Community, share_id: str) -> SharingRecord:
    """A share with everyone who got it. Raises NotFound."""
    async with community.database.reading() as work:
        published = await work.shares.get(share_id)
        if published is None:
            raise NotFound(say("There is no such share."))
        notice = await found_notice(work, published.share.notice_id)
        return SharingRecord(published.share, notice, await recipient_lines(work, share_id))


async def recipient_lines(work: UnitOfWork, share_id: str) -> tuple[RecipientLine, ...]:
    """Everyone who got a share, inside a unit of work."""
    found = await work.shares.recipients(share_id)
    actors = await work.peers.actors(recipient.actor for recipient in found)
    return tuple(_recipient_line(one, actors.get(one.actor)) for one in found)


def _recipient_line(one: Recipient, actor: RemoteActor | None) -> RecipientLine:
    answers = actor is not None and actor.is_manyhands
    return RecipientLine(one.actor, _name(actor, one.actor), one.state, one.changed_at, answers, one.sent_at)


async def shares_of(community: Community, notice_id: str) -> tuple[Share, ...]:
    """Every share of a notice, oldest first."""
    async with community.database.reading() as work:
        return tuple(published.share for published in await work.shares.of_notice(notice_id))


async def withdraw(community: Community, share_id: str, by: Member) -> Share:
    """Take a share back from everyone who ever got it. Raises NotFound, NotAllowed. Twice is as good as once."""
    must_be_dispatcher(by)
    async with community.database.unit_of_work() as work:
        published = await work.shares.get(share_id)
        if published is None:
            raise NotFound(say("There is no such share."))
        if not published.share.is_shown:
            return published.share
        notice = await found_notice(work, published.share.notice_id)
        ended = await end_share(community, work, published, ShareState.WITHDRAWN)
        await work.audit.add(AuditEntry(community.now(), by.id, "took a share back", notice.id, share_id))
    return ended


def object_id_for(community: Community, form_id: str | None) -> str:
    """A new id, or always the same one for the same form, which nobody can work out from the form."""
    if form_id is None:
        return community.addresses.object(community.new_id())
    return community.addresses.object(id_from(community.database.vault.fingerprint(f"object {form_id}")))


def _new_share(community: Community, notice: Notice, request: ShareRequest, beside: _Beside) -> Share:
    now = moment_apart(community.now().replace(microsecond=0), beside.others, community.chance())
    return Share(
        id=community.new_id(),
        notice_id=notice.id,
        level=request.level,
        object_id=beside.object_id,
        published_at=now,
        updated_at=now,
        ends_at=ends_at(notice, now, beside.zone).replace(microsecond=0),
        lease=timedelta(hours=float(request.lease_hours)),
        reply_by=request.reply_by,
        text=request.text.strip(),
        named=request.peers if request.level == Level.NAMED else (),
        category=notice.wording.category,
    )


def _refusal(notice: Notice, request: ShareRequest, region: str | None) -> Conflict | Invalid | None:
    """Why it may not be shared in this way, as it would be said at the moment of sharing."""
    try:
        must_be_shareable(notice, request)
        _check_size(request)
        refuse_contact_details(notice, request.text, region)
    except (Conflict, Invalid) as error:
        return error
    return None


async def _not_there(
    community: Community, work: UnitOfWork, request: ShareRequest, about: tuple[tuple[Reader, ...], Member]
) -> Conflict | None:
    """Why it may not go there: its category is off for one that is named, or that one rests."""
    listed, by = about
    try:
        refuse_switched_off(listed, request, is_steward=by.is_steward)
        await must_be_awake(community, work, request.peers)
    except Conflict as error:
        return error
    return None


def _sentence(refusal: Conflict | Invalid | None) -> str:
    if isinstance(refusal, Invalid):
        return next(iter(refusal.fields.values()))
    return refusal.message if refusal else ""


def _check_size(request: ShareRequest) -> None:
    if len(request.peers) > MOST_NAMED:
        raise Invalid({"peers": say("Choose at most %(most)s communities.", most=MOST_NAMED)})
    if len(request.text) > TEXT_LIMIT:
        raise Invalid({"text": say("Please use at most %(most)s characters.", most=TEXT_LIMIT)})


def _name(actor: RemoteActor | None, actor_id: str) -> str:
    return f"{actor.name} ({actor.host})" if actor is not None else actor_id
