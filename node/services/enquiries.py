"""What strangers wrote to us alone: a queue for dispatchers. Nothing of it is ever published."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from node.domain.errors import NotFound
from node.domain.members import Member, must_be_dispatcher
from node.domain.notices import Notice
from node.domain.peers import host_of
from node.domain.phrases import say
from node.domain.postings import Posting
from node.domain.shares import Share
from node.domain.strangers import MOST_WAITING, SHOWN, Answer, Enquiry, Reaction
from node.services.community import Community
from node.storage.audit import AuditEntry
from node.storage.claiming import FAILED, WAITING
from node.storage.unit_of_work import UnitOfWork


class AnswerState(StrEnum):
    """What became of an answer of ours."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    TAKEN_BACK = "taken back"


@dataclass(frozen=True)
class EnquiryLine:
    """A conversation's newest message, its sender's host, and what it is about: a notice, a posting, or neither.

    `is_answered`: the last word in it is ours.
    """

    enquiry: Enquiry
    host: str
    share: Share | None
    notice: Notice | None
    is_answered: bool
    posting: Posting | None = None


@dataclass(frozen=True)
class Said:
    """One message of a conversation: theirs, or ours with what became of it."""

    words: Enquiry | Answer
    state: AnswerState | None = None


@dataclass(frozen=True)
class Conversation:
    """Everything that one sender wrote and that we wrote back, oldest first; `line` is its newest message."""

    line: EnquiryLine
    said: tuple[Said, ...]


async def listing(community: Community, by: Member) -> tuple[EnquiryLine, ...]:
    """The conversations, those with the newest message first. Raises NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        newest: dict[str, Enquiry] = {}
        for enquiry in await work.enquiries.all(MOST_WAITING):
            newest.setdefault(enquiry.thread, enquiry)
        return await _lines(work, tuple(newest.values())[:SHOWN])


async def is_waiting(community: Community, by: Member) -> bool:
    """Whether somebody wrote and has no answer yet. Raises NotAllowed."""
    return any(not line.is_answered for line in await listing(community, by))


async def conversation(community: Community, enquiry_id: str, by: Member) -> Conversation:
    """The conversation that a message belongs to. Raises NotFound, NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        thread = (await found_enquiry(work, enquiry_id)).thread
        theirs = await work.enquiries.of_thread(thread)
        ours = await work.answers.of_threads([thread])
        undelivered = await work.outbox.undelivered(answer.object_id for answer in ours)
        (line,) = await _lines(work, theirs[-1:])
    said = [Said(words) for words in theirs]
    said += [Said(answer, _state(answer, undelivered.get(answer.object_id))) for answer in ours]
    return Conversation(line, tuple(sorted(said, key=_moment)))


async def done(community: Community, enquiry_id: str, by: Member) -> None:
    """Somebody took care of it; the whole conversation is forgotten. Twice is as good as once. Raises NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.unit_of_work() as work:
        enquiry = await work.enquiries.get(enquiry_id)
        if enquiry is not None:
            await work.enquiries.remove_thread(enquiry.thread)
            await work.audit.add(AuditEntry(community.now(), by.id, "was done with a message", enquiry.thread))


async def counts(community: Community, share_id: str, by: Member) -> dict[Reaction, int]:
    """How often a share was liked, shown to others and answered in public. Raises NotFound, NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        if await work.shares.get(share_id) is None:
            raise NotFound(say("There is no such share."))
        return await work.reactions.counts(share_id)


async def found_enquiry(work: UnitOfWork, enquiry_id: str) -> Enquiry:
    """The message with this id. Raises NotFound."""
    enquiry = await work.enquiries.get(enquiry_id)
    if enquiry is None:
        raise NotFound(say("This message is not here any more: somebody was done with it, or its time was over."))
    return enquiry


async def _lines(work: UnitOfWork, found: tuple[Enquiry, ...]) -> tuple[EnquiryLine, ...]:
    shares = await work.shares.these(enquiry.share_id for enquiry in found if enquiry.share_id)
    notices = await work.notices.these({share.notice_id for share in shares.values()})
    postings = await work.postings.these({share.posting_id for share in shares.values()})
    last_words = _last_words(await work.answers.of_threads(enquiry.thread for enquiry in found))
    lines: list[EnquiryLine] = []
    for enquiry in found:
        share = shares.get(enquiry.share_id or "")
        ours = last_words.get(enquiry.thread)
        is_answered = ours is not None and ours.written_at >= enquiry.received_at
        notice = notices.get(share.notice_id) if share is not None else None
        posting = postings.get(share.posting_id) if share is not None else None
        lines.append(EnquiryLine(enquiry, host_of(enquiry.actor), share, notice, is_answered, posting))
    return tuple(lines)


def _last_words(answers: Iterable[Answer]) -> dict[str, Answer]:
    """The newest answer of each conversation that was not taken back."""
    return {answer.thread: answer for answer in answers if not answer.taken_back}


def _state(answer: Answer, undelivered: str | None) -> AnswerState:
    if answer.taken_back:
        return AnswerState.TAKEN_BACK
    return {WAITING: AnswerState.WAITING, FAILED: AnswerState.FAILED}.get(undelivered or "", AnswerState.SENT)


def _moment(said: Said) -> tuple[float, bool]:
    """By time; of one moment, what they wrote comes first."""
    words = said.words
    if isinstance(words, Enquiry):
        return (words.received_at.timestamp(), False)
    return (words.written_at.timestamp(), True)
