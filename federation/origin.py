"""Where a URI comes from: scheme, host and port, compared in one normal form (C-101, T-11)."""

import re
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import idna

from federation.errors import WrongOrigin

_PORTS: Final = {"https": 443, "http": 80}
_MAX_URI: Final = 2048
#: How many servers' names are kept in their normal form: finding it costs more than checking a signature.
_KNOWN_SERVERS: Final = 4096
_URI: Final = re.compile(r"""([A-Za-z][A-Za-z0-9+.-]*):(?://([^/?#\x00-\x20"<>\\\x7f]*))?[^\x00-\x20"<>\\\x7f]*""")
_PLAIN_HOST: Final = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*")


class Origin(NamedTuple):
    """The server behind a URI; `host` is in lower-case ASCII."""

    scheme: str
    host: str
    port: int

    @property
    def netloc(self) -> str:
        """The host as it stands in a Host header: with the port unless it is the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def origin(uri: str, *, allow_http: bool = False) -> Origin:
    """Return the origin of `uri`, lower-cased and IDNA-normalised.

    Raises WrongOrigin for anything that is not a plain https URI (http too where `allow_http`): one with a user name,
    a trailing dot after the host, spaces or backslashes, no host, a port that is none (C-101, C-151).
    """
    found = _URI.fullmatch(uri) if len(uri) <= _MAX_URI else None
    if found is None:
        raise WrongOrigin("This is not an address between servers.")
    scheme = found[1].lower()
    if scheme not in (_PORTS if allow_http else ("https",)):
        raise WrongOrigin("Only https addresses are used between servers.")
    return _origin_of(scheme, found[2] or "")


def is_of(uri: str, home: Origin, *, allow_http: bool = False) -> bool:
    """Tell whether `uri` is of this origin; one that has no proper origin is of nobody's."""
    try:
        return origin(uri, allow_http=allow_http) == home
    except WrongOrigin:
        return False


def same_origin(first: str, second: str, *, allow_http: bool = False) -> bool:
    """Tell whether both URIs are of one origin; one that has no proper origin is of nobody's."""
    try:
        return is_of(first, origin(second, allow_http=allow_http), allow_http=allow_http)
    except WrongOrigin:
        return False


def ascii_host(host: str) -> str:
    """Return `host` in lower-case ASCII (IDNA 2008 with UTS 46 mapping); WrongOrigin when it is no host name."""
    if ":" in host:
        return host.lower()
    if not host or host.endswith(".") or len(host) > 253 or any(character in host for character in "/?#@[]%"):
        raise WrongOrigin("This is not a host name.")
    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        return _plain_host(host)


@lru_cache(_KNOWN_SERVERS)
def _origin_of(scheme: str, netloc: str) -> Origin:
    try:
        parts = urlsplit(f"{scheme}://{netloc}")
        port = parts.port
    except ValueError:
        raise WrongOrigin("This is not an address between servers.") from None
    if not parts.hostname or "@" in netloc or port == 0:
        raise WrongOrigin("An address between servers names a host and no user.")
    return Origin(scheme, ascii_host(parts.hostname), port or _PORTS[scheme])


def _plain_host(host: str) -> str:
    # Names with an underscore exist although IDNA refuses them; only plain ASCII may pass this way.
    if not _PLAIN_HOST.fullmatch(host):
        raise WrongOrigin("This is not a host name.")
    return host.lower()
