"""Actors and keys of others."""

from typing import Any

import pytest

from schemas.actors import Actor, Endpoints, PublicKey, parse_actor, parse_public_key
from schemas.errors import InvalidDocument
from schemas.fields import document
from schemas.marketplace import Link

AS = "https://www.w3.org/ns/activitystreams"
ID = "https://river.example/users/rosa"


def key(name: str = "main-key") -> dict[str, Any]:
    return {"id": f"{ID}#{name}", "owner": ID, "publicKeyPem": "-----BEGIN PUBLIC KEY-----"}


def written(**more: Any) -> dict[str, Any]:
    return {"@context": [AS, "https://w3id.org/security/v1"], "id": ID, "type": "Person", **more}


@pytest.mark.parametrize("kind", ["Person", "Group", "Organization", "Service", "Application"])
def test_five_types_are_actors(kind: str) -> None:
    assert parse_actor(written(type=kind)).type == kind
    assert parse_actor(written(type=["https://example.org/ns#Community", kind])).type == kind


@pytest.mark.parametrize("kind", ["Note", "person", None, [], ["x:Person"], 7])
def test_other_types_are_not(kind: object) -> None:
    with pytest.raises(InvalidDocument, match=r"^type"):
        parse_actor(written(type=kind))


# T-13
def test_an_actor_must_say_that_it_is_activitystreams() -> None:
    with pytest.raises(InvalidDocument, match=r"^@context"):
        parse_actor(written(**{"@context": "https://w3id.org/security/v1"}))


# C-76
def test_a_stub_with_only_a_key_is_an_actor() -> None:
    actor = parse_actor(written(publicKey=key(), preferredUsername="rosa"))
    assert actor.public_key == PublicKey(id=f"{ID}#main-key", owner=ID, public_key_pem="-----BEGIN PUBLIC KEY-----")
    assert actor.public_keys == (actor.public_key,)
    assert (actor.inbox, actor.shared_inbox, actor.endpoints) == (None, None, None)


# C-82, T-43
def test_two_keys_stand_side_by_side() -> None:
    actor = parse_actor(written(publicKey=[key("new"), key("old"), "https://river.example/keys/3"]))
    assert [one.id for one in actor.public_keys] == [f"{ID}#new", f"{ID}#old"]
    assert document(actor)["publicKey"] == [key("new"), key("old")]
    assert parse_actor(document(actor)) == actor


@pytest.mark.parametrize("given", [None, [], "https://river.example/keys/1"])
def test_a_key_given_only_by_address_is_no_key(given: object) -> None:
    assert parse_actor(written(publicKey=given)).public_keys == ()


# C-98
def test_a_sender_cannot_fill_the_names_that_are_ours() -> None:
    assert parse_actor(written(otherPublicKeys=[key()])).public_keys == ()
    assert len(parse_actor(written(publicKey=key(), otherPublicKeys=[key("x")])).public_keys) == 1


def test_keys_and_profile_fields_are_bounded() -> None:
    field = {"type": "PropertyValue", "name": "Area", "value": "North"}
    assert len(parse_actor(written(publicKey=[key()] * 10, attachment=[field] * 50)).attachment) == 50
    for more in ({"publicKey": [key()] * 11}, {"attachment": [field] * 51}, {"assertionMethod": [multikey()] * 11}):
        with pytest.raises(InvalidDocument):
            parse_actor(written(**more))


def multikey() -> dict[str, Any]:
    return {"id": f"{ID}#ed", "type": "Multikey", "controller": ID, "publicKeyMultibase": "z6Mk"}


# C-13
def test_multikeys_given_whole_are_kept() -> None:
    actor = parse_actor(written(assertionMethod=[multikey(), f"{ID}#other"]))
    assert [one.controller for one in actor.assertion_method] == [ID]


# C-13: whatever stands beside it, one Multikey is found, and the actor with it
@pytest.mark.parametrize(
    "other",
    [
        f"{ID}#other",
        {"id": f"{ID}#jwk", "type": "JsonWebKey", "controller": ID, "publicKeyJwk": {"kty": "OKP", "crv": "Ed25519"}},
        {"id": f"{ID}#old", "type": "Ed25519VerificationKey2020", "controller": ID, "publicKeyMultibase": "z6Mk"},
        {"id": f"{ID}#ed", "type": "Multikey", "publicKeyMultibase": "z6Mk"},
        {"type": "Multikey", "controller": ID, "publicKeyMultibase": "z6Mk"},
        {"id": f"{ID}#ed", "type": "Multikey", "controller": ID, "publicKeyMultibase": 7},
        {"id": f"{ID}#ed", "type": "Multikey", "controller": ID, "publicKeyMultibase": "z" * 10_001},
        {"id": f"{ID}#ed", "type": ["x:Unheard"], "controller": ID, "publicKeyMultibase": "z6Mk"},
        {"id": f"{ID}#ed", "type": 7, "controller": [], "publicKeyMultibase": {"@value": "z6Mk"}},
        {},
        [],
        None,
        7,
    ],
    ids=lambda other: str(other.get("type", "empty") if isinstance(other, dict) else other),
)
def test_other_ways_to_verify_are_passed_over(other: object) -> None:
    for listed in ([other, multikey()], [multikey(), other], [other] * 20 + [multikey()]):
        actor = parse_actor(written(assertionMethod=listed, publicKey=key()))
        assert [one.public_key_multibase for one in actor.assertion_method] == ["z6Mk"]
        assert actor.public_key is not None
    assert parse_actor(written(assertionMethod=other)).assertion_method == ()


def test_a_public_key_in_another_form_is_passed_over() -> None:
    other = {"id": f"{ID}#jwk", "type": "JsonWebKey", "owner": ID, "publicKeyJwk": {"kty": "RSA"}}
    assert parse_actor(written(publicKey=other)).public_keys == ()
    assert [one.id for one in parse_actor(written(publicKey=[other, key()])).public_keys] == [f"{ID}#main-key"]


def test_what_software_implements_in_another_form_is_passed_over() -> None:
    link = {"type": "Link", "href": "https://datatracker.ietf.org/doc/html/rfc9421"}
    others = [{"href": 7}, {"type": "x:Capability", "href": "x:1"}, "https://river.example/capability"]
    actor = parse_actor(written(generator={"type": "Application", "implements": [*others, link]}))
    assert actor.generator is not None
    assert [one.href for one in actor.generator.implements] == [link["href"]]


def test_what_others_add_is_passed_over() -> None:
    actor = parse_actor(
        written(
            endpoints="https://river.example/endpoints",
            generator="https://river.example/software",
            attachment=[{"type": "IdentityProof"}, {"type": "PropertyValue", "name": 7, "value": "x"}, None],
            url=[{"type": "Link", "href": "https://river.example/@rosa"}],
            icon={"type": "Image"},
            manuallyApprovesFollowers=None,
        )
    )
    assert (actor.endpoints, actor.generator, actor.attachment) == (None, None, ())
    assert actor.url == "https://river.example/@rosa"
    assert actor.manually_approves_followers is False


# C-11
def test_the_shared_inbox_is_found() -> None:
    assert parse_actor(written(endpoints={"sharedInbox": "x:1"})).shared_inbox == "x:1"
    assert Actor(id=ID, type="Service", endpoints=Endpoints(shared_inbox="x:2")).shared_inbox == "x:2"


def test_what_the_software_implements_is_a_list_of_links() -> None:
    link = {"type": "Link", "href": "https://datatracker.ietf.org/doc/html/rfc9421", "name": "RFC-9421"}
    actor = parse_actor(written(generator={"type": "Application", "implements": link}))
    assert actor.generator is not None
    assert actor.generator.implements == (Link(href=link["href"], name="RFC-9421"),)


# C-77
def test_a_key_is_read_alone_or_out_of_its_actor() -> None:
    alone = {"@context": "https://w3id.org/security/v1", "type": "CryptographicKey", **key()}
    assert parse_public_key(alone).owner == ID
    assert parse_public_key(written(publicKey=key())).id == f"{ID}#main-key"
    assert parse_public_key({"sec:publicKey": [key()]}).owner == ID
    assert document(parse_public_key(alone))["@context"] == "https://w3id.org/security/v1"
    for missing in ("id", "owner", "publicKeyPem"):
        with pytest.raises(InvalidDocument, match=missing):
            parse_public_key({name: value for name, value in key().items() if name != missing})
