"""A proof beside an HTTP signature: it must agree, and never stands for it."""

import json
from datetime import datetime
from typing import Any

import pytest

from federation.errors import BadProof, Gone, KeyUnreachable
from federation.keys import PrivateKey, PublicKey, generate_ed25519, write_multibase
from federation.proofs import (
    prove,
    signed_bytes,
)
from federation.receive import ReceiveContext, receive
from schemas.fields import Document
from tests.unit.federation.signing import CREATE, RIVER, Sign, multikey


def changed(made: Document, **options: Any) -> Document:
    proof: Any = {**made["proof"], **options}  # type: ignore[dict-item]
    return {**made, "proof": {name: value for name, value in proof.items() if value is not None}}


Keys = dict[str, PublicKey | type[Exception]]


def context_with(keys: Keys, now: datetime, fresh: Keys | None = None) -> ReceiveContext:
    def port(known: Keys) -> Any:
        async def find(key_id: str) -> PublicKey:
            found = known[key_id]
            if isinstance(found, PublicKey):
                return found
            raise found

        return find

    hosts = frozenset({"aid.north.example"})
    return ReceiveContext(port(keys), now, hosts, lambda _: False, refetch_key=port(fresh) if fresh else None)


def body(document: Document) -> bytes:
    return json.dumps(document).encode()


# C-86, C-87
async def test_a_proof_that_fits_is_welcome(
    signed: Sign, river_public: PublicKey, edwards_key: PrivateKey, now: datetime
) -> None:
    context = context_with({river_public.id: river_public, edwards_key.id: multikey(edwards_key)}, now)
    assert (await receive(signed(body(prove(CREATE, edwards_key, now))), context=context)).heading.actor == RIVER


# A check of a proof costs more than all else that is done with a post.
async def test_a_proof_that_fits_is_checked_once(
    signed: Sign, river_public: PublicKey, edwards_key: PrivateKey, now: datetime
) -> None:
    checked: list[bytes] = []

    class Watched(PublicKey):
        def verify(self, signature: bytes, data: bytes) -> bool:
            checked.append(signature)
            return super().verify(signature, data)

    known = multikey(edwards_key)
    keys: Keys = {
        river_public.id: river_public,
        known.id: Watched(known.id, known.owner, known.pem, asserts=True),
    }
    context = context_with(keys, now, fresh=keys)
    await receive(signed(body(prove(CREATE, edwards_key, now))), context=context)
    assert len(checked) == 1


# C-87
@pytest.mark.parametrize(
    "change",
    [
        lambda made: {**made, "id": "https://help.river.example/a/2"},
        lambda made: changed(made, verificationMethod="https://aid.hill.example/actors/public#ed25519-key"),
        lambda made: changed(made, verificationMethod="nonsense"),
        lambda made: changed(made, expires="2026-01-01T00:00:00Z"),
        lambda made: changed(made, proofPurpose="authentication"),
    ],
)
async def test_a_proof_that_disagrees_with_the_http_signature(
    signed: Sign, river_public: PublicKey, edwards_key: PrivateKey, now: datetime, change: Any
) -> None:
    context = context_with({river_public.id: river_public, edwards_key.id: multikey(edwards_key)}, now)
    with pytest.raises(BadProof) as error:
        await receive(signed(body(change(prove(CREATE, edwards_key, now)))), context=context)
    assert error.value.status == 401


# C-86: well made, and over
async def test_a_proof_that_has_expired(
    signed: Sign, river_public: PublicKey, edwards_key: PrivateKey, now: datetime
) -> None:
    context = context_with({river_public.id: river_public, edwards_key.id: multikey(edwards_key)}, now)
    for expires, holds in (("2026-11-20T10:00:01Z", True), ("2026-11-20T09:59:59Z", False)):
        made = prove({**CREATE, "id": f"https://help.river.example/a/{holds}"}, edwards_key, now)
        options: Any = {**made["proof"], "expires": expires}  # type: ignore[dict-item]
        del options["proofValue"]
        value = write_multibase(edwards_key.sign(signed_bytes(made, options)))
        sent = signed(body({**made, "proof": {**options, "proofValue": value}}))
        if holds:
            assert await receive(sent, context=context)
            continue
        with pytest.raises(BadProof, match="expired"):
            await receive(sent, context=context)


# C-86, C-87, T-1: somebody else of the same server vouches
async def test_a_proof_by_another_actor(
    signed: Sign, river_public: PublicKey, edwards_key: PrivateKey, now: datetime
) -> None:
    neighbour = multikey(edwards_key, owner="https://help.river.example/actors/peers")
    context = context_with({river_public.id: river_public, edwards_key.id: neighbour}, now)
    with pytest.raises(BadProof):
        await receive(signed(body(prove(CREATE, edwards_key, now))), context=context)


# C-81, C-82: a key that was replaced under its id is asked for once more
async def test_a_proof_by_a_new_key(
    signed: Sign, river_public: PublicKey, edwards_key: PrivateKey, now: datetime
) -> None:
    old = multikey(generate_ed25519(edwards_key.id))
    known: Keys = {river_public.id: river_public, edwards_key.id: old}
    made = signed(body(prove(CREATE, edwards_key, now)))
    with pytest.raises(BadProof):
        await receive(made, context=context_with(known, now))
    assert await receive(made, context=context_with(known, now, {edwards_key.id: multikey(edwards_key)}))


# C-58: a key that cannot be had now is worth another try, one that is gone is not
@pytest.mark.parametrize(("problem", "answer"), [(KeyUnreachable, KeyUnreachable), (Gone, BadProof)])
async def test_the_key_of_a_proof_cannot_be_had(
    signed: Sign,
    river_public: PublicKey,
    edwards_key: PrivateKey,
    now: datetime,
    problem: type[Exception],
    answer: type[Exception],
) -> None:
    context = context_with({river_public.id: river_public, edwards_key.id: problem}, now)
    with pytest.raises(answer):
        await receive(signed(body(prove(CREATE, edwards_key, now))), context=context)


# C-86: a proof alone does not make up for a signature that is missing or wrong
async def test_a_proof_does_not_stand_for_the_http_signature(
    signed: Sign, river_public: PublicKey, other_key: PrivateKey, edwards_key: PrivateKey, now: datetime
) -> None:
    context = context_with({river_public.id: river_public, edwards_key.id: multikey(edwards_key)}, now)
    with pytest.raises(Exception, match="could not be verified"):
        await receive(signed(body(prove(CREATE, edwards_key, now)), key=other_key), context=context)
