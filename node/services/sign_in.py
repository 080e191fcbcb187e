"""Signing in: one-time links, passwords, and sessions that live as rows on the server."""

import asyncio
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from node.domain.errors import Invalid, NotFound, SignInNeeded, TooManyTries
from node.domain.members import Member
from node.domain.phrases import say
from node.services.community import Community, profile_in
from node.storage.audit import AuditEntry
from node.storage.sessions import StoredSession
from node.storage.unit_of_work import UnitOfWork
from node.storage.vault import token_hash

LINK_LIFE = timedelta(hours=24)
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
TRIES, TRIES_WINDOW = 8, timedelta(minutes=15)
REMEMBERED_NAMES = 1000
WRONG = say("The name or the password is not right.")

_hasher = PasswordHasher()


@dataclass(frozen=True)
class Session:
    """A signed-in browser. `token` is the cookie's value, known only right after it was made."""

    token: str
    csrf_token: str
    member: Member
    expires_at: datetime


class FailedTries:
    """Remembers in memory how often a name was tried in vain lately. Bounded; nothing of it is stored."""

    def __init__(self) -> None:
        self._tries: OrderedDict[str, list[datetime]] = OrderedDict()

    def check(self, name: str, now: datetime) -> None:
        """Raise TooManyTries when this name was tried too often."""
        recent = [moment for moment in self._tries.get(name, []) if moment > now - TRIES_WINDOW]
        if len(recent) >= TRIES:
            raise TooManyTries(
                say("That was tried too often. Please wait a quarter of an hour, or ask for a new link.")
            )

    def add(self, name: str, now: datetime) -> None:
        """One more try in vain."""
        recent = [moment for moment in self._tries.pop(name, []) if moment > now - TRIES_WINDOW]
        self._tries[name] = [*recent, now]
        while len(self._tries) > REMEMBERED_NAMES:
            self._tries.popitem(last=False)


async def make_link(community: Community, member_id: str) -> str:
    """A full address that signs this member in once, within LINK_LIFE. Raises NotFound."""
    token = secrets.token_urlsafe(24)
    now = community.now()
    async with community.database.unit_of_work() as work:
        if await work.members.get(member_id) is None:
            raise NotFound(say("There is no such member."))
        await work.sessions.add_link(token_hash(token), member_id, now + LINK_LIFE)
    return f"{community.base_url}/sign-in/{token}"


async def peek_link(community: Community, token: str) -> str:
    """The name of the member this link signs in, without using it up. Raises NotFound."""
    async with community.database.reading() as work:
        owner = await work.sessions.link_owner(token_hash(token), community.now())
        member = None if owner is None else await work.members.get(owner)
    if member is None:
        raise _used_up()
    return member.name


async def use_link(community: Community, token: str) -> Session:
    """Sign in with a link; it works once. Raises NotFound."""
    async with community.database.unit_of_work() as work:
        owner = await work.sessions.take_link(token_hash(token), community.now())
        member = None if owner is None else await work.members.get(owner)
        if member is None:
            raise _used_up()
        return await open_session(community, work, member)


async def sign_in(community: Community, tries: FailedTries, name: str, password: str) -> Session:
    """Sign in with a password. Raises Invalid with the same sentence for a wrong name and a wrong password."""
    key = " ".join(name.split()).casefold()
    tries.check(key, community.now())
    async with community.database.reading() as work:
        member = await work.members.by_name(name)
        stored = None if member is None else await work.members.password_hash(member.id)
    is_right = await asyncio.to_thread(_is_right, stored, password[:LONGEST_PASSWORD])
    if member is None or not is_right:
        tries.add(key, community.now())
        raise Invalid({"password": WRONG}, WRONG)
    async with community.database.unit_of_work() as work:
        return await open_session(community, work, member)


async def set_password(community: Community, member_id: str, password: str) -> None:
    """Replace a member's password. Raises Invalid when it is too short or too long."""
    stored = await asyncio.to_thread(hashed, password)
    async with community.database.unit_of_work() as work:
        await set_hash_in(community, work, member_id, stored)


async def set_hash_in(community: Community, work: UnitOfWork, member_id: str, stored: str) -> None:
    """The same with what `hashed` made of the password, inside a unit of work."""
    await work.members.set_password_hash(member_id, stored)
    await work.audit.add(AuditEntry(community.now(), member_id, "set a password", member_id))


def hashed(password: str) -> str:
    """What is stored of a password. It takes its time. Raises Invalid when it is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid(
            {
                "password": say(
                    "Use at least %(fewest)s characters. Several words are easy to remember.", fewest=SHORTEST_PASSWORD
                )
            }
        )
    return _hasher.hash(password)


async def find_session(community: Community, token: str) -> Session | None:
    """The session a cookie stands for; None when it is unknown or over."""
    async with community.database.reading() as work:
        stored = await work.sessions.get(token_hash(token), community.now())
        member = None if stored is None else await work.members.get(stored.member_id)
    if stored is None or member is None:
        return None
    return Session(token, stored.csrf_token, member, stored.expires_at)


async def sign_out(community: Community, token: str) -> None:
    """End a session."""
    async with community.database.unit_of_work() as work:
        await work.sessions.remove(token_hash(token))


def must_be_signed_in(session: Session | None) -> Session:
    """The session, or SignInNeeded."""
    if session is None:
        raise SignInNeeded
    return session


async def open_session(community: Community, work: UnitOfWork, member: Member) -> Session:
    """A new session of a member; inside a unit of work."""
    token, csrf_token = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    expires_at = community.now() + timedelta(days=(await profile_in(work)).clocks.sessions)
    await work.sessions.add(StoredSession(token_hash(token), member.id, csrf_token, expires_at))
    return Session(token, csrf_token, member, expires_at)


def _used_up() -> NotFound:
    return NotFound(say("This link was used before, or its day is over. Ask a steward for a new one."))


def _is_right(stored: str | None, password: str) -> bool:
    """Whether this is the stored password. Where none is stored the answer takes just as long, and tells nothing."""
    if stored is None:
        _hasher.hash(password)
        return False
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
