"""Stewards invite; whoever opens the link becomes a member with the role that it says, and is signed in.

Only a hash of what the link says is kept, and not who came with it.
"""

import asyncio
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta

from node.domain.errors import Conflict, NotFound
from node.domain.invitations import INVITED, OVER, Invitation, InvitationDraft, invite, must_have_room
from node.domain.members import Member, check_name, must_be_steward
from node.domain.phrases import say
from node.services import members, sign_in
from node.services.community import Community
from node.services.sign_in import Session
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork
from node.storage.vault import token_hash

INVITED_AS = "invited somebody as "
JOINED = "joined with an invitation"
#: A form that is sent twice within this time lets somebody join once.
SENT_TWICE = timedelta(minutes=10)


@dataclass(frozen=True)
class Made:
    """An invitation with its link, which is known only now."""

    invitation: Invitation
    link: str


@dataclass(frozen=True)
class Newcomer:
    """What somebody writes who joins. Without a password they sign in with links that stewards give them."""

    name: str
    password: str = ""
    language: str = ""


async def make(community: Community, draft: InvitationDraft, by: Member, form_id: str) -> Made:
    """A new invitation; the same `form_id` twice makes one. Its link is shown this once.

    Raises Invalid, NotAllowed, and Conflict where too many are open, or this one was ended meanwhile.
    """
    must_be_steward(by)
    now = community.now()
    invitation = invite(draft, community.new_id(), now)
    # Made from the form, so that a form sent twice shows the same link; and from the day, because the row that knows
    # this link for ended stays for a day.
    mark = community.database.vault.fingerprint(f"invitation {by.id} {now:%Y-%m-%d} {form_id}")
    token = urlsafe_b64encode(mark).decode().rstrip("=")
    link = f"{community.base_url}/join/{token}"
    async with community.database.unit_of_work() as work:
        earlier = await work.invitations.by_token(token_hash(token))
        if earlier is not None and not earlier.is_open(now):
            raise Conflict(say("This invitation is over already. Make a new one."))
        if earlier is not None:
            return Made(earlier, link)
        must_have_room(len(await work.invitations.to_come(now)))
        await work.invitations.add(invitation, token_hash(token))
        await work.audit.add(AuditEntry(now, by.id, f"{INVITED_AS}{invitation.role}", invitation.id))
    return Made(invitation, link)


async def listing(community: Community, by: Member) -> tuple[Invitation, ...]:
    """Those that are open, the newest first. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.reading() as work:
        return await work.invitations.to_come(community.now())


async def end(community: Community, invitation_id: str, by: Member) -> None:
    """Nobody comes with it any more. Twice is as good as once. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        if not await work.invitations.end(invitation_id):
            return
        await work.audit.add(AuditEntry(community.now(), by.id, "ended an invitation", invitation_id))


async def end_those_of(work: UnitOfWork, steward_id: str) -> None:
    """The same for all that a steward made, inside a unit of work. The log says which those are, for longer than any is
    open.
    """
    for line in await work.audit.of(*(f"{INVITED_AS}{role}" for role in INVITED)):
        if line.member_id == steward_id:
            await work.invitations.end(line.subject)


async def peek(community: Community, token: str) -> Invitation:
    """What a link invites to, without using it. Raises NotFound alike for unknown, ended, used up and over."""
    async with community.database.reading() as work:
        return await _open_one(community, work, token)


async def join(community: Community, token: str, newcomer: Newcomer, form_id: str) -> Session:
    """Become a member, and be signed in. The same form sent twice within SENT_TWICE joins once.

    Raises NotFound as `peek` does, Invalid, and NameTaken.
    """
    now = community.now()
    member_id = community.database.vault.fingerprint(f"join {token} {form_id}").hex()[:32]
    async with community.database.reading() as work:
        if await work.members.get(member_id) is None:
            await _open_one(community, work, token)
        name = check_name(newcomer.name)
        await members.must_be_free(work, name, member_id)
    hashed = await asyncio.to_thread(sign_in.hashed, newcomer.password) if newcomer.password else None
    async with community.database.unit_of_work() as work:
        member = await work.members.get(member_id)
        if member is None:
            invitation = await _open_one(community, work, token)
            roles = frozenset({invitation.role})
            member = Member(member_id, name, roles, now, hashed is not None, newcomer.language)
            await _add(work, member, hashed)
            await work.invitations.take_place(invitation.id)
        elif now - member.created_at > SENT_TWICE:
            raise NotFound(OVER)
        return await sign_in.open_session(community, work, member)


async def _add(work: UnitOfWork, member: Member, hashed: str | None) -> None:
    """The member is here from now on. Raises NameTaken."""
    await members.must_be_free(work, member.name, member.id)
    await work.members.add(member)
    if hashed is not None:
        await work.members.set_password_hash(member.id, hashed)
    await work.audit.add(AuditEntry(member.created_at, member.id, JOINED, member.id))


async def _open_one(community: Community, work: UnitOfWork, token: str) -> Invitation:
    found = await work.invitations.by_token(token_hash(token))
    if found is None or not found.is_open(community.now()):
        raise NotFound(OVER)
    return found
