"""Quiet by default: every door's answer is kept by nobody, tells no other site where one was, and runs nothing."""

import re
from html.parser import HTMLParser

import pytest

from tests.privacy.forms import typed
from tests.privacy.people import Answer, filled
from tests.privacy.table import Row, rows
from tests.privacy.told import MARKS, Told

pytestmark = pytest.mark.asyncio(loop_scope="session")

READ = tuple(row for row in rows() if row.method == "GET")
LOOKERS = ("stranger", "guest", "member", "steward", "peer")
POLICY = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NAMES = ("Robin", "Dara", "The member", "The steward", "Old Mill", "Market Hall", "noor", "Noor")
NOWHERE = (
    ("GET", "/nothing/here", 404),
    ("GET", "/api/v1/nothing", 404),
    ("GET", "/o/nothing", 404),
    ("GET", "/p/nothing", 404),
    ("GET", "/r/not-a-code", 404),
    ("GET", "/sign-in/not-a-token", 404),
    ("POST", "/robots.txt", 405),
    ("POST", "/livez", 405),
    ("POST", "/api/v1/audit", 405),
    ("POST", "/api/v1/needs", 401),
    ("POST", "/inbox", 415),
    ("GET", "/static/..%2F..%2Fmaster.key", 404),
)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))


def title_of(page: Answer) -> str:
    """The words on the browser's tab, in its history and on its task bar."""
    return " ".join(re.findall(r"<title>(.*?)</title>", page.body.decode(), re.DOTALL))


def check_headers(answer: Answer) -> None:
    """What holds for every answer, whichever door it leaves by."""
    for name, value in POLICY.items():
        assert answer.headers.get(name) == value, name
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy
    assert "script-src 'self';" in policy and "connect-src 'self';" in policy
    assert "unsafe" not in policy and "*" not in policy and "http" not in policy
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    assert "Cache-Control" in answer.headers
    assert answer.headers["Server"] == "manyhands"


def check_page(answer: Answer, row: Row) -> None:
    """What holds for every page of ours."""
    found = _Tags()
    found.feed(answer.body.decode())
    assert not [tag for tag, _ in found.tags if tag in {"style", "iframe", "object", "embed", "base"}]
    assert not [one for tag, one in found.tags if tag == "script" and not one.get("src", "").startswith("/static/")]
    assert not [one for _, one in found.tags if "style" in one or any(name.startswith("on") for name in one)]
    outside = [one for tag, one in found.tags if tag in {"link", "img", "form", "input"} for name in ("src", "action")
               if one.get(name, "/").startswith(("http", "//"))]  # fmt: skip
    assert outside == []
    if is_personal(row):
        title = title_of(answer)
        said = [mark for marks in MARKS.values() for mark in marks if mark in title]
        said += [word for word in NAMES if word in title]
        assert title and said == []


def is_personal(row: Row) -> bool:
    """Whether what is found there differs from role to role, or is about anybody."""
    sights = set(row.seen.values())
    return len(sights) > 1 or not sights <= {frozenset(), frozenset({"public"})}


@pytest.mark.parametrize("row", READ, ids=str)
async def test_every_door_keeps_quiet(row: Row, everybody: Told) -> None:  # T-26, T-32
    for role in LOOKERS:
        ids = await everybody.ids_for(role, row.path)
        answer = await everybody.people[role].ask("GET", filled(row.path, ids))
        check_headers(answer)
        if is_personal(row) and answer.status < 400:
            assert "no-store" in answer.headers["Cache-Control"]
        if "text/html" in answer.headers.get("Content-Type", ""):
            check_page(answer, row)
            assert role == "stranger" or "no-store" in answer.headers["Cache-Control"] or not is_personal(row)


@pytest.mark.parametrize(("method", "path", "status"), NOWHERE)
async def test_so_does_what_is_not_there(method: str, path: str, status: int, everybody: Told) -> None:
    await everybody.ids_for("stranger", "/r")
    answer = await everybody.people["stranger"].ask(method, path)
    assert answer.status == status
    check_headers(answer)
    assert "no-store" in answer.headers["Cache-Control"]


async def test_what_opens_a_note_and_what_comes_after_a_form_keep_quiet_too(everybody: Told) -> None:
    for path in ("/dispatch/{need}/sealed", "/tasks/{task}/details", "/r"):
        role = "guest" if path == "/r" else "steward"
        ids = await everybody.ids_for(role, path)
        answer = await everybody.people[role].ask("POST", filled(path, ids), typed("POST", path, ids))
        assert answer.status in {200, 303}
        check_headers(answer)
        assert answer.headers["Cache-Control"] == "no-store"


async def test_cookies_are_out_of_reach_of_scripts_and_other_sites(everybody: Told) -> None:
    ids = await everybody.ids_for("member", "/sign-in/{token}")
    answer = await everybody.people["stranger"].ask("POST", filled("/sign-in/{token}", ids))
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
