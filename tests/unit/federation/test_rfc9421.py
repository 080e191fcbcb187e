"""RFC 9421 signatures: what is believed and what is not."""

import hashlib
from base64 import b64encode
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from federation import cavage
from federation.digest import content_digest, verify_content_digest
from federation.errors import BadSignature
from federation.keys import PrivateKey
from federation.messages import ACTIVITY_JSON, Request
from federation.rfc9421 import parse_signature, sign_headers
from federation.signatures import SeenSignatures, name_of, verify
from tests.unit.federation.signing import HOSTS, INBOX, NEEDED, Sign, finds, unasked


# C-74: the form that Fedify sends
async def test_a_server_may_cover_more(message_signed: Sign, river_key: PrivateKey, now: datetime) -> None:
    covered = '("@method" "@target-uri" "@authority" "host" "date" "content-digest")'
    said = f'{covered};alg="rsa-v1_5-sha256";keyid="{river_key.id}";created={int(now.timestamp())}'
    request = message_signed(parameters=said, date="Fri, 20 Nov 2026 10:00:00 GMT")
    assert (await verify(request, finds(river_key), now, HOSTS)).id == river_key.id
    changed = replace(request, headers={**request.headers, "date": "Fri, 20 Nov 2026 10:00:01 GMT"})
    with pytest.raises(BadSignature):
        await verify(changed, finds(river_key), now, HOSTS)


# C-74
@pytest.mark.parametrize("covered", ['("@method" "@target-uri")', '("@authority" "@path" "@method" "@query")'])
async def test_a_get_needs_no_body(message_signed: Sign, river_key: PrivateKey, now: datetime, covered: str) -> None:
    request = message_signed(covered, method="GET", url="https://aid.north.example/o/1?x=1", body=b"")
    assert await verify(request, finds(river_key), now, HOSTS)


# C-74: what Fedify accepts and we do not, and more of that kind
@pytest.mark.parametrize(
    "covered",
    [
        "()",
        '("@method")',
        '("@method" "content-digest")',
        '("@method" "@target-uri")',
        '("@target-uri" "content-digest")',
        '("@method" "@authority" "@path" "content-digest")',
        '("@method" "@authority" "@query" "content-digest")',
        '("@method" "@path" "@query" "content-digest")',
        '("@method" "@request-target" "content-digest")',
    ],
)
async def test_too_little_is_covered(message_signed: Sign, now: datetime, covered: str) -> None:
    with pytest.raises(BadSignature, match="must cover"):
        await verify(message_signed(covered), unasked, now, HOSTS)


# C-74
async def test_a_get_with_a_body_must_cover_it(message_signed: Sign, now: datetime) -> None:
    with pytest.raises(BadSignature, match="content-digest"):
        await verify(message_signed('("@method" "@target-uri")', method="GET"), unasked, now, HOSTS)


# C-69, C-74
async def test_a_get_that_covers_a_digest_must_have_the_right_one(message_signed: Sign, now: datetime) -> None:
    request = message_signed('("@method" "@target-uri" "content-digest")', method="GET", body=b"")
    with pytest.raises(BadSignature, match="does not match"):
        await verify(
            replace(request, headers={**request.headers, "content-digest": content_digest(b"x")}), unasked, now, HOSTS
        )


# C-74: not even two good ones
async def test_two_signatures_are_one_too_many(message_signed: Sign, river_key: PrivateKey, now: datetime) -> None:
    request = message_signed()
    twice = {
        name: f"{request.headers[name]}, {request.headers[name].replace('sig1', 'sig2')}"
        for name in ("signature", "signature-input")
    }
    with pytest.raises(BadSignature, match="exactly one"):
        await verify(replace(request, headers={**request.headers, **twice}), finds(river_key), now, HOSTS)


# C-69, C-74, T-2
@pytest.mark.parametrize(
    "digest",
    [
        None,
        "",
        "sha-256=::",
        "sha-256=abc",
        "sha-256=1",
        'sha-256="abc"',
        "md5=:QUJD:",
        content_digest(b"other"),
        content_digest(b"{}").replace("sha-256", "sha-512"),
        content_digest(b"{}") + ", sha-512=:QUJD:",
        content_digest(b"{}") + ", " + content_digest(b"{}"),
    ],
)
async def test_the_body_is_compared_with_its_digest(message_signed: Sign, now: datetime, digest: str | None) -> None:
    request = message_signed()
    headers = {**request.headers, "content-digest": digest or ""}
    if digest is None:
        del headers["content-digest"]
    with pytest.raises(BadSignature):
        await verify(replace(request, headers=headers), unasked, now, HOSTS)


def test_a_digest_may_hold_several_hashes() -> None:
    strong = b64encode(hashlib.sha512(b"{}").digest()).decode()
    verify_content_digest(f"sha-512=:{strong}:", b"{}")
    verify_content_digest(f"unixsum=1, sha-512=:{strong}:, {content_digest(b'{}')}", b"{}")


# C-70, C-74
@pytest.mark.parametrize(
    ("seconds", "believed"),
    [(-3901, False), (-3900, True), (0, True), (3600, True), (3601, False)],
)
async def test_the_window(
    message_signed: Sign, river_key: PrivateKey, now: datetime, seconds: int, believed: bool
) -> None:
    made = now.timestamp() + seconds
    request = message_signed(parameters=f'{NEEDED};created={int(made)};keyid="{river_key.id}"')
    if believed:
        assert await verify(request, finds(river_key), now, HOSTS)
        return
    with pytest.raises(BadSignature, match="too far"):
        await verify(request, unasked, now, HOSTS)


# C-70, C-74
async def test_expires_is_honoured(message_signed: Sign, river_key: PrivateKey, now: datetime) -> None:
    made = int(now.timestamp())
    request = message_signed(parameters=f'{NEEDED};created={made};expires={made + 60};keyid="{river_key.id}"')
    assert await verify(request, finds(river_key), now + timedelta(seconds=60), HOSTS)
    with pytest.raises(BadSignature, match="expired"):
        await verify(request, unasked, now + timedelta(seconds=61), HOSTS)


# C-74: an algorithm is the key's own or none
@pytest.mark.parametrize(
    ("kind", "alg", "believed"),
    [
        ("rsa", "rsa-v1_5-sha256", True),
        ("rsa", "ed25519", False),
        ("ed25519", "ed25519", True),
        ("ed25519", "rsa-v1_5-sha256", False),
    ],
)
async def test_the_algorithm_must_agree_with_the_key(
    message_signed: Sign,
    river_key: PrivateKey,
    edwards_key: PrivateKey,
    now: datetime,
    kind: str,
    alg: str,
    believed: bool,
) -> None:
    key = river_key if kind == "rsa" else edwards_key
    said = f'{NEEDED};created={int(now.timestamp())};keyid="{key.id}";alg="{alg}"'
    request = message_signed(parameters=said, key=key)
    if believed:
        assert await verify(request, finds(key), now, HOSTS)
        return
    with pytest.raises(BadSignature):
        await verify(request, finds(key), now, HOSTS)


# C-68: the name of this node, not what the request says
async def test_the_request_must_be_for_us(message_signed: Sign, river_key: PrivateKey, now: datetime) -> None:
    request = message_signed()
    for host in ("evil.example", "", "aid.north.example, evil.example"):
        with pytest.raises(BadSignature, match="another server"):
            await verify(replace(request, headers={**request.headers, "host": host}), unasked, now, HOSTS)
    elsewhere = message_signed(url="https://evil.example/inbox")
    with pytest.raises(BadSignature):
        await verify(replace(elsewhere, url=INBOX), finds(river_key), now, HOSTS)


# C-72: as it stands on the line, never decoded, and with its query
async def test_the_raw_path_is_signed(message_signed: Sign, river_key: PrivateKey, now: datetime) -> None:
    request = message_signed(url="https://aid.north.example/%40a/inbox?x=1")
    assert await verify(request, finds(river_key), now, HOSTS)
    for url in ("https://aid.north.example/@a/inbox?x=1", "https://aid.north.example/%40a/inbox"):
        with pytest.raises(BadSignature):
            await verify(replace(request, url=url), finds(river_key), now, HOSTS)


def test_an_address_that_is_none_is_no_crash(river_key: PrivateKey, now: datetime) -> None:
    with pytest.raises(BadSignature):
        sign_headers(Request("GET", "https://[aid.north.example/"), river_key, now)


# C-75: never the other rules for the same header
async def test_signature_input_is_never_read_as_the_draft(
    message_signed: Sign, river_key: PrivateKey, now: datetime
) -> None:
    request = message_signed()
    plain = cavage.sign_headers(Request("POST", INBOX, {"content-type": ACTIVITY_JSON}, b"{}"), river_key, now)
    draft = replace(request, headers={"content-type": ACTIVITY_JSON, **plain})
    assert await verify(draft, finds(river_key), now, HOSTS)
    for said in (request.headers["signature-input"], "", "nonsense"):
        both = replace(draft, headers={**draft.headers, "signature-input": said})
        with pytest.raises(BadSignature):
            await verify(both, unasked, now, HOSTS)


# C-71, T-25
async def test_a_replay_is_noticed(message_signed: Sign, now: datetime) -> None:
    seen, signature = SeenSignatures(), parse_signature(message_signed().headers)
    assert not seen.has(name_of(signature), now)
    seen.remember(name_of(signature), now)
    assert seen.has(name_of(signature), now)
