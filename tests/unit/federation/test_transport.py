import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import Mapping
from typing import Any

import pytest
from aiohttp import web

from federation.errors import ForbiddenAddress, NotActivityStreams, PrivateAddress, TooLarge, Unreachable
from federation.transport import Limits, NetworkPolicy, Transport

RIVER = "http://river.example"
HILL = "http://hill.example"
NAMED = {"accept": "application/activity+json"}


def redirect(to: str, status: int = 302) -> Any:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": to})

    return answer


async def test_a_get_brings_the_answer_whatever_its_status(neighbours: Any) -> None:
    neighbours.page(f"{RIVER}/%40ana?x=%20", b"words", X_Two="2")
    transport = neighbours.transport()
    response = await transport.get(f"{RIVER}/%40ana?x=%20#part", NAMED)
    assert (response.status, response.body, response.url) == (200, b"words", f"{RIVER}/%40ana?x=%20")
    assert response.headers["x-two"] == "2"
    assert (await transport.get(f"{RIVER}/nothing", NAMED)).status == 404
    asked = neighbours.asked[0]
    assert asked.headers["User-Agent"] == "Manyhands/test"
    assert asked.headers["Accept"] == "application/activity+json"
    assert asked.raw_path == "/%40ana?x=%20"


async def test_a_post_sends_exactly_these_bytes_and_headers(neighbours: Any) -> None:
    neighbours.page(f"{RIVER}/inbox", b"", status=202)
    headers = {"host": "river.example", "content-type": "application/x", "digest": "d"}
    response = await neighbours.transport().post(f"{RIVER}/inbox", headers, b"\0bytes")
    assert response.status == 202
    assert neighbours.bodies == [b"\0bytes"]
    assert neighbours.asked[0].headers["Digest"] == "d"
    assert neighbours.asked[0].headers["Content-Type"] == "application/x"
    assert neighbours.asked[0].headers.getall("Host") == ["river.example"]


# T-15
async def test_redirects_are_followed_by_hand_and_signed_only_at_home(neighbours: Any) -> None:
    neighbours.page(f"{RIVER}/a", redirect("/b"))
    neighbours.page(f"{RIVER}/b", redirect(f"{HILL}/c", 308))
    neighbours.page(f"{HILL}/c", b"there")

    def sign(url: str) -> Mapping[str, str]:
        return {"signature": f"for {url}"}

    response = await neighbours.transport().get(f"{RIVER}/a", NAMED, sign)
    assert (response.body, response.url) == (b"there", f"{HILL}/c")
    signatures = [request.headers.get("Signature") for request in neighbours.asked]
    assert signatures == [f"for {RIVER}/a", f"for {RIVER}/b", None]


# T-18
async def test_three_redirects_and_no_more(neighbours: Any) -> None:
    for number in range(5):
        neighbours.page(f"{RIVER}/{number}", redirect(f"/{number + 1}"))
    neighbours.page(f"{RIVER}/5", b"there")
    assert (await neighbours.transport().get(f"{RIVER}/2", NAMED)).body == b"there"
    with pytest.raises(NotActivityStreams):
        await neighbours.transport().get(f"{RIVER}/1", NAMED)


# T-18
async def test_a_circle_is_left_at_once(neighbours: Any) -> None:
    neighbours.page(f"{RIVER}/a", redirect("/a#again"))
    with pytest.raises(NotActivityStreams):
        await neighbours.transport().get(f"{RIVER}/a", NAMED)
    assert len(neighbours.asked) == 1


# T-15
@pytest.mark.parametrize(
    "to",
    [
        "https://river.example/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "http://ana@river.example/",
        "http://own.example/x",
        "//own.example/x",
        "javascript:alert(1)",
        "http://river.example/ü",
    ],
)
async def test_a_redirect_to_where_we_never_ask(neighbours: Any, to: str) -> None:
    neighbours.page(f"{RIVER}/a", redirect(to))
    policy = NetworkPolicy(own_hosts=frozenset({"own.example"}), dev_loopback=True)
    with pytest.raises(ForbiddenAddress):
        await neighbours.transport(policy=policy).get(f"{RIVER}/a", NAMED)
    assert len(neighbours.asked) == 1


async def test_a_redirect_of_a_post_is_not_followed(neighbours: Any) -> None:
    neighbours.page(f"{RIVER}/inbox", redirect("/other", 307))
    assert (await neighbours.transport().post(f"{RIVER}/inbox", {}, b"{}")).status == 307
    assert neighbours.paths == ["/inbox"]


# T-19
@pytest.mark.parametrize("chunked", [True, False])
async def test_an_answer_that_is_too_large(neighbours: Any, chunked: bool) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if not chunked:
            return web.Response(body=b"x" * 2001)
        stream = web.StreamResponse()
        await stream.prepare(request)
        for _ in range(2001):
            await stream.write(b"x")
        return stream

    neighbours.page(f"{RIVER}/a", answer)
    neighbours.page(f"{RIVER}/b", b"x" * 2000)
    transport = neighbours.transport(Limits(answer=2000))
    with pytest.raises(TooLarge):
        await transport.get(f"{RIVER}/a", NAMED)
    assert len((await transport.get(f"{RIVER}/b", NAMED)).body) == 2000


# T-19
@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_an_answer_that_grows_when_unpacked(neighbours: Any, encoding: str) -> None:
    pack = gzip.compress if encoding == "gzip" else zlib.compress
    bomb = pack(b"\0" * 100_000_000)
    assert len(bomb) < 1024 * 1024
    neighbours.page(f"{RIVER}/a", bomb, Content_Encoding=encoding)
    neighbours.page(f"{RIVER}/b", pack(b"fine"), Content_Encoding=encoding)
    transport = neighbours.transport()
    assert (await transport.get(f"{RIVER}/b", NAMED)).body == b"fine"
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            await transport.get(f"{RIVER}/a", NAMED)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


async def test_the_long_answer_of_an_inbox_is_not_read(neighbours: Any) -> None:
    neighbours.page(f"{RIVER}/inbox", b"x" * 5_000_000, status=202)
    response = await neighbours.transport().post(f"{RIVER}/inbox", {}, b"{}")
    assert response.status == 202
    assert len(response.body) == 16 * 1024


# T-19
async def test_a_slow_answer_is_not_waited_for(neighbours: Any) -> None:
    async def silent(_: web.Request) -> web.Response:
        await asyncio.sleep(0.6)
        return web.Response()

    async def dripping(request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse()
        await stream.prepare(request)
        for _ in range(12):
            await stream.write(b"x")
            await asyncio.sleep(0.05)
        return stream

    neighbours.page(f"{RIVER}/a", silent)
    neighbours.page(f"{RIVER}/b", dripping)
    for url in (f"{RIVER}/a", f"{RIVER}/b"):
        with pytest.raises(Unreachable):
            await neighbours.transport(Limits(total=0.2)).get(url, NAMED)
    with pytest.raises(Unreachable):
        await neighbours.transport(Limits(total=0.2)).post(f"{RIVER}/a", {}, b"{}")


# T-16, T-17
@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["1.1.1.1", "10.0.0.1"], ["::ffff:7f00:1"], ["64:ff9b::7f00:1"], ["x"]]
)
async def test_a_name_that_leads_into_a_private_network(addresses: list[str]) -> None:
    async def resolve(_: str, port: int) -> list[tuple[str, int]]:
        return [(address, port) for address in addresses]

    transport = Transport(NetworkPolicy(), "Manyhands/test", resolve=resolve)
    with pytest.raises(PrivateAddress):
        await transport.get("https://river.example/", NAMED)
    with pytest.raises(PrivateAddress):
        await transport.post("https://river.example/inbox", {}, b"{}")
    await transport.close()


# T-17
async def test_a_name_is_looked_up_and_checked_for_every_connection(neighbours: Any, aiohttp_server: Any) -> None:
    async def once(_: web.Request) -> web.Response:
        return web.Response(headers={"Connection": "close"})

    app = web.Application()
    app.router.add_get("/", once)
    port = (await aiohttp_server(app)).port
    answers = [[("127.0.0.1", port)], [("10.0.0.1", port)]]

    async def resolve(*_: str | int) -> list[tuple[str, int]]:
        return answers.pop(0)

    transport = Transport(NetworkPolicy(dev_loopback=True), "Manyhands/test", resolve=resolve)
    assert (await transport.get(f"{RIVER}/", NAMED)).status == 200
    with pytest.raises(PrivateAddress):
        await transport.get(f"{RIVER}/", NAMED)
    await transport.close()


# T-17: the client library asks no resolver for these
async def test_numbers_are_checked_before_anything_is_sent(neighbours: Any, unused_tcp_port: int) -> None:
    transport = Transport(NetworkPolicy(), "Manyhands/test")
    for host in ("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"):
        with pytest.raises(ForbiddenAddress):
            await transport.get(f"https://{host}/", NAMED)
    await transport.close()


async def test_what_cannot_be_reached(unused_tcp_port: int) -> None:
    async def nowhere(*_: str | int) -> list[tuple[str, int]]:
        raise OSError("no such name")

    async def nothing(*_: str | int) -> list[tuple[str, int]]:
        return []

    for resolve in (nowhere, nothing):
        transport = Transport(NetworkPolicy(dev_loopback=True), "Manyhands/test", resolve=resolve)
        with pytest.raises(Unreachable):
            await transport.get(f"{RIVER}/", NAMED)
        await transport.close()
    transport = Transport(NetworkPolicy(dev_loopback=True), "Manyhands/test")
    with pytest.raises(Unreachable):
        await transport.get(f"http://127.0.0.1:{unused_tcp_port}/", NAMED)
    with pytest.raises(Unreachable):
        await transport.get(f"https://localhost:{unused_tcp_port}/", NAMED)
    await transport.close()


async def test_an_answer_that_is_not_http(unused_tcp_port: int) -> None:
    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ready\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(talk, "127.0.0.1", unused_tcp_port)
    transport = Transport(NetworkPolicy(dev_loopback=True), "Manyhands/test")
    with pytest.raises(Unreachable):
        await transport.get(f"http://127.0.0.1:{unused_tcp_port}/", NAMED)
    await transport.close()
    server.close()
    await server.wait_closed()


async def test_no_cookie_and_no_proxy_is_ever_used(neighbours: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    neighbours.page(f"{RIVER}/a", b"", Set_Cookie="a=b; Path=/")
    transport = neighbours.transport()
    for _ in range(2):
        assert (await transport.get(f"{RIVER}/a", NAMED)).status == 200
    assert all("Cookie" not in request.headers for request in neighbours.asked)


async def test_a_closed_transport_opens_again_when_it_is_needed(neighbours: Any) -> None:
    neighbours.page(f"{RIVER}/a", b"")
    transport = neighbours.transport()
    await transport.close()
    assert (await transport.get(f"{RIVER}/a", NAMED)).status == 200
    await transport.close()
    assert (await transport.get(f"{RIVER}/a", NAMED)).status == 200
