import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from federation.errors import UnusableKey
from federation.keys import PrivateKey, PublicKey, load_private, read_multikey, write_multibase

OWNER = "https://a.example/actor"


def public(pem: str) -> PublicKey:
    return PublicKey(f"{OWNER}#main-key", OWNER, pem)


def test_what_a_key_signs_its_public_half_verifies(river_key: PrivateKey, edwards_key: PrivateKey) -> None:
    for key in (river_key, edwards_key):
        signature = key.sign(b"words")
        assert public(key.public_pem).kind == key.kind
        assert public(key.public_pem).verify(signature, b"words")
        assert not public(key.public_pem).verify(signature, b"other words")
        assert not public(key.public_pem).verify(signature[:-1], b"words")
        assert not public(key.public_pem).verify(b"", b"words")


#: RFC 8032, 5.1: the order of the base point.
ORDER = 2**252 + 27742317777372353535851937790883648493


def test_a_signature_has_one_form(edwards_key: PrivateKey) -> None:
    signature = edwards_key.sign(b"words")
    point, scalar = signature[:32], int.from_bytes(signature[32:], "little")
    assert not public(edwards_key.public_pem).verify(point + (scalar + ORDER).to_bytes(32, "little"), b"words")


@pytest.mark.parametrize(
    "point",
    [
        (1).to_bytes(32, "little"),
        (2**255 - 20).to_bytes(32, "little"),
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    ],
    ids=["of order 1", "of order 2", "of order 8"],
)
def test_a_key_to_which_every_signature_fits_proves_nothing(point: bytes) -> None:
    key = read_multikey(f"{OWNER}#ed25519-key", OWNER, write_multibase(b"\xed\x01" + point))
    identity = (1).to_bytes(32, "little")
    assert not any(key.verify(identity + bytes(32), words) for words in (b"%d" % n for n in range(40)))


def test_a_key_survives_being_stored(river_key: PrivateKey, edwards_key: PrivateKey) -> None:
    for key in (river_key, edwards_key):
        again = load_private(key.private_pem(), key.id)
        assert (again.id, again.kind, again.public_pem) == (key.id, key.kind, key.public_pem)


def test_a_private_key_is_not_shown(river_key: PrivateKey) -> None:
    assert "RSAPrivateKey" not in repr(river_key)


# C-13
def test_an_ed25519_key_has_the_multibase_form_of_fep_521a(edwards_key: PrivateKey) -> None:
    assert edwards_key.public_multibase.startswith("z6Mk")
    assert len(edwards_key.public_multibase) == 48


def test_the_multibase_form_of_a_known_key() -> None:
    pem = b"""-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
"""
    # RFC 8032, first test: the public half is d75a98...511a.
    assert load_private(pem, "x").public_multibase == "z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw"


def test_an_rsa_key_has_a_multibase_form_too(river_key: PrivateKey) -> None:
    assert river_key.public_multibase.startswith("z4MX")


# C-12
@pytest.mark.parametrize("bits", [1024, 2040])
def test_a_weak_rsa_key_is_refused(bits: int) -> None:
    weak = rsa.generate_private_key(65537, bits)
    pem = weak.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    with pytest.raises(UnusableKey):
        public(pem)
    with pytest.raises(UnusableKey):
        load_private(weak.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), "x")


def test_other_kinds_of_keys_are_refused() -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    pem = curve.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    with pytest.raises(UnusableKey):
        public(pem)
    with pytest.raises(UnusableKey):
        load_private(curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), "x")


@pytest.mark.parametrize(
    "pem", ["", "no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "ü", "x" * 9000]
)
def test_what_is_no_key_is_refused(pem: str) -> None:
    with pytest.raises(UnusableKey):
        public(pem)
    with pytest.raises(UnusableKey):
        load_private(pem.encode(), "x")
