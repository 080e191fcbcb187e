"""Keys in other spellings."""

import pytest

from schemas.errors import InvalidDocument
from schemas.terms import plain, plain_term


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("stipulates", "stipulates"),
        ("vf:stipulates", "stipulates"),
        ("https://w3id.org/valueflows/ont/vf#stipulates", "stipulates"),
        ("as:actor", "actor"),
        ("https://www.w3.org/ns/activitystreams#actor", "actor"),
        ("http://www.w3.org/ns/ldp#inbox", "inbox"),
        ("https://w3id.org/security#publicKey", "publicKey"),
        ("om2:hasUnit", "hasUnit"),
        ("http://www.ontology-of-units-of-measure.org/resource/om-2/hasUnit", "hasUnit"),
        ("https://w3id.org/manyhands/ns#urgency", "urgency"),
        ("@id", "id"),
        ("@type", "type"),
        ("@identity", "@identity"),
        ("flohmarkt:data", "flohmarkt:data"),
        ("https://evil.example/ns#actor", "https://evil.example/ns#actor"),
        ("vf:", "vf:"),
        ("", ""),
    ],
)
def test_only_prefixes_we_know_are_taken_off(term: str, expected: str) -> None:
    assert plain_term(term) == expected


def test_a_plain_document_is_not_copied() -> None:
    document = {"@context": {"vf:a": "b"}, "type": "Create", "object": {"id": "x", "to": "as:Public"}}
    assert plain(document) is document


def test_full_and_prefixed_keys_are_renamed_at_every_level() -> None:
    document = {"@context": {"vf:x": 1}, "as:object": [{"vf:stipulates": {"@id": "x"}, "flohmarkt:data": [["y"]]}]}
    assert plain(document) == {
        "@context": {"vf:x": 1},
        "object": [{"stipulates": {"id": "x"}, "flohmarkt:data": [["y"]]}],
    }


# T-13
@pytest.mark.parametrize("key", ["@graph", "@included", "@reverse"])
def test_keys_that_rearrange_a_document_are_refused_anywhere(key: str) -> None:
    for document in ({key: []}, {"object": {key: {}}}, {"tag": [{"a": [[{key: 1}]]}]}):
        with pytest.raises(InvalidDocument, match="not read"):
            plain(document)


# T-13
def test_words_in_a_text_are_not_taken_for_keys() -> None:
    document = {"content": '{"@graph": {}, "as:x": 1}', "name": "@graph", "to": "as:Public"}
    assert plain(document) == document


# T-12, T-13
@pytest.mark.parametrize(
    "document",
    [
        {"actor": "https://a.example/", "as:actor": "https://b.example/"},
        {"as:actor": "https://a.example/", "actor": "https://b.example/"},
        {"as:actor": "a", "https://www.w3.org/ns/activitystreams#actor": "b"},
        {"object": {"id": "a", "@id": "a"}},
    ],
)
def test_one_field_in_two_spellings_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(InvalidDocument, match="two spellings"):
        plain(document)


def test_a_copy_has_a_bounded_depth() -> None:
    deep: object = {}
    for _ in range(40):
        deep = [{"a": deep}]
    with pytest.raises(InvalidDocument, match="deep"):
        plain({"vf:a": deep})


def test_what_cannot_be_written_again_is_looked_at_key_by_key() -> None:
    assert plain({"number": 2**70, "vf:action": "transfer"}) == {"number": 2**70, "action": "transfer"}
