"""How strangers find a community: WebFinger, NodeInfo, host-meta and the three actors, as any server asks."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from federation.cavage import sign_headers
from federation.messages import LD_JSON_WITH_PROFILE, Request
from node.domain.peers import OwnActor
from schemas.activities import Follow
from schemas.fields import dump
from tests.village import Clock, Village, settle, village

#: Asking changes nothing, so one village answers all of it.
pytestmark = pytest.mark.asyncio(loop_scope="module")

AS2 = "application/activity+json"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
USERNAMES = {OwnActor.PUBLIC: "north_side_neighbours", OwnActor.PEERS: "north_side_neighbours_peers"}


@dataclass(frozen=True)
class Answer:
    """What a server said, all of it."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def north(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Village]:
    async with village("North Side Neighbours", tmp_path_factory.mktemp("north"), Clock()) as one:
        yield one


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def river(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Village]:
    async with village("River Street Circle", tmp_path_factory.mktemp("river"), Clock()) as one:
        yield one


async def ask(url: str, accept: str | None = AS2, method: str = "GET", **more: str) -> Answer:
    """One plain request that follows nothing."""
    headers = ({"Accept": accept} if accept is not None else {}) | more
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, headers=headers, allow_redirects=False) as answer,
    ):
        return Answer(answer.status, dict(answer.headers), await answer.read())


async def webfinger(one: Village, resource: str) -> Answer:
    return await ask(f"{one.url}/.well-known/webfinger?resource={quote(resource, safe='')}", accept=None)


def name_of(one: Village, own: OwnActor) -> str:
    return USERNAMES.get(own, one.community.host)


# C-1, C-2, C-31
@pytest.mark.parametrize("own", OwnActor)
async def test_every_actor_answers_at_its_id_and_so_do_all_its_doors(north: Village, own: OwnActor) -> None:
    url = f"{north.url}/actors/{own}"
    actor = (await ask(url)).json
    assert actor["id"] == url
    assert actor["type"] in {"Organization", "Application"}
    for door in ("outbox", "followers", "following"):
        found = (await ask(actor[door])).json
        assert (found["id"], found["type"]) == (actor[door], "OrderedCollection")
    assert actor["inbox"] == f"{url}/inbox"


# C-3, C-4
@pytest.mark.parametrize("own", OwnActor)
async def test_a_handle_leads_to_the_actor_and_back(north: Village, own: OwnActor) -> None:
    host, url = north.community.host, f"{north.url}/actors/{own}"
    account = f"acct:{name_of(north, own)}@{host}"
    answer = await webfinger(north, account)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("application/jrd+json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json["subject"] == account
    (own_link,) = [link for link in answer.json["links"] if link["rel"] == "self"]
    assert own_link == {"rel": "self", "type": AS2, "href": url}
    actor = (await ask(own_link["href"])).json
    assert f"acct:{actor['preferredUsername']}@{host}" == account
    assert (await webfinger(north, url)).json == answer.json


# C-4
async def test_a_handle_in_capitals_gives_the_canonical_one(north: Village) -> None:
    account = f"acct:{USERNAMES[OwnActor.PUBLIC]}@{north.community.host}"
    assert (await webfinger(north, account.upper().replace("ACCT", "acct"))).json["subject"] == account


# C-4
@pytest.mark.parametrize(
    "resource",
    [
        "acct:nobody@{host}",
        "acct:north_side_neighbours@other.example",
        "acct:north_side_neighbours@{host}.other.example",
        "acct:north_side_neighbours@{host}@other.example",
        "acct:north_side_neighbours",
        "acct:Robin@{host}",
        "{url}/actors/nobody",
        "{url}/people/robin",
        "https://other.example/",
        "nonsense",
        "%00",
    ],
)
async def test_what_is_not_ours_is_404(north: Village, resource: str) -> None:
    answer = await webfinger(north, resource.format(host=north.community.host, url=north.url))
    assert answer.status == 404
    assert b"north_side" not in answer.body


# C-4
@pytest.mark.parametrize("query", ["", "?", "?resource=", "?rel=self"])
async def test_asking_for_nothing_is_400(north: Village, query: str) -> None:
    assert (await ask(f"{north.url}/.well-known/webfinger{query}", accept=None)).status == 400


# C-5
@pytest.mark.parametrize("slash", ["", "/"])
async def test_the_address_of_the_server_leads_to_its_instance_actor(north: Village, slash: str) -> None:
    answer = await webfinger(north, north.url + slash)
    assert answer.json["subject"] == f"{north.url}/"
    assert {
        "rel": "https://www.w3.org/ns/activitystreams#Service",
        "type": AS2,
        "href": f"{north.url}/actors/instance",
    } in answer.json["links"]


async def test_host_meta_says_where_webfinger_is(north: Village) -> None:
    answer = await ask(f"{north.url}/.well-known/host-meta", accept=None)
    assert answer.headers["Content-Type"].startswith("application/xrd+xml")
    assert f'template="{north.url}/.well-known/webfinger?resource={{uri}}"'.encode() in answer.body


# C-6
async def test_nodeinfo_and_the_instance_actor_are_linked(north: Village) -> None:
    links = (await ask(f"{north.url}/.well-known/nodeinfo", accept=None)).json["links"]
    found = {link["rel"]: link["href"] for link in links}
    assert found == {
        "http://nodeinfo.diaspora.software/ns/schema/2.1": f"{north.url}/nodeinfo/2.1",
        "https://www.w3.org/ns/activitystreams#Application": f"{north.url}/actors/instance",
    }
    for href in found.values():
        assert (await ask(href)).status == 200


# C-7
async def test_nodeinfo_counts_nobody(north: Village) -> None:
    await north.share(await north.ask())
    answer = await ask(f"{north.url}/nodeinfo/2.1", accept=None)
    assert answer.headers["Content-Type"] == (
        'application/json; profile="http://nodeinfo.diaspora.software/ns/schema/2.1#"'
    )
    document = answer.json
    assert document["version"] == "2.1"
    assert document["protocols"] == ["activitypub"]
    assert document["openRegistrations"] is False
    assert document["usage"] == {"users": {}}
    assert document["software"]["name"] == "manyhands"
    assert set(document) == {"version", "software", "protocols", "services", "openRegistrations", "usage", "metadata"}


async def test_security_txt_says_whom_to_tell(north: Village) -> None:
    answer = await ask(f"{north.url}/.well-known/security.txt", accept=None)
    lines = dict(line.split(": ", 1) for line in answer.body.decode().splitlines())
    assert lines["Contact"].startswith(north.url)
    assert lines["Expires"] == "2027-05-19T00:00:00Z"
    assert lines["Canonical"] == f"{north.url}/.well-known/security.txt"


# C-9
@pytest.mark.parametrize("own", OwnActor)
async def test_an_actor_tells_its_own_handle(north: Village, own: OwnActor) -> None:
    actor = (await ask(f"{north.url}/actors/{own}")).json
    assert actor["webfinger"] == f"{name_of(north, own)}@{north.community.host}"
    assert (await webfinger(north, f"acct:{actor['webfinger']}")).json["links"][0]["href"] == actor["id"]


# C-10
async def test_the_instance_actor_is_served_to_everyone_and_followed_by_nobody(north: Village, river: Village) -> None:
    actor = (await ask(f"{north.url}/actors/instance")).json
    assert actor["type"] == "Application"
    assert actor["manuallyApprovesFollowers"] is True
    assert {"inbox", "outbox", "publicKey"} <= actor.keys()
    follow = Follow(id=f"{river.url}/a/f1", actor=f"{river.url}/actors/public", object=actor["id"])
    assert await post(river, f"{north.url}/inbox", dump(follow)) == 202
    await settle(north, river)
    assert (await ask(actor["followers"])).json["totalItems"] == 0


async def post(sender: Village, url: str, body: bytes) -> int:
    key = sender.community.remote.keys[OwnActor.PUBLIC].rsa
    headers = sign_headers(Request("POST", url, {"content-type": LD_JSON_WITH_PROFILE}, body), key, sender.clock())
    headers["Content-Type"] = LD_JSON_WITH_PROFILE
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        return answer.status


# C-11
async def test_the_shared_inbox_and_every_actors_own_take_posts(north: Village, river: Village) -> None:
    for number, own in enumerate((None, *OwnActor)):
        actor = (await ask(f"{north.url}/actors/{own or OwnActor.PUBLIC}")).json
        inbox = actor["inbox"] if own else actor["endpoints"]["sharedInbox"]
        object_id = f"{north.url}/actors/public"
        follow = Follow(id=f"{river.url}/a/f{number}", actor=f"{river.url}/actors/public", object=object_id)
        assert await post(river, inbox, dump(follow)) == 202
    await settle(north)
    assert (await ask(f"{north.url}/actors/public/followers")).json["totalItems"] == 1


# C-12, C-13
async def test_every_actor_has_keys_of_its_own_in_the_forms_others_read(north: Village) -> None:
    seen = set()
    for own in OwnActor:
        actor = (await ask(f"{north.url}/actors/{own}")).json
        key = actor["publicKey"]
        assert (key["id"], key["owner"]) == (f"{actor['id']}#main-key", actor["id"])
        assert key["publicKeyPem"].startswith("-----BEGIN PUBLIC KEY-----\n")
        loaded = load_pem_public_key(key["publicKeyPem"].encode())
        assert isinstance(loaded, RSAPublicKey)
        assert loaded.key_size >= 2048
        (method,) = actor["assertionMethod"]
        assert (method["type"], method["controller"]) == ("Multikey", actor["id"])
        assert method["id"].startswith(f"{actor['id']}#")
        assert method["id"] != key["id"]
        assert multikey(method["publicKeyMultibase"])[:2] == b"\xed\x01"  # Ed25519 public key
        assert len(multikey(method["publicKeyMultibase"])) == 34
        seen |= {key["publicKeyPem"], method["publicKeyMultibase"]}
    assert len(seen) == 2 * len(OwnActor)


def multikey(text: str) -> bytes:
    """Base58btc, marked with a z."""
    assert text.startswith("z")
    number = 0
    for character in text[1:]:
        number = number * 58 + BASE58.index(character)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


# C-14
@pytest.mark.parametrize(("own", "is_listed"), [("public", True), ("peers", False), ("instance", False)])
async def test_whether_it_may_be_listed_and_searched_is_said_plainly(north: Village, own: str, is_listed: bool) -> None:
    actor = (await ask(f"{north.url}/actors/{own}")).json
    assert (actor["discoverable"], actor["indexable"]) == (is_listed, False)


# C-15
async def test_nothing_says_that_a_community_has_moved(north: Village) -> None:
    for own in OwnActor:
        assert not (await ask(f"{north.url}/actors/{own}")).json.get("movedTo")
