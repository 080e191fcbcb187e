"""Our actors' keys: loaded once, changed now and then without a follower noticing (protocol 1.4 #15, T-43).

A new key gets a new id, stands alone as `publicKey`, and signs from the first moment; who does not know it fetches it.
The Update that tells of it is signed with the old key, which everybody knows. Old keys stay published for a week as
Multikeys, so that what was on its way can still be proven.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from federation.keys import KeyPair, PrivateKey, generate_ed25519, generate_rsa, load_private
from federation.signing import Scheme
from node.domain.addresses import Addresses
from node.domain.errors import Conflict
from node.domain.peers import HostSkills, OwnActor, host_of
from node.services.community import Community
from node.services.presenting import TELLING, tell_keys
from node.storage.audit import AuditEntry
from node.storage.database import Database
from node.storage.keys import ListedKey, StoredKey
from node.storage.outbox import DeliveryId, OutgoingActivity, WaitingDelivery
from node.storage.unit_of_work import UnitOfWork

KEPT = timedelta(days=7)
#: An actor lists no more old keys than these, because others read ten at most.
MOST_RETIRED = 6


async def load_keys(database: Database, addresses: Addresses) -> dict[OwnActor, KeyPair]:
    """Every actor's keys at this address of ours, unwrapped and parsed.

    Raises Conflict before `init`, CannotOpen under a wrong master key.
    """
    async with database.reading() as work:
        everything = await work.keys.all()
    stored = [key for key in everything if _is_of(addresses, key)] or everything
    # A thread, because parsing RSA keys would hold everything else up.
    loaded = await asyncio.to_thread(_parsed, stored)
    try:
        return {own: _pair(loaded[own, "rsa"], loaded[own, "ed25519"]) for own in OwnActor}
    except (KeyError, ValueError) as error:
        raise Conflict("This community has not been set up yet. Run: manyhands init") from error


async def rotate(community: Community, *, at_once: bool = False) -> None:
    """Give every actor of ours new keys, and tell who follows or is followed.

    The old keys are erased after a week or, when somebody else may have them, `at_once`. Raises Conflict when too many
    old keys are still published.
    """
    await reload(community)
    old = community.remote.keys
    if not at_once and any(len(pair.retired) >= MOST_RETIRED for pair in old.values()):
        raise Conflict("The keys were changed several times this week. Wait a few days.")
    fresh = await asyncio.to_thread(_successors, community.addresses, old, at_once)
    now = community.now()
    async with community.database.unit_of_work() as work:
        if at_once:
            await work.keys.remove(key.key_id for key in _ours(community, await work.keys.listing()))
        for own, pair in fresh.items():
            await work.keys.add(StoredKey(pair.rsa.id, own, "rsa", pair.rsa.private_pem(), now))
            await work.keys.add(StoredKey(pair.ed25519.id, own, "ed25519", pair.ed25519.private_pem(), now))
        await work.audit.add(AuditEntry(now, None, "changed the signing keys", "community"))
        for own in TELLING:
            await tell_keys(community, work, own, fresh[own], None if at_once else old[own].rsa.id)
    community.remote.keys = fresh


async def refresh(community: Community) -> None:
    """Erase what was replaced a week ago, and take over what another process changed."""
    async with community.database.reading() as work:
        listed = _ours(community, await work.keys.listing())
    if _replaced_before(listed, community.now() - KEPT):
        await reload(community)
        listed = await _erase_old(community)
    if {key.key_id for key in listed} != {key.id for key in _loaded(community.remote.keys)}:
        await reload(community)


async def _erase_old(community: Community) -> tuple[ListedKey, ...]:
    """Erase what was replaced a week ago, unless another process was faster; the keys that are left."""
    async with community.database.unit_of_work() as work:
        if over := _replaced_before(_ours(community, await work.keys.listing()), community.now() - KEPT):
            await work.keys.remove(over)
            await work.audit.add(AuditEntry(community.now(), None, "erased old signing keys", "community"))
            for own in TELLING:  # whoever compares our keys in words sees the same ones
                await tell_keys(community, work, own, _without(community.remote.keys[own], over))
        return _ours(community, await work.keys.listing())


def _without(pair: KeyPair, over: frozenset[str]) -> KeyPair:
    return replace(pair, retired=tuple(key for key in pair.retired if key.id not in over))


async def reload(community: Community) -> None:
    """Sign with, and publish, what is stored now."""
    community.remote.keys = await load_keys(community.database, community.addresses)


async def be_ready_for(community: Community, claimed: Iterable[WaitingDelivery]) -> None:
    """Before others hear that a key was replaced, publish the new one: they come and look."""
    keys = community.remote.keys
    if any(one.activity.signed_with == keys[one.activity.own_actor].rsa.id for one in claimed):
        await reload(community)


def signers(community: Community, activity: OutgoingActivity) -> KeyPair:
    """The keys to sign an activity's requests with: those of the address it is of."""
    pair = community.at(activity.id).remote.keys[activity.own_actor]
    old = next((key for key in pair.retired if key.id == activity.signed_with), None)
    return pair if old is None else replace(pair, rsa=old)


async def schemes_of(work: UnitOfWork, claimed: Iterable[WaitingDelivery]) -> dict[DeliveryId, Scheme]:
    """How each delivery is signed at first, by what the actors of its host say of themselves (FEP-844e)."""
    hosts = {delivery.id: host_of(delivery.inbox) for delivery in claimed}
    skills = await work.peers.skills(hosts.values()) if hosts else {}
    return {delivery_id: scheme_for(skills.get(host)) for delivery_id, host in hosts.items()}


def scheme_for(skills: HostSkills | None) -> Scheme:
    """Ed25519 for nodes of our own kind, RSA for everyone else; RFC 9421 where it is said to be understood."""
    if skills is None or not skills.takes_rfc9421:
        return Scheme.CAVAGE
    return Scheme.ED25519 if skills.is_manyhands else Scheme.RFC9421


def _is_of(addresses: Addresses, key: StoredKey | ListedKey) -> bool:
    return key.key_id.startswith(f"{addresses.actor(key.own_actor)}#")


def _ours(community: Community, listed: tuple[ListedKey, ...]) -> tuple[ListedKey, ...]:
    """The keys of this address; those of one that was left stay out of it."""
    return tuple(key for key in listed if _is_of(community.addresses, key)) or listed


def _parsed(stored: Iterable[StoredKey]) -> Mapping[tuple[OwnActor, str], list[PrivateKey]]:
    loaded: dict[tuple[OwnActor, str], list[PrivateKey]] = defaultdict(list)
    for key in sorted(stored, key=lambda one: _number(one.key_id)):
        loaded[key.own_actor, key.kind].append(load_private(key.private_pem, key.key_id))
    return loaded


def _pair(rsa: list[PrivateKey], ed25519: list[PrivateKey]) -> KeyPair:
    """The newest of each kind, and those before them, newest first."""
    *old_rsa, newest_rsa = rsa
    *old_ed25519, newest_ed25519 = ed25519
    return KeyPair(newest_rsa, newest_ed25519, (*reversed(old_rsa), *reversed(old_ed25519)))


def _successors(addresses: Addresses, old: Mapping[OwnActor, KeyPair], at_once: bool) -> dict[OwnActor, KeyPair]:
    return {
        own: KeyPair(
            generate_rsa(_next_id(addresses.rsa_key(own), pair.rsa.id)),
            generate_ed25519(_next_id(addresses.ed25519_key(own), pair.ed25519.id)),
            () if at_once else (pair.rsa, pair.ed25519, *pair.retired),
        )
        for own, pair in old.items()
    }


def _next_id(first: str, newest: str) -> str:
    """`…#main-key`, `…#main-key-2`, `…#main-key-3`: an id never stands for another key later."""
    return f"{first}-{_number(newest) + 1}"


def _number(key_id: str) -> int:
    """Which of its kind a key is, the first being 1. Clocks go wrong, so they do not say which is the newest."""
    return int(key_id.rpartition("-key")[2].removeprefix("-") or 1)


def _loaded(pairs: Mapping[OwnActor, KeyPair]) -> list[PrivateKey]:
    return [key for pair in pairs.values() for key in (pair.rsa, pair.ed25519, *pair.retired)]


def _replaced_before(listed: tuple[ListedKey, ...], then: datetime) -> frozenset[str]:
    """Keys whose successor was made before `then`."""
    over: set[str] = set()
    older: dict[tuple[OwnActor, str], list[str]] = defaultdict(list)
    for key in sorted(listed, key=lambda one: _number(one.key_id)):
        before = older[key.own_actor, key.kind]
        if key.created_at <= then:
            over.update(before)
        before.append(key.key_id)
    return frozenset(over)
