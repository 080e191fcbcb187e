"""Consent is a history: the newest answer to each question counts, and a no reaches as far as it must."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.consent import (
    ALL,
    SAME_FORM,
    WORDING_LIMIT,
    Asking,
    Channel,
    Consent,
    ConsentEntry,
    Intake,
    Question,
    Use,
    answered,
    first_entries,
    is_given,
    newest,
    standing,
)
from node.domain.errors import Invalid
from tests.unit.node.make import NOW

BOARD, PEERS, PUBLIC = Question(Use.BOARD), Question(Use.PEERS), Question(Use.PUBLIC)
RIVER, HILL = Question(Use.NAMED, "river"), Question(Use.NAMED, "hill")
ANSWERS = st.tuples(
    st.sampled_from([BOARD, RIVER, HILL, PEERS, PUBLIC, Question(Use.MESSAGE), Question(Use.STILL_NEEDED)]),
    st.booleans(),
)


def said(question: Question, yes: bool = True, minutes: int = 0, **asking: object) -> ConsentEntry:
    how = replace(Asking(Channel.PHONE, "en", "member1"), **asking)  # type: ignore[arg-type]
    return ConsentEntry(question, yes, "May they?", how, NOW + timedelta(minutes=minutes))


def after(*answers: tuple[Question, bool]) -> tuple[ConsentEntry, ...]:
    """The history these answers lead to, a day apart."""
    history: tuple[ConsentEntry, ...] = ()
    for day, (question, yes) in enumerate(answers):
        history += answered(history, said(question, yes, minutes=day * 24 * 60))
    return history


def test_without_an_answer_nobody_may_see_it() -> None:
    assert standing(()) == Consent()
    assert is_given((), Use.MESSAGE) is None


def test_the_newest_answer_counts() -> None:
    assert standing(after((PEERS, True), (PEERS, False))) == Consent()
    assert standing(after((PEERS, True), (PEERS, False), (PEERS, True))) == Consent(peers=ALL)
    assert standing(after((RIVER, True), (HILL, True), (RIVER, False))) == Consent(peers=("hill",))


def test_all_communities_hold_each_of_them() -> None:
    consent = standing(after((RIVER, True), (PEERS, True)))
    assert consent.covers_peer("river") and consent.covers_peer("anybody") and consent.covers_all_peers


@pytest.mark.parametrize(
    ("no", "left"),
    [
        (RIVER, Consent(board=True, peers=())),  # all of them would hold this one as well
        (PEERS, Consent(board=True, peers=("river",))),
        (BOARD, Consent(peers=ALL)),
        (PUBLIC, Consent(board=True, peers=ALL)),
    ],
)
def test_a_no_ends_what_reaches_further_and_leaves_what_does_not(no: Question, left: Consent) -> None:
    history = after((BOARD, True), (RIVER, True), (PEERS, True), (PUBLIC, True))
    assert standing(history) == Consent(board=True, peers=ALL, public=True)
    ended = history + answered(history, said(no, False, minutes=9999))
    assert standing(ended) == left


def test_each_yes_and_each_no_is_a_row_of_its_own() -> None:
    history = after((PEERS, True), (PUBLIC, True), (PEERS, False))
    assert [(one.question, one.is_given) for one in history] == [
        (PEERS, True),
        (PUBLIC, True),
        (PEERS, False),
        (PUBLIC, False),
    ]


def test_a_no_to_what_nobody_agreed_to_is_written_down_once() -> None:
    assert [(one.question, one.is_given) for one in after((PEERS, False))] == [(PEERS, False)]


def test_the_same_form_twice_is_one_row_and_a_second_answer_is_another() -> None:
    first = said(PEERS)
    assert answered((first,), said(PEERS, minutes=1)) == ()
    assert len(answered((first,), replace(first, at=NOW + SAME_FORM))) == 1
    assert len(answered((first,), said(PEERS, minutes=1, channel=Channel.WEB))) == 1
    assert len(answered((first,), said(PEERS, False, minutes=1))) == 1


def test_the_same_no_again_still_ends_what_was_agreed_to_in_between() -> None:
    history = (said(PEERS, False), said(PUBLIC, True, minutes=1))
    assert standing(history + answered(history, said(PEERS, False, minutes=2))) == Consent()


def test_the_dispatchers_can_always_read_it() -> None:
    with pytest.raises(Invalid, match="erased"):
        answered((), said(Question(Use.DISPATCHERS), False))


@pytest.mark.parametrize("wrong", [Question(Use.NAMED), Question(Use.PEERS, "river")])
def test_a_single_community_is_named_and_nothing_else(wrong: Question) -> None:
    with pytest.raises(Invalid):
        answered((), said(wrong))


def test_words_have_a_longest_length() -> None:
    answered((), replace(said(PEERS), wording="x" * WORDING_LIMIT))
    with pytest.raises(Invalid) as error:
        answered((), replace(said(PEERS), wording="x" * (WORDING_LIMIT + 1)))
    assert "wording" in error.value.fields


def test_at_the_beginning_every_yes_is_written_down_with_its_words() -> None:
    intake = Intake(Channel.WEB, "es", ((Use.PEERS, "¿A otras comunidades?"),), message=True, still_needed=True)
    rows = first_entries(Consent(board=True, peers=ALL), intake, None, NOW)
    uses = [row.question.use for row in rows]
    assert uses == [Use.DISPATCHERS, Use.BOARD, Use.PEERS, Use.MESSAGE, Use.STILL_NEEDED]
    assert {row.asking for row in rows} == {Asking(Channel.WEB, "es", None)}
    assert rows[2].wording == "¿A otras comunidades?"
    assert rows[1].wording == ""


@given(
    st.builds(Consent, board=st.booleans(), peers=st.just(ALL) | st.sampled_from([(), ("a",), ("a", "b")])),
    st.booleans(),
)
def test_the_first_rows_say_what_was_agreed_to(consent: Consent, public: bool) -> None:
    agreed = replace(consent, public=public)
    assert standing(first_entries(agreed, Intake(), None, NOW)) == agreed


@given(st.lists(ANSWERS, max_size=12))
def test_after_any_answers_no_circle_is_open_whose_inner_one_was_closed_later(
    answers: list[tuple[Question, bool]],
) -> None:
    history = after(*answers)
    consent = standing(history)
    last = newest(history)
    for inner, outer in ((BOARD, PUBLIC), (PEERS, PUBLIC), (RIVER, PEERS), (HILL, PEERS), (RIVER, PUBLIC)):
        closed, opened = last.get(inner), last.get(outer)
        if closed and opened and opened.is_given and not closed.is_given:
            assert closed.at < opened.at
    assert consent.public is bool(last.get(PUBLIC) and last[PUBLIC].is_given)
    for peer in ("river", "hill"):
        named = last.get(Question(Use.NAMED, peer))
        assert consent.covers_peer(peer) is (consent.covers_all_peers or bool(named and named.is_given))
