from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from federation.cavage import parse_signature
from federation.errors import BadSignature, KeyUnreachable
from federation.keys import PrivateKey, PublicKey
from federation.signatures import SeenSignatures, name_of, verify
from tests.unit.federation.signing import HOSTS, Sign, finds, unasked


async def test_a_signed_request_has_a_proven_key(signed: Sign, river_public: PublicKey, now: datetime) -> None:
    assert await verify(signed(), finds(river_public), now, HOSTS) == river_public
    assert await verify(signed(method="GET", target="/o/1?x=1"), finds(river_public), now, HOSTS) == river_public


# C-58, C-66, C-68, C-69, C-70, C-75, T-2
@pytest.mark.parametrize(
    "changed",
    [
        {"signature": None},
        {"signature": "nonsense"},
        {"host": "evil.example"},
        {"host": None},
        {"host": "aid.north.example, evil.example"},
        {"digest": None},
        {"digest": "SHA-256=AAAA"},
        {"date": "Fri, 20 Nov 2026 08:00:00 GMT"},
        {"signature-input": 'sig1=("@method");created=1'},
    ],
)
async def test_what_needs_no_key_is_refused_without_asking_for_one(
    signed: Sign, now: datetime, changed: dict[str, str | None]
) -> None:
    headers = {name: value for name, value in {**signed().headers, **changed}.items() if value is not None}
    with pytest.raises(BadSignature):
        await verify(replace(signed(), headers=headers), unasked, now, HOSTS)


# C-68: our own name in another case is still ours; a name that is only in the URL is not
async def test_the_host_is_one_of_our_names(signed: Sign, now: datetime) -> None:
    with pytest.raises(BadSignature):
        await verify(signed(), unasked, now, frozenset({"other.example"}))


async def test_another_key_does_not_fit(signed: Sign, other_key: PrivateKey, now: datetime) -> None:
    stranger = PublicKey(other_key.id, "x", other_key.public_pem)
    with pytest.raises(BadSignature):
        await verify(signed(), finds(stranger), now, HOSTS)


# C-81
async def test_a_key_that_was_replaced_is_fetched_anew(
    signed: Sign, river_public: PublicKey, other_key: PrivateKey, now: datetime
) -> None:
    old = PublicKey(other_key.id, river_public.owner, other_key.public_pem)
    assert await verify(signed(), finds(old), now, HOSTS, finds(river_public)) == river_public
    assert await verify(signed(), finds(river_public), now, HOSTS, unasked) == river_public
    with pytest.raises(BadSignature):
        await verify(signed(), finds(old), now, HOSTS, finds(old))


# C-76, T-5
async def test_a_key_under_another_id_does_not_count(signed: Sign, river_public: PublicKey, now: datetime) -> None:
    renamed = replace(river_public, id="https://help.river.example/actors/public#other")
    with pytest.raises(BadSignature):
        await verify(signed(), finds(renamed), now, HOSTS)


# C-58
async def test_a_key_that_cannot_be_reached_says_so(signed: Sign, now: datetime) -> None:
    async def down(_: str) -> PublicKey:
        raise KeyUnreachable

    with pytest.raises(KeyUnreachable):
        await verify(signed(), down, now, HOSTS)


# C-71, T-25
def test_a_signature_counts_once_while_it_could_be_replayed(signed: Sign, now: datetime) -> None:
    seen = SeenSignatures()
    signature = parse_signature(signed().headers["signature"])
    assert not seen.has(name_of(signature), now)
    seen.remember(name_of(signature), now)
    seen.remember(name_of(signature), now + timedelta(minutes=1))  # of two copies that came at once, the first counts
    assert seen.has(name_of(signature), now + timedelta(minutes=125))
    assert not seen.has(name_of(replace(signature, key_id="https://b.example/#main-key")), now)
    assert not seen.has(name_of(replace(signature, value=b"x")), now)
    assert not seen.has(name_of(signature), now + timedelta(minutes=126))


# C-71, T-24
def test_what_is_remembered_has_a_bound(signed: Sign, now: datetime) -> None:
    seen = SeenSignatures(size=2)
    signature = parse_signature(signed().headers["signature"])
    for value in (b"a", b"b", b"c"):
        seen.remember(name_of(replace(signature, value=value)), now)
    assert [seen.has(name_of(replace(signature, value=value)), now) for value in (b"a", b"b", b"c")] == [
        False,
        True,
        True,
    ]
