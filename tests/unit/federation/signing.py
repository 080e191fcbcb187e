"""What tests of signatures and proofs have in common: what is signed, for whom, and where its key is found."""

from collections.abc import Callable

from federation.keys import PrivateKey, PublicKey, read_multikey
from federation.messages import Request
from federation.signatures import FindKey
from schemas.fields import Document

HOSTS = frozenset({"aid.north.example"})
INBOX = "https://aid.north.example/inbox"
NEEDED = '("@method" "@target-uri" "content-digest")'
RIVER = "https://help.river.example/actors/public"
AS = "https://www.w3.org/ns/activitystreams"
CREATE: Document = {
    "@context": AS,
    "id": "https://help.river.example/a/1",
    "type": "Create",
    "actor": RIVER,
    "to": [f"{AS}#Public"],
    "object": {"id": "https://help.river.example/o/1", "type": "Note", "attributedTo": RIVER, "content": "Füße"},
}
Sign = Callable[..., Request]


def finds(key: PrivateKey | PublicKey) -> FindKey:
    """Whoever asks for a key gets this one."""
    public = key if isinstance(key, PublicKey) else PublicKey(key.id, RIVER, key.public_pem)

    async def find(_: str) -> PublicKey:
        return public

    return find


async def unasked(_: str) -> PublicKey:
    """Nobody may ask for a key."""
    raise AssertionError("no key is needed to refuse this")


def multikey(key: PrivateKey, owner: str = RIVER) -> PublicKey:
    """The public key as its owner's document gives it."""
    return read_multikey(key.id, owner, key.public_multibase)
