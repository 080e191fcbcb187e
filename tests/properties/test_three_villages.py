"""Sharing, offering, agreeing, lending, returning and taking back, in any order, between three villages.

Rules are what people, roads, clocks and machines may do; after each of them nothing is promised twice, no need is lost
and nobody sees what was not meant for them, and once everything has arrived all three say the same. A normal run takes
few steps. To take many, say so: `MODEL_STEPS=10000 make test ARGS="tests/properties/test_three_villages.py"`.
"""

import asyncio
import os
import tempfile
from collections import Counter
from collections.abc import Awaitable, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from node.domain.consent import Consent
from node.domain.notices import Status
from node.domain.responses import ResponseState, Side
from node.services import handoffs, leases, needs, responses, shares
from node.services.responses import HelpOffer
from node.settings import Settings
from tests.links import Fault
from tests.properties.three_villages import NOTHING_THERE, NothingThere, World, make_beginning
from tests.village import Village, settle, turn_of

T = TypeVar("T")

STEPS_EACH = 50
MANY = int(os.environ.get("MODEL_STEPS", "0"))
RUNNING = (ResponseState.AGREED, ResponseState.UNDER_WAY)
ENDED = (ResponseState.MET, ResponseState.PARTLY, ResponseState.RETURNED)
SAYABLE = (*RUNNING[1:], *ENDED)

villages = st.integers(0, 2)
any_one = st.integers(0, 5)
sides = st.sampled_from([Side.ORIGIN, Side.HELPER])
amounts = st.integers(1, 4)
#: Three times of four what was said is also heard.
often = st.integers(0, 3).map(bool)
#: Minutes to move a clock by: a moment, some hours, most of a lease, more than one.
spans = st.sampled_from([5, 180, 60 * 20, 60 * 49])
FAULTS = st.sampled_from([Fault.LOST, Fault.BUSY, Fault.ANSWER_LOST, Fault.TWICE, Fault.LATE])

#: What happened in all runs of this process, by rule.
taken: Counter[str] = Counter()


class Villages(RuleBasedStateMachine):
    """The machine. Each rule is one deed of somebody, or one mishap."""

    beginning: tuple[Settings, ...] = ()

    def __init__(self) -> None:
        super().__init__()
        self._place = tempfile.TemporaryDirectory()
        self._loop = asyncio.new_event_loop()
        self.world = World(Path(self._place.name), self.beginning)
        self._moved = self._count = 0

    @initialize(origin=villages, quantity=amounts)
    def somebody_asks(self, origin: int, quantity: int) -> None:
        """And all neighbours see it: nothing can happen before."""
        self._run(self.world.open())
        self._run(self.world.ask(origin, quantity, Consent(board=True, peers="all", public=True)))
        self._run(self.world.share(self.world.askings[0], None))
        self._run(settle(*self.world.villages))

    @rule(
        origin=villages,
        quantity=amounts,
        agrees_to=st.sampled_from(["all", "one", "none"]),
    )
    def ask(self, origin: int, quantity: int, agrees_to: str) -> None:
        if len(self.world.askings) < 4:
            self._try("ask", self._ask(origin, quantity, agrees_to))

    async def _ask(self, origin: int, quantity: int, agrees_to: str) -> None:
        one = self.world.villages[origin]
        only = (await one.peer(self.world.villages[(origin + 1) % 3])).peer.id
        consents = {
            "all": Consent(board=True, peers="all"),
            "one": Consent(board=True, peers=(only,)),
            "none": Consent(board=True),
        }
        await self.world.ask(origin, quantity, consents[agrees_to])

    @rule(which=any_one, named=st.sampled_from([None, 1, 2]))
    def share(self, which: int, named: int | None) -> None:
        asking = self.world.askings[which % len(self.world.askings)]
        if len(asking.seen_by) < 3:
            to = None if named is None else (asking.origin + named) % 3
            self._try("share", self.world.share(asking, to))

    @precondition(lambda self: self.is_unkind())
    @rule(which=any_one)
    def take_share_back(self, which: int) -> None:
        asking = self.world.askings[which % len(self.world.askings)]
        self._try("take share back", self._take_back(asking.origin, asking.asked.notice.id))

    async def _take_back(self, origin: int, notice_id: str) -> None:
        one = self.world.villages[origin]
        for share in await shares.shares_of(one.community, notice_id):
            if share.is_shown:
                await shares.withdraw(one.community, share.id, one.dispatcher)
                return
        raise NothingThere

    @rule(which=any_one, quantity=amounts, arrives=often)
    def offer(self, which: int, quantity: int, arrives: bool) -> None:
        if self._found_nothing("offer", self._offer(which, quantity)):
            self.share(which, None)
            self.all_work()
            self._try("offer", self._offer(which, quantity))
        self._arrive(arrives)

    async def _offer(self, which: int, quantity: int) -> None:
        found = [
            (one, entry.item)
            for one in self.world.villages
            for entry in sorted(await one.feed(), key=lambda entry: entry.item.title)
            if entry.item.is_open
        ]
        one, item = chosen(found, which)
        amount = min(Decimal(quantity), item.available or Decimal(1))
        await responses.offer_help(one.community, item.id, HelpOffer(amount), one.dispatcher)

    @rule(which=any_one, arrives=often)
    def agree(self, which: int, arrives: bool) -> None:
        if self._found_nothing("agree", self._answer(which, is_yes=True)):
            self.offer(which, 1, arrives=True)
            self._try("agree", self._answer(which, is_yes=True))
        self._arrive(arrives)

    @precondition(lambda self: self.is_unkind())
    @rule(which=any_one, arrives=often)
    def decline(self, which: int, arrives: bool) -> None:
        self._try("decline", self._answer(which, is_yes=False))
        self._arrive(arrives)

    def is_unkind(self) -> bool:
        """Now and then only: what ends everything must not end it before it began."""
        self._count += 1
        return self._count % 4 == 0

    async def _answer(self, which: int, *, is_yes: bool) -> None:
        one, response_id = await self._one_of(Side.ORIGIN, which, ResponseState.OFFERED)
        if is_yes:
            await responses.agree(one.community, response_id, ("name",), None, one.dispatcher)
        else:
            await responses.decline(one.community, response_id, "", one.dispatcher)

    @precondition(lambda self: self.is_unkind())
    @rule(which=any_one, arrives=often)
    def take_offer_back(self, which: int, arrives: bool) -> None:
        self._try("take offer back", self._withdraw(which))
        self._arrive(arrives)

    async def _withdraw(self, which: int) -> None:
        one, response_id = await self._one_of(Side.HELPER, which, ResponseState.OFFERED)
        await responses.withdraw(one.community, response_id, one.dispatcher)

    @rule(
        side=sides,
        which=any_one,
        state=st.sampled_from(SAYABLE),
        brought=amounts,
        arrives=often,
    )
    def say_how_it_goes(self, side: Side, which: int, state: ResponseState, brought: int, arrives: bool) -> None:
        if self._found_nothing(f"say {state}", self._say((side, which), state, brought)):
            self.agree(which, arrives=True)
            self._try(f"say {state}", self._say((side, which), state, brought))
        self._arrive(arrives)

    async def _say(self, about: tuple[Side, int], state: ResponseState, brought: int) -> None:
        one, response_id = await self._one_of(*about, *RUNNING, *ENDED)
        amount = Decimal(brought) if state is ResponseState.PARTLY else None
        await handoffs.set_status(one.community, response_id, state, amount, one.dispatcher)

    async def _one_of(self, side: Side, which: int, *states: ResponseState) -> tuple[Village, str]:
        found = [
            (one, response.id)
            for index, one in enumerate(self.world.villages)
            for response in await self.world.responses(index, side, *states)
        ]
        return chosen(found, which)

    def _arrive(self, arrives: bool) -> None:
        if arrives:
            self.all_work()

    @rule(which=any_one, hours=st.sampled_from([1, 30]))
    def give_more_time(self, which: int, hours: int) -> None:
        if self._found_nothing("give more time", self._extend(which, hours)):
            self.agree(which, arrives=True)
            self._try("give more time", self._extend(which, hours))

    async def _extend(self, which: int, hours: int) -> None:
        one, response_id = await self._one_of(Side.ORIGIN, which, *RUNNING)
        task = (await responses.get(one.community, response_id)).response
        until = (task.lease_until or one.clock()) + timedelta(hours=hours)
        await leases.give_more_time(one.community, task.id, until, one.dispatcher)

    @rule(which=any_one)
    def read_what_was_released(self, which: int) -> None:
        if self._found_nothing("read", self._read(which)):
            self.agree(which, arrives=True)
            self._try("read", self._read(which))

    async def _read(self, which: int) -> None:
        one, response_id = await self._one_of(Side.HELPER, which, *RUNNING)
        read = await handoffs.released(one.community, response_id, one.dispatcher)
        assert set(read) == {"name", "meeting_phrase"}, "more was read than was released"

    @precondition(lambda self: self.is_unkind())
    @rule(
        which=any_one,
        status=st.sampled_from([Status.PAUSED, Status.OPEN, Status.NO_LONGER_NEEDED]),
    )
    def change_need(self, which: int, status: Status) -> None:
        asking = self.world.askings[which % len(self.world.askings)]
        self._try(
            f"need {status}",
            self._change(asking.origin, asking.asked.notice.id, status),
        )

    async def _change(self, origin: int, notice_id: str, status: Status) -> None:
        one = self.world.villages[origin]
        if (await one.notice(notice_id)).is_closed:
            raise NothingThere
        await needs.change_status(one.community, notice_id, status, one.dispatcher)

    @rule(who=villages)
    def work_a_turn(self, who: int) -> None:
        self._try("turn", self._turn(who))

    @rule()
    def all_work(self) -> None:
        for _ in range(4):
            for who in range(3):
                self._try("turn of all", self._turn(who))

    async def _turn(self, who: int) -> None:
        await turn_of(self.world.villages[who].worker)

    @rule(who=villages, minutes=spans, are_watched=st.booleans())
    def time_passes(self, who: int, minutes: int, are_watched: bool) -> None:
        """At one of them; clocks differ by an hour at most, or nobody would believe anybody."""
        clocks = [one.clock for one in self.world.villages]
        ahead = clocks[who].time - min(clock.time for clock in clocks)
        if self._moved + minutes > 60 * 24 * 5:
            return
        self._moved += minutes
        together = clocks if minutes > 5 or ahead.total_seconds() > 1800 else clocks[who : who + 1]
        for clock in together:
            clock.forward(minutes=minutes)
        if are_watched:
            for one in self.world.villages:
                self._try("clocks", one.run_clocks())

    @precondition(lambda self: self.is_unkind())
    @rule(one=villages, other=villages)
    def road_closes(self, one: int, other: int) -> None:
        if one != other:
            taken["road closes"] += 1
            self.world.road.close(self.world.villages[one], self.world.villages[other])

    @rule()
    def roads_are_mended(self) -> None:
        taken["roads mended"] += 1
        self.world.road.mend()

    @rule(one=villages, fault=FAULTS)
    def something_goes_astray(self, one: int, fault: Fault) -> None:
        taken[f"fault {fault.name}"] += 1
        self.world.road.plan(fault, to=self.world.villages[one])

    @rule(newest_first=st.booleans())
    def late_ones_arrive(self, newest_first: bool) -> None:
        self._try("late ones arrive", self.world.road.late_ones_arrive(newest_first))

    @rule(who=villages)
    def process_ends(self, who: int) -> None:
        taken["process ends"] += 1
        self._run(self.world.mortals[who].restart())

    @rule(who=villages, doom=st.sampled_from(["before", "after"]))
    def process_will_end(self, who: int, doom: str) -> None:
        """Before or after the next thing that it stores."""
        taken[f"process will end {doom}"] += 1
        self.world.mortals[who].doom = doom

    @precondition(lambda self: bool(self.world.askings))
    @invariant()
    def all_is_well(self) -> None:
        taken["steps"] += 1
        self._run(self.world.check_now())

    def teardown(self) -> None:
        try:
            if self.world.mortals and self.world.askings:
                self._run(self.world.calm_down())
                self._run(self.world.check_now())
                self._run(self.world.check_at_rest())
        finally:
            self._run(self.world.close())
            self._loop.close()
            self._place.cleanup()

    def _found_nothing(self, name: str, deed: Awaitable[object]) -> bool:
        """Try it, and tell whether there was nothing that it could be done to: then what has to come first is done."""
        return self._try(name, deed) == NOTHING_THERE

    def _try(self, name: str, deed: Awaitable[object]) -> str:
        outcome = self._run(self.world.attempt(deed))
        taken[f"{name}: {outcome}"] += 1
        return outcome

    def _run(self, deed: Awaitable[T]) -> T:
        return self._loop.run_until_complete(deed)


def chosen(found: Sequence[T], which: int) -> T:
    """One of them. Raises NothingThere where there is none."""
    if not found:
        raise NothingThere
    return found[which % len(found)]


def test_three_villages_agree_whatever_happens() -> None:
    """Nothing is promised twice, nothing is lost, nothing is seen by others, and in the end all say the same."""
    with tempfile.TemporaryDirectory() as place:
        Villages.beginning = asyncio.run(make_beginning(Path(place)))
        taken.clear()
        while taken["steps"] < max(MANY, 1):
            run_state_machine_as_test(Villages, settings=_settings(MANY - taken["steps"]))
    print(f"\n{taken['steps']} steps:", dict(sorted(taken.items())))  # noqa: T201


def _settings(steps: int) -> settings:
    """For so many steps or some more; the same ones every time, where few are enough."""
    return settings(
        max_examples=max(steps // STEPS_EACH, 3),
        stateful_step_count=STEPS_EACH,
        derandomize=not MANY,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate] if MANY else [Phase.generate, Phase.shrink],
    )
