"""What whoever asked or offered is told with their code: who was shown it, who has erased it, who is coming."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from node.domain.consent import Use, is_given
from node.domain.peers import NO_LONGER_LINKED, RemoteActor, host_of
from node.domain.responses import Side
from node.domain.shares import Level, Recipient, RecipientState, Share
from node.domain.taking_on import ON_TASK_CARD
from node.services.community import Community
from node.services.meeting import meeting_phrase, phrase_of_part
from node.services.responses import lines
from node.storage.sealed_notes import SealedNotes
from node.storage.unit_of_work import UnitOfWork

#: Of several copies at one place, the one that matters most to the owner is told.
_TELLING = (
    RecipientState.ERASING,
    RecipientState.UNREACHABLE,
    RecipientState.SENT,
    RecipientState.WAITING,
    RecipientState.ERASED,
)


@dataclass(frozen=True)
class Copy:
    """A copy at one other place. `answers` tells whether servers of that kind say when they have erased something."""

    name: str
    state: RecipientState
    changed_at: datetime
    answers: bool


@dataclass(frozen=True)
class Shown:
    """One time the words were shared: at which level, with whom by name, from when, and what became of each copy.

    `ended_at` is when the sharing ended; None while it goes on.
    """

    level: Level
    names: tuple[str, ...]
    since: datetime
    ended_at: datetime | None
    copies: tuple[Copy, ...]


@dataclass(frozen=True)
class Coming:
    """Somebody is going to come: what they will say at the door, and until when it counts.

    `community_name` is empty for a helper of our own.

    `released` names the fields of the sealed note that they may read until then.
    """

    community_name: str
    meeting_phrase: str
    until: datetime | None
    released: tuple[str, ...]


async def shown_to(community: Community, notice_id: str) -> tuple[Shown, ...]:
    """Every time it was shared with others, oldest first, also what has ended."""
    async with community.database.reading() as work:
        known = await work.peers.all()
        names, hosts = {peer.id: peer.name for peer in known}, {peer.host: peer.name for peer in known}
        return tuple([await _shown(work, one.share, (names, hosts)) for one in await work.shares.of_notice(notice_id)])


async def coming(community: Community, notice_id: str) -> tuple[Coming, ...]:
    """Whoever has taken it on, here and elsewhere, with the phrase that they will say."""
    async with community.database.reading() as work:
        found = [one for one in await work.responses.of_side(Side.ORIGIN, notice_id) if one.is_running]
        may_read = ON_TASK_CARD if is_given(await work.consents.of_notice(notice_id), Use.DETAILS) else ()
        parts = await work.taken.of_notice(notice_id)
        here = tuple(Coming("", phrase_of_part(community, part), None, may_read) for part in parts)
        return here + tuple(
            Coming(
                line.peer_name,
                meeting_phrase(community, line.response),
                line.response.lease_until,
                line.response.released,
            )
            for line in await lines(work, tuple(found))
        )


async def has_sealed_note(community: Community, notice_id: str) -> bool:
    """Whether what was sealed is still kept. Nothing of it is opened."""
    async with community.database.reading() as work:
        return await SealedNotes(work).is_kept(notice_id)


async def _shown(work: UnitOfWork, share: Share, known: tuple[dict[str, str], dict[str, str]]) -> Shown:
    names, hosts = known
    found = await work.shares.recipients(share.id)
    actors = await work.peers.actors(recipient.actor for recipient in found)
    copies = sorted((_copy(one, actors.get(one.actor), hosts) for one in found), key=_order)
    told = tuple(next(same) for _, same in groupby(copies, key=lambda copy: copy.name))
    named = tuple(names.get(peer, NO_LONGER_LINKED) for peer in share.named)
    return Shown(share.level, named, share.published_at, None if share.is_shown else share.updated_at, told)


def _copy(one: Recipient, actor: RemoteActor | None, hosts: dict[str, str]) -> Copy:
    host = host_of(one.actor)
    return Copy(hosts.get(host, host), one.state, one.changed_at, actor is not None and actor.is_manyhands)


def _order(copy: Copy) -> tuple[str, int]:
    return copy.name, _TELLING.index(copy.state)
