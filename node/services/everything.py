"""Everything we hold about one need or offer, for whoever holds its code: to read, to take along, and to check us."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from node.domain.contact_notes import ContactNote
from node.domain.notices import SET_STATUS, Notice
from node.domain.questions import Question
from node.domain.responses import Side
from node.domain.sealed import SealedNote
from node.services.community import Community
from node.services.consents import ConsentLine, history
from node.services.needs import found_by_code
from node.services.openings import OpeningLine, openings_for_owner
from node.services.owners import Shown, shown_to
from node.services.responses import ResponseLine, lines
from node.storage.audit import AuditEntry
from node.storage.sealed_notes import SealedNotes
from node.storage.unit_of_work import UnitOfWork

#: No notice is kept long enough for more.
MOST_TRIES = 1000
READ_BY_OWNER = "owner read everything we hold"


@dataclass(frozen=True)
class LogLine:
    """One thing that was done. `was_member` tells whether one of our members did it; `note` is what they wrote."""

    at: datetime
    action: str
    was_member: bool
    note: str = ""


@dataclass(frozen=True)
class InHand:
    """What is under way here: `how` is helper, proposed or agreed. Who it is is said to nobody by their code."""

    how: str
    quantity: Decimal
    since: datetime


@dataclass(frozen=True)
class Everything:
    """The words, the sealed note as given (None once it is erased) and who read it, every yes and no, where the words
    went, what other communities asked about it, how we tried to reach them, and what was done.
    """

    notice: Notice
    sealed: SealedNote | None
    openings: tuple[OpeningLine, ...]
    agreed: tuple[ConsentLine, ...]
    shown: tuple[Shown, ...]
    answers: tuple[ResponseLine, ...]
    log: tuple[LogLine, ...]
    asked: tuple[Question, ...] = ()
    in_hand: tuple[InHand, ...] = ()
    tried: tuple[ContactNote, ...] = ()


async def everything(community: Community, code: str) -> Everything:
    """All of it, oldest first. That its owner read it is written down like any other reading. Raises NotFound."""
    async with community.database.unit_of_work() as work:
        notice = await found_by_code(community, work, code)
        sealed = await SealedNotes(work).open(notice.id)
        answers = await lines(work, tuple(reversed(await work.responses.of_side(Side.ORIGIN, notice.id))))
        asked = await work.questions.of_notice(notice.id)
        in_hand = await _in_hand(work, notice)
        tried = await work.contact_notes.of_notice(notice.id, MOST_TRIES)
        await work.audit.add(AuditEntry(community.now(), None, READ_BY_OWNER, notice.id))
        log = await work.audit.all_about(notice.id)
    return Everything(
        notice=notice,
        sealed=sealed,
        openings=await openings_for_owner(community, notice.id),
        agreed=await history(community, notice.id),
        shown=await shown_to(community, notice.id),
        answers=answers,
        log=tuple(_line(entry) for entry in log),
        asked=asked,
        in_hand=in_hand,
        tried=tuple(reversed(tried)),
    )


async def _in_hand(work: UnitOfWork, notice: Notice) -> tuple[InHand, ...]:
    parts = [InHand("helper", part.quantity, part.taken_at) for part in await work.taken.of_notice(notice.id)]
    found = await work.matches.of_notice(notice.id)
    return (*parts, *(InHand(one.state.value, one.amount_of(notice.id), one.created_at) for one in found))


def _line(entry: AuditEntry) -> LogLine:
    note = entry.detail if entry.action.startswith(SET_STATUS) else ""
    return LogLine(entry.at, entry.action, entry.member_id is not None, note)
