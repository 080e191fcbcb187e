"""Taking one waiting activity to one inbox (C-39, C-44, C-49, C-50)."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from federation.cavage import sign_headers
from federation.errors import FederationError, NotReached
from federation.keys import PrivateKey
from federation.messages import LD_JSON_WITH_PROFILE, Request, Response
from federation.retry import Verdict, parse_retry_after, verdict
from federation.transport import Transport


@dataclass(frozen=True)
class Delivery:
    """Something waiting in the outbox: the exact bytes for one inbox, to be signed with the key `key_id`."""

    id: str
    inbox: str
    body: bytes
    key_id: str


@dataclass(frozen=True)
class Outcome:
    """How a delivery went: `delivered`, `retry` (the same may succeed later) or `final` (it never will).

    `status` is the inbox's answer if it gave one, `retry_after` how long it asks to be left alone (at most 6 hours),
    `reason` one plain sentence for the sending community.
    """

    verdict: Verdict
    status: int | None = None
    retry_after: timedelta | None = None
    reason: str = ""


async def deliver(transport: Transport, delivery: Delivery, key: PrivateKey, now: datetime) -> Outcome:
    """Sign `delivery` with `key`, send it once, and say how it went; raises nothing that a peer can cause.

    The signature is made at every try, so that its date is fresh, and the address is checked at every try.
    """
    request = Request("POST", delivery.inbox, {"content-type": LD_JSON_WITH_PROFILE}, delivery.body)
    try:
        # A thread, because cryptography lets other work go on while it signs.
        headers = await asyncio.to_thread(sign_headers, request, key, now)
        response = await transport.post(delivery.inbox, headers, delivery.body)
    except FederationError as error:
        retryable = isinstance(error, NotReached) and error.retryable
        return Outcome("retry" if retryable else "final", reason=str(error))
    return _outcome(response, now)


def _outcome(response: Response, now: datetime) -> Outcome:
    decided = verdict(response.status)
    if decided == "delivered":
        return Outcome(decided, response.status, reason="Delivered.")
    retry_after = parse_retry_after(response.headers.get("retry-after"), now) if decided == "retry" else None
    return Outcome(decided, response.status, retry_after, f"The other server answered with status {response.status}.")
