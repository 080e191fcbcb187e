"""Checking a proof in a post, as the inbox does it, and a bare signature check by the library that signs.

`sodium` is the bare check by the library that checks (ADR 0079): what is left of the way when it is taken away is ours.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from federation.keys import PublicKey, generate_ed25519
from federation.proofs import is_proven_by, prove, read_proof, signed_bytes
from node.serving import keep_what_is_there
from schemas.fields import load
from tests.bench.posts import note_body
from tests.bench.processes import configuration, obey

AUTHOR = "https://help.river.example/actors/public"


class Wrong(Exception):
    """A proof that must fit does not."""


async def main(_: dict[str, Any]) -> None:
    """Measure what is asked for until stdin ends."""
    private, now = generate_ed25519(f"{AUTHOR}#ed25519-key"), datetime.now(UTC)
    body = orjson.dumps(prove(load(note_body(AUTHOR, now)), private, now))
    key = PublicKey(private.id, AUTHOR, private.public_pem, asserts=True)
    document = load(body)
    proof = read_proof(document)
    if proof is None:
        raise Wrong
    data, value = signed_bytes(document, proof.options), proof.value
    bare = load_pem_public_key(private.public_pem.encode())
    if not isinstance(bare, Ed25519PublicKey):
        raise Wrong
    keep_what_is_there()
    ways: dict[str, Callable[[], object]] = {
        "checked": lambda: _check(key, body),
        "bare": lambda: bare.verify(value, data),
        "sodium": lambda: _is_right(key.verify(value, data)),
    }

    async def answer(asked: dict[str, Any]) -> dict[str, Any]:
        start = time.process_time()
        way = ways[asked["do"]]
        for _ in range(asked["times"]):
            way()
        return {"seconds": time.process_time() - start}

    await obey({"bytes": len(body)}, answer)


def _check(key: PublicKey, body: bytes) -> None:
    document = load(body)
    proof = read_proof(document)
    _is_right(proof is not None and is_proven_by(key, document, proof))


def _is_right(answer: bool) -> None:
    if not answer:
        raise Wrong


if __name__ == "__main__":
    asyncio.run(main(configuration()))
