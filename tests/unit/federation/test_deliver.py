from datetime import datetime, timedelta
from typing import Any

import pytest

from federation.deliver import Delivery, Outcome, deliver
from federation.keys import KeyPair, PublicKey
from federation.messages import Request, combined
from federation.signatures import verify
from federation.signing import KnownSchemes
from federation.transport import Limits, NetworkPolicy, Transport

HILL = "http://hill.example"
BODY = b'{"type":"Follow"}'


def waiting(inbox: str = f"{HILL}/inbox") -> Delivery:
    return Delivery(inbox, BODY)


# C-39, C-50
async def test_an_inbox_can_verify_what_it_gets(
    neighbours: Any, now: datetime, river_keys: KeyPair, river_public: PublicKey
) -> None:
    async def find(_: str) -> PublicKey:
        return river_public

    neighbours.page(f"{HILL}/inbox?a=%20", b"", status=202)
    outcome = await deliver(neighbours.transport(), waiting(f"{HILL}/inbox?a=%20"), river_keys, now, KnownSchemes())
    assert (outcome.verdict, outcome.status) == ("delivered", 202)
    asked, body = neighbours.asked[0], neighbours.bodies[0]
    assert body == BODY
    assert asked.headers["Content-Type"] == 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
    request = Request("POST", f"{HILL}{asked.raw_path}", combined(asked.headers.items()), body)
    assert await verify(request, find, now, frozenset({"hill.example"})) == river_public


# C-44, C-45
@pytest.mark.parametrize(
    ("status", "verdict", "retry_after"),
    [
        (200, "delivered", None),
        (401, "retry", None),
        (403, "final", None),
        (410, "final", None),
        (302, "final", None),
        (429, "retry", timedelta(seconds=30)),
        (503, "retry", timedelta(seconds=30)),
        (501, "final", None),
    ],
)
async def test_what_an_inbox_answers(
    neighbours: Any, now: datetime, river_keys: KeyPair, status: int, verdict: str, retry_after: timedelta | None
) -> None:
    wait = {"Retry_After": "30"} if retry_after or status == 200 else {}
    neighbours.page(f"{HILL}/inbox", b"", status=status, **wait)
    outcome = await deliver(neighbours.transport(), waiting(), river_keys, now, KnownSchemes())
    assert (outcome.verdict, outcome.status, outcome.retry_after) == (verdict, status, retry_after)
    assert outcome.reason


# C-44
async def test_an_inbox_that_is_not_there_may_be_later(
    neighbours: Any, now: datetime, river_keys: KeyPair, unused_tcp_port: int
) -> None:
    outcome = await deliver(
        neighbours.transport(Limits(total=1)),
        waiting(f"http://127.0.0.1:{unused_tcp_port}/inbox"),
        river_keys,
        now,
        KnownSchemes(),
    )
    assert outcome == Outcome("retry", reason="The other server could not be reached.")


# C-49, T-14
async def test_an_inbox_is_checked_at_every_attempt(now: datetime, river_keys: KeyPair) -> None:
    async def inward(_: str, port: int) -> list[tuple[str, int]]:
        return [("10.0.0.1", port)]

    transport = Transport(NetworkPolicy(), "Manyhands/test", resolve=inward)
    assert (
        await deliver(transport, waiting("https://hill.example/inbox"), river_keys, now, KnownSchemes())
    ).verdict == "retry"
    for inbox in ("https://10.0.0.1/inbox", "http://hill.example/inbox", "nonsense", "https://hill.example:99999/"):
        assert (await deliver(transport, waiting(inbox), river_keys, now, KnownSchemes())).verdict == "final"
    await transport.close()
