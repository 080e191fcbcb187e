from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from aiohttp import web

from federation.errors import (
    BadSignature,
    ForbiddenAddress,
    Gone,
    KeyUnreachable,
    NotActivityStreams,
    Refused,
    UnusableKey,
    WrongOrigin,
)
from federation.keys import PrivateKey
from federation.resolve import find_key, resolve_actor, resolve_handle
from federation.signing import Signer
from federation.transport import Limits

AS = "https://www.w3.org/ns/activitystreams"
HILL = "http://hill.example"
ID = f"{HILL}/actors/public"
KEY_ID = f"{ID}#main-key"


@pytest.fixture
def actor(river_key: PrivateKey) -> dict[str, Any]:
    return {
        "@context": [AS, "https://w3id.org/security/v1"],
        "id": ID,
        "type": "Organization",
        "preferredUsername": "hill_aid",
        "inbox": f"{ID}/inbox",
        "publicKey": {"id": KEY_ID, "owner": ID, "publicKeyPem": river_key.public_pem},
    }


def fingered(subject: str, href: str, rel: str = "self", kind: str = "application/activity+json") -> Mapping[str, Any]:
    return {"subject": subject, "links": [{"rel": "other"}, {"rel": rel, "type": kind, "href": href}]}


def finger(neighbours: Any, host: str, resource: str, answer: Mapping[str, Any], **more: Any) -> None:
    url = f"http://{host}/.well-known/webfinger?resource={resource}"
    neighbours.page(url, answer, **{"content_type": "application/jrd+json", **more})


# C-76
async def test_a_key_is_found_in_its_owners_document(
    neighbours: Any, actor: dict[str, Any], now: datetime, river_key: PrivateKey, signer: Signer
) -> None:
    neighbours.page(ID, actor)
    key, owner = await find_key(neighbours.transport(), KEY_ID, signer, now)
    assert (key.id, key.owner, owner.id) == (KEY_ID, ID, ID)
    assert key.verify(river_key.sign(b"x"), b"x")
    assert neighbours.paths == ["/actors/public"]
    assert "Signature" in neighbours.asked[0].headers


async def test_the_right_one_of_several_keys(neighbours: Any, actor: dict[str, Any], now: datetime) -> None:
    other = {**actor["publicKey"], "id": f"{ID}#old-key"}
    neighbours.page(ID, {**actor, "publicKey": [other, actor["publicKey"]]})
    key, _ = await find_key(neighbours.transport(), KEY_ID, None, now)
    assert key.id == KEY_ID


# C-76, C-77, T-3, T-4
@pytest.mark.parametrize(
    "changes",
    [
        {"id": f"{HILL}/actors/other"},
        {"id": "http://river.example/actors/public"},
        {"publicKey": None},
        {"publicKey": KEY_ID},
        {"publicKey": {"id": f"{ID}#other", "owner": ID, "publicKeyPem": "x"}},
        {"type": "Note"},
    ],
)
async def test_a_document_that_does_not_give_the_key(
    neighbours: Any, actor: dict[str, Any], now: datetime, changes: dict[str, Any]
) -> None:
    neighbours.page(ID, {**actor, **changes})
    with pytest.raises(BadSignature):
        await find_key(neighbours.transport(), KEY_ID, None, now)


# C-77, T-3
async def test_a_listed_key_of_another_owner(neighbours: Any, actor: dict[str, Any], now: datetime) -> None:
    neighbours.page(ID, {**actor, "publicKey": {**actor["publicKey"], "owner": f"{HILL}/actors/other"}})
    with pytest.raises(BadSignature):
        await find_key(neighbours.transport(), KEY_ID, None, now)


# C-76, T-22
async def test_a_key_document_under_another_id_leads_nowhere(
    neighbours: Any, actor: dict[str, Any], now: datetime
) -> None:
    neighbours.page(ID, actor)
    neighbours.page(f"{HILL}/keys/1", {**actor["publicKey"], "id": f"{HILL}/keys/2"})
    with pytest.raises(BadSignature):
        await find_key(neighbours.transport(), f"{HILL}/keys/1", None, now)
    assert neighbours.paths == ["/keys/1"]


# C-12
async def test_a_key_that_cannot_be_used(neighbours: Any, actor: dict[str, Any], now: datetime) -> None:
    neighbours.page(ID, {**actor, "publicKey": {**actor["publicKey"], "publicKeyPem": "no key"}})
    with pytest.raises(UnusableKey):
        await find_key(neighbours.transport(), KEY_ID, None, now)


# C-77: as GoToSocial does it, a stub of the actor under the key's own address
async def test_a_stub_is_believed_only_on_who_the_owner_is(
    neighbours: Any, actor: dict[str, Any], now: datetime, other_key: PrivateKey
) -> None:
    key_id = f"{ID}/main-key"
    listed = {**actor["publicKey"], "id": key_id}
    neighbours.page(key_id, {**actor, "publicKey": {**listed, "publicKeyPem": other_key.public_pem}})
    neighbours.page(ID, {**actor, "publicKey": listed})
    key, owner = await find_key(neighbours.transport(), key_id, None, now)
    assert (key.id, key.owner, owner.id) == (key_id, ID, ID)
    assert key.pem == actor["publicKey"]["publicKeyPem"]


# C-77
async def test_a_key_document_of_its_own(neighbours: Any, actor: dict[str, Any], now: datetime) -> None:
    key_id = f"{HILL}/keys/1"
    listed = {**actor["publicKey"], "id": key_id}
    neighbours.page(key_id, {"@context": "https://w3id.org/security/v1", "type": "Key", **listed})
    neighbours.page(ID, {**actor, "publicKey": listed})
    key, _ = await find_key(neighbours.transport(), key_id, None, now)
    assert (key.id, key.owner) == (key_id, ID)


# C-77, C-78, T-3
@pytest.mark.parametrize("owner", [ID, "http://river.example/actors/public", "nonsense"])
async def test_a_key_document_that_its_owner_does_not_list(
    neighbours: Any, actor: dict[str, Any], now: datetime, owner: str
) -> None:
    key_id = f"{HILL}/uploads/key"
    neighbours.page(ID, actor)
    neighbours.page("http://river.example/actors/public", {**actor, "id": "http://river.example/actors/public"})
    neighbours.page(key_id, {"id": key_id, "owner": owner, "publicKeyPem": actor["publicKey"]["publicKeyPem"]})
    with pytest.raises(BadSignature):
        await find_key(neighbours.transport(), key_id, None, now)
    assert all(request.host == "hill.example" for request in neighbours.asked)


# T-4
async def test_a_key_found_by_a_redirect_is_of_the_one_it_leads_to(
    neighbours: Any, actor: dict[str, Any], now: datetime
) -> None:
    async def elsewhere(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": ID})

    neighbours.page("http://river.example/victim", elsewhere)
    neighbours.page(ID, actor)
    with pytest.raises(BadSignature):
        await find_key(neighbours.transport(), "http://river.example/victim#main-key", None, now)


# T-3, T-4
async def test_an_actor_found_by_a_redirect_cannot_list_the_key_it_was_asked_for(
    neighbours: Any, actor: dict[str, Any], now: datetime
) -> None:
    async def elsewhere(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": ID})

    victim = "http://river.example/victim"
    neighbours.page(victim, elsewhere)
    neighbours.page(ID, {**actor, "publicKey": {**actor["publicKey"], "id": f"{victim}#main-key"}})
    with pytest.raises(BadSignature):
        await find_key(neighbours.transport(), f"{victim}#main-key", None, now)


# C-58
@pytest.mark.parametrize(
    ("status", "error"),
    [(404, BadSignature), (401, BadSignature), (410, Gone), (429, KeyUnreachable), (502, KeyUnreachable)],
)
async def test_a_server_that_does_not_give_the_key(
    neighbours: Any, now: datetime, status: int, error: type[Exception]
) -> None:
    neighbours.page(ID, b"", status=status)
    with pytest.raises(error):
        await find_key(neighbours.transport(), KEY_ID, None, now)


# C-58, T-9, T-14, T-19
async def test_whatever_happens_it_is_one_of_three_errors(
    neighbours: Any, actor: dict[str, Any], now: datetime, unused_tcp_port: int
) -> None:
    neighbours.page(ID, actor, content_type="application/json")
    neighbours.page(f"{HILL}/large", b" " * 2000)
    transport = neighbours.transport(Limits(answer=1000))
    for key_id in (KEY_ID, f"{HILL}/large", "ftp://hill.example/x", "nonsense", "", "http://10.0.0.1/actor"):
        with pytest.raises(BadSignature):
            await find_key(transport, key_id, None, now)
    with pytest.raises(KeyUnreachable):
        await find_key(transport, f"http://127.0.0.1:{unused_tcp_port}/#main-key", None, now)


# C-3
@pytest.mark.parametrize(
    "handle",
    ["@hill_aid@hill.example", "hill_aid@hill.example", "acct:hill_aid@HILL.example", " @hill_aid@hill.example "],
)
async def test_a_handle_leads_to_an_actor(neighbours: Any, handle: str) -> None:
    finger(neighbours, "hill.example", "acct:hill_aid@hill.example", fingered("acct:hill_aid@hill.example", ID))
    assert await resolve_handle(neighbours.transport(), handle, "http") == ID


@pytest.mark.parametrize(
    "handle",
    ["", "hill", "@hill.example", "@a@b@c.example", "@a b@hill.example", "@a@hill.example/x", "@a@", "@a@b..example"],
)
async def test_what_is_no_handle(neighbours: Any, handle: str) -> None:
    with pytest.raises(ForbiddenAddress):
        await resolve_handle(neighbours.transport(), handle, "http")
    assert neighbours.asked == []


async def test_a_handle_that_is_not_there(neighbours: Any) -> None:
    with pytest.raises(Refused):
        await resolve_handle(neighbours.transport(), "@nobody@hill.example", "http")


@pytest.mark.parametrize(
    "answer",
    [
        {"subject": "acct:hill_aid@hill.example"},
        {"links": []},
        fingered("acct:hill_aid@hill.example", ID, kind="text/html"),
        fingered("acct:hill_aid@hill.example", ID, rel="profile"),
        [],
    ],
)
async def test_an_answer_without_an_actor(neighbours: Any, answer: Any) -> None:
    finger(neighbours, "hill.example", "acct:hill_aid@hill.example", answer)
    with pytest.raises(NotActivityStreams):
        await resolve_handle(neighbours.transport(), "@hill_aid@hill.example", "http")


async def test_a_page_is_no_answer(neighbours: Any) -> None:
    answer = fingered("acct:hill_aid@hill.example", ID)
    finger(neighbours, "hill.example", "acct:hill_aid@hill.example", answer, content_type="text/html")
    with pytest.raises(NotActivityStreams):
        await resolve_handle(neighbours.transport(), "@hill_aid@hill.example", "http")


# C-9
async def test_a_handle_on_another_host_must_be_confirmed_there(neighbours: Any) -> None:
    canonical = "acct:hill_aid@social.hill.example"
    finger(neighbours, "hill.example", "acct:hill_aid@hill.example", fingered(canonical, ID))
    with pytest.raises(Refused):
        await resolve_handle(neighbours.transport(), "@hill_aid@hill.example", "http")
    finger(neighbours, "social.hill.example", canonical, fingered(canonical, f"{HILL}/somebody-else"))
    with pytest.raises(WrongOrigin):
        await resolve_handle(neighbours.transport(), "@hill_aid@hill.example", "http")
    finger(neighbours, "social.hill.example", canonical, fingered(canonical, ID))
    assert await resolve_handle(neighbours.transport(), "@hill_aid@hill.example", "http") == ID


# C-3, C-9
async def test_a_handle_and_its_actor_name_each_other(neighbours: Any, actor: dict[str, Any], now: datetime) -> None:
    handle = "acct:hill_aid@hill.example"
    finger(neighbours, "hill.example", handle, fingered(handle, ID))
    neighbours.page(ID, actor)
    assert (await resolve_actor(neighbours.transport(), "@hill_aid@hill.example", None, now)).id == ID
    neighbours.page(ID, {**actor, "preferredUsername": None})
    with pytest.raises(WrongOrigin):
        await resolve_actor(neighbours.transport(), "@hill_aid@hill.example", None, now)
    neighbours.page(ID, {**actor, "preferredUsername": "somebody"})
    with pytest.raises(Refused):
        await resolve_actor(neighbours.transport(), "@hill_aid@hill.example", None, now)
    other = "acct:somebody@hill.example"
    finger(neighbours, "hill.example", other, fingered(other, f"{HILL}/actors/somebody"))
    with pytest.raises(WrongOrigin):
        await resolve_actor(neighbours.transport(), "@hill_aid@hill.example", None, now)


# T-4
async def test_a_handle_that_leads_to_another_servers_actor(
    neighbours: Any, actor: dict[str, Any], now: datetime
) -> None:
    handle = "acct:bank@evil.example"
    finger(neighbours, "evil.example", handle, fingered(handle, ID))
    neighbours.page(ID, actor)
    with pytest.raises(Refused):
        await resolve_actor(neighbours.transport(), "@bank@evil.example", None, now)


async def test_an_actor_by_its_id_or_its_page(neighbours: Any, actor: dict[str, Any], now: datetime) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": ID})

    neighbours.page(ID, actor)
    neighbours.page(f"{HILL}/@hill_aid", page)
    neighbours.page(f"{HILL}/users/hill_aid", actor)
    for address in (ID, f"{ID}#main-key", f"{HILL}/@hill_aid", f"{HILL}/users/hill_aid"):
        assert (await resolve_actor(neighbours.transport(), address, None, now)).id == ID


# T-9
async def test_a_page_that_claims_to_be_another_servers_actor(
    neighbours: Any, actor: dict[str, Any], now: datetime
) -> None:
    neighbours.page("http://evil.example/x", actor)
    neighbours.page(ID, actor)
    with pytest.raises(WrongOrigin):
        await resolve_actor(neighbours.transport(), "http://evil.example/x", None, now)


# C-5
@pytest.mark.parametrize("rel", ["self", "https://www.w3.org/ns/activitystreams#Service"])
async def test_a_home_page_leads_to_its_actor(neighbours: Any, actor: dict[str, Any], now: datetime, rel: str) -> None:
    neighbours.page(f"{HILL}/", b"<html>", content_type="text/html")
    neighbours.page(ID, actor)
    finger(neighbours, "hill.example", "http:%2F%2Fhill.example%2F", fingered(f"{HILL}/", ID, rel=rel))
    for address in ("hill.example", f"{HILL}/"):
        assert (await resolve_actor(neighbours.transport(), address, None, now)).id == ID


async def test_an_address_that_is_none(neighbours: Any, now: datetime) -> None:
    for address in ("", "a b", "https://", "ftp://hill.example/", "http://10.0.0.1/", "://"):
        with pytest.raises(ForbiddenAddress):
            await resolve_actor(neighbours.transport(), address, None, now)
