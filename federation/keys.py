"""Signing keys: RSA and Ed25519. The only room that knows the libraries for signatures (ADR 0079)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

import base58
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)
from nacl.bindings import crypto_sign_BYTES, crypto_sign_open
from nacl.exceptions import BadSignatureError

from federation.errors import UnusableKey

Kind = Literal["rsa", "ed25519"]

MIN_RSA_BITS: Final = 2048
# Verifying costs grow with the key; nobody needs more, and a stranger chooses the size.
MAX_RSA_BITS: Final = 8192
MAX_RSA_EXPONENT: Final = 2**32
MAX_PEM_CHARACTERS: Final = 8192

MAX_MULTIBASE: Final = 2049

_AS_DIGITS: Final = bytes.maketrans(base58.BITCOIN_ALPHABET, bytes(range(58)))
#: How neighbouring digits are joined, 2, 4, .. 128 at a time: width of a lane in bits, every other lane, its worth.
_LANES: Final = tuple(
    (8 * joined, int.from_bytes((bytes(joined) + b"\xff" * joined) * (64 // joined)), 58**joined)
    for joined in (1, 2, 4, 8, 16, 32, 64)
)
_ED25519_CODE: Final = b"\xed\x01"
_RSA_CODE: Final = b"\x85\x24"


@dataclass(frozen=True)
class PrivateKey:
    """A key of ours, loaded once and kept; `id` is the URI under which its public half is published."""

    id: str
    _key: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)

    @property
    def kind(self) -> Kind:
        """`rsa` or `ed25519`."""
        return "rsa" if isinstance(self._key, RSAPrivateKey) else "ed25519"

    def sign(self, data: bytes) -> bytes:
        """Return the signature of `data`: PKCS #1 v1.5 with SHA-256 for RSA, plain for Ed25519."""
        if isinstance(self._key, RSAPrivateKey):
            return self._key.sign(data, PKCS1v15(), hashes.SHA256())
        return self._key.sign(data)

    @cached_property
    def public_pem(self) -> str:
        """The public half as PEM (SubjectPublicKeyInfo), as `publicKeyPem` wants it (C-12)."""
        public = self._key.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")

    @cached_property
    def public_multibase(self) -> str:
        """The public half as `publicKeyMultibase`: base58btc over the multicodec form (C-13, FEP-521a)."""
        if isinstance(self._key, RSAPrivateKey):
            der = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)
            return write_multibase(_RSA_CODE + der)
        return write_multibase(_ED25519_CODE + self._key.public_key().public_bytes_raw())

    def private_pem(self) -> bytes:
        """Return the private half as unencrypted PKCS #8 PEM; whoever stores it must seal it."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@dataclass(frozen=True)
class KeyPair:
    """One actor's keys, loaded once: parsing an RSA key costs a hundred signatures.

    `retired` are those it signed with until a few days ago: still published, so that what is on its way stays provable.
    """

    rsa: PrivateKey
    ed25519: PrivateKey
    retired: tuple[PrivateKey, ...] = ()


@dataclass(frozen=True)
class PublicKey:
    """Somebody's public key: its `id`, the actor that owns it, and its PEM.

    `asserts` says that its owner lists it as a key to vouch for documents (`assertionMethod`, FEP-521a).
    Making one raises UnusableKey for anything but Ed25519 or RSA of 2048 to 8192 bits.
    """

    id: str
    owner: str
    pem: str = field(repr=False)
    asserts: bool = False

    def __post_init__(self) -> None:
        _ = self._key

    @cached_property
    def kind(self) -> Kind:
        """`rsa` or `ed25519`."""
        return "rsa" if isinstance(self._key, RSAPublicKey) else "ed25519"

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Tell whether `signature` is this key's signature of `data`.

        Ed25519 as RFC 8032 says, and stricter: a point of small order or one that is not written in its shortest form
        is refused, as libsodium does, because such a key would sign what nobody meant.
        """
        try:
            self._check(signature, data)
        except (InvalidSignature, BadSignatureError):
            return False
        return True

    @cached_property
    def _check(self) -> Callable[[bytes, bytes], object]:
        key = self._key
        if isinstance(key, RSAPublicKey):
            return lambda signature, data: key.verify(signature, data, PKCS1v15(), hashes.SHA256())
        point = key.public_bytes_raw()

        def check(signature: bytes, data: bytes) -> None:
            if len(signature) != crypto_sign_BYTES:
                raise BadSignatureError
            crypto_sign_open(signature + data, point)

        return check

    @cached_property
    def _key(self) -> RSAPublicKey | Ed25519PublicKey:
        if len(self.pem) > MAX_PEM_CHARACTERS:
            raise UnusableKey
        try:
            key = load_pem_public_key(self.pem.encode("ascii"))
        except (ValueError, UnsupportedAlgorithm):
            raise UnusableKey from None
        if isinstance(key, Ed25519PublicKey):
            return key
        if not isinstance(key, RSAPublicKey):
            raise UnusableKey("The key behind this signature must be RSA or Ed25519.")
        if not MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS or key.public_numbers().e > MAX_RSA_EXPONENT:
            raise UnusableKey("An RSA key must have between 2048 and 8192 bits.")
        return key


def generate_rsa(id: str) -> PrivateKey:  # noqa: A002 - the wire's own word
    """Make a new RSA key of 2048 bits, the only kind that every server verifies."""
    return PrivateKey(id, generate_private_key(public_exponent=65537, key_size=MIN_RSA_BITS))


def generate_ed25519(id: str) -> PrivateKey:  # noqa: A002 - the wire's own word
    """Make a new Ed25519 key."""
    return PrivateKey(id, Ed25519PrivateKey.generate())


def load_private(pem: bytes, id: str) -> PrivateKey:  # noqa: A002 - the wire's own word
    """Read an unencrypted PEM private key published as `id`; UnusableKey when it is not one we can sign with.

    The key must be one of ours, out of the vault, which lets nothing through that was changed: whether its primes are
    primes is not asked again, because that costs some 30 ms for each RSA key at every start.
    """
    try:
        key = load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise UnusableKey("This private key cannot be read.") from None
    if isinstance(key, Ed25519PrivateKey) or (isinstance(key, RSAPrivateKey) and key.key_size >= MIN_RSA_BITS):
        return PrivateKey(id, key)
    raise UnusableKey("A private key must be Ed25519 or RSA with at least 2048 bits.")


def read_multikey(id: str, owner: str, multibase: str) -> PublicKey:  # noqa: A002 - the wire's own word
    """Read a `publicKeyMultibase` listed as `id` by `owner`; UnusableKey for anything but Ed25519 or RSA (FEP-521a)."""
    try:
        data = read_multibase(multibase)
        if data.startswith(_ED25519_CODE):
            key: object = Ed25519PublicKey.from_public_bytes(data.removeprefix(_ED25519_CODE))
        else:
            key = load_der_public_key(data.removeprefix(_RSA_CODE)) if data.startswith(_RSA_CODE) else None
    except (ValueError, UnsupportedAlgorithm):
        raise UnusableKey from None
    if not isinstance(key, Ed25519PublicKey | RSAPublicKey):
        raise UnusableKey("The key behind this signature must be RSA or Ed25519.")
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")
    return PublicKey(id, owner, pem, asserts=True)


def write_multibase(data: bytes) -> str:
    """Return `data` in multibase form: `z` and base58btc."""
    return "z" + base58.b58encode(data).decode("ascii")


def read_multibase(text: str) -> bytes:
    """Return what `write_multibase` wrote; ValueError for any other base, and for more than 2048 characters."""
    digits = text[1:].encode()
    if not (digits and text[0] == "z") or len(text) > MAX_MULTIBASE or digits.translate(None, base58.BITCOIN_ALPHABET):
        raise ValueError("this is not base58btc in multibase form")
    if len(digits) > 128:
        return base58.b58decode(digits)
    # Short ones, such as every proof has, in a tenth of the time: all pairs of neighbours are joined at once.
    zeros = len(digits) - len(digits.lstrip(b"1"))
    number = int.from_bytes(digits.translate(_AS_DIGITS))
    for width, every_other, worth in _LANES:
        number = (number & every_other) + (number >> width & every_other) * worth
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)
