"""Every question about a notice in its words, with the answer that counts: what both sides' pages are made from."""

from collections.abc import Mapping
from dataclasses import dataclass

from node.domain.consent import Question, Use
from node.domain.errors import Invalid
from node.domain.notices import Kind, Notice
from node.domain.peers import NO_LONGER_KNOWN
from node.services import consents, peers
from node.services.call_backs import CallBackLine
from node.services.community import Community
from node.services.consents import ConsentLine
from node.web.consent_words import asked_words
from node.web.forms import Form
from node.web.words import _

#: Asked about each notice, in this order; single communities come between helpers and all of them.
_ASKED = (Use.BOARD, Use.DETAILS, Use.PEERS, Use.PUBLIC, Use.MESSAGE, Use.STILL_NEEDED, Use.TAKEN_ON)
_BEFORE_SINGLE = (Use.BOARD, Use.DETAILS)
#: What is asked about needs alone.
_OF_NEEDS = frozenset({Use.DETAILS, Use.TAKEN_ON})


@dataclass(frozen=True)
class Asked:
    """One question in its words, and the answer that counts; None where nobody asked. `key` names it in a form."""

    key: str
    question: Question
    words: str
    peer_name: str
    line: ConsentLine | None

    @property
    def is_given(self) -> bool:
        """The newest answer is a yes."""
        return self.line is not None and self.line.entry.is_given


async def questions_about(community: Community, notice: Notice, with_linked: bool = False) -> tuple[Asked, ...]:
    """Every question about a notice with its newest answer; `with_linked` adds every community we are linked with."""
    newest = {line.entry.question: line for line in consents.current(await consents.history(community, notice.id))}
    names = await peers.names(community)
    wanted = {one.peer for one in newest if one.use == Use.NAMED} | (names.keys() if with_linked else set())
    single = [Question(Use.NAMED, peer) for peer in sorted(wanted, key=lambda peer: (names.get(peer, ""), peer))]
    uses = [use for use in _ASKED if notice.kind is Kind.NEED or use not in _OF_NEEDS]
    before = [Question(use) for use in uses if use in _BEFORE_SINGLE]
    questions = [*before, *single, *(Question(use) for use in uses if use not in _BEFORE_SINGLE)]
    return tuple(_asked(one, notice.kind, names, newest.get(one)) for one in questions)


async def asked_in(community: Community, line: CallBackLine) -> tuple[Asked, ...]:
    """The questions of one call-back."""
    known = {one.question: one for one in await questions_about(community, line.notice, with_linked=True)}
    asked = line.call_back.questions
    return tuple(known.get(one) or _asked(one, line.notice.kind, {}, None) for one in asked)


def chosen(form: Form, asked: tuple[Asked, ...]) -> Asked:
    """The question that the form is about. Raises Invalid."""
    found = next((one for one in asked if one.key == form.text("question")), None)
    if found is None:
        raise Invalid({"question": _("Choose what they answered.")})
    return found


def _asked(question: Question, kind: Kind, names: Mapping[str, str], line: ConsentLine | None) -> Asked:
    peer_name = names.get(question.peer, NO_LONGER_KNOWN) if question.peer else ""
    return Asked(_key(question), question, asked_words(question, kind, peer_name), peer_name, line)


def _key(question: Question) -> str:
    return f"named:{question.peer}" if question.peer else question.use.value
