"""A signature that is not understood is made once more in another way, and the peer is remembered for it."""

from base64 import b64decode
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from federation.deliver import Delivery, Outcome, deliver
from federation.keys import KeyPair, PublicKey
from federation.messages import Request, combined
from federation.origin import Origin, origin
from federation.signatures import verify
from federation.signing import KnownSchemes, Scheme

HILL = "http://hill.example"
HOME = origin(HILL, allow_http=True)
BODY = b'{"type":"Follow"}'
WEEK = timedelta(days=7)


def scheme_of(headers: Any) -> Scheme:
    """How a request was signed, seen from outside."""
    if "Signature-Input" not in headers:
        assert 'algorithm="rsa-sha256"' in headers["Signature"]
        return Scheme.CAVAGE
    value = b64decode(headers["Signature"].removeprefix("sig1=:").removesuffix(":"))
    return Scheme.ED25519 if len(value) == 64 else Scheme.RFC9421


class Inbox:
    """An inbox that understands some schemes and answers the others with `refusal`; `knocks` is what it got."""

    def __init__(self, *understood: Scheme, refusal: int = 401, answer: int = 202) -> None:
        self.understood = understood
        self.refusal = refusal
        self.answer = answer
        self.knocks: list[Scheme] = []

    async def __call__(self, request: web.Request) -> web.Response:
        self.knocks.append(scheme_of(request.headers))
        return web.Response(status=self.answer if self.knocks[-1] in self.understood else self.refusal)


Send = Callable[..., Any]


@pytest.fixture
def send(neighbours: Any, now: datetime, river_keys: KeyPair) -> Send:
    """Send one activity to an inbox, `after` some time, with what is known of it."""
    transport = neighbours.transport()

    async def sent(
        inbox: Inbox, schemes: KnownSchemes, takes: Scheme = Scheme.CAVAGE, after: timedelta = timedelta()
    ) -> Outcome:
        neighbours.page(f"{HILL}/inbox", inbox)
        inbox.knocks.clear()
        waiting = Delivery(f"{HILL}/inbox", BODY, takes)
        return await deliver(transport, waiting, river_keys, now + after, schemes)

    return sent


# C-51
@pytest.mark.parametrize("refusal", [400, 401])
async def test_a_second_knock_is_made_once_and_remembered(send: Send, refusal: int) -> None:
    inbox, schemes = Inbox(Scheme.RFC9421, refusal=refusal), KnownSchemes()
    assert (await send(inbox, schemes)).verdict == "delivered"
    assert inbox.knocks == [Scheme.CAVAGE, Scheme.RFC9421]
    assert (await send(inbox, schemes)).verdict == "delivered"
    assert inbox.knocks == [Scheme.RFC9421]


# C-51
async def test_who_understands_the_first_is_not_asked_again(send: Send) -> None:
    inbox, schemes = Inbox(Scheme.CAVAGE), KnownSchemes()
    assert (await send(inbox, schemes)).verdict == "delivered"
    assert inbox.knocks == [Scheme.CAVAGE]


# C-51: any other answer is about the activity and not about its signature
@pytest.mark.parametrize("status", [403, 404, 410, 413, 429, 500, 503])
async def test_other_answers_are_answers(send: Send, status: int) -> None:
    inbox = Inbox(Scheme.CAVAGE, answer=status)
    assert (await send(inbox, KnownSchemes())).status == status
    assert inbox.knocks == [Scheme.CAVAGE]


# C-44, C-51: two knocks and no more; what the first said counts
@pytest.mark.parametrize(("refusal", "verdict"), [(401, "retry"), (400, "final")])
async def test_who_understands_neither(send: Send, refusal: int, verdict: str) -> None:
    inbox, schemes = Inbox(refusal=refusal), KnownSchemes()
    outcome = await send(inbox, schemes)
    assert (outcome.verdict, outcome.status) == (verdict, refusal)
    assert inbox.knocks == [Scheme.CAVAGE, Scheme.RFC9421]
    await send(inbox, schemes)
    assert inbox.knocks == [Scheme.CAVAGE, Scheme.RFC9421]


# C-44, C-51: a server of one kind says more about the activity in answer to the signature that it understands
async def test_the_first_refusal_counts(send: Send) -> None:
    inbox = Inbox(Scheme.CAVAGE, refusal=401, answer=400)
    outcome = await send(inbox, KnownSchemes())
    assert inbox.knocks == [Scheme.CAVAGE, Scheme.RFC9421]
    assert (outcome.verdict, outcome.status) == ("final", 400)


# C-51: the second signature was understood, and the answer is to the activity; nothing is learnt from a failure
@pytest.mark.parametrize(("answer", "verdict"), [(403, "final"), (503, "retry")])
async def test_the_second_answer_counts_when_it_is_about_the_activity(
    send: Send, now: datetime, answer: int, verdict: str
) -> None:
    inbox, schemes = Inbox(Scheme.RFC9421, answer=answer), KnownSchemes()
    outcome = await send(inbox, schemes)
    assert (outcome.verdict, outcome.status) == (verdict, answer)
    assert schemes.knocks(HOME, Scheme.CAVAGE, now)[0] is Scheme.CAVAGE


# C-51: FEP-844e saves the first knock
@pytest.mark.parametrize("takes", [Scheme.RFC9421, Scheme.ED25519])
async def test_who_says_so_is_believed(send: Send, takes: Scheme) -> None:
    inbox = Inbox(takes)
    assert (await send(inbox, KnownSchemes(), takes)).verdict == "delivered"
    assert inbox.knocks == [takes]


# C-51: what was said turned out to be wrong; what was learnt counts more
@pytest.mark.parametrize("takes", [Scheme.RFC9421, Scheme.ED25519])
async def test_who_said_so_and_does_not_is_knocked_at_in_the_old_way(send: Send, takes: Scheme) -> None:
    inbox, schemes = Inbox(Scheme.CAVAGE), KnownSchemes()
    assert (await send(inbox, schemes, takes)).verdict == "delivered"
    assert inbox.knocks == [takes, Scheme.CAVAGE]
    await send(inbox, schemes, takes)
    assert inbox.knocks == [Scheme.CAVAGE]


# C-48, C-51
async def test_what_was_learnt_is_forgotten_after_a_week(send: Send) -> None:
    inbox, schemes = Inbox(Scheme.RFC9421), KnownSchemes()
    await send(inbox, schemes)
    await send(inbox, schemes, after=WEEK - timedelta(seconds=1))
    assert inbox.knocks == [Scheme.RFC9421]
    await send(inbox, schemes, after=WEEK)
    assert inbox.knocks == [Scheme.CAVAGE, Scheme.RFC9421]


# C-48, T-24
def test_what_is_remembered_has_a_bound(now: datetime) -> None:
    schemes = KnownSchemes(size=2)
    homes = [Origin("https", f"{name}.example", 443) for name in ("a", "b", "c")]
    for home in homes:
        schemes.learn(home, Scheme.RFC9421, now)
    assert [schemes.knocks(home, Scheme.CAVAGE, now)[0] for home in homes] == [
        Scheme.CAVAGE,
        Scheme.RFC9421,
        Scheme.RFC9421,
    ]


# C-50, C-51, C-74: every signature of ours verifies by our own rules
@pytest.mark.parametrize("takes", list(Scheme))
async def test_each_knock_can_be_verified(neighbours: Any, now: datetime, river_keys: KeyPair, takes: Scheme) -> None:
    neighbours.page(f"{HILL}/inbox?a=%20", b"", status=202)
    transport = neighbours.transport()
    await deliver(transport, Delivery(f"{HILL}/inbox?a=%20", BODY, takes), river_keys, now, KnownSchemes())
    (asked,), (body,) = neighbours.asked, neighbours.bodies
    assert scheme_of(asked.headers) is takes
    assert asked.headers["Content-Type"] == 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
    key = river_keys.ed25519 if takes is Scheme.ED25519 else river_keys.rsa

    async def find(key_id: str) -> PublicKey:
        assert key_id == key.id
        return PublicKey(key.id, "https://help.river.example/actors/public", key.public_pem)

    request = Request("POST", f"{HILL}{asked.raw_path}", combined(asked.headers.items()), body)
    assert (await verify(request, find, now, frozenset({"hill.example"}))).id == key.id
