"""Goals 5 and 6: activities go out, signed, and what became of them is stored."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from tests.bench.figures import Goal, Plan, Result, Rounds, judge
from tests.bench.load import taker
from tests.bench.processes import Broken, Measured, measured
from tests.bench.store import DURABLE

NORTH: Final = "http://127.0.0.1:8440"
HOSTS: Final = 50
ACTIVITIES: Final = 40
SIGNATURES: Final = 2000

DELIVERED: Final = Goal(5, "deliveries, RSA: claim, sign, POST, durable outcome / bare signing", 0.60, 0.70)
EDWARDS: Final = Goal(6, "deliveries to peers that verify Ed25519 / goal 5's figure", 2.5, 3.4)
GOALS: Final = (DELIVERED, EDWARDS)


async def measure(wanted: frozenset[int], plan: Plan) -> list[Result]:
    """The results of those of our goals that are wanted."""
    found: dict[str, list[float]] = {"signed": [], "RSA": [], "Ed25519": []}
    activities, signatures = plan.size(ACTIVITIES), plan.size(SIGNATURES)
    async with _sender() as everyone, _sender() as nodes:
        await nodes.ask("learn")
        for sender in (everyone, nodes):
            await _deliver(sender, 2)
        for _ in range(plan.rounds):
            found["signed"].append(signatures / (await everyone.ask("sign", times=signatures))["seconds"])
            found["RSA"].append(activities * HOSTS / await _deliver(everyone, activities))
            if 6 in wanted:
                found["Ed25519"].append(activities * HOSTS / await _deliver(nodes, activities))
    setting = (
        f"per cpu-s; {DURABLE}, outcomes stored in batches; {HOSTS} hosts, plain HTTP on loopback, bodies of 2 KiB"
    )
    rounds = {name: Rounds(name, tuple(values)) for name, values in found.items() if values}
    results = [judge(DELIVERED, rounds["RSA"], rounds["signed"], setting)] if 5 in wanted else []
    return results + ([judge(EDWARDS, rounds["Ed25519"], rounds["RSA"], setting)] if 6 in wanted else [])


async def _deliver(sender: Measured, activities: int) -> float:
    await sender.ask("fill", activities=activities)
    done = await sender.ask("deliver")
    if done["left"]:
        raise Broken("not everything was delivered")
    return float(done["seconds"])


@asynccontextmanager
async def _sender() -> AsyncIterator[Measured]:
    with tempfile.TemporaryDirectory(prefix="manyhands-bench-") as folder:
        Path(folder).chmod(0o700)
        async with taker({}) as port:
            inboxes = [f"http://peer{n}.example:{port}/inbox" for n in range(HOSTS)]
            given = {"base_url": NORTH, "folder": folder, "port": port, "inboxes": inboxes}
            async with measured("sender", given) as sender:
                yield sender
