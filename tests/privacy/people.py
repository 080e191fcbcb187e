"""Everybody who may knock: from nobody in particular to a steward, and a neighbouring community's server."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp

from federation.cavage import sign_headers
from federation.messages import Request
from node.domain.members import Role
from node.domain.peers import OwnActor
from node.services import members, sign_in, tokens
from node.web.sessions import form_proof
from tests.village import Village, key_of

ROLES = ("stranger", "guest", "member", "helper", "dispatcher", "steward", "peer")
_SESSIONS = {"member": Role.MEMBER, "helper": Role.HELPER, "dispatcher": Role.DISPATCHER, "steward": Role.STEWARD}


@dataclass(frozen=True)
class Answer:
    """What came back: every byte of it, head and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def everything(self) -> bytes:
        """All that was said."""
        return "\n".join(f"{name}: {value}" for name, value in self.headers.items()).encode() + b"\n\n" + self.body

    @property
    def is_refusal(self) -> bool:
        """Sent to sign in, told no, or told that there is nothing."""
        return self.status in {401, 403, 404} or self.headers.get("Location", "").startswith("/sign-in")


@dataclass(frozen=True)
class Person:
    """One who knocks. A guest knows a code; members have a session and a token; a peer signs."""

    role: str
    at: Village
    cookie: str = ""
    csrf: str = ""
    token: str = ""
    peer: Village | None = None

    async def ask(self, method: str, path: str, typed: Mapping[str, str] | None = None, **headers: str) -> Answer:
        """Send one request, as a browser, a program or a server would; nothing is followed."""
        url = self.at.url + path
        head = {**self._head(method, url), **headers}
        options: dict[str, object] = {"headers": head}
        if method != "GET" and path.startswith("/api/"):
            options["json"] = dict(typed or {})
        elif method != "GET":
            options["data"] = {"csrf": self.csrf, **(typed or {})}
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, url, allow_redirects=False, **options) as answer,  # type: ignore[arg-type]
        ):
            return Answer(answer.status, answer.headers, await answer.read())

    def _head(self, method: str, url: str) -> dict[str, str]:
        if self.peer is not None and method == "GET":
            wanted = "application/json" if url.endswith("/coordinate") else "application/activity+json"
            request = Request("GET", url)
            signed = sign_headers(request, key_of(self.peer, OwnActor.PEERS), self.at.clock())
            return {"Accept": wanted, **signed}
        if urlsplit(url).path.startswith("/api/"):
            return {"Authorization": f"Bearer {self.token}"} if self.token else {}
        head = {"Sec-Fetch-Site": "same-origin"}
        return {**head, "Cookie": f"manyhands={self.cookie}"} if self.cookie else head


@dataclass
class People:
    """One of each at one village."""

    by_role: dict[str, Person] = field(default_factory=dict)

    def __getitem__(self, role: str) -> Person:
        return self.by_role[role]


async def gather(at: Village, peer: Village) -> People:
    """One person for each role."""
    people = People({role: Person(role, at) for role in ("stranger", "guest")})
    people.by_role["peer"] = Person("peer", at, peer=peer)
    for name, role in _SESSIONS.items():
        member = await members.add(at.community, f"The {name}", frozenset({role}))
        link = await sign_in.make_link(at.community, member.id)
        session = await sign_in.use_link(at.community, link.rpartition("/")[2])
        token = await tokens.create(at.community, member.name)
        people.by_role[name] = Person(name, at, session.token, form_proof(session), token)
    return people


def filled(pattern: str, ids: Mapping[str, str]) -> str:
    """An address with its ids filled in; a name that nobody gave stays to be seen in the failure."""
    return re.sub(r"\{(\w+)[^}]*\}", lambda found: ids.get(found[1], found[0]), pattern)


def routes_of(at: Village) -> set[tuple[str, str]]:
    """Every method and path pattern that the application answers, machines' doors included."""
    runner = at._runner
    assert runner is not None
    found = set()
    for route in runner.app.router.routes():
        if route.resource is not None and route.method in {"GET", "POST", "PATCH", "PUT", "DELETE"}:
            found.add((route.method, route.resource.canonical))
    return found
