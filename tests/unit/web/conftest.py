"""One community on a real database file behind a real socket, and a visitor who uses its pages as a browser would."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher

from federation.keys import generate_ed25519, generate_rsa
from federation.transport import NetworkPolicy, Transport
from node.context import COMMUNITY
from node.domain.areas import Area
from node.domain.peers import OwnActor
from node.services import sign_in
from node.services.community import Community, Profile, save_profile
from node.services.remote import KeyPair, Remote
from node.settings import Settings
from node.storage.database import Database
from node.storage.vault import Vault
from node.web.routes import setup
from tests.shaped import put_shaped_database

START = datetime(2031, 5, 4, 12, 0, tzinfo=UTC)
BASE_URL = "http://localhost:8440"


@dataclass
class PageForm:
    """A form as a browser would send it untouched."""

    action: str = ""
    typed: dict[str, list[str]] = field(default_factory=dict)
    buttons: dict[str, dict[str, str]] = field(default_factory=dict)


class Page(HTMLParser):
    """What a test wants to know of a page."""

    def __init__(self, status: int, html: str, headers: Any) -> None:
        super().__init__()
        self.status, self.html, self.headers = status, html, headers
        self.forms: list[PageForm] = []
        self.texts: dict[str, list[str]] = {"title": [], "h1": [], "button": [], "textarea": []}
        self.attributes: list[tuple[str, dict[str, str]]] = []
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self._select = ""
        self.feed(html)

    @property
    def title(self) -> str:
        """The words on the browser's tab."""
        return self.texts["title"][0]

    @property
    def heading(self) -> str:
        """The only h1."""
        (heading,) = self.texts["h1"]
        return heading

    def with_id(self, name: str) -> dict[str, str]:
        """The attributes of the element with this id."""
        (found,) = [attributes for _tag, attributes in self.attributes if attributes.get("id") == name]
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.attributes.append((tag, found))
        if tag == "form":
            self.forms.append(PageForm(found.get("action", "")))
        if tag == "input" and self.forms:
            self._take_input(found)
        if tag == "select":
            self._select = found["name"]
        if tag == "option" and "selected" in found:
            self.forms[-1].typed[self._select] = [found["value"]]
        if tag in self.texts:
            self._open.append((tag, found, []))

    def handle_data(self, data: str) -> None:
        for _tag, _attributes, words in self._open:
            words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            return
        _, found, words = self._open.pop()
        text = "".join(words) if tag == "textarea" else " ".join("".join(words).split())
        self.texts[tag].append(text)
        if tag == "textarea":
            self.forms[-1].typed[found["name"]] = [text.removeprefix("\n")]
        if tag == "button" and self.forms and found.get("type") != "button":  # that one sends nothing
            self.forms[-1].buttons[text] = found

    def _take_input(self, found: dict[str, str]) -> None:
        if found.get("type") in {"radio", "checkbox"} and "checked" not in found:
            return
        if "name" in found:
            self.forms[-1].typed.setdefault(found["name"], []).append(found.get("value", ""))


class Visitor:
    """Opens pages and presses buttons; `page` is what is in front of them."""

    def __init__(self, client: TestClient[Any, Any]) -> None:
        self.client = client
        self.headers = {"Sec-Fetch-Site": "same-origin"}
        self.page = Page(0, "", {})

    async def open(self, path: str, **options: Any) -> Page:
        """GET a page."""
        return await self._answer("GET", path, **options)

    async def press(self, button: str, **changes: str | list[str]) -> Page:
        """Send the form that holds this button, with these fields changed."""
        (form,) = [form for form in self.page.forms if button in form.buttons]
        typed = {**form.typed, **{name: [v] if isinstance(v, str) else v for name, v in changes.items()}}
        pressed = form.buttons[button]
        if "name" in pressed:
            typed[pressed["name"]] = [pressed["value"]]
        return await self.send(pressed.get("formaction") or form.action, typed)

    async def send(self, path: str, typed: dict[str, Any] | None = None, **options: Any) -> Page:
        """POST a form."""
        pairs = [(name, value) for name, values in (typed or {}).items() for value in values]
        return await self._answer("POST", path, data=pairs, **options)

    async def _answer(self, method: str, path: str, **options: Any) -> Page:
        options.setdefault("headers", self.headers)
        answer = await self.client.request(method, path, **options)
        self.page = Page(answer.status, await answer.text(), answer.headers)
        return self.page


@dataclass
class Clock:
    """Moved by hand."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> None:
        """Let time pass."""
        self.now += by


@pytest.fixture(autouse=True)
def _passwords_cost_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same kind of hash with the least of its work. Outside of these tests it costs what the library advises."""
    monkeypatch.setattr(sign_in, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def clock() -> Clock:
    """The community's clock."""
    return Clock()


@pytest.fixture(scope="session")
def keys() -> KeyPair:
    """One pair is enough for all; making it is slow."""
    public = f"{BASE_URL}/actors/public"
    return KeyPair(generate_rsa(f"{public}#main-key"), generate_ed25519(f"{public}#ed25519-key"))


@pytest.fixture
async def community(tmp_path: Path, clock: Clock, keys: KeyPair) -> AsyncIterator[Community]:
    """A community that was set up."""
    numbers = count(1)
    settings = Settings(base_url=BASE_URL, data_dir=tmp_path)
    put_shaped_database(tmp_path)
    database = Database(settings.database_url, Vault(b"k" * 32))
    transport = Transport(NetworkPolicy(own_hosts=frozenset({"localhost:8440"})), "Manyhands test")
    remote = Remote(transport, dict.fromkeys(OwnActor, keys), clock)
    found = Community(database, settings, remote, clock, lambda: f"id{next(numbers):016d}")
    areas = (Area("North End"), Area("Riverside"))
    await save_profile(found, Profile("Linden Street", "linden", ("en", "es"), "+44 20 7946 0123", areas, START))
    yield found
    await transport.close()
    await database.close()


def application(community: Community) -> web.Application:
    """The pages alone."""
    app = web.Application()
    app[COMMUNITY] = community
    setup(app)
    return app


@pytest.fixture
async def visitor(community: Community) -> AsyncIterator[Visitor]:
    """A guest."""
    async with TestClient(TestServer(application(community))) as client:
        yield Visitor(client)


@pytest.fixture
async def secure_visitor(community: Community) -> AsyncIterator[Visitor]:
    """A guest of the same community, reached over https behind one proxy on this machine."""
    settings = Settings(
        base_url="https://linden.example", data_dir=community.settings.data_dir, trusted_proxies="127.0.0.1"
    )
    async with TestClient(TestServer(application(replace(community, settings=settings)))) as client:
        yield Visitor(client)


@pytest.fixture
def wait(clock: Clock) -> Callable[[timedelta], None]:
    """Let time pass."""
    return clock.forward
