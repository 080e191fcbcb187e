"""Setting a community up: its name, its three actors' keys. Done once."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from federation.keys import generate_ed25519, generate_rsa
from node.domain.addresses import Addresses
from node.domain.errors import Conflict, Invalid
from node.domain.ids import random_id
from node.domain.members import Member, Role
from node.domain.peers import OwnActor
from node.storage.audit import AuditEntry
from node.storage.community import Profile
from node.storage.database import Database
from node.storage.keys import StoredKey

FIRST_STEWARD = "Steward"


@dataclass(frozen=True)
class Naming:
    """What a new community is told at first: its name, and the time zone its people live in (an IANA name)."""

    name: str
    timezone: str = "UTC"


@dataclass(frozen=True)
class Founded:
    """A community just set up, with its first steward."""

    profile: Profile
    steward: Member


async def found(database: Database, addresses: Addresses, naming: Naming, now: datetime) -> Founded:
    """Store the profile, keys and first steward of a new community, all or nothing.

    Raises Invalid for a name that cannot be, Conflict when there is one already.
    """
    tidy = " ".join(naming.name.split())
    if not tidy or len(tidy) > 80:
        raise Invalid({"name": "Write the community's name, in at most 80 characters."})
    made = Profile(tidy, username_from(tidy), ("en",), "", (), now, timezone=naming.timezone)
    steward = Member(random_id(), FIRST_STEWARD, frozenset({Role.STEWARD, Role.DISPATCHER}), now)
    keys = [key for own in OwnActor for key in new_keys(addresses, own, now)]
    async with database.unit_of_work() as work:
        if await work.community.get() is not None:
            raise Conflict("There is a community here already.")
        await work.community.put(made)
        await work.members.add(steward)
        for key in keys:
            await work.keys.add(key)
        await work.audit.add(AuditEntry(now, None, "set the community up", "community"))
    return Founded(made, steward)


def username_from(name: str) -> str:
    """A name for `@name@host` from the community's name: ASCII letters, digits and `_`; it never changes later."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = "_".join(re.findall(r"[a-z0-9]+", ascii_name.lower()))[:40].strip("_")
    return slug or "community"


def new_keys(addresses: Addresses, own: OwnActor, now: datetime) -> tuple[StoredKey, StoredKey]:
    """The first keys of one of our actors at an address. It takes a while."""
    rsa, ed25519 = generate_rsa(addresses.rsa_key(own)), generate_ed25519(addresses.ed25519_key(own))
    return (
        StoredKey(rsa.id, own, "rsa", rsa.private_pem(), now),
        StoredKey(ed25519.id, own, "ed25519", ed25519.private_pem(), now),
    )
