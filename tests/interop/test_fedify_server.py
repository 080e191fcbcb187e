"""The independent server itself works, so that what it says about us can be believed."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.interop.fedify_server import NO_PROXY, CommandFailed, FedifyServer

pytestmark = pytest.mark.interop

ACTIVITY_JSON = "application/activity+json"


def fetch(url: str) -> dict[str, Any]:
    with NO_PROXY.open(urllib.request.Request(url, headers={"Accept": ACTIVITY_JSON}), timeout=10) as answer:
        assert answer.headers.get_content_type() == ACTIVITY_JSON
        document: dict[str, Any] = json.load(answer)
        return document


def test_its_actor_can_be_fetched_by_anybody(fedify: FedifyServer) -> None:
    actor = fetch(fedify.actor)
    assert actor["id"] == fedify.actor
    assert actor["type"] == "Person"
    assert actor["publicKey"]["owner"] == fedify.actor
    assert actor["endpoints"]["sharedInbox"] == f"{fedify.url}/inbox"


def test_one_follows_another_and_sees_what_it_posts_changes_and_deletes(
    fedify: FedifyServer, other_fedify: FedifyServer
) -> None:
    fedify.follow(other_fedify.actor)
    assert other_fedify.followers() == [fedify.actor]
    assert [(seen["type"], seen["believed"]) for seen in fedify.inbox()] == [("Accept", True)]

    post = other_fedify.post("<p>Soup on Friday</p>")
    assert fetch(post)["content"] == "<p>Soup on Friday</p>"
    assert [(note["id"], note["content"]) for note in fedify.timeline()] == [(post, "<p>Soup on Friday</p>")]

    other_fedify.edit(post, "<p>Soup on Saturday</p>")
    assert [note["content"] for note in fedify.timeline()] == ["<p>Soup on Saturday</p>"]

    other_fedify.delete(post)
    assert fedify.timeline() == []
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetch(post)

    fedify.unfollow(other_fedify.actor)
    assert other_fedify.followers() == []


def test_it_never_says_by_http_signature_of_what_carries_another_proof(
    fedify: FedifyServer, other_fedify: FedifyServer
) -> None:
    """Its own messages carry a linked-data signature, so they prove nothing about HTTP signatures."""
    fedify.follow(other_fedify.actor)
    (accept,) = fedify.inbox()
    assert accept["believed"]
    assert not accept["by_http_signature"]


def test_it_believes_nothing_unsigned(fedify: FedifyServer) -> None:
    activity = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": "http://127.0.0.1:1/activities/1",
        "type": "Create",
        "actor": fedify.actor,
        "object": {"id": "http://127.0.0.1:1/o/1", "type": "Note", "attributedTo": fedify.actor, "content": "forged"},
    }
    request = urllib.request.Request(
        f"{fedify.url}/users/stranger/inbox", json.dumps(activity).encode(), {"Content-Type": ACTIVITY_JSON}
    )
    with pytest.raises(urllib.error.HTTPError, match="401"):
        NO_PROXY.open(request, timeout=10)
    (seen,) = fedify.inbox()
    assert seen["status"] == 401
    assert not seen["believed"]
    assert fedify.timeline() == []


def test_it_says_when_it_cannot_do_what_it_was_told(fedify: FedifyServer) -> None:
    with pytest.raises(CommandFailed, match="no actor at"):
        fedify.follow(f"{fedify.url}/users/nobody")
