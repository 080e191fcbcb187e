"""What a request finds: the community it is made to, the journal it may be written into, and where it comes from."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address

from aiohttp import web

from node.services.community import Community
from node.storage.journal_writer import JournalWriter

COMMUNITY = web.AppKey("community", Community)
JOURNAL = web.AppKey("journal", JournalWriter)
#: Set on a request to the address that was left.
HOME = web.RequestKey("home", Community)


def community_of(request: web.Request) -> Community:
    """The community this request is made to, under the address that it is made to."""
    home = request.get(HOME)
    return home if home is not None else request.app[COMMUNITY]


def client_address(request: web.Request) -> str:
    """The address the request comes from; forwarded addresses count only as far as configured proxies wrote them."""
    trusted = community_of(request).settings.trusted_proxies
    address = request.remote or ""
    if not _is_trusted(address, trusted):
        return address
    hops = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    while hops and _is_trusted(address, trusted):
        hop = hops.pop().strip()
        if not _is_address(hop):
            break
        address = hop
    return address


@lru_cache(1024)
def _is_trusted(address: str, trusted: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
