"""Members and what each role may do."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from unicodedata import category, normalize

from node.domain.errors import Conflict, Invalid, NotAllowed
from node.domain.phrases import say

#: Signs without a shape that some scripts need between two letters.
_JOINERS = "\u200c\u200d"


class Role(StrEnum):
    """One person may hold several. GATEWAY is no person: a device that sends text messages for the community."""

    STEWARD = "steward"
    DISPATCHER = "dispatcher"
    HELPER = "helper"
    MEMBER = "member"
    GATEWAY = "gateway"


@dataclass(frozen=True)
class Member:
    """Somebody with a way to sign in. `language` is the one they chose to read in, if they did."""

    id: str
    name: str
    roles: frozenset[Role]
    created_at: datetime
    has_password: bool = False
    language: str = ""

    @property
    def is_dispatcher(self) -> bool:
        """May see the queue, share, and agree. Stewards may too."""
        return bool(self.roles & {Role.DISPATCHER, Role.STEWARD})

    @property
    def is_helper(self) -> bool:
        """May read the board and take needs on. Dispatchers and stewards may too."""
        return self.is_dispatcher or Role.HELPER in self.roles

    @property
    def is_steward(self) -> bool:
        """May link with peers and change how the community works."""
        return Role.STEWARD in self.roles


def check_name(name: str) -> str:
    """Return the trimmed name, without signs that have no shape, or raise Invalid."""
    trimmed = " ".join("".join(sign for sign in name if sign in _JOINERS or not _is_shapeless(sign)).split())
    if not trimmed or len(trimmed) > 80:
        raise Invalid({"name": say("Write what to call you, in at most 80 characters.")})
    return trimmed


def look_of(name: str) -> str:
    """What the eye sees of a name, whatever its capitals: two that look alike are one to whoever reads them."""
    return "".join(sign for sign in normalize("NFKC", name) if not _is_shapeless(sign)).casefold()


def _is_shapeless(sign: str) -> bool:
    """Direction marks, spaces without width and the like."""
    return category(sign) == "Cf"


def with_roles(member: Member, roles: Iterable[Role]) -> Member:
    """The member with these roles in place of theirs; without any, a member and nothing else."""
    return replace(member, roles=frozenset(roles) or frozenset({Role.MEMBER}))


def must_not_be_the_last(steward: Member, everybody: Iterable[Member]) -> None:
    """Raise Conflict where this is the only steward: the community would have none."""
    if steward.is_steward and not any(one.is_steward for one in everybody if one.id != steward.id):
        raise Conflict(
            say("Without %(name)s there would be no steward. Make somebody else a steward first.", name=steward.name)
        )


def must_be_helper(member: Member) -> None:
    """Raise NotAllowed unless the member is a helper, a dispatcher or a steward."""
    if not member.is_helper:
        raise NotAllowed(say("Only a helper can do this."))


def must_be_dispatcher(member: Member) -> None:
    """Raise NotAllowed unless the member is a dispatcher or a steward."""
    if not member.is_dispatcher:
        raise NotAllowed(say("Only a dispatcher can do this."))


def must_be_steward(member: Member) -> None:
    """Raise NotAllowed unless the member is a steward."""
    if not member.is_steward:
        raise NotAllowed(say("Only a steward can do this."))


def must_be_steward_or_command_line(by: Member | None) -> None:
    """Raise NotAllowed unless this is a steward, or None: whoever types commands on the machine may do it.

    Only for what a signed-in member or a command hands on; a page's guest is None too, and never comes here.
    """
    if by is not None:
        must_be_steward(by)


def must_be_gateway(member: Member) -> None:
    """Raise NotAllowed unless the member is a device that sends text messages."""
    if Role.GATEWAY not in member.roles:
        raise NotAllowed(say("Only a device that sends text messages can do this."))
