"""Who sent this request? One answer for every kind of signature."""

import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, TypeAlias, assert_never

from federation import cavage, rfc9421
from federation.errors import BadSignature
from federation.keys import PublicKey
from federation.messages import MAX_FUTURE, MAX_PAST, Request

FindKey = Callable[[str], Awaitable[PublicKey]]
"""Finds the public key with this id; raises BadSignature, KeyUnreachable or Gone and nothing else."""

Signature: TypeAlias = cavage.Signature | rfc9421.Signature
"""A signature of either kind; nothing of it is proven yet."""

SEEN_SIGNATURES: Final = 50_000


def examine(request: Request, now: datetime, public_hosts: frozenset[str]) -> Signature:
    """Do every check of a signature that needs no key, and return it, still unproven.

    `public_hosts` are this node's own names as in a Host header, lower-case, with the port if it is not the usual one.
    Raises BadSignature (C-58, C-65 to C-70, C-73, C-74). A request with Signature-Input is read by RFC 9421 and never
    as draft-cavage (C-75).
    """
    if "signature" not in request.headers:
        raise BadSignature("The request must be signed.")
    if request.headers.get("host", "").lower() not in public_hosts:
        raise BadSignature("The signature was made for another server.")
    if "signature-input" in request.headers:
        message_signature = rfc9421.parse_signature(request.headers)
        rfc9421.check_time(message_signature, now)
        rfc9421.check_parts(request, message_signature)
        return message_signature
    signature = cavage.parse_signature(request.headers["signature"])
    cavage.check_time(request, signature, now)
    cavage.check_parts(request, signature)
    return signature


async def prove(
    request: Request, signature: Signature, find_key: FindKey, refetch_key: FindKey | None = None
) -> PublicKey:
    """Return the key that made the examined `signature` of `request`.

    When the key that is known does not fit, `refetch_key` is asked once for the present one (C-81).
    Raises BadSignature, and whatever the two ports raise.
    """
    key = await find_key(signature.key_id)
    if _fits(key, request, signature):
        return key
    if refetch_key is not None:
        key = await refetch_key(signature.key_id)
        if _fits(key, request, signature):
            return key
    raise BadSignature


async def verify(
    request: Request,
    find_key: FindKey,
    now: datetime,
    public_hosts: frozenset[str],
    refetch_key: FindKey | None = None,
) -> PublicKey:
    """Return the proven key of a signed `request`; see `examine` and `prove` for what is raised."""
    return await prove(request, examine(request, now, public_hosts), find_key, refetch_key)


def name_of(signature: Signature) -> bytes:
    """32 bytes that stand for this signature and its key alone."""
    return hashlib.sha256(signature.key_id.encode("utf-8", "surrogateescape") + b"\0" + signature.value).digest()


class SeenSignatures:
    """Remembers proven signatures for as long as they would be accepted again (C-71, T-25).

    Holds at most `size` of them; when full, the oldest is forgotten.
    """

    def __init__(self, size: int = SEEN_SIGNATURES) -> None:
        self._size = size
        self._seen: OrderedDict[bytes, datetime] = OrderedDict()

    def has(self, name: bytes, now: datetime) -> bool:
        """Whether the signature of this name was here before, within the time in which it would be accepted again."""
        self._forget_before(now - MAX_PAST - MAX_FUTURE)
        return name in self._seen

    def remember(self, name: bytes, now: datetime) -> None:
        """What the signature of this name signed is kept for good: from now on it was here before."""
        self._seen.setdefault(name, now)
        if len(self._seen) > self._size:
            self._seen.popitem(last=False)

    def _forget_before(self, then: datetime) -> None:
        while self._seen and next(iter(self._seen.values())) < then:
            self._seen.popitem(last=False)


def _fits(key: PublicKey, request: Request, signature: Signature) -> bool:
    return key.id == signature.key_id and _is_signed_by(key, request, signature)


def _is_signed_by(key: PublicKey, request: Request, signature: Signature) -> bool:
    match signature:
        case cavage.Signature():
            return cavage.is_signed_by(key, request, signature)
        case rfc9421.Signature():
            return rfc9421.is_signed_by(key, request, signature)
        case _:
            assert_never(signature)
