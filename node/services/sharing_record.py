"""What is known of where one need or offer went: who was sent what, who read which fields, what is erased."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.members import Member, must_be_dispatcher
from node.domain.notices import Notice
from node.domain.peers import name_among
from node.domain.responses import Side
from node.domain.shares import Share
from node.services.community import Community, found_notice
from node.services.responses import ResponseLine, lines
from node.services.shares import RecipientLine, recipient_lines
from node.storage.unit_of_work import UnitOfWork

#: So many copies of one share are listed, those of which something was learnt last.
MOST_COPIES = 200


@dataclass(frozen=True)
class Sent:
    """One share with its copies; `has_more` where only the newest are listed."""

    share: Share
    copies: tuple[RecipientLine, ...]
    has_more: bool


@dataclass(frozen=True)
class Reading:
    """One time a helping community read released fields of the sealed note; never what stood in them."""

    reader_name: str
    fields: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class NeedRecord:
    """All shares of a notice, oldest first; every offer of help for it; each reading of released fields elsewhere."""

    notice: Notice
    sent: tuple[Sent, ...]
    answers: tuple[ResponseLine, ...]
    readings: tuple[Reading, ...]


async def of_notice(community: Community, notice_id: str, by: Member) -> NeedRecord:
    """The whole record of one notice. Raises NotFound, NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        notice = await found_notice(work, notice_id)
        shared = [published.share for published in await work.shares.of_notice(notice_id)]
        sent = tuple([await _sent(work, share) for share in shared])
        answers = await lines(work, await work.responses.of_side(Side.ORIGIN, notice_id))
        return NeedRecord(notice, sent, answers, await _readings(work, notice_id))


async def _sent(work: UnitOfWork, share: Share) -> Sent:
    copies = sorted(await recipient_lines(work, share.id), key=lambda line: line.changed_at, reverse=True)
    return Sent(share, tuple(copies[:MOST_COPIES]), len(copies) > MOST_COPIES)


async def _readings(work: UnitOfWork, notice_id: str) -> tuple[Reading, ...]:
    """What helping communities read of the sealed note, oldest first."""
    found = [one for one in await work.openings.of_notice(notice_id) if one.reader]
    actors = await work.peers.actors(one.reader for one in found)
    return tuple(Reading(name_among(actors, one.reader), one.fields, one.at) for one in found)
