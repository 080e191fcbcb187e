"""The published examples of FEP-8b32, FEP-521a, RFC 8785 and the W3C, to the last byte."""

import json
from datetime import UTC, datetime
from pathlib import Path

import base58
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.errors import UnusableKey
from federation.keys import PrivateKey, PublicKey, read_multikey
from federation.proofs import (
    canonical,
    is_proven_by,
    prove,
    read_proof,
    signed_bytes,
)
from schemas.actors import parse_actor
from schemas.fields import Document

AS = "https://www.w3.org/ns/activitystreams"
RIVER = "https://help.river.example/actors/public"


def proven(document: Document, key: PublicKey) -> bool:
    proof = read_proof(document)
    assert proof is not None
    return is_proven_by(key, document, proof)


# C-86, C-149
@pytest.mark.parametrize("name", ["fep-8b32", "fep-8b32-2025"])
def test_the_examples_of_the_fep(vectors: Path, name: str) -> None:
    vector = json.loads((vectors / "fep" / f"{name}.json").read_text())
    signed, actor = vector["signed"], parse_actor(vector["actor"])
    proof = read_proof(signed)
    assert proof is not None
    assert canonical(proof.options).decode() == vector["jcs_proof_config"]
    assert canonical(vector["unsigned"]).decode() == vector["jcs_document"]
    assert signed_bytes(signed, proof.options).hex() == vector["hash_data_hex"]
    (listed,) = actor.assertion_method
    assert proven(signed, read_multikey(listed.id, actor.id, listed.public_key_multibase))


# C-86: made by us with the key of the FEP, it is the same to the last byte
def test_we_make_the_example_of_the_fep(vectors: Path) -> None:
    vector = json.loads((vectors / "fep" / "fep-8b32.json").read_text())
    seed = base58.b58decode("3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq")[2:]
    key = PrivateKey(f"{vector['actor']['id']}#ed25519-key", Ed25519PrivateKey.from_private_bytes(seed))
    assert key.public_multibase == vector["publicKeyMultibase"]
    made = prove({**vector["unsigned"], "@context": AS}, key, datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC))
    assert made == vector["signed"]


# C-86, C-149
def test_the_example_of_the_w3c(vectors: Path) -> None:
    folder = vectors / "vc-di-eddsa"
    signed = json.loads((folder / "eddsa-jcs-2022" / "signedJCS.json").read_text())
    proof = read_proof(signed)
    assert proof is not None
    unsigned = json.loads((folder / "unsigned.json").read_text())
    assert canonical(unsigned).decode() == (folder / "eddsa-jcs-2022" / "canonDocJCS.txt").read_text()
    assert canonical(proof.options).decode() == (folder / "eddsa-jcs-2022" / "proofCanonJCS.txt").read_text()
    hashed = (folder / "eddsa-jcs-2022" / "combinedHashJCS.txt").read_text()
    assert signed_bytes(signed, proof.options).hex() == hashed.strip()
    multibase = json.loads((folder / "keyPair.json").read_text())["publicKeyMultibase"]
    assert proven(signed, read_multikey(proof.key_id, "did:key", multibase))
    assert not proven({**signed, "name": "Another"}, read_multikey(proof.key_id, "did:key", multibase))


# C-149
@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_the_canonical_forms_of_rfc_8785(vectors: Path, name: str) -> None:
    value = json.loads((vectors / "rfc8785" / "input" / f"{name}.json").read_bytes())
    expected = bytes.fromhex((vectors / "rfc8785" / "outhex" / f"{name}.txt").read_text())
    assert canonical({"x": value}) == b'{"x":' + expected + b"}"


# C-13, C-149
def test_the_keys_of_fep_521a() -> None:
    edwards = read_multikey("k", "x", "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")
    raw = bytes.fromhex("2e6fcce36701dc791488e0d0b1745cc1e33a4c1c9fcc41c63bd343dbbe0970e6")
    assert base58.b58decode("6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK") == b"\xed\x01" + raw
    assert edwards.kind == "ed25519"
    rsa = read_multikey(
        "k",
        "x",
        "z4MXj1wBzi9jUstyPMS4jQqB6KdJaiatPkAtVtGc6bQEQEEsKTic4G7Rou3iBf9vPmT5dbkm9qsZsuVNjq8HCuW1w24nhBFGkRE4cd2Uf2tfr"
        "B3N7h4mnyPp1BF3ZttHTYv3DLUPi1zMdkULiow3M1GfXkoC6DoxDUm1jmN6GBj22SjVsr6dxezRVQc7aj9TxE7JLbMH1wh5X3kA58H3DFW8rn"
        "YMakFGbca5CB2Jf6CnGQZmL7o5uJAdTwXfy2iiiyPxXEGerMhHwhjTA1mKYobyk2CpeEcmvynADfNZ5MBvcCS7m3XkFCMNUYBS9NQ3fze6vMS"
        "UPsNa6GVYmKx2x6JrdEjCk3qRMMmyjnjCMfR4pXbRMZa3i",
    )
    assert rsa.kind == "rsa"


# C-13
def test_a_multikey_says_what_its_private_half_publishes(river_key: PrivateKey, edwards_key: PrivateKey) -> None:
    for key in (river_key, edwards_key):
        read = read_multikey(key.id, RIVER, key.public_multibase)
        assert (read.id, read.owner, read.pem, read.asserts) == (key.id, RIVER, key.public_pem, True)


# C-13
@pytest.mark.parametrize(
    "text",
    [
        "",
        "z",
        "6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
        "uABCD",
        "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2do",
        "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK ",
        "z0OIl",
        "zü",
        "z" + "2" * 3000,
        "z4MXj1wBzi9jUstyPMS4jQqB6",
        "z" + base58.b58encode(b"\xe7\x01" + b"\x02" * 33).decode(),
    ],
)
def test_what_is_no_multikey(text: str) -> None:
    with pytest.raises(UnusableKey):
        read_multikey("k", "x", text)
