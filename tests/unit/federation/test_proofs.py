"""FEP-8b32 proofs: our own, and everything that must not be believed."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from federation.errors import BadProof
from federation.keys import PrivateKey, PublicKey, generate_ed25519, read_multikey
from federation.proofs import (
    DATA_INTEGRITY,
    check_expiry,
    is_proven_by,
    prove,
    read_proof,
)
from schemas.fields import Document, load
from tests.unit.federation.signing import AS, CREATE, RIVER, multikey


def proven(document: Document, key: PublicKey) -> bool:
    proof = read_proof(document)
    assert proof is not None
    return is_proven_by(key, document, proof)


# --- what is signed and what is believed ----------------------------------------------------------------------------


# C-86
def test_a_proof_is_in_the_form_that_others_verify(edwards_key: PrivateKey, now: datetime) -> None:
    made = prove({**CREATE, "@context": [AS, {"vf": "x"}]}, edwards_key, now)
    proof: Any = made["proof"]
    assert made["@context"] == [AS, DATA_INTEGRITY, {"vf": "x"}] == proof["@context"]
    assert proof["created"] == "2026-11-20T10:00:00Z"
    assert (proof["type"], proof["cryptosuite"]) == ("DataIntegrityProof", "eddsa-jcs-2022")
    assert (proof["proofPurpose"], proof["verificationMethod"]) == ("assertionMethod", edwards_key.id)
    assert set(proof) == {
        *("@context", "type", "cryptosuite", "verificationMethod", "proofPurpose", "created", "proofValue")
    }
    assert proven(made, multikey(edwards_key))
    assert "proof" not in CREATE


# C-86: what the sender wrote in another order or with other blanks is the same document
def test_a_proof_holds_for_the_document_and_not_its_bytes(edwards_key: PrivateKey, now: datetime) -> None:
    made = prove(CREATE, edwards_key, now)
    written = json.dumps(dict(reversed(made.items())), indent=2)
    assert proven(load(written.encode()), multikey(edwards_key))


# C-85, C-86: a linked-data signature beside it is not part of what is signed
def test_a_linked_data_signature_is_left_out(edwards_key: PrivateKey, now: datetime) -> None:
    made = prove(CREATE, edwards_key, now)
    assert proven({**made, "signature": {"type": "RsaSignature2017"}}, multikey(edwards_key))
    assert not proven({**made, "signatures": {}}, multikey(edwards_key))


def changed(made: Document, **options: Any) -> Document:
    proof: Any = {**made["proof"], **options}  # type: ignore[dict-item]
    return {**made, "proof": {name: value for name, value in proof.items() if value is not None}}


# C-86
@pytest.mark.parametrize(
    "change",
    [
        {"content": "other"},
        {"object": "https://help.river.example/o/1"},
        {"@context": AS},
        {"@context": [AS, {"x": "y"}, DATA_INTEGRITY]},
        {"extra": True},
        {"extra": 2**60},
    ],
)
def test_a_changed_document_is_not_proven(edwards_key: PrivateKey, now: datetime, change: dict[str, Any]) -> None:
    assert not proven({**prove(CREATE, edwards_key, now), **change}, multikey(edwards_key))


# C-86: the context of a proof may be the beginning of the document's, which it stands for
def test_terms_may_be_added_behind_the_context_of_a_proof(edwards_key: PrivateKey, now: datetime) -> None:
    made = prove(CREATE, edwards_key, now)
    assert proven({**made, "@context": [AS, DATA_INTEGRITY, {"x": "y"}]}, multikey(edwards_key))


# C-86
@pytest.mark.parametrize(
    "options",
    [
        {"created": "2026-11-20T10:00:01Z"},
        {"created": None},
        {"domain": "x"},
        {"@context": None},
        {"@context": [AS]},
        {"proofValue": "z" + "2" * 88},
        {"proofValue": "z2"},
        {"expires": "2027-01-01T00:00:00Z"},
    ],
)
def test_a_changed_proof_is_none(edwards_key: PrivateKey, now: datetime, options: dict[str, Any]) -> None:
    assert not proven(changed(prove(CREATE, edwards_key, now), **options), multikey(edwards_key))


# C-86
@pytest.mark.parametrize(
    "options",
    [
        {"proofPurpose": "authentication"},
        {"proofPurpose": None},
        {"verificationMethod": None},
        {"verificationMethod": ["x"]},
        {"proofValue": None},
        {"proofValue": "uABCD"},
        {"proofValue": "z0"},
    ],
)
def test_a_proof_of_our_kind_must_be_whole(edwards_key: PrivateKey, now: datetime, options: dict[str, Any]) -> None:
    with pytest.raises(BadProof):
        read_proof(changed(prove(CREATE, edwards_key, now), **options))


# C-86
def test_one_proof_and_no_more(edwards_key: PrivateKey, now: datetime) -> None:
    made = prove(CREATE, edwards_key, now)
    assert proven({**made, "proof": [made["proof"]]}, multikey(edwards_key))
    with pytest.raises(BadProof):
        read_proof({**made, "proof": [made["proof"], made["proof"]]})


# C-86: what we cannot check proves nothing, for or against
@pytest.mark.parametrize(
    "proof", [None, "x", [], {}, {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"}, [1, "x"]]
)
def test_other_kinds_of_proofs_are_passed_over(proof: Any) -> None:
    assert read_proof({**CREATE, "proof": proof}) is None


# C-86: a key in `assertionMethod`, and of the kind that the suite names
def test_the_key_must_be_one_to_vouch_with(edwards_key: PrivateKey, river_key: PrivateKey, now: datetime) -> None:
    made = prove(CREATE, edwards_key, now)
    good = multikey(edwards_key)
    assert not proven(made, PublicKey(good.id, good.owner, good.pem))
    assert not proven(made, replace(good, id=f"{RIVER}#other"))
    assert not proven(made, multikey(generate_ed25519(edwards_key.id)))
    assert not proven(made, read_multikey(edwards_key.id, RIVER, river_key.public_multibase))


# C-86
@pytest.mark.parametrize(
    ("expires", "holds"),
    [
        ("2026-11-20T10:00:00Z", True),
        ("2026-11-20T09:59:59Z", False),
        ("2026-11-20T12:00:00.123456789+01:00", True),
        ("2026-11-20T10:00:00", False),
        ("soon", False),
        (1795168800, False),
        (None, False),
    ],
)
def test_expires_is_honoured(edwards_key: PrivateKey, now: datetime, expires: Any, holds: bool) -> None:
    made = prove(CREATE, edwards_key, now)
    proof = read_proof(made)
    assert proof is not None
    check_expiry(proof, now + timedelta(days=1000))
    limited = replace(proof, options={**proof.options, "expires": expires})
    if holds:
        check_expiry(limited, now)
        return
    with pytest.raises(BadProof):
        check_expiry(limited, now)
