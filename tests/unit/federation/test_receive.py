import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from federation.errors import (
    ActorGone,
    AlreadySeen,
    BadDocument,
    BadSignature,
    Gone,
    Ignored,
    KeyUnreachable,
    NotTheKeysOwner,
    NotWelcome,
    Rejected,
    TooLarge,
    UnsupportedMediaType,
    WrongOrigin,
)
from federation.keys import PrivateKey, PublicKey
from federation.messages import Request
from federation.receive import ReceiveContext, receive
from schemas.activities import Heading

Signed = Callable[..., Request]
AS = "https://www.w3.org/ns/activitystreams"
RIVER = "https://help.river.example/actors/public"
NORTH = "https://aid.north.example/actors/public"
FOLLOW = {"@context": AS, "id": "https://help.river.example/a/1", "type": "Follow", "actor": RIVER, "object": NORTH}


def body(**changes: Any) -> bytes:
    return json.dumps({name: value for name, value in {**FOLLOW, **changes}.items() if value is not None}).encode()


@pytest.fixture
def context(river_public: PublicKey, now: datetime) -> ReceiveContext:
    async def find(_: str) -> PublicKey:
        return river_public

    return ReceiveContext(find, now, frozenset({"aid.north.example"}), is_blocked=lambda _: False)


def without_key(context: ReceiveContext, error: type[Exception] = AssertionError) -> ReceiveContext:
    async def find(_: str) -> PublicKey:
        raise error

    return replace(context, find_key=find)


async def test_an_activity_arrives(signed: Signed, context: ReceiveContext) -> None:
    received = await receive(signed(body()), context=context)
    assert received.heading == Heading(id=FOLLOW["id"], type="Follow", actor=RIVER, object=NORTH)
    assert (received.heading.actor, received.body, received.key_id) == (RIVER, body(), f"{RIVER}#main-key")


# C-57
@pytest.mark.parametrize(
    "content_type",
    ["application/activity+json", "application/ld+json", f'application/ld+json; profile="{AS}"; charset=utf-8'],
)
async def test_both_content_types_are_taken(signed: Signed, context: ReceiveContext, content_type: str) -> None:
    assert await receive(signed(body(), content_type=content_type), context=context)


# C-57
@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/x-www-form-urlencoded", ""])
async def test_other_content_types_are_not(signed: Signed, context: ReceiveContext, content_type: str) -> None:
    with pytest.raises(UnsupportedMediaType) as error:
        await receive(signed(body(), content_type=content_type), context=without_key(context))
    assert error.value.status == 415


# C-56
async def test_a_body_of_more_than_a_megabyte(signed: Signed, context: ReceiveContext) -> None:
    with pytest.raises(TooLarge) as error:
        await receive(signed(body() + b" " * 1024 * 1024), context=without_key(context))
    assert error.value.status == 413


# C-58
async def test_an_unsigned_activity(signed: Signed, context: ReceiveContext) -> None:
    headers = {name: value for name, value in signed(body()).headers.items() if name != "signature"}
    for content in (body(), b"not even JSON"):
        with pytest.raises(BadSignature) as error:
            await receive(replace(signed(content), headers=headers), context=without_key(context))
        assert error.value.status == 401


# C-75
async def test_an_rfc_9421_signature_that_says_too_little_gets_401_so_that_the_sender_tries_the_other(
    signed: Signed, context: ReceiveContext
) -> None:
    headers = {**signed(body()).headers, "signature-input": "sig1=()", "signature": "sig1=:QUJD:"}
    with pytest.raises(BadSignature) as error:
        await receive(replace(signed(body()), headers=headers), context=without_key(context))
    assert error.value.status == 401


# C-59, T-13, T-21
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"a": NaN}',
        b'{"type":"Follow","type":"Undo"}',
        b"[" * 1000,
        b'{"@context":"https://www.w3.org/ns/activitystreams","type":"Follow"}',
        body(actor=[RIVER, NORTH]),
        body(actor=None),
        body(**{"@graph": []}),
        body(**{"@context": "https://other.example/"}),
    ],
)
async def test_what_is_no_activity(signed: Signed, context: ReceiveContext, content: bytes) -> None:
    with pytest.raises(BadDocument) as error:
        await receive(signed(content), context=without_key(context))
    assert error.value.status == 400


# C-79, T-1: the attacker signs well, with the attacker's own key
@pytest.mark.parametrize("actor", ["https://aid.hill.example/actors/public", "https://help.river.example/actors/other"])
async def test_an_activity_in_the_name_of_another_actor(signed: Signed, context: ReceiveContext, actor: str) -> None:
    activity_id = actor.replace("/actors/", "/a/")
    with pytest.raises(NotTheKeysOwner) as error:
        await receive(signed(body(actor=actor, id=activity_id)), context=context)
    assert error.value.status == 401


# C-78, T-22: no key is fetched for an actor of another server than the key
async def test_an_actor_of_another_server_is_refused_at_once(signed: Signed, context: ReceiveContext) -> None:
    content = body(actor="https://aid.hill.example/actors/public", id="https://aid.hill.example/a/1")
    with pytest.raises(NotTheKeysOwner):
        await receive(signed(content), context=without_key(context))


# C-78, C-88, C-101, T-6, T-11
@pytest.mark.parametrize(
    "activity_id",
    [
        "https://aid.hill.example/a/1",
        "https://help.river.example:444/a/1",
        "http://help.river.example/a/1",
        "https://help.river.example@aid.hill.example/a/1",
        "https://help.river.example./a/1",
        "urn:uuid:1",
        "nonsense",
    ],
)
async def test_an_activity_with_the_id_of_another_server(
    signed: Signed, context: ReceiveContext, activity_id: str
) -> None:
    with pytest.raises(WrongOrigin) as error:
        await receive(signed(body(id=activity_id)), context=without_key(context))
    assert error.value.status == 403


# C-101
async def test_one_origin_may_be_written_in_two_ways(signed: Signed, context: ReceiveContext) -> None:
    assert await receive(signed(body(id="https://HELP.river.example:443/a/1")), context=context)


# C-98
async def test_an_actor_of_our_own_does_not_come_from_outside(
    signed: Signed, context: ReceiveContext, river_key: PrivateKey
) -> None:
    key = replace(river_key, id=f"{NORTH}#main-key")
    content = body(actor=NORTH, id="https://aid.north.example/a/1")
    with pytest.raises(WrongOrigin) as error:
        await receive(signed(content, key=key), context=without_key(context))
    assert error.value.status == 403


# C-58
async def test_a_blocked_host(signed: Signed, context: ReceiveContext) -> None:
    asked: list[str] = []

    def is_blocked(host: str) -> bool:
        asked.append(host)
        return True

    with pytest.raises(NotWelcome) as error:
        await receive(signed(body()), context=replace(without_key(context), is_blocked=is_blocked))
    assert error.value.status == 403
    assert asked == ["help.river.example"]


# C-58
async def test_a_key_that_cannot_be_reached(signed: Signed, context: ReceiveContext) -> None:
    with pytest.raises(KeyUnreachable) as error:
        await receive(signed(body()), context=without_key(context, KeyUnreachable))
    assert error.value.status == 503


@pytest.mark.parametrize("key_id", ["http://help.river.example/actors/public#main-key", "main-key", "acct:a@b.example"])
async def test_a_key_id_that_is_no_https_address(
    signed: Signed, context: ReceiveContext, river_key: PrivateKey, key_id: str
) -> None:
    with pytest.raises(BadSignature):
        await receive(signed(body(), key=replace(river_key, id=key_id)), context=without_key(context))


# C-71, T-25
async def test_the_same_request_again(signed: Signed, context: ReceiveContext) -> None:
    """Once it is kept: until then another copy of it may be the one that is."""
    await receive(signed(body()), context=context)
    kept = await receive(signed(body()), context=context)
    context.seen.remember(kept.signature_name, context.now)
    with pytest.raises(AlreadySeen) as error:
        await receive(signed(body()), context=context)
    assert error.value.status == 202
    later = context.now + timedelta(seconds=15)
    assert await receive(signed(body(), at=later), context=replace(context, now=later))


# C-71: a signature is remembered only once it is proven, so nobody can burn another's
async def test_a_request_that_failed_does_not_count_as_seen(signed: Signed, context: ReceiveContext) -> None:
    with pytest.raises(KeyUnreachable):
        await receive(signed(body()), context=without_key(context, KeyUnreachable))
    assert await receive(signed(body()), context=context)


# C-61
async def test_an_activity_without_an_id_has_no_effect(
    signed: Signed, context: ReceiveContext, other_key: PrivateKey
) -> None:
    with pytest.raises(Ignored) as error:
        await receive(signed(body(id=None)), context=context)
    assert error.value.status == 202
    with pytest.raises(BadSignature):
        await receive(signed(body(id=None), key=other_key), context=context)


# C-111
async def test_an_activity_we_do_not_use_is_received(signed: Signed, context: ReceiveContext) -> None:
    received = await receive(signed(body(type="Dislike")), context=context)
    assert received.heading.type == "Dislike"


# C-84, T-35
async def test_an_actor_says_goodbye(signed: Signed, context: ReceiveContext) -> None:
    content = body(type="Delete", object=RIVER)
    received = await receive(signed(content), context=context)
    assert (received.heading.type, received.heading.object) == ("Delete", RIVER)
    with pytest.raises(ActorGone) as error:
        await receive(signed(content), context=without_key(context, Gone))
    assert (error.value.status, error.value.actor) == (202, RIVER)


# C-84, T-35
@pytest.mark.parametrize(
    "content", [body(), body(type="Delete", object="https://help.river.example/o/1"), body(type="Undo", object=RIVER)]
)
async def test_a_key_that_is_gone_says_nothing_about_anything_else(
    signed: Signed, context: ReceiveContext, content: bytes
) -> None:
    with pytest.raises(BadSignature):
        await receive(signed(content), context=without_key(context, Gone))


# C-84, T-35: on a server with many actors, a key of one that is gone does not delete another
async def test_somebody_elses_key_that_is_gone_does_not_delete_an_actor(
    signed: Signed, context: ReceiveContext
) -> None:
    victim = "https://help.river.example/actors/peers"
    with pytest.raises(Ignored) as error:
        await receive(signed(body(type="Delete", actor=victim, object=victim)), context=without_key(context, Gone))
    assert not isinstance(error.value, ActorGone)


async def test_http_only_where_it_is_allowed(signed: Signed, context: ReceiveContext, river_key: PrivateKey) -> None:
    key = replace(river_key, id="http://127.0.0.1:8002/actor#main-key")
    content = body(actor="http://127.0.0.1:8002/actor", id="http://127.0.0.1:8002/a/1")

    async def find(_: str) -> PublicKey:
        return PublicKey(key.id, "http://127.0.0.1:8002/actor", key.public_pem)

    local = replace(context, find_key=find, allow_http=True, is_blocked=lambda host: host != "127.0.0.1:8002")
    assert await receive(signed(content, key=key), context=local)
    with pytest.raises(BadSignature):
        await receive(signed(content, key=key), context=replace(local, allow_http=False))


async def test_every_refusal_is_one_plain_sentence(signed: Signed, context: ReceiveContext) -> None:
    for content in (body(actor="https://aid.hill.example/x"), body(id="nonsense"), b"{}", b"["):
        with pytest.raises(Rejected) as error:
            await receive(signed(content), context=context)
        assert str(error.value).endswith(".") and "\n" not in str(error.value)
