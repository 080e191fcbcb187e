"""Goals 5 and 6: needs are shared, their activities go out signed, and what became of each delivery is stored."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from tests.bench.figures import Goal, Plan, Result, Turns, judge
from tests.bench.load import Counted, taker
from tests.bench.processes import Broken, Measured, measured
from tests.bench.store import DURABLE

NORTH: Final = "http://127.0.0.1:8440"
HOSTS: Final = 50
#: A round is so many turns of each.
SLICES: Final = 10
SHARES: Final = 10
SIGNATURES: Final = 400
WARM_UP: Final = 4

DELIVERED: Final = Goal(5, "deliveries, RSA: claim, sign, POST, durable outcome / bare signing", 0.60, 0.70)
EDWARDS: Final = Goal(6, "deliveries to peers that verify Ed25519 / goal 5's figure", 2.5, 3.4)
GOALS: Final = (DELIVERED, EDWARDS)


async def measure(wanted: frozenset[int], plan: Plan) -> list[Result]:
    """The results of those of our goals that are wanted."""
    turns = Turns(plan.rounds)
    shares, signatures = plan.size(SHARES), plan.size(SIGNATURES)
    async with _sender(by_nodes=False) as everyone, _sender(by_nodes=True) as nodes:
        for sender in (everyone, nodes):
            await sender.spent(WARM_UP)
        for _ in range(plan.rounds * SLICES):
            turns.add("signed", (await everyone.process.ask("sign", times=signatures))["seconds"])
            turns.add("RSA", await everyone.spent(shares))
            if 6 in wanted:
                turns.add("Ed25519", await nodes.spent(shares))
    setting = f"per cpu-s; {DURABLE}, outcomes stored in batches; {HOSTS} hosts, plain HTTP on loopback"
    signed, by_rsa = turns.rates("signed", signatures), turns.rates("RSA", shares * HOSTS)
    results = [judge(DELIVERED, by_rsa, signed, turns.drift("signed"), setting)] if 5 in wanted else []
    if 6 in wanted:
        results.append(judge(EDWARDS, turns.rates("Ed25519", shares * HOSTS), by_rsa, turns.drift("RSA"), setting))
    return results


class _Sender:
    """A node whose shares go to `HOSTS` inboxes of ours."""

    def __init__(self, process: Measured, arrived: Counted, key: bytes) -> None:
        self.process = process
        self._arrived = arrived
        self._key = key

    async def spent(self, shares: int) -> float:
        """CPU seconds for the deliveries of so many shares. Raises Broken unless each arrived once, rightly signed."""
        await self.process.ask("share", times=shares)
        self._arrived.clear()
        done = await self.process.ask("deliver")
        if done["left"] or self._arrived != {self._key: shares * HOSTS}:
            raise Broken(f"of {shares * HOSTS} deliveries there arrived {dict(self._arrived)}")
        return float(done["seconds"])


@asynccontextmanager
async def _sender(*, by_nodes: bool) -> AsyncIterator[_Sender]:
    arrived: Counted = Counted()
    with tempfile.TemporaryDirectory(prefix="manyhands-bench-") as folder:
        Path(folder).chmod(0o700)
        async with taker({}, arrived) as port:
            inboxes = [f"http://peer{n}.example:{port}/inbox" for n in range(HOSTS)]
            given = {"base_url": NORTH, "folder": folder, "port": port, "inboxes": inboxes, "by_nodes": by_nodes}
            async with measured("sender", given) as process:
                yield _Sender(process, arrived, b"ed25519-key" if by_nodes else b"main-key")
