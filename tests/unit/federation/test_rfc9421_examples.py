"""RFC 9421 against the examples of the RFC and another implementation in both directions; and the form we send."""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import http_message_signatures as other
import pytest

from federation import rfc9421
from federation.digest import verify_content_digest
from federation.errors import BadSignature, UnusableKey
from federation.keys import PrivateKey, PublicKey
from federation.messages import ACTIVITY_JSON, Request
from federation.rfc9421 import parse_signature, sign_headers, signature_base
from federation.signatures import verify
from tests.suites import VECTORS
from tests.unit.federation.signing import HOSTS, INBOX, NEEDED, finds, unasked

# --- the RFC's own examples -----------------------------------------------------------------------------------------


def examples() -> list[Any]:
    path = VECTORS / "rfc9421" / "rfc9421.json"
    return json.loads(path.read_text())["vectors"] if path.exists() else []


def as_request(vector: Mapping[str, Any]) -> Request:
    message = vector["message"]
    headers = {name.lower(): value for name, value in message["headers"]}
    headers["signature-input"] = f"{vector['label']}={vector['signature_params']}"
    headers["signature"] = f"{vector['label']}=:{vector['signature']}:"
    return Request(message["method"], message["url"], headers, message["body"].encode())


# Two of the seven are left out by design: @query-param and @status are parts that no server here signs or needs.
OURS = ("B.2.1", "B.2.3", "B.2.5", "B.2.6", "4.3-proxy_sig")


# C-149
@pytest.mark.parametrize(
    "vector", [one for one in examples() if one["section"] in OURS], ids=lambda one: one["section"]
)
def test_what_is_signed_in_the_examples_of_the_rfc(vectors: Path, vector: Mapping[str, Any]) -> None:
    request = as_request(vector)
    signature = parse_known(request, vector)
    assert signature_base(request, signature).decode() == vector["signature_base"]
    verify_content_digest(request.headers["content-digest"], request.body)
    if vector["alg"] in ("ed25519", "rsa-v1_5-sha256"):
        pem = (vectors / "rfc9421" / "keys" / f"{vector['keyid']}.pem").read_text()
        key = PublicKey(vector["keyid"], "x", pem)
        assert rfc9421.is_signed_by(key, request, signature)
        assert not rfc9421.is_signed_by(key, replace(request, method="PUT"), signature)


def parse_known(request: Request, vector: Mapping[str, Any]) -> rfc9421.Signature:
    signature = parse_signature(request.headers)
    assert signature.key_id == vector["keyid"]
    assert signature.value == b64decode(vector["signature"])
    assert f"{signature.parameters}" == vector["signature_params"]
    return signature


# C-74: the parts that are less than a whole header, and those of an answer, are refused and not guessed at
@pytest.mark.parametrize(
    "vector", [one for one in examples() if one["section"] not in OURS], ids=lambda one: one["section"]
)
def test_the_other_examples_are_refused(vector: Mapping[str, Any]) -> None:
    message = {"method": "GET", "url": "https://example.com/", **vector["message"]}
    with pytest.raises(BadSignature):
        parse_signature(as_request({**vector, "message": message}).headers)


# C-74: good signatures all, but none says what is asked of whom in full, or with a body it covers
@pytest.mark.parametrize(
    "vector", [one for one in examples() if one["section"] in OURS], ids=lambda one: one["section"]
)
async def test_none_of_the_examples_would_be_believed_here(vector: Mapping[str, Any]) -> None:
    request, made = as_request(vector), datetime.fromtimestamp(1618884473, UTC)
    host = request.headers["host"]
    if vector["section"] == "B.2.3":
        assert rfc9421.check_parts(request, parse_signature(request.headers)) is None
        return
    with pytest.raises(BadSignature, match="must cover"):
        await verify(request, unasked, made, frozenset({host}))


# C-74, C-149: RSA-PSS, ECDSA and shared secrets are nobody's here: neither their names nor their keys are taken
@pytest.mark.parametrize(
    "vector",
    [one for one in examples() if one["alg"] not in ("ed25519", "rsa-v1_5-sha256")],
    ids=lambda one: one["section"],
)
def test_the_other_algorithms_of_the_rfc_prove_nothing(vectors: Path, vector: Mapping[str, Any]) -> None:
    message = {"method": "GET", "url": "https://example.com/", **vector["message"]}
    named = as_request({**vector, "message": message})
    said = f'{named.headers["signature-input"]};alg="{vector["alg"]}"'
    with pytest.raises(BadSignature):
        parse_signature({**named.headers, "signature-input": said})
    try:
        key = PublicKey("k", "x", (vectors / "rfc9421" / "keys" / f"{vector['keyid']}.pem").read_text())
    except UnusableKey:
        assert vector["alg"] == "ecdsa-p256-sha256"
    except FileNotFoundError:
        assert vector["alg"] == "hmac-sha256"
    else:
        # A key for RSA-PSS reads as any RSA key; what it signed in its own way is no signature in ours.
        assert vector["alg"] == "rsa-pss-sha512"
        assert not key.verify(b64decode(vector["signature"]), vector["signature_base"].encode())


# --- another implementation, both ways ------------------------------------------------------------------------------


@dataclass
class Message:
    """A request as http-message-signatures takes it."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


class Resolver(other.HTTPSignatureKeyResolver):
    def __init__(self, key: PrivateKey) -> None:
        self._key = key

    def resolve_public_key(self, key_id: str) -> bytes:
        assert key_id == self._key.id
        return self._key.public_pem.encode()

    def resolve_private_key(self, key_id: str) -> bytes:
        assert key_id == self._key.id
        return self._key.private_pem()


def algorithm(key: PrivateKey) -> type[other.HTTPSignatureAlgorithm]:
    return other.algorithms.RSA_V1_5_SHA256 if key.kind == "rsa" else other.algorithms.ED25519


# C-74
@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
@pytest.mark.parametrize("target", ["/inbox", "/inbox?a=%20b&c", "/%40team/inbox", "/"])
def test_another_implementation_verifies_what_we_sign(
    kind: str, target: str, river_key: PrivateKey, edwards_key: PrivateKey
) -> None:
    key, url = river_key if kind == "rsa" else edwards_key, f"https://aid.north.example{target}"
    headers = sign_headers(Request("POST", url, {}, b"{}"), key, datetime.now(UTC))
    verifier = other.HTTPMessageVerifier(signature_algorithm=algorithm(key), key_resolver=Resolver(key))
    (result,) = verifier.verify(
        Message("POST", url, headers), body=b"{}", require_components=("@method", "@target-uri", "content-digest")
    )
    assert list(result.covered_components)[:-1] == ['"@method"', '"@target-uri"', '"content-digest"']
    with pytest.raises(other.InvalidSignature):
        verifier.verify(Message("PUT", url, headers), body=b"{}")


# C-74
@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
@pytest.mark.parametrize(
    "covered",
    [
        ("@method", "@target-uri", "content-digest"),
        ("@method", "@target-uri", "@authority", "host", "date", "content-digest"),
        ("@authority", "@path", "@query", "@method", "content-digest", "content-type"),
        ("@method", "@target-uri", "@scheme", "@request-target", "content-digest"),
    ],
)
@pytest.mark.parametrize("include_alg", [True, False])
async def test_we_verify_what_another_implementation_signs(
    kind: str, covered: tuple[str, ...], include_alg: bool, river_key: PrivateKey, edwards_key: PrivateKey
) -> None:
    key, url, now = river_key if kind == "rsa" else edwards_key, f"{INBOX}?page=1", datetime.now(UTC)
    headers = {"Host": "aid.north.example", "Date": "Fri, 20 Nov 2026 10:00:00 GMT", "Content-Type": ACTIVITY_JSON}
    message = Message("POST", url, headers)
    signer = other.HTTPMessageSigner(signature_algorithm=algorithm(key), key_resolver=Resolver(key))
    signer.sign(message, key_id=key.id, body=b"{}", covered_component_ids=covered, include_alg=include_alg)
    request = Request("POST", url, {name.lower(): value for name, value in message.headers.items()}, b"{}")
    assert (await verify(request, finds(key), now, HOSTS)).id == key.id
    with pytest.raises(BadSignature):
        await verify(replace(request, url=INBOX), finds(key), now, HOSTS)


# --- our own form ---------------------------------------------------------------------------------------------------


# C-74
def test_we_sign_exactly_the_method_the_target_and_the_body(river_key: PrivateKey, now: datetime) -> None:
    headers = sign_headers(Request("POST", INBOX, {}, b"{}"), river_key, now)
    digest = b64encode(hashlib.sha256(b"{}").digest()).decode()
    assert set(headers) == {"content-digest", "signature-input", "signature"}
    assert headers["content-digest"] == f"sha-256=:{digest}:"
    assert headers["signature-input"] == f'sig1={NEEDED};created=1795168800;keyid="{river_key.id}"'
    assert sign_headers(Request("GET", INBOX), river_key, now)["signature-input"].startswith(
        'sig1=("@method" "@target-uri");created='
    )


# C-74: servers compare with their own name, written in one way
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://AID.north.example/inbox", "https://aid.north.example/inbox"),
        ("https://aid.north.example:443/inbox", "https://aid.north.example/inbox"),
        ("http://127.0.0.1:80/inbox", "http://127.0.0.1/inbox"),
        ("http://127.0.0.1:8440/inbox", "http://127.0.0.1:8440/inbox"),
        ("https://aid.north.example", "https://aid.north.example/"),
        ("https://aid.north.example/%7Einbox?x=%2F#part", "https://aid.north.example/%7Einbox?x=%2F"),
    ],
)
def test_the_target_has_one_spelling(river_key: PrivateKey, now: datetime, written: str, meant: str) -> None:
    request = Request("GET", written)
    signature = parse_signature(sign_headers(request, river_key, now))
    assert f'"@target-uri": {meant}\n' in signature_base(request, signature).decode()
