"""Three linked villages on roads that can be bad, opened again and again from the same beginning.

Whoever acts in them is a person who may come too late, ask for too much or press twice: a refusal is nothing to speak
of. A process that ends is started again, and what the person did is not done again for them.
"""

import asyncio
import shutil
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import combinations
from pathlib import Path

from node.domain.consent import Consent
from node.domain.errors import ManyhandsError
from node.domain.notices import Notice
from node.domain.responses import Response, ResponseState, Side
from node.domain.sealed import Contact, SealedNote
from node.domain.shares import Level, ShareRequest
from node.services import shares
from node.services.needs import Asked
from node.settings import Settings
from tests.crashes import Crash, Mortal, has_work
from tests.federation.records import differences
from tests.links import Roads, roads
from tests.shaped import DATABASE_FILE
from tests.village import Clock, Village, befriend, found, opened, turn_of

NAMES = ("north", "river", "market")
#: How often everything is let go on at the end, before it is called restless.
MOST_TURNS = 300


async def make_beginning(place: Path) -> tuple[Settings, ...]:
    """Three founded villages that are linked with one another, both ways; nothing runs afterwards."""
    settings = [await found(name.title(), place / name) for name in NAMES]
    clock = Clock()
    async with AsyncExitStack() as stack:
        villages = [await stack.enter_async_context(opened(one, clock)) for one in settings]
        for asking, asked in combinations(villages, 2):
            await befriend(asking, asked)
    return tuple(settings)


NOTHING_THERE = "nothing there"


class NothingThere(Exception):
    """There is nothing that could be done this to."""


@dataclass
class Asking:
    """A need of one village: what was agreed to, and who may ever have seen it, as those who share it know."""

    origin: int
    asked: Asked
    secret: str
    quantity: Decimal
    seen_by: dict[str, set[int]] = field(default_factory=dict)


class World:
    """Three mortal villages, the roads between them, and what was asked for."""

    def __init__(self, place: Path, beginning: tuple[Settings, ...]) -> None:
        self.place = place
        self._beginning = beginning
        self._stack = AsyncExitStack()
        self.road: Roads
        self.mortals: list[Mortal] = []
        self.askings: list[Asking] = []

    @property
    def villages(self) -> list[Village]:
        """All three."""
        return [one.village for one in self.mortals]

    async def open(self) -> None:
        """A fresh copy of the beginning, awake."""
        self.road = await self._stack.enter_async_context(roads())
        for settings in self._beginning:
            shutil.copytree(settings.data_dir, self.place / settings.data_dir.name)
            data_dir = self.place / settings.data_dir.name
            url = f"sqlite+aiosqlite:///{data_dir / DATABASE_FILE}"
            here = settings.model_copy(update={"data_dir": data_dir, "database_url": url})
            one = await self._stack.enter_async_context(opened(here, Clock()))
            self.mortals.append(Mortal(one))
        await self.road.lead_to(*self.villages)

    async def close(self) -> None:
        """Asleep again."""
        for one in self.mortals:
            await one.end()
        await self._stack.aclose()
        await asyncio.sleep(0.01)  # connections that broke are closed by the loop itself, a moment later

    async def attempt(self, deed: Awaitable[object]) -> str:
        """Somebody tries something; how it went, in a word."""
        try:
            await deed
        except ManyhandsError:
            return "refused"
        except NothingThere:
            return NOTHING_THERE
        except Crash:
            return "the process ended"
        finally:
            await self.revive()
        return "done"

    async def revive(self) -> None:
        """Whoever has fallen stands up again."""
        for one in self.mortals:
            if one.is_dead:
                await one.restart()

    async def ask(self, origin: int, quantity: int, consent: Consent) -> None:
        """Somebody asks; the secret in the sealed note is nowhere else in the world."""
        secret = f"Amina{len(self.askings)}{NAMES[origin].title()}sdottir"
        sealed = SealedNote(name=secret, contact=(Contact("phone", "555-0101", voicemail_ok=True),))
        asked = await self.villages[origin].ask(
            f"Coats {len(self.askings)}",
            quantity=Decimal(quantity),
            sealed=sealed,
            consent=consent,
        )
        self.askings.append(Asking(origin, asked, secret, Decimal(quantity)))

    async def share(self, asking: Asking, named: int | None) -> None:
        """With all peers, or with one by name. Who may see it is written down before, by whom it is meant for."""
        origin = self.villages[asking.origin]
        request = ShareRequest(Level.PEERS)
        meant = {index for index in range(3) if index != asking.origin}
        if named is not None:
            request = ShareRequest(Level.NAMED, peers=((await origin.peer(self.villages[named])).peer.id,))
            meant = {named}
        covered = asking.asked.notice.consent
        peers = [(await origin.peer(self.villages[index])).peer.id for index in meant]
        try:
            await shares.share(origin.community, asking.asked.notice.id, request, origin.dispatcher)
            assert all(covered.covers_peer(peer) for peer in peers), "it was shared further than was agreed to"
        finally:  # the process may have ended right after it was stored
            for share in await shares.shares_of(origin.community, asking.asked.notice.id):
                asking.seen_by.setdefault(share.object_id, meant)

    async def responses(self, index: int, side: Side, *states: ResponseState) -> tuple[Response, ...]:
        """A village's responses of one side in these states, oldest first."""
        async with self.villages[index].community.database.reading() as work:
            found = await work.responses.of_side(side)
        return tuple(
            sorted(
                (one for one in found if one.state in states),
                key=lambda one: (one.created_at, one.text),
            )
        )

    # What must be true at every moment.

    async def check_now(self) -> None:
        """Nothing is promised twice, no need is lost, and nobody sees what was not meant for them."""
        seen = {object_id: who for asking in self.askings for object_id, who in asking.seen_by.items()}
        for index, one in enumerate(self.villages):
            async with one.community.database.reading() as work:
                mine = await work.responses.of_side(Side.ORIGIN)
                notices = await work.notices.these(each.asked.notice.id for each in self._asked_at(index))
                items = await work.feed.page(None, None, None, 1000)
            for notice in notices.values():
                check_amounts(
                    notice,
                    [response for response in mine if response.notice_id == notice.id],
                )
            for item in items:
                meant = seen.get(item.object_id, set())
                assert index in meant, f"{NAMES[index]} sees {item.title} ({item.object_id}), which is for {meant}"

    def _asked_at(self, index: int) -> list[Asking]:
        return [one for one in self.askings if one.origin == index]

    # What must be true once everything has arrived.

    async def calm_down(self) -> None:
        """The roads are well, clocks agree, what is late arrives, and everything goes on until nothing moves."""
        self.road.mend()
        await self.revive()
        for one in self.mortals:
            one.doom = None
        await self.road.late_ones_arrive()
        latest = max(one.clock() for one in self.villages)
        for _ in range(MOST_TURNS):
            for one in self.villages:
                one.clock.time = latest
                await one.run_clocks()
            while any([await turn_of(one.worker) for one in self.villages]):
                pass
            if not any([await has_work(one) for one in self.villages]):
                return
            latest = later(latest)
        raise AssertionError("the villages never came to rest")

    async def check_at_rest(self) -> None:
        """All say the same, and nobody holds another's secret."""
        for origin in self.villages:
            for helper in self.villages:
                if origin is not helper:
                    found = await differences(origin, helper)
                    assert not found, (
                        origin.community.settings.data_dir.name,
                        helper.community.settings.data_dir.name,
                        found,
                    )
        for asking in self.askings:
            for index, one in enumerate(self.villages):
                if index != asking.origin:
                    for file in one.community.settings.data_dir.glob("manyhands.db*"):
                        assert asking.secret.encode() not in file.read_bytes(), f"{NAMES[index]} holds {asking.secret}"


def later(moment: datetime) -> datetime:
    """By when a delivery that was tried just now is tried again."""
    clock = Clock(moment)
    clock.forward(minutes=6)
    return clock()


def check_amounts(notice: Notice, responses: list[Response]) -> None:
    """What is promised, brought and still open of a need is what was asked for: nothing twice, and nothing lost."""
    running = sum((one.quantity for one in responses if one.is_running), Decimal(0))
    brought = sum(
        (one.brought or Decimal(0) for one in responses if one.receipt_at is not None),
        Decimal(0),
    )
    asked = notice.wording.quantity
    assert running + notice.remaining <= asked, f"more is promised than asked for: {running}, {notice.remaining} open"
    if notice.is_closed:
        return
    assert running + notice.remaining + brought >= asked, f"a part is lost: {running}, {notice.remaining}, {brought}"
    assert running or notice.remaining > 0, f"nobody has it and nobody is asked: {notice.status}"
