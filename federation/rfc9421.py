"""RFC 9421, HTTP Message Signatures, as servers use it between each other (C-74, C-75).

Sending covers exactly `@method`, `@target-uri` and, where there is a body, `content-digest`; and the header of FEP-8fcf
on the few requests that carry it. Reading is strict: one signature, nothing but whole headers and the parts of a
request, and nothing left out that says what is asked of whom.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from federation.digest import content_digest, verify_content_digest
from federation.errors import BadSignature
from federation.keys import PrivateKey, PublicKey
from federation.messages import MAX_FUTURE, MAX_PAST, SYNCHRONIZATION, Request
from federation.structured import Member, read_dictionary, write_member

LABEL: Final = "sig1"
_MAX_NAMES: Final = 32
_ALGORITHMS: Final = {"rsa": "rsa-v1_5-sha256", "ed25519": "ed25519"}
_PARAMETERS: Final = {"alg": str, "created": int, "expires": int, "keyid": str, "nonce": str, "tag": str}
_DERIVED: Final = frozenset({"@method", "@target-uri", "@authority", "@scheme", "@request-target", "@path", "@query"})
_WHOLE_TARGET: Final = frozenset({"@authority", "@path", "@query"})
_BODILESS: Final = frozenset({"GET", "HEAD"})
_PORTS: Final = {"https": ":443", "http": ":80"}


@dataclass(frozen=True)
class Signature:
    """What Signature-Input and Signature say; nothing of it is proven yet.

    `names` are the covered parts, `parameters` the list of them with what is said about the signature, as it is signed.
    """

    key_id: str
    algorithm: str | None
    names: tuple[str, ...]
    value: bytes
    created: int
    expires: int | None
    parameters: str


def parse_signature(headers: Mapping[str, str]) -> Signature:
    """Read the two headers; BadSignature unless they hold exactly one signature in the form of the RFC (C-74)."""
    inputs = read_dictionary(headers.get("signature-input", ""))
    values = read_dictionary(headers.get("signature", ""))
    if len(inputs) != 1 or inputs.keys() != values.keys():
        raise BadSignature("The request must carry exactly one signature.")
    (said,), ((value, _),) = inputs.values(), values.values()
    if not isinstance(value, bytes):
        raise BadSignature("The Signature header could not be read.")
    parameters = _parameters(said)
    return Signature(
        key_id=parameters["keyid"],
        algorithm=parameters.get("alg"),
        names=_names(said),
        value=value,
        created=parameters["created"],
        expires=parameters.get("expires"),
        parameters=write_member(said),
    )


def signature_base(request: Request, signature: Signature) -> bytes:
    """Return the bytes that were signed; BadSignature when a header it names is not there (RFC 9421 section 2.5)."""
    lines = [f'"{name}": {_value(request, name)}' for name in signature.names]
    lines.append(f'"@signature-params": {signature.parameters}')
    try:
        return "\n".join(lines).encode("ascii")
    except UnicodeEncodeError:
        raise BadSignature("The signature covers a header that is not plain ASCII.") from None


def check_parts(request: Request, signature: Signature) -> None:
    """Raise BadSignature unless the method, the whole target and the body are signed, and the body is (C-74)."""
    names = set(signature.names)
    if "@method" not in names or not ("@target-uri" in names or names >= _WHOLE_TARGET):
        raise BadSignature("The signature must cover @method and @target-uri.")
    if request.method.upper() not in _BODILESS or request.body or "content-digest" in names:
        if "content-digest" not in names or "content-digest" not in request.headers:
            raise BadSignature("The signature must cover the content-digest of the body.")
        verify_content_digest(request.headers["content-digest"], request.body)


def check_time(signature: Signature, now: datetime) -> None:
    """Raise BadSignature unless made at most 65 minutes ago and 60 minutes ahead, and not expired (C-70)."""
    made, seconds = signature.created, now.timestamp()
    if not seconds - MAX_PAST.total_seconds() <= made <= seconds + MAX_FUTURE.total_seconds():
        raise BadSignature("The date of the signature is too far from now.")
    if signature.expires is not None and signature.expires < seconds:
        raise BadSignature("The signature has expired.")


def is_signed_by(key: PublicKey, request: Request, signature: Signature) -> bool:
    """Tell whether `key` made `signature`; an algorithm it names must be the key's own (C-74)."""
    if signature.algorithm not in (None, _ALGORITHMS[key.kind]):
        return False
    return key.verify(signature.value, signature_base(request, signature))


def sign_headers(request: Request, key: PrivateKey, now: datetime) -> dict[str, str]:
    """Return the headers, with lower-case names, that make `request` a signed one (protocol.md 2.12).

    They are `signature-input`, `signature` and, for a request with a body, `content-digest`. `request.url` and
    `request.body` must be exactly what is sent (C-50).
    """
    headers, names = dict[str, str](), ["@method", "@target-uri"]
    if request.method.upper() not in _BODILESS:
        headers["content-digest"] = content_digest(request.body)
        names.append("content-digest")
    if SYNCHRONIZATION in request.headers:
        headers[SYNCHRONIZATION] = request.headers[SYNCHRONIZATION]
        names.append(SYNCHRONIZATION)
    created = int(now.astimezone(UTC).timestamp())
    parameters = _said(tuple(names), created, key.id)
    unsigned = Signature(key.id, None, tuple(names), b"", created, None, parameters)
    value = key.sign(signature_base(Request(request.method, request.url, headers), unsigned))
    headers["signature-input"] = f"{LABEL}={parameters}"
    headers["signature"] = f"{LABEL}=:{b64encode(value).decode('ascii')}:"
    return headers


@lru_cache(maxsize=64)
def _said(names: tuple[str, ...], created: int, key_id: str) -> str:
    """What is said about a signature, the same for everything that one key signs in one second."""
    covered: list[Member] = [(name, {}) for name in names]
    return write_member((covered, {"created": created, "keyid": key_id}))


def _parameters(said: Member) -> dict[str, Any]:
    parameters = said[1]
    if not all(type(value) is _PARAMETERS.get(name) for name, value in parameters.items()):
        raise BadSignature("The Signature-Input header says something that is not understood here.")
    if not parameters.get("keyid") or "created" not in parameters:
        raise BadSignature("The Signature-Input header must say keyid and created.")
    if parameters.get("alg", "ed25519") not in _ALGORITHMS.values():
        raise BadSignature("Sign the request with rsa-v1_5-sha256 or ed25519.")
    return parameters


def _names(said: Member) -> tuple[str, ...]:
    covered = said[0]
    if not isinstance(covered, list) or len(covered) > _MAX_NAMES:
        raise BadSignature("The Signature-Input header must say what the signature covers.")
    # A part with parameters is less than a header, or of another message; nobody needs one between servers.
    if not all(type(name) is str and name == name.lower() and not parameters for name, parameters in covered):
        raise BadSignature("The signature covers something that is not understood here.")
    names = tuple(name for name, _ in covered)
    if len(set(names)) != len(names) or any(name.startswith("@") and name not in _DERIVED for name in names):
        raise BadSignature("The signature covers something that is not understood here.")
    return names


def _value(request: Request, name: str) -> str:
    if name.startswith("@"):
        return _derived(request, name)
    if name not in request.headers:
        raise BadSignature(f"The signature covers a header that was not sent: {name[:40]}.")
    value = request.headers[name].strip()
    if "\n" in value or "\r" in value:
        raise BadSignature("The signature covers a header of several lines.")
    return value


def _derived(request: Request, name: str) -> str:
    try:
        parts = urlsplit(request.url)
    except ValueError:
        raise BadSignature("The request was not made to a proper address.") from None
    match name:
        case "@method":
            return request.method
        case "@target-uri":
            return f"{parts.scheme}://{_authority(parts)}{request.target}"
        case "@authority":
            return _authority(parts)
        case "@scheme":
            return parts.scheme
        case "@request-target":
            return request.target
        case "@path":
            return request.target.partition("?")[0]
        case _:
            return f"?{request.target.partition('?')[2]}"


def _authority(parts: SplitResult) -> str:
    return parts.netloc.lower().removesuffix(_PORTS.get(parts.scheme, ""))
