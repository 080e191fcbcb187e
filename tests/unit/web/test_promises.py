"""What every page promises: headers, refusals, finished error pages."""

from io import BytesIO
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs

from node.context import COMMUNITY
from node.web.routes import setup

PAGES = ["/", "/ask", "/offer", "/r", "/sign-in", "/nothing-here", "/static/manyhands.css", "/robots.txt"]


@pytest.mark.parametrize("path", PAGES)
async def test_every_answer_carries_the_headers(visitor: Any, path: str) -> None:  # T-32
    page = await visitor.open(path)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy and "connect-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", [path for path in PAGES if not path.startswith(("/static", "/robots"))])
async def test_every_page_stands_on_its_own(visitor: Any, path: str) -> None:
    page = await visitor.open(path)
    assert page.heading
    assert page.title.endswith("\N{EN DASH} Linden Street")
    tags = [tag for tag, _ in page.attributes]
    assert {"header", "nav", "main", "footer"} <= set(tags)
    assert "style" not in tags
    assert not [
        found for _, found in page.attributes if "style" in found or any(name.startswith("on") for name in found)
    ]
    assert ("html", {"lang": "en", "dir": "ltr"}) in page.attributes
    for tag, found in page.attributes:
        if tag in {"link", "img", "script"}:
            assert found.get("href", found.get("src", "")).startswith(("/static/", "data:", "/manifest.webmanifest"))
    names = [found["id"] for _, found in page.attributes if "id" in found]
    assert len(names) == len(set(names))
    labels = {found.get("for") for tag, found in page.attributes if tag == "label"}
    fields = [found for tag, found in page.attributes if tag in {"input", "select", "textarea"}]
    assert all(found["id"] in labels for found in fields if found.get("type") != "hidden")


async def test_the_front_page_alone_is_for_search_engines(visitor: Any) -> None:
    assert "X-Robots-Tag" not in (await visitor.open("/")).headers
    assert "noindex" in (await visitor.open("/r")).headers["X-Robots-Tag"]
    assert (await visitor.open("/robots.txt")).html == "User-agent: *\nAllow: /$\nDisallow: /\n"


async def test_the_front_page_has_two_doors_and_a_telephone(visitor: Any) -> None:
    page = await visitor.open("/")
    targets = [found.get("href") for tag, found in page.attributes if tag == "a"]
    assert {"/ask", "/offer", "/r", "tel:+442079460123"} <= set(targets)
    assert "Español" in page.html


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost:8440"},
        {"Origin": "https://elsewhere.example"},
    ],
)
async def test_a_form_from_another_site_is_refused(visitor: Any, headers: dict[str, str]) -> None:
    page = await visitor.send("/ask/reach", {"title": ["x"]}, headers=headers)
    assert (page.status, page.heading) == (403, "This is not open to you")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost:8440"},
        {"Origin": "null"},
        {},
    ],
)
async def test_a_guest_of_our_own_pages_is_heard(visitor: Any, headers: dict[str, str]) -> None:
    """Older telephones say "Origin: null", because our pages name no referrer; a guest has nothing to lose by it."""
    assert (await visitor.send("/ask/reach", {"title": ["x"]}, headers=headers)).status == 422


async def test_a_wrong_method_says_what_is_allowed(visitor: Any) -> None:
    page = await visitor.send("/robots.txt")
    assert page.status == 405
    assert "GET" in page.headers["Allow"]


async def test_too_much_at_once_is_a_finished_page(visitor: Any) -> None:
    headers = {**visitor.headers, "Content-Type": "application/x-www-form-urlencoded"}
    page = await visitor._answer("POST", "/ask/reach", data=BytesIO(b"text=" + b"x" * 2_000_000), headers=headers)
    assert (page.status, page.heading) == (413, "That is too long")


async def test_a_broken_form_is_told_so(visitor: Any) -> None:
    headers = {**visitor.headers, "Content-Type": "multipart/form-data; boundary=x"}
    page = await visitor._answer("POST", "/ask/reach", data=b"--x\r\n\r\nnameless\r\n--x--", headers=headers)
    assert page.status == 422


async def test_what_nobody_foresaw_is_a_plain_page_and_a_log_line_without_content(community: Any) -> None:
    async def fails(_request: web.Request) -> web.Response:
        raise RuntimeError("Kim lives in Mill Lane")

    app = web.Application()
    app[COMMUNITY] = community
    setup(app, (web.get("/breaks/{secret}", fails),))
    with capture_logs() as lines:
        async with TestClient(TestServer(app)) as client:
            answer = await client.get("/breaks/blue-otter-0000")
            text = await answer.text()
    assert answer.status == 500
    assert "Something went wrong on our side" in text
    assert "Traceback" not in text and "Mill Lane" not in text
    (line,) = lines
    assert line["route"] == "/breaks/{secret}"
    assert line["kind"] == "RuntimeError"
    assert "Mill Lane" not in str(line) and "blue-otter" not in str(line)


async def test_a_community_not_set_up_yet_says_so(community: Any, visitor: Any) -> None:
    async with community.database.unit_of_work() as work:
        await work.connection.exec_driver_sql("DELETE FROM community")
    page = await visitor.open("/")
    assert page.status == 409
    assert "manyhands init" in page.html


async def test_machines_doors_are_left_alone(community: Any) -> None:
    async def inbox(_request: web.Request) -> web.Response:
        return web.Response(status=202)

    app = web.Application()
    app[COMMUNITY] = community
    setup(app, (web.post("/inbox", inbox), web.post("/actors/public/inbox", inbox)))
    async with TestClient(TestServer(app)) as client:
        answer = await client.post("/inbox", data=b"{}", headers={"Sec-Fetch-Site": "cross-site"})
        unknown = await client.get("/api/v1/nothing")
    assert answer.status == 202
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert unknown.status == 404 and unknown.content_type == "text/plain"


async def test_the_first_page_is_light(visitor: Any) -> None:
    """On a bad line everything that it needs is there soon: under 30 kB as it is sent."""
    page = await visitor.open("/")
    tags = {"link", "img", "script"}
    needed = [found for tag, found in page.attributes if tag in tags and found.get("rel") != "apple-touch-icon"]
    addresses = {found.get("href") or found["src"] for found in needed}
    sent = 0
    for address in {"/", *addresses}:
        async with visitor.client.session.request(
            "GET", visitor.client.make_url(address), headers={"Accept-Encoding": "gzip"}, auto_decompress=False
        ) as answer:
            sent += len(await answer.read())
    assert sent < 30_000


async def test_a_static_file_keeps_its_address_as_long_as_its_content(visitor: Any) -> None:
    page = await visitor.open("/")
    (address,) = [found["href"] for tag, found in page.attributes if found.get("rel") == "stylesheet"]
    page = await visitor.open(address)
    assert page.headers["Content-Type"].startswith("text/css")
    assert "immutable" in page.headers["Cache-Control"]
    assert (await visitor.open("/static/..%2Froutes.py")).status == 404
