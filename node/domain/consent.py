"""What the person who asks or offers agreed to, use by use, as a history. Nothing is shared beyond it.

Each answer is a row: a yes or a no to one question, in the words that were shown. The newest one to a question counts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from node.domain.errors import Invalid
from node.domain.phrases import say

ALL = "all"
WORDING_LIMIT = 1000
#: The same answer again within this time is the same form sent twice, not a second answer.
SAME_FORM = timedelta(hours=1)


class Use(StrEnum):
    """What somebody may say yes or no to. NAMED is about one neighbouring community, PEERS about all of them.

    BOARD is about the words of a need or offer; DETAILS about what whoever of this community takes a need on may read
    of the sealed note, until it is done; TAKEN_ON about a message once somebody does.
    """

    DISPATCHERS = "dispatchers"
    BOARD = "board"
    DETAILS = "details"
    NAMED = "named"
    PEERS = "peers"
    PUBLIC = "public"
    MESSAGE = "message"
    STILL_NEEDED = "still needed"
    TAKEN_ON = "taken on"


#: Who would go on reading it all the same: whoever says no to the first says no to these.
_WIDER = {
    Use.BOARD: (Use.DETAILS, Use.PUBLIC),
    Use.NAMED: (Use.PEERS, Use.PUBLIC),
    Use.PEERS: (Use.PUBLIC,),
}
SHARING = (Use.NAMED, Use.PEERS, Use.PUBLIC)


class Channel(StrEnum):
    """How the answer came. ON_BEHALF is somebody else speaking for the person."""

    WEB = "web"
    PHONE = "phone"
    IN_PERSON = "in person"
    ON_BEHALF = "on behalf"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Consent:
    """Who may see the notice: helpers here (`board`), these peers (ids, or "all"), anyone at all (`public`)."""

    board: bool = False
    peers: tuple[str, ...] | str = ()
    public: bool = False

    @property
    def covers_all_peers(self) -> bool:
        """Every neighbouring community, now and later."""
        return self.peers == ALL

    def covers_peer(self, peer_id: str) -> bool:
        """This one neighbouring community."""
        return self.covers_all_peers or peer_id in self.peers


@dataclass(frozen=True)
class Question:
    """One use that can be agreed to; `peer` is the community's id where the use is NAMED, and empty otherwise."""

    use: Use
    peer: str = ""


@dataclass(frozen=True)
class Asking:
    """How it was asked: by which channel, in which language, and who wrote the answer down.

    `language` is a code, empty where nobody noted it; `by` a member's id, None for a person without an account.
    """

    channel: Channel = Channel.UNKNOWN
    language: str = ""
    by: str | None = None


@dataclass(frozen=True)
class ConsentEntry:
    """One answer to one question. `wording` is what the person was shown or read; empty where nobody noted it."""

    question: Question
    is_given: bool
    wording: str
    asking: Asking
    at: datetime


@dataclass(frozen=True)
class Intake:
    """How somebody was asked when the notice came in: each use's words, and what else was agreed to than sharing.

    `refused` is what they said no to; what is in neither was not asked.
    """

    channel: Channel = Channel.UNKNOWN
    language: str = ""
    wordings: tuple[tuple[Use, str], ...] = ()
    message: bool = False
    still_needed: bool = False
    taken_on: bool = False
    details: bool = False
    refused: tuple[Use, ...] = ()


def newest(history: Iterable[ConsentEntry]) -> dict[Question, ConsentEntry]:
    """The answer that counts to each question; `history` is oldest first."""
    return {entry.question: entry for entry in history}


def standing(history: Iterable[ConsentEntry]) -> Consent:
    """Who may see the notice by the newest answers."""
    given = {question for question, entry in newest(history).items() if entry.is_given}
    named = tuple(question.peer for question in given if question.use == Use.NAMED)
    peers: tuple[str, ...] | str = ALL if Question(Use.PEERS) in given else tuple(sorted(named))
    return Consent(Question(Use.BOARD) in given, peers, Question(Use.PUBLIC) in given)


def first_entries(consent: Consent, intake: Intake, by: str | None, at: datetime) -> tuple[ConsentEntry, ...]:
    """What was answered at the beginning: a row for each yes and no. The dispatchers are always among the yeses."""
    asking = Asking(intake.channel, intake.language, by)
    words = dict(intake.wordings)
    given = (Question(Use.DISPATCHERS), *questions_of(consent), *_beside_sharing(intake))
    answers = [(one, True) for one in given] + [(Question(use), False) for use in intake.refused]
    return tuple(ConsentEntry(one, yes, words.get(one.use, "")[:WORDING_LIMIT], asking, at) for one, yes in answers)


def check_first(consent: Consent, intake: Intake) -> None:
    """Raise Invalid, naming `refused`, where yes and no do not go together."""
    given = {question.use for question in (*questions_of(consent), *_beside_sharing(intake))}
    if given & set(intake.refused):
        raise Invalid({"refused": say("Somebody cannot have said yes and no to the same.")})
    try:
        consent_in(dict.fromkeys(given, True) | dict.fromkeys(intake.refused, False))
    except Invalid as problem:
        raise Invalid({"refused": next(iter(problem.fields.values()))}) from None


def consent_in(answers: Mapping[Use, bool]) -> Consent:
    """Who may see the notice by these answers, given together.

    Raises Invalid, naming the use, where a circle is agreed to although the one within it is not.
    """
    wrong = {
        wider: say("They said no to fewer people. Ask once more, and correct one of the two.")
        for use, yes in answers.items()
        for wider in (() if yes else _WIDER.get(use, ()))
        if answers.get(wider)
    }
    if wrong:
        raise Invalid({use.value: fault for use, fault in wrong.items()})
    peers = ALL if answers.get(Use.PEERS) else ()
    return Consent(answers.get(Use.BOARD, False), peers, answers.get(Use.PUBLIC, False))


def questions_of(consent: Consent) -> Iterator[Question]:
    """Every question that this consent says yes to."""
    if consent.board:
        yield Question(Use.BOARD)
    if consent.covers_all_peers:
        yield Question(Use.PEERS)
    else:
        yield from (Question(Use.NAMED, peer) for peer in consent.peers)
    if consent.public:
        yield Question(Use.PUBLIC)


def _beside_sharing(intake: Intake) -> Iterator[Question]:
    if intake.details:
        yield Question(Use.DETAILS)
    if intake.message:
        yield Question(Use.MESSAGE)
    if intake.still_needed:
        yield Question(Use.STILL_NEEDED)
    if intake.taken_on:
        yield Question(Use.TAKEN_ON)


def answered(history: tuple[ConsentEntry, ...], said: ConsentEntry) -> tuple[ConsentEntry, ...]:
    """The rows that this answer adds: itself, and after a no also a no to what was agreed to and reaches further.

    Nothing new where the same form came twice. Raises Invalid where it cannot be answered in this way.
    """
    check_entry(said)
    before = newest(history)
    further = () if said.is_given else tuple(Question(use) for use in _WIDER.get(said.question.use, ()))
    ends = [replace(said, question=one) for one in further if (found := before.get(one)) and found.is_given]
    earlier = before.get(said.question)
    is_same = earlier is not None and replace(earlier, at=said.at) == said and said.at - earlier.at < SAME_FORM
    return (*(() if is_same else (said,)), *ends)


def check_entry(said: ConsentEntry) -> None:
    """Raise Invalid where this is no answer."""
    if said.question.use == Use.DISPATCHERS and not said.is_given:
        sentence = say("The dispatchers have to be able to read it. To end that as well, it has to be erased.")
        raise Invalid({"use": sentence}, sentence)
    if (said.question.use == Use.NAMED) != bool(said.question.peer):
        raise Invalid({"peers": say("Choose which community it is about.")})
    if len(said.wording) > WORDING_LIMIT:
        raise Invalid({"wording": say("Please use at most %(most)s characters.", most=WORDING_LIMIT)})


def is_given(history: Iterable[ConsentEntry], use: Use) -> bool | None:
    """The newest answer about a use that needs no peer; None where nobody asked."""
    entry = newest(history).get(Question(use))
    return None if entry is None else entry.is_given
