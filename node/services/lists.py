"""Our list of neighbours and blocks for others, and theirs as suggestions that a steward reads one by one."""

from collections.abc import Iterable
from dataclasses import dataclass

from node.domain.blocks import BlockKind
from node.domain.errors import Invalid, NotFound
from node.domain.lists import (
    KEPT_FOR,
    MOST_WAITING,
    Advice,
    Entry,
    Reading,
    Suggestion,
    as_csv,
    as_json,
    read_list,
)
from node.domain.members import Member, must_be_steward, must_be_steward_or_command_line
from node.domain.peers import PeerLevel
from node.domain.phrases import say
from node.services import blocks
from node.services.community import Community, profile_in
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork

LONGEST_SOURCE = 100
A_PAGE = 50


@dataclass(frozen=True)
class Brought:
    """What became of a list: how many new suggestions, how many lines say what is so already, and what was not read."""

    new: int
    known: int
    faults: tuple[str, ...]


async def exported(community: Community, by: Member | None, advice: Advice | None = None) -> str:
    """Our neighbours and blocked servers: JSON, or as CSV one of the two. Senders are people, so they are not on it."""
    must_be_steward_or_command_line(by)
    async with community.database.reading() as work:
        entries, name = await _ours(work), (await profile_in(work)).name
    return as_csv(entries, advice) if advice is not None else as_json(entries, name, community.now())


async def bring(community: Community, text: str, otherwise: Advice, source: str, by: Member | None) -> Brought:
    """Keep what a list says as suggestions; nothing is blocked and nobody is asked. Raises Invalid, NotAllowed.

    `otherwise` is what lines mean that do not say it; `source` what the list is called on the page.
    """
    must_be_steward_or_command_line(by)
    name = " ".join(source.split())[:LONGEST_SOURCE] or "a list without a name"
    reading = read_list(text, otherwise)
    async with community.database.unit_of_work() as work:
        new = await _new(community, work, reading, name)
        if await work.suggestions.many() + len(new) > MOST_WAITING:
            raise Invalid(
                {"list": say("More than %(most)s suggestions would wait. Read some of them first.", most=MOST_WAITING)}
            )
        await work.suggestions.add_all(new)
        action = AuditEntry(community.now(), by.id if by else None, "brought a list of servers in", "community", name)
        await work.audit.add(action)
    return Brought(len(new), len(reading.entries) - len(new), reading.faults)


async def waiting(community: Community, by: Member) -> tuple[tuple[Suggestion, ...], int]:
    """The first suggestions that wait, and how many there are. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.reading() as work:
        return await work.suggestions.first(A_PAGE), await work.suggestions.many()


async def get(community: Community, suggestion_id: str, by: Member) -> Suggestion:
    """One suggestion. Raises NotFound, NotAllowed."""
    must_be_steward(by)
    async with community.database.reading() as work:
        return await _found(work, suggestion_id)


async def take(community: Community, suggestion_id: str, by: Member) -> Suggestion:
    """Do what a suggestion says: block the server. One to allow is only put aside, because asking is a deed of its own.

    Raises NotFound, NotAllowed, Invalid.
    """
    suggestion = await get(community, suggestion_id, by)
    if suggestion.advice is Advice.BLOCK:
        await blocks.block_server(community, suggestion.host, by)
    await _put_aside(community, suggestion, by, "took a suggestion")
    return suggestion


async def leave(community: Community, suggestion_id: str, by: Member) -> None:
    """Put a suggestion aside. Raises NotFound, NotAllowed."""
    await _put_aside(community, await get(community, suggestion_id, by), by, "left a suggestion")


async def forget_old(community: Community) -> None:
    """Forget suggestions that have waited for 90 days."""
    before = community.now() - KEPT_FOR
    async with community.database.reading() as work:
        is_due = await work.suggestions.came_before(before)
    if is_due:
        async with community.database.unit_of_work() as work:
            await work.suggestions.forget_before(before)


async def _new(community: Community, work: UnitOfWork, reading: Reading, source: str) -> tuple[Suggestion, ...]:
    """What is not so already here, and does not wait already."""
    ours = {(one.advice, one.host) for one in await _ours(work)} | await work.suggestions.known()
    ours |= {(advice, community.host) for advice in Advice}
    now = community.now()
    return tuple(
        Suggestion(community.new_id(), one.advice, one.host, one.reason, source, now)
        for one in reading.entries
        if (one.advice, one.host) not in ours
    )


async def _ours(work: UnitOfWork) -> tuple[Entry, ...]:
    peers = await work.peers.all()
    allowed = (Entry(Advice.ALLOW, one.host, one.name) for one in peers if _is_neighbour(one.level, one.blocked))
    blocked: Iterable[str] = (
        *(one.host for one in peers if one.blocked),
        *(one.subject for one in await work.blocks.all() if one.kind is BlockKind.SERVER),
    )
    return (*allowed, *(Entry(Advice.BLOCK, host) for host in sorted(set(blocked))))


def _is_neighbour(level: PeerLevel, blocked: bool) -> bool:
    return level is PeerLevel.PEERS and not blocked


async def _found(work: UnitOfWork, suggestion_id: str) -> Suggestion:
    found = await work.suggestions.get(suggestion_id)
    if found is None:
        raise NotFound(say("This suggestion is not there any more."))
    return found


async def _put_aside(community: Community, suggestion: Suggestion, by: Member, action: str) -> None:
    async with community.database.unit_of_work() as work:
        await work.suggestions.remove(suggestion.id)
        detail = f"{suggestion.advice} {suggestion.host}"
        await work.audit.add(AuditEntry(community.now(), by.id, action, "community", detail))
