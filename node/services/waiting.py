"""What waits to be sent, by the server it is for: looked at, tried again at once, or given up."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from node.domain.errors import NotFound
from node.domain.hosts import HostHealth
from node.domain.members import Member, must_be_steward_or_command_line
from node.domain.peers import Peer
from node.domain.phrases import Phrase, say
from node.domain.shares import RecipientState
from node.services import sending
from node.services.community import Community
from node.storage.audit import AuditEntry
from node.storage.outbox import DeliveryOutcome
from node.storage.shares import RecipientMark
from node.storage.undelivered import Undelivered, waiting, waiting_for
from node.storage.unit_of_work import UnitOfWork

#: So many rows of the outbox are looked through.
ROWS_READ = 2000
#: So many servers are shown.
MOST_LINES = 200
GIVEN_UP = say("It was given up by hand.")
#: What asks others to erase something is never given up by hand.
_KEPT = "Delete"
_ANSWERED = re.compile(r"The other server answered with status (\d{3})\.")


@dataclass(frozen=True)
class Line:
    """What waits for one server, and how that has been doing lately (None: nothing is known against it).

    `peer` is the community there, if we are linked with it. `since` is when the oldest of it was said, `next_at` when
    it is tried next, `why` what went wrong at the last try; None and empty where nothing waits. `can_be_given_up` is
    False where everything that waits asks to erase something.
    """

    host: str
    peer: Peer | None
    health: HostHealth | None
    since: datetime | None = None
    next_at: datetime | None = None
    why: str = ""
    can_be_given_up: bool = False

    @property
    def name(self) -> str:
        """What we call it."""
        return self.peer.name if self.peer is not None else self.host


@dataclass(frozen=True)
class Waiting:
    """Servers that something waits for, and neighbours out of reach: ours first, and whoever waits longest.

    `is_whole` tells whether nothing was left out because there was too much.
    """

    lines: tuple[Line, ...]
    is_whole: bool = True


async def listing(community: Community, by: Member | None) -> Waiting:
    """What waits, and who cannot be reached. `by` None stands for the command line. Raises NotAllowed."""
    must_be_steward_or_command_line(by)
    now = community.now()
    async with community.database.reading() as work:
        found = await waiting(work.connection, ROWS_READ + 1)
        rows = {one.id.row for one in found}
        theirs = defaultdict[str, list[Undelivered]](list)
        for one in found:
            theirs[one.host].append(one)
        linked = {peer.host for peer in await work.peers.all() if not peer.blocked}
        peers = await work.peers.by_hosts(theirs.keys() | linked)
        silent = await _silent(work, theirs.keys() | linked, now)
    hosts = theirs.keys() | (silent.keys() & linked)
    lines = [_line(host, theirs.get(host, ()), peers.get(host), silent.get(host)) for host in hosts]
    lines.sort(key=lambda line: (line.peer is None, line.since or now, line.host))
    return Waiting(tuple(lines[:MOST_LINES]), len(rows) <= ROWS_READ and len(lines) <= MOST_LINES)


async def at(community: Community, host: str, by: Member | None) -> Line:
    """What waits for one server, for whoever may decide about it. Raises NotAllowed, and NotFound for nothing.

    A server that does not answer counts even where nothing waits for it.
    """
    must_be_steward_or_command_line(by)
    async with community.database.reading() as work:
        return await _found(community, work, host)


async def try_again(community: Community, host: str, by: Member | None) -> None:
    """Send everything that waits for this server now, however it has been doing. A steward's deed.

    `by` None stands for the command line. Raises NotAllowed, and NotFound where nothing waits for it.
    """
    must_be_steward_or_command_line(by)
    async with community.database.unit_of_work() as work:
        await _found(community, work, host)
        await sending.try_now(community, work, host)
        await _note(community, work, by, "tried a server again", host)


async def give_up(community: Community, host: str, by: Member | None) -> None:
    """Send nothing of what waits for this server, but for what asks it to erase something. A steward's deed.

    What it should have been shown counts as not having arrived. `by` None stands for the command line. Raises
    NotAllowed, and NotFound where nothing waits for it.
    """
    must_be_steward_or_command_line(by)
    async with community.database.unit_of_work() as work:
        await _found(community, work, host)
        gone = [one for one in await waiting_for(work.connection, host) if one.type != _KEPT]
        await work.outbox.settle(DeliveryOutcome(one.id, False, trouble=GIVEN_UP) for one in gone)
        for share_id, inboxes in _shown(gone).items():
            mark = RecipientMark(
                share_id, RecipientState.UNREACHABLE, inboxes=frozenset(inboxes), only=sending.NOT_ERASED
            )
            await work.shares.mark(mark, community.now())
        await _note(community, work, by, "gave up what waited for a server", host)


async def _found(community: Community, work: UnitOfWork, host: str) -> Line:
    """What waits for one server. Raises NotFound where nothing waits and it answers."""
    found = await waiting_for(work.connection, host)
    silent = await _silent(work, [host], community.now())
    if not found and not silent:
        raise NotFound(say("Nothing waits for %(host)s.", host=host))
    peers = await work.peers.by_hosts([host])
    return _line(host, found, peers.get(host), silent.get(host))


async def _silent(work: UnitOfWork, hosts: Iterable[str], now: datetime) -> dict[str, HostHealth]:
    """Those of these hosts that do not answer, and how it has been with them."""
    return {host: one for host, one in (await work.hosts.these(hosts)).items() if one.is_out_of_reach(now)}


def _line(host: str, waits: Sequence[Undelivered], peer: Peer | None, health: HostHealth | None) -> Line:
    if not waits:
        return Line(host, peer, health)
    last = max(waits, key=lambda one: (one.attempts, one.id.row))
    return Line(
        host,
        peer,
        health,
        since=min(one.said_at for one in waits),
        next_at=min(one.due_at for one in waits),
        why=_why(last.trouble),
        can_be_given_up=any(one.type != _KEPT for one in waits),
    )


def _why(trouble: str) -> str:
    """What went wrong, as a sentence of ours."""
    if answered := _ANSWERED.fullmatch(trouble):
        return say("Their server answered with the fault %(status)s.", status=answered[1])
    return Phrase(trouble)


def _shown(gone: Iterable[Undelivered]) -> Mapping[str, set[str]]:
    """The inboxes to which each share does not go."""
    found = defaultdict[str, set[str]](set)
    for one in gone:
        if one.share_id is not None:
            found[one.share_id].add(one.id.inbox)
    return found


async def _note(community: Community, work: UnitOfWork, by: Member | None, did: str, host: str) -> None:
    await work.audit.add(AuditEntry(community.now(), by.id if by else None, did, "server", host))
