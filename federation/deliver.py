"""Taking one waiting activity to one inbox (C-39, C-44, C-49, C-50, C-51)."""

import asyncio
import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from federation.errors import FederationError, NotReached
from federation.keys import KeyPair
from federation.messages import LD_JSON_WITH_PROFILE, SYNCHRONIZATION, Request, Response
from federation.origin import origin
from federation.retry import Verdict, parse_retry_after, verdict
from federation.signing import KnownSchemes, Scheme, sign
from federation.transport import Transport

_NOT_UNDERSTOOD: Final = frozenset({400, 401})


@dataclass(frozen=True)
class Delivery:
    """Something waiting in the outbox: the exact bytes for one inbox, and the signature its server says it takes.

    `synchronization` goes along as a signed header, if there is one (FEP-8fcf).
    """

    inbox: str
    body: bytes
    takes: Scheme = Scheme.CAVAGE
    synchronization: str | None = None


@dataclass(frozen=True)
class Outcome:
    """How a delivery went: `delivered`, `retry` (the same may succeed later) or `final` (it never will).

    `status` is the inbox's answer if it gave one, `retry_after` how long it asks to be left alone (at most 6 hours),
    `reason` one plain sentence for the sending community, `date` what the other server wrote as the time of its answer.
    """

    verdict: Verdict
    status: int | None = None
    retry_after: timedelta | None = None
    reason: str = ""
    date: str = ""


@dataclass(frozen=True)
class Presigned:
    """The headers that sign a delivery with `scheme`, made a moment ago."""

    scheme: Scheme
    headers: Mapping[str, str]


async def presign(
    deliveries: Iterable[tuple[Delivery, KeyPair]], now: datetime, schemes: KnownSchemes, *, allow_http: bool = False
) -> list[Presigned | None]:
    """Sign many deliveries, each with one of its keys, in one go of a thread; returns what was made for each in turn.

    RSA takes long enough for a thread, a thread's turn costs a third of a signature, and cryptography lets other work
    go on while it signs. For a delivery to an address that is none it is None.
    """
    planned: list[tuple[Delivery, KeyPair, Scheme | None]] = []
    for delivery, keys in deliveries:
        first = None
        with contextlib.suppress(FederationError):
            first, _ = schemes.knocks(origin(delivery.inbox, allow_http=allow_http), delivery.takes, now)
        planned.append((delivery, keys, first))

    def signed() -> list[Presigned | None]:
        return [
            None if scheme is None else Presigned(scheme, sign(_request(one), keys, scheme, now))
            for one, keys, scheme in planned
        ]

    return await asyncio.to_thread(signed)


async def deliver(
    transport: Transport,
    delivery: Delivery,
    keys: KeyPair,
    now: datetime,
    schemes: KnownSchemes,
    presigned: Presigned | None = None,
) -> Outcome:
    """Sign `delivery` with one of `keys`, send it, and say how it went; raises nothing that a peer can cause.

    When the signature is not understood (400 or 401) it is sent once more with another, and `schemes` learns which one
    was (C-51). Signatures are made at every try, so that their date is fresh, and the address is checked at every try;
    `presigned` is taken where it is of the scheme that is tried first.
    """
    request = _request(delivery)
    try:
        home = origin(delivery.inbox, allow_http=transport.policy.dev_loopback)
        first, second = schemes.knocks(home, delivery.takes, now)
        if presigned is None or presigned.scheme is not first:
            presigned = await _presigned(request, keys, first, now)
        response = await _knock(transport, request, presigned)
        if response.status not in _NOT_UNDERSTOOD:
            return _outcome(response, now)
        again = await _knock(transport, request, await _presigned(request, keys, second, now))
    except FederationError as error:
        retryable = isinstance(error, NotReached) and error.retryable
        return Outcome("retry" if retryable else "final", reason=str(error))
    outcome = _outcome(response if again.status in _NOT_UNDERSTOOD else again, now)
    if outcome.verdict == "delivered":
        schemes.learn(home, second, now)
    return outcome


def _request(delivery: Delivery) -> Request:
    headers = {"content-type": LD_JSON_WITH_PROFILE}
    if delivery.synchronization is not None:
        headers[SYNCHRONIZATION] = delivery.synchronization
    return Request("POST", delivery.inbox, headers, delivery.body)


async def _presigned(request: Request, keys: KeyPair, scheme: Scheme, now: datetime) -> Presigned:
    return Presigned(scheme, await asyncio.to_thread(sign, request, keys, scheme, now))


async def _knock(transport: Transport, request: Request, presigned: Presigned) -> Response:
    return await transport.post(request.url, {**request.headers, **presigned.headers}, request.body)


def _outcome(response: Response, now: datetime) -> Outcome:
    decided, date = verdict(response.status), response.headers.get("date", "")
    if decided == "delivered":
        return Outcome(decided, response.status, reason="Delivered.", date=date)
    retry_after = parse_retry_after(response.headers.get("retry-after"), now) if decided == "retry" else None
    reason = f"The other server answered with status {response.status}."
    return Outcome(decided, response.status, retry_after, reason, date)
