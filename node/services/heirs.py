"""A named heir, at both ends: named and ended here, held and opened there. No locked note is opened in this file."""

import asyncio
import os
from dataclasses import dataclass, replace
from datetime import datetime

import orjson

from node.domain.errors import Conflict, Invalid, NotFound, PeerTrouble
from node.domain.heirs import Heir, HeldCopy, check_stewards, tidy_words, words_from
from node.domain.members import Member, must_be_steward
from node.domain.peers import FollowState, Peer, host_of
from node.domain.phrases import say
from node.services.community import Community
from node.services.peers import listing, may_change
from node.storage.audit import AuditEntry
from node.storage.locked_copies import is_copy, make_lock, unlocked
from node.storage.unit_of_work import UnitOfWork
from node.storage.vault import CannotOpen
from schemas.fields import Document

AT_ONCE = 3
LARGEST = 1_000_000


@dataclass(frozen=True)
class Standing:
    """Whom we named, and whom we could name: (id, name) of each linked community."""

    heir: Heir | None
    heir_name: str
    choices: tuple[tuple[str, str], ...]


async def standing(community: Community, by: Member) -> Standing:
    """How it stands with our heir. Raises NotAllowed."""
    must_be_steward(by)
    standings = await listing(community)
    linked = [one.peer for one in standings if one.incoming is FollowState.ACCEPTED and _could_be(one.peer)]
    async with community.database.reading() as work:
        heir = await work.heirs.get()
    name = next((one.peer.name for one in standings if heir is not None and one.peer.id == heir.peer_id), "")
    return Standing(heir, name, tuple((peer.id, peer.name) for peer in linked))


async def choose(community: Community, peer_id: str, stewards: int, by: Member) -> tuple[str, ...]:
    """Name a neighbour as heir, and make words for so many stewards; they are returned this once and kept nowhere.

    An earlier heir, or earlier words, end with it. Raises Invalid, NotAllowed, Conflict for one that is not linked.
    """
    must_be_steward(by)
    check_stewards(stewards)
    if peer_id not in {one for one, _ in (await standing(community, by)).choices}:
        raise Invalid({"peer": say("Choose a community that is linked with this one.")})
    words = tuple(words_from(os.urandom(16)) for _ in range(stewards))
    key, now = community.database.vault.new_key(), community.now()
    lock = await asyncio.to_thread(make_lock, key, [tidy_words(one) for one in words])
    async with community.database.unit_of_work() as work:
        before = await work.heirs.get()
        agreed = before.agreed_at if before is not None and before.peer_id == peer_id else None
        await work.heirs.name(Heir(peer_id, now, stewards, agreed), key, lock)
        await work.audit.add(AuditEntry(now, by.id, "named an heir", peer_id, f"words for {stewards} stewards"))
    return words


async def end(community: Community, by: Member) -> None:
    """There is no heir any more: it erases its copy when it asks next. Twice is as good as once. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        heir = await work.heirs.get()
        if heir is not None:
            await work.heirs.end()
            await work.audit.add(AuditEntry(community.now(), by.id, "ended an heir", heir.peer_id))


async def held(community: Community, peer_id: str) -> HeldCopy | None:
    """The copy that we hold for a neighbour, where we do."""
    async with community.database.reading() as work:
        return await work.heirs.held_for(peer_id)


async def hold(community: Community, peer_id: str, by: Member) -> None:
    """Agree to be a neighbour's heir, by fetching the first copy.

    Raises NotAllowed, NotFound, PeerTrouble, and Conflict where it has not named us.
    """
    async with community.database.reading() as work:
        peer = await may_change(work, peer_id, by)
    now = community.now()
    body = await _fetched(community, peer, None)
    if body is None:
        raise Conflict(say("They have not named us. One of their stewards does that on their own page."))
    async with community.database.unit_of_work() as work:
        await work.heirs.keep(HeldCopy(peer.id, now, now), body)
        await work.audit.add(AuditEntry(now, by.id, "agreed to be an heir", peer.id, peer.host))


async def stop_holding(community: Community, peer_id: str, by: Member) -> bool:
    """Hold their copy no longer; it is erased, whether or not they can be told. Whether they are told.

    Raises NotAllowed, NotFound.
    """
    async with community.database.unit_of_work() as work:
        peer = await may_change(work, peer_id, by)
        await work.heirs.let_go(peer.id)
        await work.audit.add(AuditEntry(community.now(), by.id, "is an heir no longer", peer.id, peer.host))
    try:
        return await _refused(community, peer)
    except PeerTrouble:
        return False


async def refuse(community: Community, peer_id: str, by: Member) -> None:
    """Tell a community that named us that we cannot hold its copy.

    Raises NotAllowed, NotFound, PeerTrouble, and Conflict where it has not named us.
    """
    async with community.database.reading() as work:
        peer = await may_change(work, peer_id, by)
    if not await _refused(community, peer):
        raise Conflict(say("They have not named us, so there is nothing to say no to."))
    async with community.database.unit_of_work() as work:
        await work.heirs.let_go(peer.id)
        await work.audit.add(AuditEntry(community.now(), by.id, "cannot be an heir", peer.id, peer.host))


async def on_refused(community: Community, reader: str) -> None:
    """Our heir says that it cannot hold a copy, or no longer. Twice is once. Raises NotFound for anybody else."""
    now = community.now()
    async with community.database.unit_of_work() as work:
        heir, peer = await heir_asking(work, reader)
        if heir.refused_at is None:
            await work.heirs.refused(now)
            await work.audit.add(AuditEntry(now, None, "the heir cannot hold a copy", peer.id, peer.host))


async def is_refused(community: Community, by: Member) -> bool:
    """Whether the neighbour that we named said no, and nobody was named since. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.reading() as work:
        heir = await work.heirs.get()
    return heir is not None and heir.refused_at is not None


async def heir_asking(work: UnitOfWork, reader: str) -> tuple[Heir, Peer]:
    """Our heir, where the actor `reader` speaks for it. Raises NotFound, which looks the same as no heir."""
    heir = await work.heirs.get()
    peer = await work.peers.by_host(host_of(reader))
    if heir is None or peer is None or peer.id != heir.peer_id:
        raise NotFound
    if reader != peer.peers_actor or not peer.may_exchange:
        raise NotFound
    return heir, peer


async def open_copy(community: Community, peer_id: str, words: tuple[str, str], by: Member) -> Document:
    """What the copy of a dark community holds, with two of its stewards' words. It is shown, and stored nowhere.

    Raises NotAllowed, NotFound, Conflict while its community can be reached or after too many tries, Invalid for words
    that do not open it.
    """
    now = community.now()
    async with community.database.unit_of_work() as work:
        peer = await may_change(work, peer_id, by)
        copy, body = await work.heirs.held_for(peer.id), await work.heirs.body(peer.id)
        if copy is None or body is None:
            raise Conflict(say("We hold no copy for this community."))
        if not copy.may_be_opened(now):
            raise Conflict(say("Their server answers, or has not been silent for a day. Nothing can be opened."))
        if not copy.may_try(now):
            raise Conflict(say("There were too many wrong words. Try again tomorrow."))
        await work.heirs.keep(_tried(copy, now))  # counted before it is tried, so that nobody tries side by side
    try:
        content = await asyncio.to_thread(unlocked, body, (tidy_words(words[0]), tidy_words(words[1])))
    except CannotOpen as error:
        await _note(community, by, "wrong words for a locked copy", peer)
        raise Invalid({"first": say("These words do not open it. Look at each of them once more.")}) from error
    async with community.database.unit_of_work() as work:
        current = await work.heirs.held_for(peer.id)
        if current is not None:
            await work.heirs.keep(replace(current, opened_at=now.replace(microsecond=0), tries=0, tries_since=None))
    await _note(community, by, "opened a locked copy", peer)
    read: Document = orjson.loads(content)
    return read


async def refresh(community: Community) -> bool:
    """Ask for newer copies where it is time, and erase those that are over; whether anything was to do."""
    now = community.now()
    async with community.database.reading() as work:
        copies = [one for one in await work.heirs.held() if one.is_due(now) or one.is_over(now)][:AT_ONCE]
        peers = {one.peer_id: await work.peers.get(one.peer_id) for one in copies}
    for copy in copies:
        await _refresh(community, copy, peers[copy.peer_id])
    return bool(copies)


async def _refresh(community: Community, copy: HeldCopy, peer: Peer | None) -> None:
    now = community.now()
    if peer is None or peer.blocked or copy.is_over(now):
        async with community.database.unit_of_work() as work:
            await _let_go(community, work, copy)
        return
    try:
        body = await _fetched(community, peer, copy.opened_at)
    except PeerTrouble:
        silent = replace(copy, tried_at=now, dark_since=copy.dark_since or now)
        async with community.database.unit_of_work() as work:
            if await work.heirs.held_for(copy.peer_id) is not None:
                await work.heirs.keep(silent)
        return
    async with community.database.unit_of_work() as work:
        if await work.heirs.held_for(copy.peer_id) is None:
            return
        if body is None:
            await _let_go(community, work, copy)
            return
        await work.heirs.keep(HeldCopy(copy.peer_id, now, now), body)


async def _let_go(community: Community, work: UnitOfWork, copy: HeldCopy) -> None:
    await work.heirs.let_go(copy.peer_id)
    await work.audit.add(AuditEntry(community.now(), None, "erased a locked copy", copy.peer_id))


async def _fetched(community: Community, peer: Peer, opened_at: datetime | None) -> bytes | None:
    """The newest copy; None where that community says that there is none for us. Raises PeerTrouble."""
    told = f"&opened={opened_at.strftime('%Y%m%dT%H%M%SZ')}" if opened_at is not None else ""
    found = await community.remote.ask_as_heir(_address(peer, "copy"), told)
    if found is None:
        return None
    body = orjson.dumps(found)
    if not is_copy(found) or len(body) > LARGEST:
        raise PeerTrouble(say("What they gave us is no locked copy."))
    return body


async def _refused(community: Community, peer: Peer) -> bool:
    """Whether they have read that we cannot hold it; not where they have not named us. Raises PeerTrouble."""
    return await community.remote.ask_as_heir(_address(peer, "refusal")) is not None


def _address(peer: Peer, what: str) -> str:
    if peer.peers_actor is None:
        raise PeerTrouble(say("This community takes no peerings."))
    return f"{peer.peers_actor.partition('/actors/')[0]}/heir/{what}"


def _tried(copy: HeldCopy, now: datetime) -> HeldCopy:
    is_new_day = copy.tries_since is None or (now - copy.tries_since).days >= 1
    return replace(copy, tries=1 if is_new_day else copy.tries + 1, tries_since=now if is_new_day else copy.tries_since)


def _could_be(peer: Peer) -> bool:
    return peer.may_exchange and peer.peers_actor is not None


async def _note(community: Community, by: Member, action: str, peer: Peer) -> None:
    async with community.database.unit_of_work() as work:
        await work.audit.add(AuditEntry(community.now(), by.id, action, peer.id, peer.host))
