"""A community's own ways with what is sealed: defaults that suit most, each one theirs to change."""

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from node.domain.errors import Invalid
from node.domain.phrases import say

DEFAULT_OPENINGS = 40
MOST_OPENINGS = 1000
ADDRESS_LIMIT = 500


@dataclass(frozen=True)
class Ways:
    """`openings_a_day`: how many sealed notes one member may open within 24 hours before a steward is asked.

    `names_to_owners`: whether owners read on their code page who opened their note, or only in which role.
    `exit_address`: where "Exit this page" leads; empty for an empty page of our own. `links_need_two` and
    `shares_need_two`: whether being linked with a community, and sharing with others, takes two stewards. `push`:
    whether members may be told on their devices by Web Push.
    `is_introduced`: whether the first steps are behind its stewards.
    `plain_list`: the fingerprint of the link that opens the plain list of open needs; empty where there is none.
    """

    openings_a_day: int = DEFAULT_OPENINGS
    names_to_owners: bool = False
    exit_address: str = ""
    links_need_two: bool = False
    shares_need_two: bool = False
    push: bool = False
    plain_list: str = ""
    is_introduced: bool = False


def check_ways(ways: Ways) -> Ways:
    """Return them tidied, or raise Invalid beside each field."""
    faults: dict[str, str] = {}
    address = ways.exit_address.strip()
    if not 1 <= ways.openings_a_day <= MOST_OPENINGS:
        faults["openings_a_day"] = say("Write a whole number from 1 to %(most)s.", most=MOST_OPENINGS)
    if address and not _is_plain_address(address):
        faults["exit_address"] = say("Write a full address such as https://weather.example, or leave it empty.")
    if faults:
        raise Invalid(faults)
    return replace(ways, exit_address=address)


def _is_plain_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme == "https" and bool(parts.hostname) and parts.username is None
    except ValueError:
        return False
    is_plain = address.isascii() and address.isprintable() and " " not in address
    return is_whole and is_plain and len(address) <= ADDRESS_LIMIT
