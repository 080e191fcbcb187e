"""Our actors as documents, and other servers' actors as we keep them."""

from typing import Any

import pytest

from federation.keys import KeyPair, generate_ed25519, generate_rsa
from node.domain.errors import PeerTrouble
from node.domain.peers import OwnActor
from node.translate.actors import (
    PROFILE_1,
    RFC_9421,
    Presentation,
    PublishedKey,
    PublishedKeys,
    actor_document,
    published_keys,
    read_actor,
    username,
)
from schemas.actors import Actor, Endpoints, Generator, parse_actor
from schemas.fields import document
from schemas.links import Link
from tests.unit.node.make import NORTH, NOW, RIVER, RIVER_PUBLIC

SHOWN = Presentation("North Side <Neighbours>", "north_aid", ("North Side", "<Mill & Lane>"), NOW)
KEYS = {
    own: PublishedKeys(
        PublishedKey(NORTH.rsa_key(own), f"PEM of {own}"), (PublishedKey(NORTH.ed25519_key(own), f"zKey{own}"),)
    )
    for own in OwnActor
}


def made(own: OwnActor, shown: Presentation = SHOWN) -> dict[str, Any]:
    return document(actor_document(NORTH, own, shown, KEYS))


def fetched(**changed: Any) -> Actor:
    return Actor(**{"id": RIVER_PUBLIC, "type": "Organization", "inbox": f"{RIVER_PUBLIC}/inbox"} | changed)


# C-2, C-11, C-12, C-13
@pytest.mark.parametrize("own", OwnActor)
def test_every_actor_has_all_its_doors_and_its_own_keys(own: OwnActor) -> None:
    actor, base = made(own), f"https://aid.north.example/actors/{own}"
    assert actor["id"] == base
    assert [actor[door] for door in ("inbox", "outbox", "followers", "following")] == [
        f"{base}/{door}" for door in ("inbox", "outbox", "followers", "following")
    ]
    assert actor["endpoints"] == {"sharedInbox": "https://aid.north.example/inbox"}
    assert actor["publicKey"] == {"id": f"{base}#main-key", "owner": base, "publicKeyPem": f"PEM of {own}"}
    assert actor["assertionMethod"] == [
        {"id": f"{base}#ed25519-key", "type": "Multikey", "controller": base, "publicKeyMultibase": f"zKey{own}"}
    ]
    assert parse_actor(actor).id == base


# C-10, C-14
def test_what_tells_the_three_apart() -> None:
    public, peers, instance = (made(own) for own in OwnActor)
    assert [one["type"] for one in (public, peers, instance)] == ["Organization", "Organization", "Application"]
    names = [one["preferredUsername"] for one in (public, peers, instance)]
    assert names == ["north_aid", "north_aid_peers", "aid.north.example"]
    assert [one["manuallyApprovesFollowers"] for one in (public, peers, instance)] == [False, True, True]
    assert [one["discoverable"] for one in (public, peers, instance)] == [True, False, False]
    assert [one["indexable"] for one in (public, peers, instance)] == [False, False, False]
    assert "featured" in public
    assert "featured" not in peers
    assert "attachment" not in peers


# C-9
def test_webfinger_names_are_the_usernames() -> None:
    for own in OwnActor:
        actor = made(own)
        assert actor["webfinger"] == f"{actor['preferredUsername']}@aid.north.example"
    assert username(SHOWN, OwnActor.PEERS) == "north_aid_peers"


def test_what_a_community_calls_itself_is_no_html() -> None:
    values = " ".join(one["value"] for one in made(OwnActor.PUBLIC)["attachment"])
    assert "<Mill" not in values
    assert "https://aid.north.example/ask" in values
    no_areas = made(OwnActor.PUBLIC, Presentation("North", "north", (), NOW))
    assert [one["name"] for one in no_areas["attachment"]] == ["Ask for help"]


# C-143
def test_another_actor_is_kept_without_html_and_invisible_characters() -> None:
    read = read_actor(
        fetched(
            name="Ri\u202ever\n Street",
            preferred_username="river\u200b",
            summary="<p>Neigh<b>bours</b></p><script>x</script>",
            endpoints=Endpoints(shared_inbox=f"{RIVER}/inbox"),
        ),
        NOW,
    )
    assert (read.name, read.username, read.summary) == ("River Street", "river", "Neighbours")
    assert (read.shared_inbox, read.host, read.fetched_at) == (f"{RIVER}/inbox", "help.river.example", NOW)


def test_an_actor_without_a_name_is_called_by_its_id() -> None:
    assert read_actor(fetched(), NOW).name == RIVER_PUBLIC
    assert len(read_actor(fetched(name="x" * 2000), NOW).name) == 200


def test_an_actor_that_cannot_receive_is_no_peer() -> None:
    with pytest.raises(PeerTrouble):
        read_actor(fetched(inbox=None), NOW)


# C-8
def test_only_a_listed_profile_makes_a_manyhands_node() -> None:
    def generator(*links: str) -> Generator:
        return Generator(id=f"{RIVER}/actors/instance", implements=tuple(Link(href=link) for link in links))

    assert not read_actor(fetched(), NOW).is_manyhands
    assert not read_actor(
        fetched(generator=generator("https://datatracker.ietf.org/doc/html/rfc9421")), NOW
    ).is_manyhands
    assert read_actor(fetched(generator=generator(PROFILE_1)), NOW).is_manyhands
    assert not read_actor(fetched(generator=generator(PROFILE_1)), NOW).takes_rfc9421
    assert read_actor(fetched(generator=generator(RFC_9421)), NOW).takes_rfc9421
    ours = actor_document(NORTH, OwnActor.PUBLIC, SHOWN, KEYS)
    assert read_actor(ours, NOW).is_manyhands
    assert read_actor(ours, NOW).takes_rfc9421


# C-12, C-13, T-43
def test_an_actor_lists_its_newest_keys_and_those_it_used_a_few_days_ago() -> None:
    rsa, edwards, old_rsa, old_edwards = (
        generate_rsa("n#2"),
        generate_ed25519("e#2"),
        generate_rsa("n"),
        generate_ed25519("e"),
    )
    keys = {OwnActor.PUBLIC: published_keys(KeyPair(rsa, edwards, (old_rsa, old_edwards)))}
    actor = actor_document(NORTH, OwnActor.PUBLIC, SHOWN, keys)
    assert [key.public_key_pem for key in actor.public_keys] == [rsa.public_pem]
    listed = {key.id: (key.controller, key.public_key_multibase) for key in actor.assertion_method}
    assert listed == {key.id: (actor.id, key.public_multibase) for key in (edwards, old_rsa, old_edwards)}
