"""The Digest and Content-Digest headers: a hash of the exact bytes of a body (C-69, C-74)."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from typing import Final

from federation.errors import BadSignature
from federation.structured import read_dictionary

_HASHES: Final = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}


def digest_header(body: bytes) -> str:
    """Return the value of the Digest header for `body`: `SHA-256=` and the hash in base64."""
    return "SHA-256=" + b64encode(hashlib.sha256(body).digest()).decode("ascii")


def verify_digest(header: str, body: bytes) -> None:
    """Raise BadSignature unless the Digest `header` holds exactly one SHA-256 hash and it is that of `body`.

    Hashes by other algorithms are passed over; the comparison takes the same time for every wrong hash.
    """
    parts = (part.strip().partition("=") for part in header.split(","))
    claimed = [value for name, _, value in parts if name.lower() == "sha-256"]
    if len(claimed) != 1:
        raise BadSignature("The Digest header must hold one SHA-256 hash.")
    try:
        expected = b64decode(claimed[0], validate=True)
    except ValueError:
        raise BadSignature("The Digest header must hold one SHA-256 hash.") from None
    if not hmac.compare_digest(expected, hashlib.sha256(body).digest()):
        raise BadSignature("The Digest header does not match the body.")


def content_digest(body: bytes) -> str:
    """Return the value of the Content-Digest header for `body`: its SHA-256 (RFC 9530)."""
    return f"sha-256=:{b64encode(hashlib.sha256(body).digest()).decode('ascii')}:"


def verify_content_digest(header: str, body: bytes) -> None:
    """Raise BadSignature unless the Content-Digest `header` holds SHA-256 or SHA-512, and each is that of `body`.

    Hashes by other algorithms are passed over; the comparison takes the same time for every wrong hash.
    """
    claimed = {name: value for name, (value, _) in read_dictionary(header).items() if name in _HASHES}
    if not claimed:
        raise BadSignature("The Content-Digest header must hold a SHA-256 hash.")
    for name, value in claimed.items():
        if not isinstance(value, bytes) or not hmac.compare_digest(value, _HASHES[name](body).digest()):
            raise BadSignature("The Content-Digest header does not match the body.")
