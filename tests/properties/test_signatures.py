"""Any changed byte, header, path or key breaks a signature; no input makes anything but BadSignature."""

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation import rfc9421
from federation.cavage import parse_signature, sign_headers
from federation.digest import digest_header
from federation.errors import BadSignature
from federation.messages import LD_JSON_WITH_PROFILE, SYNCHRONIZATION, Request
from tests.properties.signing import BODIES, KEYS, NOW, OTHERS, OWNER, PATHS, RSA, proven, refused


def signed(body: bytes, path: str, key=RSA, method: str = "POST") -> Request:
    url = f"https://aid.north.example{path}"
    request = Request(method, url, {"content-type": LD_JSON_WITH_PROFILE}, body)
    return replace(request, headers={**request.headers, **sign_headers(request, key, NOW)})


@given(body=BODIES, path=PATHS, key=KEYS)
async def test_what_is_signed_verifies(body: bytes, path: str, key) -> None:
    assert (await proven(signed(body, path, key), key)).owner == OWNER
    assert (await proven(signed(b"", path, key, "GET"), key)).owner == OWNER


# C-69, T-2
@given(body=st.binary(min_size=1, max_size=200), data=st.data())
async def test_any_changed_byte_of_the_body_breaks_it(body: bytes, data) -> None:
    place = data.draw(st.integers(0, len(body) - 1))
    changed = bytearray(body)
    changed[place] ^= data.draw(st.integers(1, 255))
    request = replace(signed(body, "/inbox"), body=bytes(changed))
    await refused(request)
    # Nor does it help to bring the digest into line.
    await refused(replace(request, headers={**request.headers, "digest": digest_header(bytes(changed))}))


# C-69
@given(body=BODIES, more=st.binary(min_size=1, max_size=20))
async def test_a_longer_or_shorter_body_breaks_it(body: bytes, more: bytes) -> None:
    await refused(replace(signed(body, "/inbox"), body=body + more))
    await refused(replace(signed(body + more, "/inbox"), body=body))


# C-66, C-72
@given(path=PATHS, other=PATHS)
async def test_any_other_path_breaks_it(path: str, other: str) -> None:
    request = replace(signed(b"{}", path), url=f"https://aid.north.example{other}")
    if request.target != path and request.target.partition("?")[0] != path:
        await refused(request)


# C-66
@given(method=st.sampled_from(["PUT", "DELETE", "PATCH", "GET"]))
async def test_any_other_method_breaks_it(method: str) -> None:
    await refused(replace(signed(b"{}", "/inbox"), method=method))


# C-66, C-68, C-70
@given(name=st.sampled_from(["host", "date", "digest", "content-type", "signature"]), data=st.data())
async def test_any_changed_signed_header_breaks_it(name: str, data) -> None:
    request = signed(b"{}", "/inbox")
    original = request.headers[name]
    place = data.draw(st.integers(0, len(original) - 1))
    letter = data.draw(st.characters(min_codepoint=0x21, max_codepoint=0x7E).filter(lambda one: one != original[place]))
    changed = original[:place] + letter + original[place + 1 :]
    if name != "signature" or is_other_signature(original, changed):
        await refused(replace(request, headers={**request.headers, name: changed}))


# C-66, C-74, C-140: what is signed beside what everybody signs, in either way
@given(sign=st.sampled_from([sign_headers, rfc9421.sign_headers]), key=KEYS, data=st.data())
async def test_any_other_value_of_an_extra_signed_header_breaks_it(sign, key, data) -> None:
    said = 'collectionId="https://help.river.example/followers",digest="0a"'
    url = "https://aid.north.example/inbox"
    headers = {"host": "aid.north.example", "content-type": LD_JSON_WITH_PROFILE, SYNCHRONIZATION: said}
    request = Request("POST", url, headers, b"{}")
    request = replace(request, headers={**headers, **sign(request, key, NOW)})
    assert (await proven(request, key)).owner == OWNER
    other = data.draw(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=90))
    if other.strip() != said:
        await refused(replace(request, headers={**request.headers, SYNCHRONIZATION: other}), key)
    await refused(replace(request, headers={k: v for k, v in request.headers.items() if k != SYNCHRONIZATION}), key)


def is_other_signature(original: str, changed: str) -> bool:
    """Some changes of the header change nothing that it says: the last bits of base64, an unknown parameter's name."""
    try:
        before, after = parse_signature(original), parse_signature(changed)
    except BadSignature:
        return True
    return replace(after, algorithm="") != replace(before, algorithm="") or after.algorithm == "rsa-sha256"


# C-68
async def test_another_of_our_own_hosts_breaks_it_too() -> None:
    request = signed(b"{}", "/inbox")
    await refused(replace(request, headers={**request.headers, "host": "second.north.example"}))


# C-70
@given(seconds=st.integers(-(3900 + 10**7), 3600 + 10**7))
async def test_only_a_near_date_verifies(seconds: int) -> None:
    request, at = signed(b"{}", "/inbox"), NOW + timedelta(seconds=seconds)
    if -3600 <= seconds <= 3900:
        assert await proven(request, at=at)
        return
    with pytest.raises(BadSignature):
        await proven(request, at=at)


# C-65, T-5
@given(body=BODIES, key=KEYS, other=st.sampled_from(OTHERS))
async def test_any_other_key_breaks_it(body: bytes, key, other) -> None:
    await refused(signed(body, "/inbox", key), other)


@given(value=st.binary(max_size=300))
async def test_no_invented_signature_verifies(value: bytes) -> None:
    header = f'keyId="{RSA.id}",headers="(request-target) host date digest",signature="{b64encode(value).decode()}"'
    request = signed(b"{}", "/inbox")
    await refused(replace(request, headers={**request.headers, "signature": header}))


TEXT = st.text(st.characters(codec="utf-8"), max_size=120)


# C-58
@given(headers=st.dictionaries(st.sampled_from(["signature", "date", "digest", "host", "x"]), TEXT))
async def test_no_header_raises_anything_but_bad_signature(headers: dict[str, str]) -> None:
    request = signed(b"{}", "/inbox")
    changed = {**request.headers, **headers}
    if changed != request.headers and set(headers) - {"x"}:
        await refused(replace(request, headers=changed))


PARTS = st.lists(st.sampled_from(["(request-target)", "host", "date", "digest", "(created)", "(expires)", "x", "ü"]))


@given(parts=PARTS, created=st.sampled_from(["", ",created=1795168800", ',created="x"', ",expires=1"]))
async def test_no_list_of_parts_raises_anything_but_bad_signature(parts: list[str], created: str) -> None:
    header = f'keyId="{RSA.id}",headers="{" ".join(parts)}",signature="QUJD"{created}'
    request = signed(b"{}", "/inbox")
    await refused(replace(request, headers={**request.headers, "signature": header}))
