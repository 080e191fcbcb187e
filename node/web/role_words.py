"""How roles are said: their names, and what each means for whoever has it."""

from collections.abc import Iterable

from node.domain.members import Role
from node.web.words import _

_NAMES = {
    Role.STEWARD: _("Steward"),
    Role.DISPATCHER: _("Dispatcher"),
    Role.HELPER: _("Helper"),
    Role.MEMBER: _("Member"),
    Role.GATEWAY: _("A device that sends text messages"),
}

#: What each may do, beside what every member may.
MEANS = {
    Role.STEWARD: _(
        "Decides with the other stewards how we work: who is a member, whom we are linked with, how long things "
        "are kept. May do all that dispatchers do, and make others stewards or end that, for you too."
    ),
    Role.DISPATCHER: _("Reads what people ask for and offer, speaks with them, and brings them together."),
    Role.HELPER: _("Reads the board, takes on what they can do, and hands it back when they cannot."),
    Role.MEMBER: _("Reads announcements, places worth knowing, and what neighbouring communities share."),
}


def role_name(role: Role) -> str:
    """One role, alone or at the beginning of a line."""
    return _NAMES[role]


def role_names(roles: Iterable[Role]) -> list[str]:
    """Somebody's roles, what reaches furthest first."""
    has = set(roles)
    return [name for role, name in _NAMES.items() if role in has]


FILTERS = {"role_name": role_name, "role_names": role_names}
