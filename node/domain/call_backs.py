"""Somebody to get in touch with: it waits in the queue until they were tried again, or answered what is asked first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from node.domain.consent import Consent, ConsentEntry, Question, Use, newest, standing
from node.domain.errors import Conflict, Invalid
from node.domain.peers import NO_LONGER_KNOWN
from node.domain.phrases import say
from node.domain.shares import Level, ShareRequest


@dataclass(frozen=True)
class CallBack:
    """The person behind a notice is to be asked `questions`, by `due_at`. `settled_at` is when they were answered.

    Without questions they are only to be reached again, at `due_at`; the next try to reach them settles it.
    """

    id: str
    notice_id: str
    questions: tuple[Question, ...]
    due_at: datetime
    noted_at: datetime
    by: str | None
    settled_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """The person has still to be asked."""
        return self.settled_at is None

    def peer_names(self, names: Mapping[str, str]) -> tuple[str, ...]:
        """The communities that they are to be asked about, where `names` are those of all that we know."""
        return tuple(names.get(one.peer, NO_LONGER_KNOWN) for one in self.questions if one.peer)


def questions_before(consent: Consent, request: ShareRequest) -> tuple[Question, ...]:
    """What the person has to be asked before this share. Raises Conflict where they have agreed to it already."""
    if request.level == Level.NAMED and not request.peers:
        raise Invalid({"peers": say("Choose at least one community.")})
    wanted = {
        Level.PUBLIC: () if consent.public else (Question(Use.PUBLIC),),
        Level.PEERS: () if consent.covers_all_peers else (Question(Use.PEERS),),
        Level.NAMED: tuple(Question(Use.NAMED, peer) for peer in request.peers if not consent.covers_peer(peer)),
    }[request.level]
    if not wanted:
        raise Conflict(say("The person has agreed to this already. It can be shared."))
    return wanted


def settle(call_back: CallBack, history: tuple[ConsentEntry, ...], now: datetime) -> CallBack:
    """The same, settled once each question was answered after it was noted, by whatever way the answers came.

    One without questions stays as it is: no answer to anything settles it.
    A wider yes answers it, too: who agrees to all neighbouring communities need not be asked about one.
    """
    if (
        call_back.is_open
        and call_back.questions
        and all(_is_answered(one, call_back, history) for one in call_back.questions)
    ):
        return replace(call_back, settled_at=now)
    return call_back


def _is_answered(question: Question, call_back: CallBack, history: tuple[ConsentEntry, ...]) -> bool:
    if question.use == Use.NAMED and standing(history).covers_peer(question.peer):
        return True
    answer = newest(history).get(question)
    return answer is not None and answer.at >= call_back.noted_at
