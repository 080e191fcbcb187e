"""draft-cavage-http-signatures-12, the signature that every fediverse server understands (C-65 to C-73).

Sending uses the one form that all known servers accept: `(request-target) host date digest content-type` for a POST,
`(request-target) host date` for a GET, no `created`, no space after a comma. Reading is liberal in form and strict
in what must be signed.
"""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from federation.digest import digest_header, verify_digest
from federation.errors import BadSignature
from federation.keys import PrivateKey, PublicKey
from federation.messages import MAX_FUTURE, MAX_PAST, SYNCHRONIZATION, Request

_MAX_HEADER: Final = 8192
_MAX_NAMES: Final = 32
_PARAMETER: Final = re.compile(r'\s*([A-Za-z]{1,32})=(?:"([^"\\]*)"|(\d{1,12}(?:\.\d{1,9})?))\s*(?:,|$)')
_ALGORITHMS: Final = {"rsa": ("rsa-sha256", "hs2019"), "ed25519": ("ed25519", "hs2019")}
_BODILESS: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Signature:
    """What a Signature header says; nothing of it is proven yet."""

    key_id: str
    algorithm: str
    names: tuple[str, ...]
    value: bytes
    created: str | None = None
    expires: str | None = None


def parse_signature(header: str) -> Signature:
    """Read a Signature header; BadSignature when it is not in the form of the draft (C-65).

    Parameters may stand in any order, with or without spaces after commas; unknown ones are passed over.
    """
    parameters = _parameters(header)
    if not all(parameters.get(name) for name in ("keyId", "headers", "signature")):
        raise BadSignature("The Signature header must name keyId, headers and signature.")
    names = tuple(parameters["headers"].lower().split())
    if not names or len(names) > _MAX_NAMES:
        raise BadSignature("The Signature header must say which headers it covers.")
    try:
        value = b64decode(parameters["signature"], validate=True)
    except ValueError:
        raise BadSignature("The Signature header could not be read.") from None
    algorithm = parameters.get("algorithm", "hs2019").lower()
    created, expires = parameters.get("created"), parameters.get("expires")
    return Signature(parameters["keyId"], algorithm, names, value, created, expires)


def signing_string(request: Request, signature: Signature, *, with_query: bool = True) -> bytes:
    """Return the bytes that were signed; BadSignature when a header it names is not there (C-72)."""
    lines = [f"{name}: {_value(request, signature, name, with_query)}" for name in signature.names]
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def check_parts(request: Request, signature: Signature) -> None:
    """Raise BadSignature unless everything that must be signed is signed, and the body is (C-66, C-67, C-69, C-73)."""
    names = set(signature.names)
    if not {"(request-target)", "host"} <= names or not names & {"date", "(created)"}:
        raise BadSignature("The signature must cover (request-target), host and date.")
    if names & {"(created)", "(expires)"} and signature.algorithm.startswith("rsa"):
        raise BadSignature("A signature by rsa-sha256 cannot cover (created) or (expires).")
    if request.method.upper() not in _BODILESS or request.body or "digest" in names:
        if "digest" not in names or "digest" not in request.headers:
            raise BadSignature("The signature must cover the digest of the body.")
        verify_digest(request.headers["digest"], request.body)


def check_time(request: Request, signature: Signature, now: datetime) -> None:
    """Raise BadSignature unless the signed date is at most 65 minutes old and 60 minutes ahead (C-70)."""
    times = []
    try:
        if "date" in signature.names:
            times.append(_http_date(request.headers.get("date", "")))
        if "(created)" in signature.names and signature.created is not None:
            times.append(datetime.fromtimestamp(float(signature.created), UTC))
        expires = now if signature.expires is None else datetime.fromtimestamp(float(signature.expires), UTC)
    except (ValueError, OverflowError, OSError):
        raise BadSignature("The date of the signature could not be read.") from None
    if expires < now or not times or any(not now - MAX_PAST <= time <= now + MAX_FUTURE for time in times):
        raise BadSignature("The date of the signature is too far from now.")


def is_signed_by(key: PublicKey, request: Request, signature: Signature) -> bool:
    """Tell whether `key` made `signature`: over the target with its query, else without it (C-65, C-72)."""
    if signature.algorithm not in _ALGORITHMS[key.kind]:
        return False
    if key.verify(signature.value, signing_string(request, signature)):
        return True
    if "?" not in request.target:
        return False
    return key.verify(signature.value, signing_string(request, signature, with_query=False))


def sign_headers(request: Request, key: PrivateKey, now: datetime) -> dict[str, str]:
    """Return the headers, with lower-case names, that make `request` a signed one (protocol.md 2.12).

    They are `host`, `date` and `signature`; for a request with a body also `digest`, and its own `content-type`
    is signed with them, as is `collection-synchronization` where there is one (FEP-8fcf). `request.url` and
    `request.body` must be exactly what is sent (C-50).
    """
    headers = {"host": _host(request.url), "date": format_datetime(now.astimezone(UTC), usegmt=True)}
    names = ["(request-target)", "host", "date"]
    if request.method.upper() not in _BODILESS:
        headers |= {"digest": digest_header(request.body), "content-type": request.headers["content-type"]}
        names += ["digest", "content-type"]
    if SYNCHRONIZATION in request.headers:
        headers[SYNCHRONIZATION] = request.headers[SYNCHRONIZATION]
        names.append(SYNCHRONIZATION)
    algorithm = "rsa-sha256" if key.kind == "rsa" else "hs2019"
    unsigned = Signature(key.id, algorithm, tuple(names), b"")
    value = key.sign(signing_string(Request(request.method, request.url, headers), unsigned))
    parameters = {"keyId": key.id, "algorithm": algorithm, "headers": " ".join(names)}
    parameters["signature"] = b64encode(value).decode("ascii")
    return headers | {"signature": ",".join(f'{name}="{text}"' for name, text in parameters.items())}


def _host(url: str) -> str:
    parts = urlsplit(url)
    return parts.netloc.removesuffix({"https": ":443", "http": ":80"}.get(parts.scheme, ""))


def _parameters(header: str) -> dict[str, str]:
    parameters: dict[str, str] = {}
    position = 0
    while position < len(header) <= _MAX_HEADER:
        match = _PARAMETER.match(header, position)
        if match is None:
            break
        name, quoted, number = match.groups()
        if name in parameters:
            break
        parameters[name] = number if quoted is None else quoted
        position = match.end()
    if position < len(header):
        raise BadSignature("The Signature header could not be read.")
    return parameters


def _value(request: Request, signature: Signature, name: str, with_query: bool) -> str:
    if name == "(request-target)":
        target = request.target if with_query else request.target.partition("?")[0]
        return f"{request.method.lower()} {target}"
    if name in ("(created)", "(expires)"):
        seconds = signature.created if name == "(created)" else signature.expires
        if seconds is None:
            raise BadSignature(f"The signature covers {name} without saying it.")
        return seconds
    if name not in request.headers:
        raise BadSignature(f"The signature covers a header that was not sent: {name[:40]}.")
    return request.headers[name].strip()


@lru_cache(64)
def _http_date(text: str) -> datetime:
    date = parsedate_to_datetime(text)
    return date if date.tzinfo else date.replace(tzinfo=UTC)
