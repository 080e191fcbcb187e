"""Web Push: a message for one browser, encrypted for it alone, and who sends it.

Message encryption is RFC 8291 (aes128gcm of RFC 8188 in one record), the sender's word RFC 8292 (VAPID).
"""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from federation.errors import UnusableKey

POINT_BYTES: Final = 65
SECRET_BYTES: Final = 16
SALT_BYTES: Final = 16
#: How long a push service may take our word; a day at most (RFC 8292, section 2).
WORD_HOLDS: Final = timedelta(hours=12)
_CURVE: Final = SECP256R1()
#: The order of the curve's group (FIPS 186-5): private keys are the numbers from 1 to below it.
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_RECORD: Final = 4096
_LAST_RECORD: Final = b"\x02"


@dataclass(frozen=True)
class Subscription:
    """Where one browser takes messages, and with what they are encrypted for it: its point and its secret."""

    endpoint: str
    point: bytes = field(repr=False)
    secret: bytes = field(repr=False)


def read_subscription(endpoint: str, point: str, secret: str) -> Subscription:
    """A subscription as a browser tells it, keys in base64url. Raises UnusableKey."""
    found = Subscription(endpoint, from_text(point), from_text(secret))
    if len(found.point) != POINT_BYTES or len(found.secret) != SECRET_BYTES:
        raise UnusableKey
    _public(found.point)
    return found


def encrypted(
    payload: bytes, to: Subscription, once: EllipticCurvePrivateKey | None = None, salt: bytes | None = None
) -> bytes:
    """`payload` as only that browser reads it. `once` and `salt` are new each time. Raises UnusableKey."""
    once, salt = once or generate_private_key(_CURVE), salt or os.urandom(SALT_BYTES)
    ours = _point(once)
    shared = once.exchange(ECDH(), _public(to.point))
    keying = _derived(shared, to.secret, b"WebPush: info\0" + to.point + ours, 32)
    key = _derived(keying, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(keying, salt, b"Content-Encoding: nonce\0", 12)
    heading = salt + _RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return heading + AESGCM(key).encrypt(nonce, payload + _LAST_RECORD, None)


class PushKey:
    """What push services know this server by. The same 32 bytes always make the same key."""

    def __init__(self, seed: bytes) -> None:
        self._key = derive_private_key(int.from_bytes(seed, "big") % (_ORDER - 1) + 1, _CURVE)

    @property
    def public(self) -> str:
        """The public half, as browsers take it for `applicationServerKey` (base64url)."""
        return to_text(_point(self._key))

    def authorization(self, endpoint: str, contact: str, now: datetime) -> str:
        """The value of the Authorization header for a message to `endpoint` (RFC 8292, section 3)."""
        parts = urlsplit(endpoint)
        claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int((now + WORD_HOLDS).timestamp()), "sub": contact}
        said = f"{_as_text({'typ': 'JWT', 'alg': 'ES256'})}.{_as_text(claims)}"
        r, s = decode_dss_signature(self._key.sign(said.encode(), ECDSA(hashes.SHA256())))
        return f"vapid t={said}.{to_text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}, k={self.public}"


def to_text(data: bytes) -> str:
    """Base64url without padding (RFC 7515, appendix C)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_text(text: str) -> bytes:
    """Its bytes, padded or not. Raises UnusableKey."""
    try:
        return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except ValueError:
        raise UnusableKey from None


def _as_text(values: Mapping[str, object]) -> str:
    return to_text(json.dumps(values, separators=(",", ":")).encode())


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def _public(point: bytes) -> EllipticCurvePublicKey:
    try:
        return EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
    except ValueError:
        raise UnusableKey from None


def _point(key: EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
