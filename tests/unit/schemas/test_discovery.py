"""WebFinger and NodeInfo."""

import pytest

from schemas.discovery import (
    ACTIVITY_LD_JSON,
    NODEINFO_2_1,
    DiscoveryLink,
    NodeInfo,
    NodeInfoLinks,
    Software,
    WebFinger,
)
from schemas.errors import InvalidDocument
from schemas.fields import document, load

ACTOR = "https://river.example/actors/public"


# C-3
@pytest.mark.parametrize("kind", ["application/activity+json", ACTIVITY_LD_JSON])
def test_the_actor_is_the_self_link_of_an_activitystreams_type(kind: str) -> None:
    found = WebFinger.parse(
        {
            "subject": "acct:river_aid@river.example",
            "aliases": None,
            "links": [
                {"rel": "self", "type": "text/html", "href": "https://river.example/"},
                {"rel": "http://ostatus.org/schema/1.0/subscribe", "template": "https://river.example/{uri}"},
                "nonsense",
                {"rel": "self", "type": kind, "href": ACTOR, "properties": {}},
            ],
        }
    )
    assert found.actor == ACTOR
    assert found.server_actor is None


# C-3
def test_without_such_a_link_there_is_no_actor() -> None:
    assert WebFinger.parse({"subject": "acct:a@river.example"}).actor is None
    assert WebFinger.parse({"subject": "acct:a@river.example", "links": [{"rel": "self", "href": ACTOR}]}).actor is None


# C-5
def test_a_server_has_an_actor_of_its_own() -> None:
    link = DiscoveryLink(
        rel="https://www.w3.org/ns/activitystreams#Service", type="application/activity+json", href=ACTOR
    )
    assert WebFinger(subject="https://river.example/", links=(link,)).server_actor == ACTOR


@pytest.mark.parametrize(
    "wrong",
    [{}, {"subject": 7}, {"subject": "x:1", "links": [{"rel": 7}]}, {"subject": "x:1", "links": [{"rel": "a"}] * 101}],
)
# C-4
def test_broken_answers_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidDocument):
        WebFinger.parse(wrong)  # type: ignore[arg-type]


# C-6
def test_nodeinfo_is_linked() -> None:
    links = NodeInfoLinks(links=(DiscoveryLink(rel=NODEINFO_2_1, href="https://river.example/nodeinfo/2.1"),))
    assert document(links) == {"links": [{"rel": NODEINFO_2_1, "href": "https://river.example/nodeinfo/2.1"}]}


# C-7
def test_nodeinfo_tells_no_numbers_unless_told() -> None:
    sent = document(NodeInfo(software=Software(name="manyhands", version="0.1.0")))
    assert sent["usage"] == {"users": {}}
    assert (sent["version"], sent["protocols"], sent["openRegistrations"]) == ("2.1", ["activitypub"], False)
    assert "@context" not in sent


# C-8
def test_nodeinfo_of_others_is_read() -> None:
    found = NodeInfo.parse(
        load(b'{"version":"2.0","software":{"name":"snac"},"usage":{"users":{"total":1},"localPosts":2},"metadata":{}}')
    )
    assert (found.version, found.software.name) == ("2.0", "snac")
