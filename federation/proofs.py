"""FEP-8b32 object integrity proofs, cryptosuite `eddsa-jcs-2022` (C-86, C-87).

A proof makes a document provable to everybody, for ever; so only what is public ever gets one (T-38).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import orjson
import rfc8785

from federation.errors import BadProof
from federation.keys import PrivateKey, PublicKey, read_multibase, write_multibase
from schemas.fields import Document, Json

DATA_INTEGRITY: Final = "https://w3id.org/security/data-integrity/v1"
TYPE: Final = "DataIntegrityProof"
SUITE: Final = "eddsa-jcs-2022"
PURPOSE: Final = "assertionMethod"

_NOT_SIGNED: Final = frozenset({"proof", "signature"})
_SIGNATURE_BYTES: Final = 64
#: The bytes of which UTF-8 makes characters up to U+FFFF.
_UP_TO_THREE_BYTES: Final = bytes(range(0xF0))


@dataclass(frozen=True)
class Proof:
    """A proof as it was received: who is said to have made it, and what was signed beside the document."""

    key_id: str
    value: bytes
    options: Document


def canonical(value: Document) -> bytes:
    """Return `value` in the canonical form of RFC 8785; ValueError for what has none."""
    try:
        written = orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER)
    except orjson.JSONEncodeError:
        return rfc8785.dumps(value)
    return written if _is_written_alike(value, written) else rfc8785.dumps(value)


def prove(document: Document, key: PrivateKey, now: datetime) -> Document:
    """Return a public ActivityStreams `document` with a proof made by `key`, an Ed25519 key, at `now`.

    The context that explains the proof is added. `document` must be sent exactly as it is returned.
    """
    context = document["@context"]
    listed = context if isinstance(context, list) else [context]
    unsigned = {**document, "@context": [listed[0], DATA_INTEGRITY, *listed[1:]]}
    options: Document = {
        "@context": unsigned["@context"],
        "type": TYPE,
        "cryptosuite": SUITE,
        "verificationMethod": key.id,
        "proofPurpose": PURPOSE,
        "created": now.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z",
    }
    value = write_multibase(key.sign(signed_bytes(unsigned, options)))
    return {**unsigned, "proof": {**options, "proofValue": value}}


def read_proof(document: Document) -> Proof | None:
    """Return the proof of `document`; None when it has none, or one of a kind that says nothing here.

    Raises BadProof for one of our kind that cannot be right: more than one, or another purpose.
    """
    proofs = document.get("proof")
    listed = proofs if isinstance(proofs, list) else [proofs]
    ours = [
        one for one in listed if isinstance(one, dict) and (one.get("type"), one.get("cryptosuite")) == (TYPE, SUITE)
    ]
    if not ours:
        return None
    options = {name: value for name, value in ours[0].items() if name != "proofValue"}
    key_id, value = options.get("verificationMethod"), ours[0].get("proofValue")
    if len(listed) > 1 or options.get("proofPurpose") != PURPOSE:
        raise BadProof
    if not isinstance(key_id, str) or not isinstance(value, str):
        raise BadProof
    try:
        return Proof(key_id, read_multibase(value), options)
    except ValueError:
        raise BadProof from None


def is_proven_by(key: PublicKey, document: Document, proof: Proof) -> bool:
    """Tell whether `key`, one that its owner lists to vouch for documents, made `proof` of `document`."""
    if key.id != proof.key_id or key.kind != "ed25519" or not key.asserts or len(proof.value) != _SIGNATURE_BYTES:
        return False
    try:
        data = signed_bytes(document, proof.options)
    except ValueError:
        return False
    return key.verify(proof.value, data)


def check_expiry(proof: Proof, now: datetime) -> None:
    """Raise BadProof when `proof` says that it is over, or says so in a way that cannot be read."""
    if "expires" not in proof.options:
        return
    try:
        expires = datetime.fromisoformat(str(proof.options["expires"]))
    except ValueError:
        raise BadProof from None
    if expires.tzinfo is None or expires < now:
        raise BadProof("The proof in this activity has expired.")


def signed_bytes(document: Document, options: Document) -> bytes:
    """Return the 64 bytes that are signed: the hash of the proof's `options`, then that of `document` without proof.

    Where the options have a context, the document's must begin with it, and it is hashed in its place. Linked-data
    signatures are left out like the proof itself. Raises ValueError for what cannot be hashed.
    """
    bare = {name: value for name, value in document.items() if name not in _NOT_SIGNED}
    if "@context" in options:
        bare["@context"] = _shared_context(bare, options)
    return hashlib.sha256(canonical(options)).digest() + hashlib.sha256(canonical(bare)).digest()


def _is_written_alike(document: Document, written: bytes) -> bool:
    """Whether `written`, which orjson made of it ten times faster, is what RFC 8785 makes of it.

    Keys beyond U+FFFF may be sorted in another order (orjson goes by UTF-8, the RFC by UTF-16), and round, tiny and
    huge floats are spelled differently.
    """
    keys_matter = not written.isascii() and bool(written.translate(None, _UP_TO_THREE_BYTES))
    waiting: list[Json] = [document]
    for value in waiting:  # which grows meanwhile
        if type(value) is str:
            continue
        if type(value) is dict:
            if keys_matter and not "".join(value).isascii():
                return False
            waiting += value.values()
        elif type(value) is list:
            waiting += value
        elif type(value) is float and (value % 1 == 0 or not 1e-4 < abs(value) < 1e15):
            return False
    return True


def _shared_context(document: Mapping[str, Json], options: Mapping[str, Json]) -> Json:
    said, there = _as_list(options["@context"]), _as_list(document.get("@context"))
    if there[: len(said)] != said:
        raise ValueError("the proof was made under another context")
    return options["@context"]


def _as_list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]
