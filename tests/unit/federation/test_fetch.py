from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from federation.cavage import is_signed_by, parse_signature
from federation.errors import Gone, NotActivityStreams, Refused, TooLarge, Unreachable, WrongOrigin
from federation.fetch import ACCEPT, fetch_actor, fetch_collection, fetch_document, fetch_json, fetch_note
from federation.keys import PublicKey
from federation.messages import Request, combined
from federation.signing import Signer

AS = "https://www.w3.org/ns/activitystreams"
LD = f'application/ld+json; profile="{AS}"'
HILL = "http://hill.example"
ACTOR = {"@context": AS, "id": f"{HILL}/actor", "type": "Organization", "inbox": f"{HILL}/actor/inbox"}
NOTE = {"@context": AS, "id": f"{HILL}/o/1", "type": "Note", "attributedTo": f"{HILL}/actor", "content": "<p>Coats</p>"}


# C-19, C-22
@pytest.mark.parametrize("content_type", ["application/activity+json", "application/activity+json; charset=utf-8", LD])
async def test_a_document_is_fetched_by_its_id(neighbours: Any, now: datetime, content_type: str) -> None:
    neighbours.page(f"{HILL}/actor", ACTOR, content_type=content_type)
    assert await fetch_document(neighbours.transport(), f"{HILL}/actor", None, now) == ACTOR
    assert neighbours.asked[0].headers["Accept"] == ACCEPT
    assert "Signature" not in neighbours.asked[0].headers


async def test_a_fetch_is_signed_when_there_is_a_key(
    neighbours: Any, now: datetime, signer: Signer, river_public: PublicKey
) -> None:
    neighbours.page(f"{HILL}/o/1?x=%20", {**NOTE, "id": f"{HILL}/o/1?x=%20"})
    await fetch_note(neighbours.transport(), f"{HILL}/o/1?x=%20", signer, now)
    asked = neighbours.asked[0]
    request = Request("GET", f"{HILL}{asked.raw_path}", combined(asked.headers.items()))
    signature = parse_signature(request.headers["signature"])
    assert signature.names == ("(request-target)", "host", "date")
    assert is_signed_by(river_public, request, signature)


# C-19, T-9
@pytest.mark.parametrize("content_type", ["application/json", "application/ld+json", "text/html", "image/png", ""])
async def test_only_activitystreams_is_believed(neighbours: Any, now: datetime, content_type: str) -> None:
    neighbours.page(f"{HILL}/actor", ACTOR, content_type=content_type)
    with pytest.raises(NotActivityStreams):
        await fetch_actor(neighbours.transport(), f"{HILL}/actor", None, now)


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'{"id": NaN}', b'{"id":"a","id":"b"}', b"\xff", b'"x"'])
async def test_what_is_no_document(neighbours: Any, now: datetime, body: bytes) -> None:
    neighbours.page(f"{HILL}/actor", body)
    with pytest.raises(NotActivityStreams):
        await fetch_document(neighbours.transport(), f"{HILL}/actor", None, now)


# C-22, C-76, T-4, T-8, T-9
@pytest.mark.parametrize(
    "claimed",
    [
        f"{HILL}/other",
        "http://river.example/actor",
        f"{HILL}/actor#x",
        f"{HILL}/actor/",
        None,
        5,
        {},
        [f"{HILL}/actor"],
    ],
)
async def test_a_document_that_calls_itself_otherwise(neighbours: Any, now: datetime, claimed: Any) -> None:
    neighbours.page(f"{HILL}/actor", {**ACTOR, "id": claimed})
    with pytest.raises(WrongOrigin):
        await fetch_document(neighbours.transport(), f"{HILL}/actor", None, now)
    with pytest.raises(WrongOrigin):
        await fetch_actor(neighbours.transport(), f"{HILL}/actor", None, now)


# C-76, T-4
async def test_an_id_that_redirects_is_not_the_id_of_what_is_found(neighbours: Any, now: datetime) -> None:
    async def elsewhere(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": f"{HILL}/actor"})

    neighbours.page("http://river.example/victim", elsewhere)
    neighbours.page(f"{HILL}/actor", ACTOR)
    transport = neighbours.transport()
    with pytest.raises(WrongOrigin):
        await fetch_actor(transport, "http://river.example/victim", None, now)
    # As a document it may be found by another address: it is at home where it was found.
    assert (await fetch_document(transport, "http://river.example/victim", None, now))["id"] == f"{HILL}/actor"


# T-4
async def test_an_id_that_redirects_to_one_that_claims_it(neighbours: Any, now: datetime) -> None:
    async def elsewhere(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": f"{HILL}/actor"})

    victim = "http://river.example/victim"
    neighbours.page(victim, elsewhere)
    neighbours.page(f"{HILL}/actor", {**ACTOR, "id": victim})
    for fetch in (fetch_actor, fetch_document):
        with pytest.raises(WrongOrigin):
            await fetch(neighbours.transport(), victim, None, now)


async def test_an_actor_is_found_without_the_fragment(neighbours: Any, now: datetime) -> None:
    neighbours.page(f"{HILL}/actor", ACTOR)
    actor = await fetch_actor(neighbours.transport(), f"{HILL}/actor#main-key", None, now)
    assert (actor.id, actor.type) == (f"{HILL}/actor", "Organization")


async def test_something_else_than_asked_for(neighbours: Any, now: datetime) -> None:
    neighbours.page(f"{HILL}/actor", {**ACTOR, "type": "Robot"})
    neighbours.page(f"{HILL}/o/1", {"@context": AS, "id": f"{HILL}/o/1", "type": "Collection"})
    with pytest.raises(NotActivityStreams):
        await fetch_actor(neighbours.transport(), f"{HILL}/actor", None, now)
    with pytest.raises(NotActivityStreams):
        await fetch_note(neighbours.transport(), f"{HILL}/o/1", None, now)


# C-92, T-8
async def test_a_note_by_an_author_of_another_server(neighbours: Any, now: datetime) -> None:
    neighbours.page(f"{HILL}/o/1", NOTE)
    assert (await fetch_note(neighbours.transport(), f"{HILL}/o/1", None, now)).attributed_to == f"{HILL}/actor"
    neighbours.page(f"{HILL}/o/1", {**NOTE, "attributedTo": "http://river.example/actor"})
    with pytest.raises(WrongOrigin):
        await fetch_note(neighbours.transport(), f"{HILL}/o/1", None, now)


async def test_what_the_other_server_refuses(neighbours: Any, now: datetime) -> None:
    neighbours.page(f"{HILL}/gone", b"", status=410)
    neighbours.page(f"{HILL}/busy", b"", status=503, Retry_After="60")
    transport = neighbours.transport()
    with pytest.raises(Gone):
        await fetch_document(transport, f"{HILL}/gone", None, now)
    with pytest.raises(Refused) as missing:
        await fetch_document(transport, f"{HILL}/missing", None, now)
    assert (missing.value.status, missing.value.retry_after) == (404, None)
    with pytest.raises(Refused) as busy:
        await fetch_document(transport, f"{HILL}/busy", None, now)
    assert busy.value.retry_after == timedelta(minutes=1)


# T-19
async def test_a_document_of_more_than_a_megabyte(neighbours: Any, now: datetime) -> None:
    neighbours.page(f"{HILL}/actor", b" " * (1024 * 1024 + 1))
    with pytest.raises(TooLarge):
        await fetch_document(neighbours.transport(), f"{HILL}/actor", None, now)


async def test_released_details_are_asked_for_with_a_signature(neighbours: Any, now: datetime, signer: Signer) -> None:
    neighbours.page(f"{HILL}/coordinate", {"phone": "+1 555 0100"}, content_type="application/json")
    transport = neighbours.transport()
    assert await fetch_json(transport, f"{HILL}/coordinate", signer, now) == {"phone": "+1 555 0100"}
    assert neighbours.asked[0].headers["Accept"] == "application/json"
    assert "Signature" in neighbours.asked[0].headers
    neighbours.page(f"{HILL}/page", b"<html>", content_type="text/html")
    with pytest.raises(NotActivityStreams):
        await fetch_json(transport, f"{HILL}/page", signer, now)


# T-15
async def test_released_details_come_from_their_own_server(neighbours: Any, now: datetime, signer: Signer) -> None:
    async def elsewhere(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "http://river.example/x"})

    neighbours.page(f"{HILL}/coordinate", elsewhere)
    neighbours.page("http://river.example/x", {}, content_type="application/json")
    with pytest.raises(WrongOrigin):
        await fetch_json(neighbours.transport(), f"{HILL}/coordinate", signer, now)
    assert "Signature" not in neighbours.asked[1].headers


async def test_a_server_that_is_not_there(neighbours: Any, now: datetime, unused_tcp_port: int) -> None:
    with pytest.raises(Unreachable):
        await fetch_document(neighbours.transport(), f"http://127.0.0.1:{unused_tcp_port}/", None, now)


def paged(neighbours: Any, pages: int, **last: Any) -> None:
    """An outbox of one note a page; the last page has `last` as well."""
    outbox = {"@context": AS, "id": f"{HILL}/outbox", "type": "OrderedCollection", "first": f"{HILL}/outbox?page=1"}
    neighbours.page(f"{HILL}/outbox", outbox)
    for number in range(1, pages + 1):
        page = {"@context": AS, "id": f"{HILL}/outbox?page={number}", "type": "OrderedCollectionPage"}
        page |= {"orderedItems": [{**NOTE, "id": f"{HILL}/o/{number}"}, f"{HILL}/o/only-an-id"]}
        page |= {"next": f"{HILL}/outbox?page={number + 1}"} if number < pages else last
        neighbours.page(f"{HILL}/outbox?page={number}", page)


# C-38
async def test_a_collection_is_read_page_by_page(neighbours: Any, now: datetime, signer: Signer) -> None:
    paged(neighbours, 3)
    items = await fetch_collection(neighbours.transport(), f"{HILL}/outbox", signer, now)
    assert [item["id"] for item in items] == [f"{HILL}/o/1", f"{HILL}/o/2", f"{HILL}/o/3"]
    assert all("Signature" in request.headers for request in neighbours.asked)


# C-38
async def test_a_collection_without_pages(neighbours: Any, now: datetime, signer: Signer) -> None:
    whole = {"@context": AS, "id": f"{HILL}/outbox", "type": "OrderedCollection", "orderedItems": [NOTE]}
    neighbours.page(f"{HILL}/outbox", whole)
    items = await fetch_collection(neighbours.transport(), f"{HILL}/outbox", signer, now)
    assert [item["id"] for item in items] == [NOTE["id"]]
    neighbours.page(f"{HILL}/outbox", {"@context": AS, "id": f"{HILL}/outbox", "type": "OrderedCollection"})
    assert await fetch_collection(neighbours.transport(), f"{HILL}/outbox", signer, now) == ()


# C-38, T-18, T-23
async def test_a_collection_without_end_is_left_after_five_pages(
    neighbours: Any, now: datetime, signer: Signer
) -> None:
    paged(neighbours, 9)
    assert len(await fetch_collection(neighbours.transport(), f"{HILL}/outbox", signer, now)) == 5
    neighbours.asked.clear()
    paged(neighbours, 2, next=f"{HILL}/outbox?page=1")
    assert len(await fetch_collection(neighbours.transport(), f"{HILL}/outbox", signer, now)) == 2
    assert len(neighbours.asked) == 3


# C-38
async def test_a_page_on_another_server_is_not_read(neighbours: Any, now: datetime, signer: Signer) -> None:
    async def elsewhere(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "http://river.example/page"})

    page = {"@context": AS, "id": "http://river.example/page", "type": "OrderedCollectionPage", "orderedItems": [NOTE]}
    neighbours.page("http://river.example/page", page)
    paged(neighbours, 1, next="http://river.example/page")
    with pytest.raises(WrongOrigin):
        await fetch_collection(neighbours.transport(), f"{HILL}/outbox", signer, now)
    assert "/page" not in neighbours.paths
    paged(neighbours, 1)
    neighbours.page(f"{HILL}/outbox?page=1", elsewhere)
    with pytest.raises(WrongOrigin):
        await fetch_collection(neighbours.transport(), f"{HILL}/outbox", signer, now)


async def test_something_else_than_a_collection(neighbours: Any, now: datetime, signer: Signer) -> None:
    neighbours.page(f"{HILL}/outbox", {**NOTE, "id": f"{HILL}/outbox"})
    with pytest.raises(NotActivityStreams):
        await fetch_collection(neighbours.transport(), f"{HILL}/outbox", signer, now)
