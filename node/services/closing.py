"""The community ends: what it shares is taken back, its neighbours are told, and everything that is kept is erased.

First whatever others hold is taken back, while they still know us and can say that it is erased. Then every link ends,
and our actors with it. A worker delivers all that, in this process or in the server that runs. Each step may be taken
again, so that an interrupted end goes on where it was.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from node.domain.peers import OwnActor, Peer, host_of
from node.domain.phrases import say
from node.domain.responses import Response, ResponseState, Side, end
from node.domain.shares import Level, RecipientState, ShareState
from node.services import answering, handoffs, homes, publishing, relations
from node.services.community import Community, profile_in
from node.services.outgoing import Letter, known_actors, new_activity_id, post
from node.services.responses import tell
from node.settings import CONFIG_FILE, Settings
from node.storage import closing, erasing
from node.storage.audit import AuditEntry
from node.storage.closing import Ending
from node.storage.copies import file_of
from node.storage.database import Database
from node.storage.outbox import CLAIM_TIME, Unsent
from node.storage.unit_of_work import UnitOfWork
from node.translate import agreements, following
from node.translate.agreements import Tasked

BATCH = 100
ENDED = str(say("Our community has ended. Thank you for everything."))
#: How often is looked whether everything has gone out.
LOOK_AGAIN_S = 0.2
#: For so long a first try may still be on its way when the time is over.
FIRST_TRIES = timedelta(minutes=1)


class Told(StrEnum):
    """What we know of a neighbour at the end."""

    ERASED = "erased"
    TOLD = "told"
    NOTHING_HELD = "nothing held"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Neighbour:
    """A server that knew us; `answers` tells whether servers of its kind say when they have erased something."""

    name: str
    told: Told
    answers: bool


@dataclass(frozen=True)
class Left:
    """What stays: copies in folders elsewhere, and what lies in the data directory without being ours."""

    elsewhere: tuple[Path, ...]
    not_ours: tuple[Path, ...]


@dataclass(frozen=True)
class _Standing:
    """What has gone out, by host."""

    waiting: frozenset[str]
    failed: frozenset[str]
    fresh: bool
    copies: dict[str, frozenset[RecipientState]]
    answering: frozenset[str]

    @property
    def awaited(self) -> frozenset[str]:
        """Hosts that were told and will say when their copies are erased."""
        told = {host for host, states in self.copies.items() if RecipientState.ERASING in states}
        return (frozenset(told) - self.waiting - self.failed) & self.answering


async def begin(community: Community) -> Ending:
    """From now on the community ends; where it had begun to before, since when. Raises OSError."""
    directory = community.settings.data_dir
    ending = closing.ending_of(directory)
    if ending is None:
        async with community.database.unit_of_work() as work:
            name = (await profile_in(work)).name
            await work.audit.add(AuditEntry(community.now(), None, "the community ends", "community"))
        ending = Ending(name, community.base_url, community.now())
        closing.mark(directory, ending)
    return ending


async def take_leave(community: Community, ending: Ending, wait: timedelta) -> tuple[Neighbour, ...]:
    """Take everything back, end every link, and wait until all of it is delivered, or for as long as `wait`.

    Whoever cannot be reached holds nobody up. How it went with each neighbour is returned.
    """
    begun = community.now()
    await _take_back_shares(community)
    await _end_conversations(community)
    await _wait(community, ending, begun + wait / 2, patiently=False)
    await _end_links(community)
    await _wait(community, ending, begun + wait, patiently=True)
    return await neighbours(community, ending)


async def neighbours(community: Community, ending: Ending) -> tuple[Neighbour, ...]:
    """Every server that knew us, and whether it was told, by name."""
    async with community.database.reading() as work:
        known = {peer.host: peer for peer in await work.peers.all()}
        hosts = {follow.host for follow in await work.peers.all_follows()} | set(known)
        hosts |= {host_of(actor) for actor in await work.shares.holders()}
        standing = await _standing(community, work, ending, hosts)
    found = [
        Neighbour(_name(host, known.get(host)), _told(standing, host), host in standing.answering) for host in hosts
    ]
    return tuple(sorted(found, key=lambda one: one.name))


def end_telling(settings: Settings, ending: Ending) -> Ending:
    """From now on nobody is told any more, and everything may be erased. Raises OSError."""
    final = replace(ending, is_erasing=True)
    closing.mark(settings.data_dir, final)
    return final


async def is_gone(database: Database) -> bool:
    """Whether the community was erased from the database, by this machine or another."""
    async with database.reading() as work:
        return await work.community.get() is None


async def empty(database: Database) -> None:
    """Empty a database on a server, whose files are not ours to erase."""
    await erasing.empty_tables(database)


def erase(settings: Settings) -> Left:
    """Erase what the data directory holds, keys first and settings last, and tell what stays. Raises OSError.

    Nobody may be at work there any more. A database server's tables are emptied before, by `empty`.
    """
    directory, folders = settings.data_dir, (settings.backup_dir, settings.keyring_dir)
    left = _elsewhere(directory, folders)
    if settings.database_url.startswith("sqlite"):
        erasing.erase_database(file_of(settings.database_url))
    erasing.erase_master_keys(directory)
    erasing.erase_copies(directory, (*folders, directory / "backups"))
    erasing.erase_settings(directory, (f".{CONFIG_FILE}.new", CONFIG_FILE))
    return Left(left, tuple(sorted(directory.iterdir())))


async def _take_back_shares(community: Community) -> None:
    batch = True
    while batch:
        async with community.database.unit_of_work() as work:
            batch = bool(shown := await work.shares.shown(list(Level), BATCH))
            for published in shown:
                await publishing.end_share(community, work, published, ShareState.WITHDRAWN)


async def _end_conversations(community: Community) -> None:
    """Tasks and offers of help end on both sides, and what was written back to strangers is taken back."""
    async with community.database.unit_of_work() as work:
        for answer in await work.answers.standing():
            await answering.erase_there(community, work, answer)
        for response in await work.responses.open():
            if response.side is Side.HELPER:
                await handoffs.hand_back(community, work, response)
            elif response.is_running:
                await handoffs.come_home(community, work, response, ENDED)
            else:
                await _decline(community, work, response)


async def _decline(community: Community, work: UnitOfWork, response: Response) -> None:
    declined = end(response, ResponseState.DECLINED, community.now(), ENDED)
    await work.responses.put(declined)
    community = homes.of_response(community, response)
    tasked = Tasked(declined, community.addresses)
    await tell(community, work, declined, agreements.reject(new_activity_id(community), tasked, ENDED))


async def _end_links(community: Community) -> None:
    """Every Follow ends in both directions; then each of our actors says to whoever knows it that it is no more."""
    async with community.database.unit_of_work() as work:
        knowing = await _who_knows(work)
        for peer in await work.peers.all():
            await relations.end_relations(community, work, peer)
        for follow in await work.peers.all_follows():
            await relations.end_follow(community, work, follow)
        for home in filter(None, (community.homes.former, community.current)):
            for own, ids in knowing.items():
                await _say_gone(home, work, own, ids)


async def _who_knows(work: UnitOfWork) -> dict[OwnActor, frozenset[str]]:
    """Whom each of our actors had to do with. What is for neighbours alone is told to them alone."""
    linked = {actor for peer in await work.peers.all() for actor in (peer.public_actor, peer.peers_actor) if actor}
    follows = await work.peers.all_follows()
    at_peers = {follow.remote_actor for follow in follows if follow.own_actor is OwnActor.PEERS}
    everyone = linked | {follow.remote_actor for follow in follows} | await work.shares.holders()
    return {OwnActor.PUBLIC: frozenset(everyone), OwnActor.PEERS: frozenset(linked | at_peers)}


async def _say_gone(community: Community, work: UnitOfWork, own: OwnActor, ids: Iterable[str]) -> None:
    actors = await known_actors(work, sorted(ids))
    own_id, followers = community.addresses.actor(own), community.addresses.followers(own)
    gone = following.gone(new_activity_id(community), own_id, (followers,))
    key = f"gone {own_id}"
    await work.outbox.cancel(key)  # an earlier try to end may have said the same
    await post(community, work, Letter(gone, own, key, actors, to_followers=True))


async def _wait(community: Community, ending: Ending, until: datetime, *, patiently: bool) -> None:
    """Until everything was tried and every receipt is here; `patiently` also until those who failed were reached."""
    while True:
        async with community.database.reading() as work:
            standing = await _standing(community, work, ending)
        now = community.now()
        is_done = not (standing.fresh or standing.awaited or (patiently and standing.waiting))
        if is_done or (now >= until and not standing.fresh) or now >= until + FIRST_TRIES:
            return
        await asyncio.sleep(LOOK_AGAIN_S)


async def _standing(community: Community, work: UnitOfWork, ending: Ending, hosts: Iterable[str] = ()) -> _Standing:
    only_deletes = community.settings.federation == "off"  # then nothing else is sent at all
    found = await work.outbox.unsent(ending.since)
    unsent = [one for one in found if one.type == "Delete" or not only_deletes]
    copies: dict[str, frozenset[RecipientState]] = {}
    for copy in await work.shares.copies_since(ending.since):
        host = host_of(copy.actor)
        copies[host] = copies.get(host, frozenset()) | {copy.state}
    skills = await work.peers.skills({*copies, *hosts})
    return _Standing(
        waiting=frozenset(host_of(one.inbox) for one in unsent if one.waits),
        failed=frozenset(host_of(one.inbox) for one in unsent if not one.waits),
        fresh=any(_is_fresh(one, community.now()) for one in unsent),
        copies=copies,
        answering=frozenset(host for host, skill in skills.items() if skill.is_manyhands),
    )


def _is_fresh(one: Unsent, now: datetime) -> bool:
    """Whether it waits for its first try, and is not held back for long."""
    return one.waits and one.attempts == 0 and one.due_at <= now + CLAIM_TIME


def _told(standing: _Standing, host: str) -> Told:
    states = standing.copies.get(host, frozenset())
    if host in standing.waiting | standing.failed or RecipientState.UNREACHABLE in states:
        return Told.UNREACHABLE
    if RecipientState.ERASING in states:
        return Told.TOLD
    return Told.ERASED if RecipientState.ERASED in states else Told.NOTHING_HELD


def _name(host: str, peer: Peer | None) -> str:
    return f"{peer.name} ({host})" if peer is not None else host


def _elsewhere(directory: Path, folders: Iterable[Path]) -> tuple[Path, ...]:
    """Copies and keys that lie outside of the data directory, as far as we can see them."""
    outside = {folder for folder in folders if not erasing.is_below(directory, folder)}
    copies = {
        copy for folder in outside if folder.resolve() != directory.resolve() for copy in erasing.copies_in(folder)
    }
    return tuple(sorted({*copies, *erasing.keys_behind_links(directory)}))
