"""Whatever is changed in a document that was proven, in its proof, or in the key: the proof does not fit any more."""

import copy
from datetime import UTC, datetime
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from federation.errors import BadProof
from federation.keys import PublicKey, generate_ed25519, generate_rsa, read_multikey
from federation.proofs import canonical, is_proven_by, prove, read_proof
from schemas.fields import Document, document
from tests.properties.documents import activities, json_values

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
OWNER = "https://north.example/actors/public"
KEY = generate_ed25519(f"{OWNER}#ed25519-key")
PUBLIC = read_multikey(KEY.id, OWNER, KEY.public_multibase)
OTHERS = [
    read_multikey(KEY.id, OWNER, generate_ed25519(KEY.id).public_multibase),
    read_multikey(f"{OWNER}#other", OWNER, KEY.public_multibase),
    read_multikey(KEY.id, OWNER, generate_rsa(KEY.id).public_multibase),
    PublicKey(KEY.id, OWNER, PUBLIC.pem),  # which its owner does not list to vouch for documents
]


def is_proven(made: Document, key: PublicKey = PUBLIC) -> bool:
    """Whether it is believed at the door: a proof of ours that fits."""
    try:
        proof = read_proof(made)
    except BadProof:
        return False
    return proof is not None and is_proven_by(key, made, proof)


def says_something_else(changed: Document, made: Document) -> bool:
    """1 and 1.0 are the same; what has no canonical form is nothing that was ever signed."""
    try:
        return canonical(changed) != canonical(made)
    except ValueError:
        return True


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside a document."""
    if isinstance(value, dict):
        return [path, *(found for key, inner in value.items() for found in places(inner, (*path, key)))]
    if isinstance(value, list):
        return [path, *(found for place, inner in enumerate(value) for found in places(inner, (*path, place)))]
    return [path]


def put(made: Document, path: tuple[Any, ...], value: Any) -> Document:
    """A copy with another value in that place; without the place where the value is `...`."""
    changed: Any = copy.deepcopy(made)
    target = changed
    for step in path[:-1]:
        target = target[step]
    if value is ...:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return changed  # type: ignore[no-any-return]


# C-86
@given(activity=activities, data=st.data())
def test_no_other_value_anywhere_in_the_document_is_proven(activity: Any, data: st.DataObject) -> None:
    made = prove(document(activity), KEY, NOW)
    assert is_proven(made)
    path = data.draw(st.sampled_from([one for one in places(made) if one and one[0] not in {"proof", "signature"}]))
    changed = put(made, path, data.draw(json_values | st.just(...)))
    assume(says_something_else(changed, made))
    assert not is_proven(changed)


# C-86, C-87
@given(activity=activities, data=st.data())
def test_no_other_word_of_the_proof_is_believed(activity: Any, data: st.DataObject) -> None:
    made = prove(document(activity), KEY, NOW)
    path = data.draw(st.sampled_from([one for one in places(made["proof"], ("proof",)) if one != ("proof",)]))
    changed = put(made, path, data.draw(json_values | st.just(...)))
    assume(says_something_else(changed, made))
    assert not is_proven(changed)


# C-86
@given(data=st.data())
def test_no_other_letter_of_the_signature_is_believed(data: st.DataObject) -> None:
    made = prove({"@context": "https://www.w3.org/ns/activitystreams", "id": "x"}, KEY, NOW)
    value = made["proof"]["proofValue"]  # type: ignore[index, call-overload]
    place = data.draw(st.integers(0, len(value) - 1))
    letter = data.draw(st.characters(min_codepoint=0x20, max_codepoint=0x7E))
    assume(letter != value[place])
    assert not is_proven(put(made, ("proof", "proofValue"), value[:place] + letter + value[place + 1 :]))


# C-86, C-87
@given(activity=activities, other=st.sampled_from(OTHERS))
def test_no_other_key_proves_it(activity: Any, other: PublicKey) -> None:
    made = prove(document(activity), KEY, NOW)
    assert is_proven(made)
    assert not is_proven(made, other)
