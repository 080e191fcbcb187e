"""Checking a proof in a post, as the inbox does it, and the bare signature check inside it."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import orjson

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
    keep_what_is_there()

    async def answer(asked: dict[str, Any]) -> dict[str, Any]:
        start = time.process_time()
        for _ in range(asked["times"]):
            is_right = key.verify(value, data) if asked["do"] == "bare" else _check(key, body)
            if not is_right:
                raise Wrong
        return {"seconds": time.process_time() - start}

    await obey({"bytes": len(body)}, answer)


def _check(key: PublicKey, body: bytes) -> bool:
    document = load(body)
    proof = read_proof(document)
    return proof is not None and is_proven_by(key, document, proof)


if __name__ == "__main__":
    asyncio.run(main(configuration()))
