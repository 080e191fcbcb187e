"""Ask the person first: what is asked, and when it is answered."""

from datetime import timedelta

import pytest

from node.domain.call_backs import CallBack, questions_before, settle
from node.domain.consent import ALL, Asking, Consent, ConsentEntry, Question, Use
from node.domain.errors import Conflict, Invalid
from node.domain.shares import Level, ShareRequest
from tests.unit.node.make import NOW

PEERS, RIVER, HILL = Question(Use.PEERS), Question(Use.NAMED, "river"), Question(Use.NAMED, "hill")


def said(question: Question, yes: bool = True, minutes: int = 1) -> ConsentEntry:
    return ConsentEntry(question, yes, "", Asking(), NOW + timedelta(minutes=minutes))


def call_back(*questions: Question) -> CallBack:
    return CallBack("call1", "notice1", questions, NOW, NOW, "member1")


def test_only_what_is_missing_is_asked() -> None:
    assert questions_before(Consent(), ShareRequest(Level.PUBLIC)) == (Question(Use.PUBLIC),)
    assert questions_before(Consent(), ShareRequest(Level.PEERS)) == (PEERS,)
    named = ShareRequest(Level.NAMED, ("river", "hill"))
    assert questions_before(Consent(peers=("river",)), named) == (HILL,)


@pytest.mark.parametrize("level", Level)
def test_what_was_agreed_to_is_not_asked_again(level: Level) -> None:
    with pytest.raises(Conflict, match="agreed"):
        questions_before(Consent(peers=ALL, public=True), ShareRequest(level, ("river",)))


def test_somebody_is_named() -> None:
    with pytest.raises(Invalid):
        questions_before(Consent(), ShareRequest(Level.NAMED))


@pytest.mark.parametrize("yes", [True, False])
def test_a_yes_and_a_no_both_settle_it(yes: bool) -> None:
    later = NOW + timedelta(hours=1)
    assert settle(call_back(PEERS), (said(PEERS, yes),), later).settled_at == later


def test_an_answer_from_before_does_not() -> None:
    assert settle(call_back(PEERS), (said(PEERS, False, minutes=-1),), NOW).is_open


def test_every_question_needs_its_answer() -> None:
    both = call_back(RIVER, HILL)
    assert settle(both, (said(RIVER),), NOW).is_open
    assert not settle(both, (said(RIVER), said(HILL, False)), NOW).is_open


def test_a_yes_to_all_communities_answers_for_each() -> None:
    assert not settle(call_back(RIVER, HILL), (said(PEERS),), NOW).is_open


def test_what_is_settled_stays_as_it_was() -> None:
    settled = settle(call_back(PEERS), (said(PEERS),), NOW)
    assert settle(settled, (said(PEERS),), NOW + timedelta(days=1)) is settled
