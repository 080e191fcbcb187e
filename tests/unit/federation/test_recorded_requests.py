"""The form of every request that other servers really sent us: all that can be said without their keys."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from federation import cavage, rfc9421
from federation.errors import BadSignature
from federation.messages import is_activity_streams
from federation.signatures import examine
from federation.structured import read_dictionary
from tests.recorded import messages

RECORDED_AT = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
HERE = frozenset({"node.test"})

# Of this one the record has only the Signature header, so that it cannot be examined as a whole.
RFC9421 = {"fedify-Follow"}
# The record has other bytes than were sent.
NOT_EXACT = {"snac-Create", "snac-Create-reply"}
# Sent as application/json, which nobody could tell from any other JSON; C-57 refuses it with 415.
NOT_SAID_TO_BE_ACTIVITYSTREAMS = {"flohmarkt-Accept", "Flohmarkt-Accept"}


# C-65 to C-70, C-72
def test_every_signature_of_another_server_is_understood(vectors: Path) -> None:
    by_draft = [one for one in messages(vectors) if one.name not in RFC9421]
    assert len(by_draft) == 29
    assert {one.name for one in by_draft if not one.is_exact} == NOT_EXACT
    for one in by_draft:
        signature = cavage.parse_signature(one.request.headers["signature"])
        assert signature.key_id.startswith("http"), one.name
        assert signature.algorithm in {"rsa-sha256", "hs2019"}, one.name
        assert len(signature.value) in {256, 512}, one.name
        target = one.request.url.removeprefix("https://node.test")
        assert f"(request-target): post {target}".encode() in cavage.signing_string(one.request, signature), one.name
        if one.is_exact:
            assert examine(one.request, RECORDED_AT, HERE) == signature, one.name


# C-67 to C-70: and a changed byte, another host, a later day are seen in each of them
def test_every_one_of_them_is_refused_when_something_is_changed(vectors: Path) -> None:
    for one in messages(vectors):
        if not one.is_exact:
            continue
        longer = replace(one.request, body=one.request.body + b" ")
        with pytest.raises(BadSignature):
            examine(longer, RECORDED_AT, HERE)
        with pytest.raises(BadSignature):
            examine(one.request, RECORDED_AT, frozenset({"other.test"}))
        with pytest.raises(BadSignature):
            examine(one.request, RECORDED_AT + timedelta(hours=2), HERE)


# C-74
def test_the_first_knock_of_fedify_is_rfc_9421(vectors: Path) -> None:
    (one,) = [one for one in messages(vectors) if one.name in RFC9421]
    ((label, (value, _)),) = read_dictionary(one.request.headers["signature"]).items()
    assert (label, len(value)) == ("sig1", 512)
    with pytest.raises(BadSignature):
        cavage.parse_signature(one.request.headers["signature"])
    # As peers.md has it from the wire, with the signature of the record.
    said = (
        'sig1=("@method" "@target-uri" "@authority" "host" "date" "content-digest");alg="rsa-v1_5-sha256"'
        ';keyid="https://fedify.test/users/fred#main-key";created=1795200607'
    )
    signature = rfc9421.parse_signature({**one.request.headers, "signature-input": said})
    assert signature.value == value
    assert signature.names[:2] == ("@method", "@target-uri")


# C-57
def test_every_message_says_that_it_is_activitystreams_but_two(vectors: Path) -> None:
    said = {one.name: one.request.headers["content-type"] for one in messages(vectors)}
    refused = {name for name, kind in said.items() if not is_activity_streams(kind, profile_required=False)}
    assert refused == NOT_SAID_TO_BE_ACTIVITYSTREAMS
    assert {said[name] for name in refused} == {"application/json"}
