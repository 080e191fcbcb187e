"""The Digest header: a hash of the exact bytes of a body (C-69)."""

import hashlib
import hmac
from base64 import b64decode, b64encode

from federation.errors import BadSignature


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
