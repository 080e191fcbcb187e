"""The road between villages, which loses, doubles, delays and reorders what is sent, by a script or by a seed.

A proxy stands at each village's public address and passes real requests on to its doors, byte for byte, so that
signatures stay as they were made. What is to happen to a message is decided by who sends it to whom and what it is:

    async with roads() as road:
        await road.lead_to(north, river)
        road.plan(Fault.ANSWER_LOST, from_=north, to=river, kind="Accept")   # the next one of this kind
        road.close(north, river)                                            # nothing goes through, in no direction
        road.weather(seed=7, badly=0.3)                                     # any of the faults, by chance
"""

import asyncio
import json
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from tests.ports import free_port, let_nobody_in, listening_at
from tests.village import Village

_OF_ONE_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "upgrade"})


class Fault(StrEnum):
    """What can happen to one message."""

    LOST = "it does not arrive; the connection breaks"
    BUSY = "something in between answers 503, and it does not arrive"
    ANSWER_LOST = "it arrives, and the answer does not come back"
    TWICE = "it arrives twice, byte for byte"
    LATE = "the sender is told that it was lost, and it arrives when `late_ones_arrive`"
    HELD = "no answer comes until the sender gives up, and it does not arrive"


#: Faults after which nobody has to move a clock or call anything by hand but for trying again.
BY_CHANCE = (Fault.LOST, Fault.BUSY, Fault.ANSWER_LOST, Fault.TWICE, Fault.LATE)


@dataclass(frozen=True)
class Message:
    """A request on its way. `kind` is the activity's type, or GET."""

    sender: str
    receiver: str
    method: str
    path: str
    headers: CIMultiDict[str]
    body: bytes

    @property
    def kind(self) -> str:
        """What is sent."""
        if self.method != "POST":
            return self.method
        try:
            return str(json.loads(self.body).get("type", ""))
        except ValueError:
            return self.method


Rule = Callable[[Message], Fault | None]


@dataclass
class Planned:
    """A fault that waits for the messages it is meant for."""

    fault: Fault
    sender: str | None
    receiver: str | None
    kind: str | None
    about: str = ""
    times: int = 1
    happened: int = 0

    def __call__(self, message: Message) -> Fault | None:
        """The fault, where this message is meant and it has not happened often enough."""
        is_meant = self.sender in {None, message.sender} and self.receiver in {None, message.receiver}
        is_meant &= self.kind in {None, message.kind} and self.about.encode() in message.body
        if not is_meant or self.happened >= self.times:
            return None
        self.happened += 1
        return self.fault


@dataclass
class Roads:
    """Every road between the villages it leads to. `passed` is what arrived, in order."""

    client: aiohttp.ClientSession
    passed: list[Message] = field(default_factory=list)
    _rules: list[Rule] = field(default_factory=list)
    _closed: set[frozenset[str]] = field(default_factory=set)
    _late: list[tuple[Village, Message]] = field(default_factory=list)
    _gates: list[tuple[web.ServerRunner, socket.socket]] = field(default_factory=list)

    async def lead_to(self, *villages: Village) -> None:
        """Put a gate before each of them: from now on whatever is sent to it comes this way."""
        for one in villages:
            public, one.port = one.port, free_port()
            await one.close_doors()
            gate = web.ServerRunner(web.Server(self._gate(one)), shutdown_timeout=0.1)
            await gate.setup()
            listening = listening_at(public)
            await web.SockSite(gate, listening).start()
            self._gates.append((gate, listening))
            await one.open_doors()

    def plan(
        self,
        fault: Fault,
        from_: Village | None = None,
        to: Village | None = None,
        kind: str | None = None,
        about: str = "",
    ) -> Planned:
        """The next message of this kind with this in it meets this fault; what is left out may be anything."""
        planned = Planned(fault, _host(from_), _host(to), kind, about)
        self._rules.append(planned)
        return planned

    def block(self, part: str) -> None:
        """Whatever is asked for at an address with this in it is answered 503, until all is mended."""
        self._rules.append(lambda message: Fault.BUSY if part in message.path else None)

    def close(self, one: Village, other: Village) -> None:
        """Nothing goes through between these two, in no direction."""
        self._closed.add(frozenset({one.community.host, other.community.host}))

    def weather(self, seed: int, badly: float) -> None:
        """Each message meets some fault with this probability, the same for the same seed."""
        chance = random.Random(seed)
        self._rules.append(lambda _: chance.choice(BY_CHANCE) if chance.random() < badly else None)

    def mend(self) -> None:
        """All is well again from now on. What is late stays late."""
        self._rules.clear()
        self._closed.clear()

    async def late_ones_arrive(self, newest_first: bool = False) -> list[int]:
        """Everything that is late arrives now, in this order; the answers' statuses. Nobody waits for them any more."""
        late, self._late = self._late, []
        if newest_first:
            late.reverse()
        answers = [await self._try_to_carry(one, message) for one, message in late]
        return [answer.status for answer in answers if answer is not None]

    async def stop(self) -> None:
        """Take every gate away."""
        for gate, listening in self._gates:
            await let_nobody_in(listening)
            await gate.cleanup()

    def _gate(self, one: Village) -> Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]:
        async def pass_on(request: web.BaseRequest) -> web.StreamResponse:
            message = Message(
                sender=urlsplit(request.headers.get("User-Agent", "").partition("(+")[2]).netloc,
                receiver=one.community.host,
                method=request.method,
                path=request.raw_path,
                headers=CIMultiDict((name, value) for name, value in request.headers.items() if _travels(name)),
                body=await request.read(),
            )
            answer = await self._meet(one, message, request)
            if answer is None and request.transport is not None:
                request.transport.abort()
            return answer or web.Response(status=503)

        return pass_on

    async def _meet(self, one: Village, message: Message, request: web.BaseRequest) -> web.Response | None:
        """The answer as its sender gets it; None where the connection breaks."""
        match self._fault(message):
            case Fault.LOST:
                return None
            case Fault.BUSY:
                return web.Response(status=503)
            case Fault.LATE:
                self._late.append((one, message))
                return None
            case Fault.HELD:
                while request.transport is not None and not request.transport.is_closing():
                    await asyncio.sleep(0.01)
                return None
            case Fault.ANSWER_LOST:
                await self._try_to_carry(one, message)
                return None
            case Fault.TWICE:
                await self._try_to_carry(one, message)
        return await self._try_to_carry(one, message)

    def _fault(self, message: Message) -> Fault | None:
        if frozenset({message.sender, message.receiver}) in self._closed:
            return Fault.LOST
        return next((fault for rule in self._rules if (fault := rule(message)) is not None), None)

    async def _try_to_carry(self, one: Village, message: Message) -> web.Response | None:
        try:
            return await self._carry(one, message)
        except aiohttp.ClientError:
            return None  # nobody is at home

    async def _carry(self, one: Village, message: Message) -> web.Response:
        url = URL(f"http://127.0.0.1:{one.port}{message.path}", encoded=True)
        async with self.client.request(
            message.method, url, headers=message.headers, data=message.body or None, allow_redirects=False
        ) as answer:
            self.passed.append(message)
            headers = CIMultiDict((name, value) for name, value in answer.headers.items() if _travels(name))
            return web.Response(status=answer.status, headers=headers, body=await answer.read())


@asynccontextmanager
async def roads() -> AsyncIterator[Roads]:
    """Roads that lead nowhere yet, for as long as the block lasts."""
    client = aiohttp.ClientSession(auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar())
    async with client:
        made = Roads(client)
        try:
            yield made
        finally:
            await made.stop()


@contextmanager
def closed_road(road: Roads, one: Village, other: Village) -> Iterator[None]:
    """Between these two nothing goes through while the block lasts."""
    road.close(one, other)
    yield
    road.mend()


def _host(one: Village | None) -> str | None:
    return None if one is None else one.community.host


def _travels(name: str) -> bool:
    return name.lower() not in _OF_ONE_HOP
