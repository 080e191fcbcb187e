"""The published examples of FEP-8b32, FEP-521a, RFC 8785 and the W3C, to the last byte."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import base58
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from federation.errors import BadProof, UnusableKey
from federation.keys import PrivateKey, PublicKey, read_multikey, write_multibase
from federation.proofs import (
    canonical,
    is_proven_by,
    prove,
    read_proof,
    signed_bytes,
)
from schemas.activities import parse_activity
from schemas.actors import parse_actor
from schemas.fields import Document, dump
from schemas.objects import parse_note

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


# C-86, C-149: every step of it, and the value itself
def test_the_example_of_the_w3c(vectors: Path) -> None:
    folder = vectors / "vc-di-eddsa" / "eddsa-jcs-2022"
    signed = json.loads((folder / "signedJCS.json").read_text())
    proof = read_proof(signed)
    assert proof is not None
    unsigned = json.loads((folder.parent / "unsigned.json").read_text())
    assert proof.options == json.loads((folder / "proofConfigJCS.json").read_text())
    assert canonical(unsigned).decode() == (folder / "canonDocJCS.txt").read_text()
    assert canonical(proof.options).decode() == (folder / "proofCanonJCS.txt").read_text()
    hashes = [(folder / name).read_text().strip() for name in ("proofHashJCS.txt", "docHashJCS.txt")]
    assert signed_bytes(signed, proof.options).hex() == "".join(hashes)
    assert "".join(hashes) == (folder / "combinedHashJCS.txt").read_text().strip()
    assert proof.value.hex() == (folder / "sigHexJCS.txt").read_text().strip()
    assert write_multibase(proof.value) == (folder / "sigBTC58JCS.txt").read_text().strip()
    multibase = json.loads((folder.parent / "keyPair.json").read_text())["publicKeyMultibase"]
    assert proven(signed, read_multikey(proof.key_id, "did:key", multibase))
    assert not proven({**signed, "name": "Another"}, read_multikey(proof.key_id, "did:key", multibase))


# C-86, C-149: proofs of other suites, sets and chains of them among those, say nothing here and do no harm
def test_the_other_suites_of_the_w3c_are_passed_over(vectors: Path) -> None:
    folder = vectors / "vc-di-eddsa"
    found = {file: json.loads(file.read_text()) for file in sorted(folder.rglob("*.json"))}
    others = {file: one for file, one in found.items() if "proof" in one and file.parent.name != "eddsa-jcs-2022"}
    assert len(others) == 9
    assert {file.name: read_proof(one) for file, one in others.items()} == dict.fromkeys([one.name for one in others])
    # Had one of the other suite been taken for ours, its value would still not fit.
    chain = found[folder / "proof-set-chain" / "signedProofSet1.json"]
    as_ours = read_proof({**chain, "proof": {**chain["proof"], "cryptosuite": "eddsa-jcs-2022"}})
    assert as_ours is not None
    for pair in found[folder / "proof-set-chain" / "multiKeyPairs.json"].values():
        key = read_multikey(as_ours.key_id, "did:key", pair["publicKeyMultibase"])
        assert not is_proven_by(key, chain, as_ours)


# C-86, C-149: among several there is no telling which one counts
def test_a_proof_of_ours_in_a_set_is_refused(vectors: Path) -> None:
    folder = vectors / "vc-di-eddsa"
    ours = json.loads((folder / "eddsa-jcs-2022" / "signedJCS.json").read_text())
    others = json.loads((folder / "proof-set-chain" / "signedProofSet2.json").read_text())
    with pytest.raises(BadProof):
        read_proof({**others, "proof": [*others["proof"], ours["proof"]]})


# C-149
@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_the_canonical_forms_of_rfc_8785(vectors: Path, name: str) -> None:
    folder = vectors / "rfc8785"
    value = json.loads((folder / "input" / f"{name}.json").read_bytes())
    expected = bytes.fromhex((folder / "outhex" / f"{name}.txt").read_text())
    assert expected == (folder / "output" / f"{name}.json").read_bytes()
    assert canonical({"x": value}) == b'{"x":' + expected + b"}"


# --- FEP-8b32 and FEP-521a, as they stand in the documents ------------------------------------------------------------


@dataclass(frozen=True)
class Scenario:
    """What a scenario of a FEP gives: its documents and its quoted words, in order."""

    documents: list[Any]
    words: list[str]


def scenarios(feature: Path) -> list[Scenario]:
    found = []
    for text in feature.read_text().split("Scenario:")[1:]:
        documents = [json.loads(block) for block in re.findall(r'"""(.*?)"""', text, re.DOTALL)]
        rest = re.sub(r'""".*?"""', "", text, flags=re.DOTALL)
        found.append(Scenario(documents, re.findall(r'"([^"]+)"', rest)))
    return found


# C-13, C-149
def test_the_keys_of_fep_521a(vectors: Path) -> None:
    codes = {"ed25519-key": b"\xed\x01", "rsa-key": b"\x85\x24"}
    told = scenarios(vectors / "fep" / "fep-521a.feature")
    assert len(told) == len(codes)
    for scenario in told:
        (multikey,), (raw, owner) = scenario.documents, scenario.words
        kind = multikey["id"].partition("#")[2]
        text = multikey["publicKeyMultibase"]
        assert write_multibase(codes[kind] + bytes.fromhex(raw)) == text
        key = read_multikey(multikey["id"], owner, text)
        assert f"{key.kind}-key" == kind
        public = load_pem_public_key(key.pem.encode())
        der = PublicFormat.PKCS1 if isinstance(public, RSAPublicKey) else PublicFormat.Raw
        assert public.public_bytes(Encoding.DER if kind == "rsa-key" else Encoding.Raw, der).hex() == raw
        actor = {"@context": AS, "id": owner, "type": "Person", "assertionMethod": [multikey]}
        (listed,) = parse_actor(actor).assertion_method
        assert (listed.id, listed.controller, listed.public_key_multibase) == (multikey["id"], owner, text)


# C-13, C-149
def test_the_actor_of_fep_521a(vectors: Path) -> None:
    written = json.loads((vectors / "fep" / "fep-521a-example-1.json").read_text())
    actor = parse_actor(written)
    (listed,) = actor.assertion_method
    assert read_multikey(listed.id, actor.id, listed.public_key_multibase).kind == "ed25519"
    assert json.loads(dump(listed))["publicKeyMultibase"] == written["assertionMethod"][0]["publicKeyMultibase"]


# C-86, C-149
def test_the_scenarios_of_fep_8b32(vectors: Path) -> None:
    signing, verifying = scenarios(vectors / "fep" / "fep-8b32.feature")
    unsigned, signed = signing.documents
    secret, made_at, key_id = signing.words
    key = PrivateKey(key_id, Ed25519PrivateKey.from_private_bytes(base58.b58decode(secret[1:])[2:]))
    assert prove_as(unsigned, key, made_at) == signed
    received, actor = verifying.documents
    (listed,) = parse_actor(actor).assertion_method
    assert proven(received, read_multikey(listed.id, actor["id"], listed.public_key_multibase))
    changed = {**received, "object": {**received["object"], "content": "Hello, world"}}
    assert not proven(changed, read_multikey(listed.id, actor["id"], listed.public_key_multibase))


def prove_as(unsigned: Document, key: PrivateKey, made_at: str) -> Document:
    """With a context that explains the proof already; we add the one that everybody knows."""
    made = prove(unsigned, key, datetime.fromisoformat(made_at))
    options = {**made["proof"], "@context": unsigned["@context"]}  # type: ignore[dict-item]
    del options["proofValue"]
    value = write_multibase(key.sign(signed_bytes(unsigned, options)))
    return {**unsigned, "proof": {**options, "proofValue": value}}


# C-86, C-149: their values are only dots, so each is read as an activity or a note, and believed by nobody
@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_sketches_of_fep_8b32(vectors: Path, number: int) -> None:
    sketch = json.loads((vectors / "fep" / f"fep-8b32-example-{number}.json").read_text())
    assert (parse_note(sketch) if number == 1 else parse_activity(sketch)).id == sketch["id"]
    with pytest.raises(BadProof):
        read_proof(sketch)


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
