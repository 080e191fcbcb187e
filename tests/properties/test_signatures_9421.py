"""RFC 9421 and integrity proofs: any change breaks them, no input makes anything but their own error."""

import json
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from typing import Any

import base58
import orjson
import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from federation.digest import content_digest
from federation.errors import BadSignature, UnusableKey
from federation.keys import read_multibase, read_multikey, write_multibase
from federation.messages import LD_JSON_WITH_PROFILE, Request
from federation.proofs import canonical, is_proven_by, prove, read_proof
from federation.rfc9421 import parse_signature, sign_headers
from schemas.errors import InvalidDocument
from schemas.fields import load
from tests.properties.signing import BODIES, EDWARDS, KEYS, NOW, OTHERS, OWNER, PATHS, RSA, proven, refused


def signed(body: bytes, path: str, key=RSA, method: str = "POST") -> Request:
    url = f"https://aid.north.example{path}"
    request = Request(method, url, {"host": "aid.north.example", "content-type": LD_JSON_WITH_PROFILE}, body)
    return replace(request, headers={**request.headers, **sign_headers(request, key, NOW)})


# C-74
@given(body=BODIES, path=PATHS, key=KEYS)
async def test_what_is_signed_verifies(body: bytes, path: str, key) -> None:
    assert (await proven(signed(body, path, key), key)).owner == OWNER
    assert (await proven(signed(b"", path, key, "GET"), key)).owner == OWNER


# C-69, C-74, T-2
@given(body=st.binary(min_size=1, max_size=200), data=st.data())
async def test_any_changed_byte_of_the_body_breaks_it(body: bytes, data) -> None:
    place = data.draw(st.integers(0, len(body) - 1))
    changed = bytearray(body)
    changed[place] ^= data.draw(st.integers(1, 255))
    request = replace(signed(body, "/inbox"), body=bytes(changed))
    await refused(request)
    # Nor does it help to bring the digest into line.
    await refused(replace(request, headers={**request.headers, "content-digest": content_digest(bytes(changed))}))


# C-69, C-74
@given(body=BODIES, more=st.binary(min_size=1, max_size=20))
async def test_a_longer_or_shorter_body_breaks_it(body: bytes, more: bytes) -> None:
    await refused(replace(signed(body, "/inbox"), body=body + more))
    await refused(replace(signed(body + more, "/inbox"), body=body))


# C-74: unlike the draft, the query is never left out
@given(path=PATHS, other=PATHS)
async def test_any_other_target_breaks_it(path: str, other: str) -> None:
    if path != other:
        await refused(replace(signed(b"{}", path), url=f"https://aid.north.example{other}"))


# C-74
@given(method=st.sampled_from(["PUT", "DELETE", "PATCH", "GET", "post"]))
async def test_any_other_method_breaks_it(method: str) -> None:
    await refused(replace(signed(b"{}", "/inbox"), method=method))


# C-74
@given(name=st.sampled_from(["content-digest", "signature-input", "signature"]), data=st.data())
async def test_any_changed_header_breaks_it(name: str, data) -> None:
    request = signed(b"{}", "/inbox")
    original = request.headers[name]
    place = data.draw(st.integers(0, len(original) - 1))
    letter = data.draw(st.characters(min_codepoint=0x20, max_codepoint=0x7E).filter(lambda one: one != original[place]))
    changed = {**request.headers, name: original[:place] + letter + original[place + 1 :]}
    if says_something_else(request.headers, changed):
        await refused(replace(request, headers=changed))


def says_something_else(before: dict[str, str], after: dict[str, str]) -> bool:
    """Some changes change nothing that is said: a blank between parameters, the last bits of base64."""
    try:
        return parse_signature(before) != parse_signature(after)
    except BadSignature:
        return True


# C-70, C-74
@given(seconds=st.integers(-(3900 + 10**7), 3600 + 10**7))
async def test_only_a_near_date_verifies(seconds: int) -> None:
    request, at = signed(b"{}", "/inbox"), NOW + timedelta(seconds=seconds)
    if -3600 <= seconds <= 3900:
        assert await proven(request, at=at)
        return
    with pytest.raises(BadSignature):
        await proven(request, at=at)


# C-74, T-5
@given(body=BODIES, key=KEYS, other=st.sampled_from(OTHERS))
async def test_any_other_key_breaks_it(body: bytes, key, other) -> None:
    await refused(signed(body, "/inbox", key), replace(other, id=key.id))


# C-74
@given(value=st.binary(max_size=300))
async def test_no_invented_signature_verifies(value: bytes) -> None:
    request = signed(b"{}", "/inbox")
    await refused(replace(request, headers={**request.headers, "signature": f"sig1=:{b64encode(value).decode()}:"}))


TEXT = st.text(st.characters(codec="utf-8"), max_size=120)
COVERED = st.lists(
    st.sampled_from(
        ['"@method"', '"@target-uri"', '"content-digest"', '"x"', '"@path"', '"host";sf', "1", ":QQ==:", "t"]
    )
)
SAID = st.sampled_from(["", ";created=1795168800", ";created=x", ';keyid="k"', ";expires=1", ";alg=?0", ";n=@1", ";"])


# C-58, C-75
@given(headers=st.dictionaries(st.sampled_from(["signature", "signature-input", "content-digest", "host"]), TEXT))
async def test_no_header_raises_anything_but_bad_signature(headers: dict[str, str]) -> None:
    request = signed(b"{}", "/inbox")
    if headers:
        await refused(replace(request, headers={**request.headers, **headers}))


# C-58
@given(covered=COVERED, said=st.lists(SAID, max_size=4))
async def test_no_list_of_parts_raises_anything_but_bad_signature(covered: list[str], said: list[str]) -> None:
    request = signed(b"{}", "/inbox")
    text = f"sig1=({' '.join(covered)}){''.join(said)}"
    await refused(replace(request, headers={**request.headers, "signature-input": text}))


# --- canonical JSON and proofs --------------------------------------------------------------------------------------

KEY = st.one_of(
    st.text(max_size=8), st.sampled_from(["@context", "é", 'a"é', 'é"', "\\", "\u20ac", "\U0001f600", "ﬁ", "\x7f", ""])
)
NUMBERS = st.one_of(
    st.integers(-(2**53), 2**53),
    st.integers(-10, 10),
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(-200, 200, allow_nan=False).map(lambda number: round(number, 6)),
    st.sampled_from([0.0, -0.0, 1.0, 1e21, 1e16, 1e15, 1e-5, 1e-6, 1e-7, 5e-324, 0.1, 100.0, 123456789012345680.0]),
)
STRINGS = st.one_of(
    st.text(max_size=20), st.sampled_from(['":1.0,', ",3e5", '\\":é":', "[-0.0]", 'é":', "{", "\u2028"])
)
JSON: Any = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, STRINGS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEY, inner, max_size=4)),
    max_leaves=20,
)
DOCUMENTS = st.dictionaries(KEY, JSON, max_size=6)


def slowly(document: dict[str, Any]) -> bytes | None:
    try:
        return rfc8785.dumps(document)
    except ValueError:
        return None


# C-86: the quick way and the exact way agree on everything
@given(document=DOCUMENTS)
@example({"a": "é", "é": 1, "z": 2})
@example({'é"x': 1, "a": "é"})
@example({"a": ["é", {"ﬁ": 1, "\U0001f600": 2}]})
@example({"a": 'é":', "b": 1})
@example({"a": "\\", "é": 1})
@example({"x": [1.0, -0.0, 1e-7], "y": {"z": 1e21}})
@example({"x": 2**53, "y": 1})
def test_both_ways_to_canonical_json_agree(document: dict[str, Any]) -> None:
    expected = slowly(document)
    if expected is None:
        with pytest.raises(ValueError):
            canonical(document)
        return
    assert canonical(document) == expected


# C-86: the quick way is really taken by what communities send
@given(texts=st.lists(st.text(max_size=50), max_size=5))
def test_words_in_any_language_do_not_slow_it_down(texts: list[str]) -> None:
    document = {"type": "Note", "content": "Fuß, 3.5 kg: 1e5 café", "contentMap": {"de": "ß"}, "tag": texts}
    assert canonical(document) == orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def quick_enough(text: str) -> bytes:
    return canonical({"a": text})


# T-20: long words full of what has to be escaped take no longer than their length
@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", ["é", '"', "\\", 'é"', '":', ",-1.0", '{"é":', "1e"])
def test_no_text_makes_it_slow(piece: str) -> None:
    text = piece * 100_000
    assert quick_enough(text) == rfc8785.dumps({"a": text})


# C-86
@given(document=DOCUMENTS, change=st.dictionaries(KEY, JSON, min_size=1, max_size=2))
def test_any_changed_value_breaks_a_proof(document: dict[str, Any], change: dict[str, Any]) -> None:
    try:
        made = prove({**document, "@context": "https://www.w3.org/ns/activitystreams"}, EDWARDS, NOW)
    except ValueError:
        return
    key = read_multikey(EDWARDS.id, OWNER, EDWARDS.public_multibase)
    proof = read_proof(made)
    assert proof is not None
    assert is_proven_by(key, made, proof)
    other = {**made, **{f"x{name}": value for name, value in change.items()}}
    same = slowly(other)
    assert is_proven_by(key, other, proof) == (same is not None and same == slowly(made))


# C-86: whatever stands there, reading and checking a proof ends with a yes, a no or the one error
@given(
    proof=st.one_of(
        JSON,
        st.fixed_dictionaries(
            {"type": st.just("DataIntegrityProof"), "cryptosuite": st.just("eddsa-jcs-2022")},
            optional={
                "proofPurpose": st.sampled_from(["assertionMethod", "x", 1]),
                "verificationMethod": st.one_of(st.just(EDWARDS.id), JSON),
                "proofValue": st.one_of(st.just("z" + "2" * 88), st.text(max_size=10), JSON),
                "@context": JSON,
                "created": JSON,
            },
        ),
    )
)
def test_no_proof_raises_anything_else(proof: Any) -> None:
    document = {"@context": "https://www.w3.org/ns/activitystreams", "id": "x", "proof": proof}
    try:
        read = read_proof(document)
    except BadSignature:
        return
    if read is not None:
        assert not is_proven_by(read_multikey(EDWARDS.id, OWNER, EDWARDS.public_multibase), document, read)


# C-13
@given(text=st.one_of(st.text(max_size=60), st.from_regex(r"z[1-9A-HJ-NP-Za-km-z]{0,60}", fullmatch=True)))
def test_no_multikey_raises_anything_but_unusable_key(text: str) -> None:
    with pytest.raises(UnusableKey):
        read_multikey("k", "x", text)


# C-13
@given(data=st.binary(max_size=200))
@example(b"")
@example(bytes(40))
def test_what_is_written_in_multibase_is_read_again(data: bytes) -> None:
    text = write_multibase(data)
    assert text == "z" + base58.b58encode(data).decode()
    if data:
        assert read_multibase(text) == data


# C-59, C-86: what a strict reader lets in has a canonical form, but for the one integer at its very edge
@given(document=DOCUMENTS)
def test_what_was_read_has_a_canonical_form(document: dict[str, Any]) -> None:
    try:
        read = load(orjson.dumps(document))
    except (InvalidDocument, orjson.JSONEncodeError):
        return
    if b"9007199254740992" not in orjson.dumps(read):
        assert canonical(json.loads(canonical(read), parse_int=float)) == canonical(read)
