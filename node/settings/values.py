"""What one setting may say: each of these takes it as it was written and gives it back checked. Raises ValueError."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this machine."""
    bare = host.strip("[]").lower()
    if bare == "localhost" or bare.endswith(".localhost"):
        return True
    try:
        return ip_address(bare).is_loopback
    except ValueError:
        return False


def as_base_url(value: str) -> str:
    """A public address: scheme and host, in one form."""
    parts = urlsplit(value.strip())
    host = (parts.hostname or "").lower()
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError("must be a full address such as https://hands.example.org")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        raise ValueError("must be only https:// and a host, without a path or anything after it")
    if not host.isascii() or host.endswith("."):
        raise ValueError("must name its host in plain letters (the xn-- form), without a dot at the end")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError("must start with https:// unless the host is this machine (localhost)")
    shown = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in {None, usual} else f":{parts.port}"
    return f"{parts.scheme}://{shown}{port}"


def as_database_url(value: str) -> str:
    """Where a database is."""
    if not re.match(r"sqlite\+aiosqlite:///.|postgresql\+asyncpg://.", value):
        raise ValueError("must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
    return value


def as_bind(value: str) -> str:
    """An address and a port to listen on."""
    host, colon, port = value.strip().rpartition(":")
    if not colon or not host.strip("[]") or not port.isdecimal() or int(port) > 65535:
        raise ValueError("must be an address and a port such as 127.0.0.1:8440")
    return f"{host}:{int(port)}"


def as_optional_bind(value: str) -> str:
    """An address and a port, or nothing for `off`."""
    return "" if value.strip().lower() in {"", "off"} else as_bind(value)


def as_off(value: str) -> str:
    """The text; nothing for `off`."""
    return "" if value.strip().lower() == "off" else value.strip()


def as_smtp_url(value: str) -> str:
    """Where the mail server is; nothing for `off`."""
    url = as_off(value)
    parts = urlsplit(url)
    if url and (parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/") or parts.query):
        raise ValueError("must be such as smtps://account:password@mail.example.org")
    return url


def as_mail_from(value: str) -> str:
    """The address that mail is from; nothing for `off`."""
    address = as_off(value)
    if address and not re.fullmatch(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+", address):
        raise ValueError("must be an e-mail address such as hands@example.org")
    return address


def as_timezone(value: str) -> str:
    """The IANA name of a time zone that this machine knows; nothing for `off`."""
    name = as_off(value)
    try:
        return ZoneInfo(name).key if name else ""
    except (KeyError, ValueError, OSError):
        raise ValueError("must be a time zone that this machine knows, such as Europe/London") from None


def as_several(value: Any) -> Any:
    """What was written in one line as a list."""
    return value.replace(",", " ").split() if isinstance(value, str) else value


def as_lower(value: Any) -> Any:
    """A word in small letters."""
    if isinstance(value, bool):  # TOML has no other word for it than true and false
        return "on" if value else "off"
    return value.strip().lower() if isinstance(value, str) else value


def as_recipients(value: tuple[str, ...]) -> tuple[str, ...]:
    """Public keys of age, as `manyhands backup new-key` and `age-keygen` print them."""
    if not all(re.fullmatch(r"age1[a-z0-9]{58}", one) for one in value):
        raise ValueError("must be public keys that begin with age1; make one with: manyhands backup new-key FILE")
    return value


Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(as_several)]
Folder = Annotated[Path, AfterValidator(Path.absolute)]
Recipients = Annotated[
    tuple[str, ...], BeforeValidator(as_several), AfterValidator(as_recipients), Field(max_length=20)
]
