"""Who signs, with which keys, and what is believed: the same for both schemes of signatures."""

from datetime import UTC, datetime

import pytest
from hypothesis import strategies as st

from federation.errors import BadSignature
from federation.keys import PrivateKey, PublicKey, generate_ed25519, generate_rsa
from federation.messages import Request
from federation.signatures import verify

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
OWNER = "https://help.river.example/actors/public"
HOSTS = frozenset({"aid.north.example", "second.north.example"})
RSA = generate_rsa(f"{OWNER}#main-key")
EDWARDS = generate_ed25519(RSA.id)
OTHERS = (generate_rsa(RSA.id), generate_ed25519(RSA.id))

PATHS = st.from_regex(r"/([A-Za-z0-9._~-]|%[0-9A-F]{2}){0,20}(\?[a-z0-9=&]{1,10})?", fullmatch=True)
KEYS = st.sampled_from([RSA, EDWARDS])
BODIES = st.binary(max_size=200)


async def proven(request: Request, key: PrivateKey = RSA, at: datetime = NOW) -> PublicKey:
    """The key it was signed with. Raises BadSignature."""

    async def find(_: str) -> PublicKey:
        return PublicKey(key.id, OWNER, key.public_pem)

    return await verify(request, find, at, HOSTS)


async def refused(request: Request, key: PrivateKey = RSA) -> None:
    """It must not be believed."""
    with pytest.raises(BadSignature):
        await proven(request, key)
