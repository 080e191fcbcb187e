"""Seal the node: the master key is taken away, nobody is signed in, nothing is shared, until the passphrase is given.

That there is no master key in plain is what being sealed means. So it holds through a restart, and needs nothing but a
rename at the moment it matters.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

from node.domain.errors import Conflict
from node.domain.members import Member, must_be_steward
from node.domain.phrases import say
from node.domain.sealing import ASKED_FOR, check_passphrase, is_asked, may_seal, tidy
from node.services.community import Community, profile_in
from node.settings import Settings
from node.storage import master_key
from node.storage.audit import AuditEntry
from node.storage.database import Database
from node.storage.sealing import StoredSealing

__all__ = [
    "ASKED_FOR",
    "Standing",
    "choose_passphrase",
    "follow",
    "require_two",
    "seal",
    "standing",
    "take_back",
    "unseal",
]


@dataclass(frozen=True)
class Standing:
    """What a steward sees before sealing. `asked_by` is the name of who waits for a second steward."""

    has_passphrase: bool
    needs_two: bool
    asked_by: str | None = None
    asked_at: datetime | None = None
    is_mine: bool = False


async def standing(community: Community, by: Member) -> Standing:
    """Where it stands. For stewards. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.reading() as work:
        stored, profile = await work.sealing.get(), await profile_in(work)
        names = await work.members.names([stored.asked_by] if stored.asked_by else [])
    ready = master_key.has_passphrase(community.settings.data_dir)
    if stored.asked_by is None or not is_asked(stored.asked_at, community.now()):
        return Standing(ready, profile.seal_needs_two)
    name, is_mine = names.get(stored.asked_by, ""), stored.asked_by == by.id
    return Standing(ready, profile.seal_needs_two, name, stored.asked_at, is_mine)


async def choose_passphrase(community: Community, typed: str, again: str, by: Member | None) -> None:
    """Choose what will open the node again. A steward may choose it once; the command line (`by` None) may change it.

    Raises Invalid, Conflict, NotAllowed.
    """
    if by is not None:
        must_be_steward(by)
        if master_key.has_passphrase(community.settings.data_dir):
            raise Conflict(
                "A passphrase was chosen before. It can only be changed on the server: manyhands seal --prepare"
            )
    passphrase = check_passphrase(typed, again)
    await asyncio.to_thread(master_key.choose_passphrase, community.settings.data_dir, passphrase)
    async with community.database.unit_of_work() as work:
        entry = AuditEntry(community.now(), by.id if by else None, "chose the passphrase for sealing", "community")
        await work.audit.add(entry)


async def require_two(community: Community, needs_two: bool, by: Member | None) -> None:
    """Whether sealing takes two stewards. A steward may ask for it; only the command line (`by` None) ends it.

    Raises Conflict, NotAllowed.
    """
    if by is not None:
        must_be_steward(by)
        if not needs_two:
            raise Conflict("One steward alone cannot end this. On the server: manyhands seal --stewards 1")
    action = "sealing takes two stewards" if needs_two else "sealing takes one steward"
    async with community.database.unit_of_work() as work:
        await work.community.put(replace(await profile_in(work), seal_needs_two=needs_two))
        await work.audit.add(AuditEntry(community.now(), by.id if by else None, action, "community"))


async def seal(community: Community, by: Member | None) -> bool:
    """Seal the node now, and return True; or note that this steward asks for it and a second one is needed: False.

    The command line (`by` None) needs nobody else. Raises Conflict before a passphrase was chosen, NotAllowed, OSError.
    """
    if not master_key.has_passphrase(community.settings.data_dir):
        raise Conflict(say("Choose a passphrase first: it is what opens the community again."))
    if by is not None and not await _is_agreed(community, by):
        return False
    await asyncio.to_thread(master_key.take_away, community.settings.data_dir)
    community.database.vault.forget()
    now = community.now()
    async with community.database.unit_of_work() as work:
        await work.sessions.end_all()
        await work.invitations.end_all()
        await work.sealing.put(StoredSealing(sealed_at=now))
        await work.audit.add(AuditEntry(now, by.id if by else None, "sealed the node", "community"))
    return True


async def take_back(community: Community, by: Member) -> None:
    """A steward's question to seal the node is void. Any steward may say so. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        await work.sealing.put(StoredSealing())
        await work.audit.add(AuditEntry(community.now(), by.id, "the node need not be sealed", "community"))


async def follow(community: Community) -> bool:
    """Whether the node was sealed, here or by a process on another machine; then it is sealed on this machine, too.

    Also finishes what was interrupted. Raises OSError, and Conflict where no passphrase was chosen on this machine: its
    key is dropped from memory, but taking it away from its disk would lose it for good.
    """
    directory = community.settings.data_dir
    async with community.database.reading() as work:
        stored = await work.sealing.get()
    if stored.sealed_at is None and not master_key.is_sealed(directory):
        return False
    community.database.vault.forget()
    await asyncio.to_thread(master_key.take_away, directory)
    if not master_key.is_sealed(directory):
        missing = directory / master_key.WRAPPED_KEY_FILE
        raise Conflict(say("The community was sealed on another machine. Copy %(file)s from there.", file=missing))
    return True


async def unseal(database: Database, settings: Settings, typed: str, now: datetime) -> None:
    """Open the node again; nobody is signed in.

    The key is put back last: whatever goes wrong before, the node stays sealed. Raises Conflict where it is not sealed,
    CannotOpen for a wrong passphrase.
    """
    if not master_key.is_sealed(settings.data_dir):
        raise Conflict(say("The community is not sealed. Nothing was changed."))
    key = await asyncio.to_thread(master_key.unwrapped, settings.data_dir, tidy(typed))
    async with database.unit_of_work() as work:
        await work.sessions.end_all()
        await work.invitations.end_all()
        await work.sealing.put(StoredSealing())
        await work.audit.add(AuditEntry(now, None, "opened the node again", "community"))
    await asyncio.to_thread(master_key.take_away, settings.data_dir)
    await asyncio.to_thread(master_key.bring_back, settings.data_dir, key)


async def _is_agreed(community: Community, by: Member) -> bool:
    """Whether this steward's word is enough; else it is noted down."""
    must_be_steward(by)
    now = community.now()
    async with community.database.unit_of_work() as work:
        stored, needs_two = await work.sealing.get(), (await profile_in(work)).seal_needs_two
        if may_seal(needs_two, stored.asked_by, stored.asked_at, by.id, now):
            return True
        await work.sealing.put(StoredSealing(by.id, now))
        await work.audit.add(AuditEntry(now, by.id, "asked to seal the node", "community"))
    return False
