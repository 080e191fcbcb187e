"""What other servers' actors say of their followers on our server, until it is looked at (FEP-8fcf)."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

MOST_HEARD = 500


@dataclass(frozen=True)
class Claim:
    """The collection of an actor's followers, where those on our server are listed, and the digest of their ids."""

    collection: str
    url: str
    digest: str


class Heard:
    """The newest claim of each actor that was not looked at yet, in memory; of the newest `MOST_HEARD` actors."""

    def __init__(self) -> None:
        self._claims: OrderedDict[str, Claim] = OrderedDict()

    def add(self, actor: str, claim: Claim) -> None:
        """Remember what a proven actor said."""
        self._claims[actor] = claim
        self._claims.move_to_end(actor)
        if len(self._claims) > MOST_HEARD:
            self._claims.popitem(last=False)

    def take(self) -> tuple[tuple[str, Claim], ...]:
        """Everything that was not looked at yet; afterwards there is none."""
        found = tuple(self._claims.items())
        self._claims.clear()
        return found


def digest(ids: Iterable[str]) -> str:
    """The SHA-256 of each id, all of them XORed, in hex."""
    total = 0
    for one in ids:
        total ^= int.from_bytes(hashlib.sha256(one.encode()).digest(), "big")
    return total.to_bytes(32, "big").hex()
