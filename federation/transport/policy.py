"""Which addresses this node may ask at all (T-11, T-14, T-17)."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from yarl import URL

from federation.errors import ForbiddenAddress
from federation.transport.networks import Address, Network, is_public, parse_address, unwrap

_MAX_URL: Final = 2048
#: The inboxes of as many servers as a node writes to again and again.
_KNOWN_URLS: Final = 2048
_WRITTEN: Final = re.compile(r'[^\x00-\x20"<>\\\x7f-\U0010ffff]+')
_HOST: Final = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_NUMBER: Final = re.compile(r"0x[0-9a-f]*|[0-9]+")
_PRIVATE_NAMES: Final = (".onion", ".i2p", ".local", ".internal", ".localhost", ".home.arpa", ".lan")


@dataclass(frozen=True)
class NetworkPolicy:
    """Where requests may go.

    `own_hosts` are this node's names as in a Host header; it never asks itself. `peer_networks` are reached although
    they are not public, over https and by name. `ports` are those allowed beside the usual one. With `dev_loopback`,
    for trying things out, http, any port and address literals are allowed, and nothing but this machine (and
    `peer_networks`) can be reached.
    """

    own_hosts: frozenset[str] = frozenset()
    dev_loopback: bool = False
    peer_networks: tuple[Network, ...] = ()
    ports: frozenset[int] = frozenset({443})

    def allows(self, address: Address) -> bool:
        """Tell whether a connection to `address` may be made."""
        address = unwrap(address)
        if any(address.version == network.version and address in network for network in self.peer_networks):
            return True
        return address.is_loopback if self.dev_loopback else is_public(address)


@lru_cache(_KNOWN_URLS)
def check_url(url: str, policy: NetworkPolicy) -> URL:
    """Return `url` ready to be asked, its path and query untouched; ForbiddenAddress when it may not be.

    Refused are: other schemes than https, user names, other ports, IP addresses in any notation, this node itself,
    names with a trailing dot, names of private networks, and characters that do not belong into a URL.
    """
    if len(url) > _MAX_URL or not _WRITTEN.fullmatch(url):
        raise ForbiddenAddress("This is not an address between servers.")
    try:
        parsed = URL(url, encoded=True)
        host, port = (parsed.raw_host or "").lower(), parsed.port
    except ValueError:
        raise ForbiddenAddress("This is not an address between servers.") from None
    if parsed.scheme not in (("https", "http") if policy.dev_loopback else ("https",)):
        raise ForbiddenAddress("Only https addresses are used between servers.")
    if "@" in parsed.raw_authority or not parsed.raw_authority or port is None:
        raise ForbiddenAddress("An address between servers names a host and no user.")
    if not policy.dev_loopback and port != 443 and port not in policy.ports:
        raise ForbiddenAddress("Servers are only asked on the usual port.")
    _check_host(host, policy)
    if parsed.raw_authority.lower() in policy.own_hosts or host in policy.own_hosts:
        raise ForbiddenAddress("This is an address of this very server.")
    return parsed


def _check_host(host: str, policy: NetworkPolicy) -> None:
    literal = parse_address(host)
    if literal is not None:
        if not policy.dev_loopback or not unwrap(literal).is_loopback:
            raise ForbiddenAddress("Servers are addressed by name, not by number.")
        return
    if len(host) > 253 or not _HOST.fullmatch(host) or _NUMBER.fullmatch(host.rpartition(".")[2]):
        raise ForbiddenAddress("This is not the name of a server.")
    is_private = "." not in host or host.endswith(_PRIVATE_NAMES)
    if is_private and not (policy.dev_loopback or policy.peer_networks):
        raise ForbiddenAddress("This name is not on the public Internet.")
