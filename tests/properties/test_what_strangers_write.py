"""Whatever strangers write, reading it ends in a value or in the error that says so, and what is read can be kept."""

import contextlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation import cavage, rfc9421
from federation.digest import verify_content_digest, verify_digest
from federation.errors import BadProof, FederationError
from federation.messages import media_type
from federation.origin import origin
from federation.proofs import read_proof
from federation.resolve.handles import parse_handle
from federation.retry import MAX_RETRY_AFTER, parse_retry_after
from federation.structured import read_dictionary
from node.domain.errors import PeerTrouble
from node.domain.peers import OwnActor
from node.translate.actors import read_actor
from node.translate.feed import Reception, note_to_feed_item
from node.translate.text import clean_html, plain_line, plain_text
from schemas.actors import parse_actor
from schemas.errors import InvalidDocument
from schemas.objects import parse_note
from tests.properties.documents import AS, PARSERS, crooked, ids, json_values, keys, kinds, notes, words

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
HERE = Reception("abc", NOW, OwnActor.PUBLIC)
TEXT = st.text(max_size=80)

anything = st.dictionaries(keys | words, json_values | crooked, max_size=10)


# C-59, C-60: no context, no type, nothing that anybody would send
@given(found=anything)
def test_any_json_object_is_read_or_refused(found: dict[str, Any]) -> None:
    for parse in PARSERS.values():
        try:
            parse(found)
        except InvalidDocument as refused:
            assert refused.reason
    with contextlib.suppress(BadProof):
        read_proof(found)


# C-59: a value that was read can be shown and stored, however odd its parts
@given(fields=st.dictionaries(keys, crooked, max_size=8), author=ids, note=ids)
def test_every_note_that_is_read_can_be_kept(fields: dict[str, Any], author: str, note: str) -> None:
    written = {"type": "Note", "purpose": "offer", **fields, "@context": AS, "id": note, "attributedTo": author}
    try:
        item = note_to_feed_item(parse_note(written), HERE)
    except InvalidDocument:
        return
    assert (item.object_id, item.actor) == (note, author)
    assert item.title


@given(note=notes)
def test_every_note_in_our_own_form_can_be_kept(note: Any) -> None:
    assert note_to_feed_item(note, HERE).object_id == note.id


@given(fields=st.dictionaries(keys | st.sampled_from(["preferredUsername", "inbox", "summary"]), crooked), actor=ids)
def test_every_actor_that_is_read_can_be_kept(fields: dict[str, Any], actor: str) -> None:
    written = {**fields, "@context": AS, "id": actor, "type": "Person"}
    with contextlib.suppress(InvalidDocument, PeerTrouble):
        assert read_actor(parse_actor(written), NOW).id == actor


HEADERS = {
    "cavage": cavage.parse_signature,
    "rfc 9421": lambda text: rfc9421.parse_signature({"signature-input": text, "signature": "sig1=:QQ==:"}),
    "structured": read_dictionary,
    "digest": lambda text: verify_digest(text, b"{}"),
    "content-digest": lambda text: verify_content_digest(text, b"{}"),
    "origin": origin,
    "handle": parse_handle,
}


# C-58, C-59
@pytest.mark.parametrize("parse", HEADERS.values(), ids=HEADERS.keys())
@given(text=TEXT | TEXT.map(lambda text: f'sig1=("{text}");keyid="{text}"') | TEXT.map(lambda text: f"SHA-256={text}"))
def test_any_text_in_a_header_is_read_or_refused(parse: Any, text: str) -> None:
    with contextlib.suppress(FederationError):
        parse(text)


# C-45
@given(text=TEXT | st.integers().map(str))
def test_any_retry_after_is_a_time_or_none(text: str) -> None:
    wait = parse_retry_after(text, NOW)
    assert wait is None or wait.total_seconds() >= 0
    assert wait is None or wait <= MAX_RETRY_AFTER


# T-32
@given(text=st.text() | kinds | st.from_regex(r"(<[a-z]{1,6}( [a-z]{2,6}=\"?[^<>]{0,9}\"?)?>?[a-z]{0,3}){0,5}"))
def test_any_text_can_be_shown(text: str) -> None:
    media_type(text)
    plain_line(text)
    assert "<script" not in clean_html(text).lower()
    assert isinstance(plain_text(clean_html(text)), str)
