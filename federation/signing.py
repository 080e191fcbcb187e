"""How a request of ours is signed, and what is remembered of how each server wants it (C-48, C-51).

draft-cavage with RSA is what everybody understands. RFC 9421 is for servers that say so, or that refused the first;
Ed25519 only for servers that are known to look a Multikey up, because some refuse its key for ever after one try.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from federation import cavage, rfc9421
from federation.keys import KeyPair
from federation.messages import Request
from federation.origin import Origin

KEPT: Final = timedelta(days=7)
MAX_ORIGINS: Final = 5_000


class Scheme(StrEnum):
    """A way to sign a request."""

    CAVAGE = "draft-cavage, RSA"
    RFC9421 = "RFC 9421, RSA"
    ED25519 = "RFC 9421, Ed25519"


@dataclass(frozen=True)
class _Winner:
    scheme: Scheme
    until: datetime


class KnownSchemes:
    """Remembers for a week which scheme a server took after it had refused another; holds at most `size` servers."""

    def __init__(self, size: int = MAX_ORIGINS) -> None:
        self._size = size
        self._winners: OrderedDict[Origin, _Winner] = OrderedDict()

    def knocks(self, home: Origin, takes: Scheme, now: datetime) -> tuple[Scheme, Scheme]:
        """Return how to sign a request to `home` first, and how a second time if it is refused.

        `takes` is what the server's actors say of themselves; what was learnt by trying comes before it.
        """
        winner = self._winners.get(home)
        if winner is not None and winner.until <= now:
            del self._winners[home]
            winner = None
        first = takes if winner is None else winner.scheme
        return first, Scheme.RFC9421 if first is Scheme.CAVAGE else Scheme.CAVAGE

    def learn(self, home: Origin, scheme: Scheme, now: datetime) -> None:
        """Remember that `home` took `scheme` after it had refused another."""
        self._winners[home] = _Winner(scheme, now + KEPT)
        self._winners.move_to_end(home)
        if len(self._winners) > self._size:
            self._winners.popitem(last=False)


@dataclass(frozen=True)
class Signer:
    """Who asks: the actor's keys its GETs are signed with, and what is known of how each server wants them signed."""

    keys: KeyPair
    schemes: KnownSchemes


def sign(request: Request, keys: KeyPair, scheme: Scheme, now: datetime) -> dict[str, str]:
    """Return the headers, with lower-case names, that make `request` a signed one."""
    if scheme is Scheme.CAVAGE:
        return cavage.sign_headers(request, keys.rsa, now)
    key = keys.ed25519 if scheme is Scheme.ED25519 else keys.rsa
    return rfc9421.sign_headers(request, key, now)
