"""A browser as far as these pages need one, and what it sees."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from aiohttp.test_utils import TestClient


class _Reader(HTMLParser):
    """Notes what tests ask about: titles, headings, links, forms with their fields, ids, and the words."""

    def __init__(self) -> None:
        super().__init__()
        self.h1s = 0
        self.links: list[str] = []
        self.forms: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.h1s += tag == "h1"
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a":
            self.links.append(values.get("href", ""))
        if tag == "label":
            self.labels.add(values.get("for", ""))
        if tag == "form":
            self.forms.append({"action": values.get("action", ""), "method": values.get("method", ""), "fields": []})
        if tag in {"input", "select", "textarea", "button"} and self.forms:
            self.forms[-1]["fields"].append({"tag": tag, **values})

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@dataclass(frozen=True)
class Page:
    """An answer as a reader meets it."""

    status: int
    html: str
    location: str
    headers: dict[str, str]
    read: _Reader = field(repr=False)

    @property
    def text(self) -> str:
        """The words alone, with single spaces."""
        return " ".join(" ".join(self.read.words).split())

    def form(self, action: str) -> dict[str, str]:
        """The hidden fields of the form that goes to `action`."""
        found = next(form for form in self.read.forms if form["action"] == action)
        return {one["name"]: one["value"] for one in found["fields"] if one.get("type") == "hidden"}

    def names(self, action: str) -> set[str]:
        """Every field name of the forms that go to `action`."""
        fields = [one for form in self.read.forms if form["action"] == action for one in form["fields"]]
        return {one["name"] for one in fields if "name" in one}


def page_of(status: int, html: str, headers: dict[str, str]) -> Page:
    """Read the page."""
    reader = _Reader()
    reader.feed(html)
    return Page(status, html, headers.get("Location", ""), headers, reader)


@dataclass(frozen=True)
class Visitor:
    """A browser, with or without a session."""

    client: TestClient[Any, Any]
    cookie: str = ""
    csrf: str = ""

    async def get(self, path: str) -> Page:
        """Open a page."""
        return await self._send("GET", path)

    async def post(self, path: str, **fields: Any) -> Page:
        """Send a form as the page would; a list sends a field several times."""
        pairs = [("csrf", self.csrf)] if self.csrf else []
        for name, value in fields.items():
            pairs += [(name, str(one)) for one in (value if isinstance(value, list) else [value])]
        return await self._send("POST", path, data=pairs)

    async def _send(self, method: str, path: str, **options: Any) -> Page:
        headers = {"Sec-Fetch-Site": "same-origin"}
        if self.cookie:
            headers["Cookie"] = f"manyhands={self.cookie}"
        async with self.client.request(method, path, headers=headers, allow_redirects=False, **options) as answer:
            return page_of(answer.status, await answer.text(), dict(answer.headers))
