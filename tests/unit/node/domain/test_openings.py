"""Why a sealed note is opened, what may stand in the log, and where the brake stands."""

from datetime import timedelta

import pytest

from node.domain.errors import Invalid
from node.domain.openings import (
    CHOSEN,
    UNSAID,
    WINDOW,
    Brake,
    BrakeLine,
    Reason,
    Why,
    brake_at,
    counted_from,
    standing,
    why_from,
    why_of_program,
)
from node.domain.responses import RELEASABLE
from node.domain.sealed import SEALED_FIELDS, Contact, SealedNote, without_sealed
from node.domain.ways import Ways, check_ways
from tests.unit.node.make import NOW

NOTE = SealedNote(
    name="Amina Noor", contact=(Contact("signal", "amina.22"), Contact("phone", "555-0101")), address="the blue door"
)


@pytest.mark.parametrize("reason", [one for one in CHOSEN if one is not Reason.OTHER])
def test_a_reason_from_the_list_is_enough(reason: Reason) -> None:
    assert why_from(reason) == Why(reason)
    assert why_from(reason, " about  Thursday ") == Why(reason, "about Thursday")


def test_a_typed_reason_needs_no_choice() -> None:
    assert why_from("", "the parcel came back") == Why(Reason.OTHER, "the parcel came back")
    assert why_from("other", "the parcel came back") == Why(Reason.OTHER, "the parcel came back")


@pytest.mark.parametrize(
    ("reason", "words", "field"),
    [
        ("", "", "reason"),
        ("", "   ", "reason"),
        ("curious", "", "reason"),
        ("unsaid", "", "reason"),
        ("other", "", "words"),
        ("call", "x" * 201, "words"),
    ],
)
def test_no_reason_is_told_beside_the_field(reason: str, words: str, field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        why_from(reason, words)
    assert list(wrong.value.fields) == [field]


def test_a_program_may_leave_it_open_and_nothing_too_long_is_kept() -> None:
    assert why_of_program("") == UNSAID
    assert why_of_program("call") == Why(Reason.CALL)
    assert why_of_program("other") == Why(Reason.OTHER, "other")
    assert why_of_program("x" * 500) == Why(Reason.OTHER, "x" * 200)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Amina asked me to", "… asked me to"),
        ("ask for AMINA NOOR there", "ask for … there"),
        ("write to amina.22", "write to …"),
        ("number 555-0101 is wrong", "number … is wrong"),
        ("another number, 555 010 9988", "another number, …"),
        ("mail a.b@c.example", "mail …"),
        ("go to 12 Mill Lane", "go to …"),
        ("is it the blue door?", "is it …?"),
        ("the door bell", "the door bell"),
        ("about Thursday", "about Thursday"),
    ],
)
def test_what_is_sealed_does_not_come_into_the_log_by_hand(typed: str, kept: str) -> None:
    assert without_sealed(typed, NOTE) == kept


def test_printed_by_mistake_it_says_only_what_is_filled() -> None:
    for shown in (repr(NOTE), str(NOTE), f"{NOTE}", repr([NOTE]), repr(NOTE.contact)):
        assert not [word for word in ("Amina", "amina.22", "555", "blue") if word in shown]
    assert repr(NOTE) == "SealedNote(filled: name, contact, address)"
    assert repr(SealedNote()) == "SealedNote(filled: nothing)"


def test_every_sealed_field_but_answers_to_our_own_questions_may_be_released_by_its_name() -> None:
    assert (*RELEASABLE, "answers") == SEALED_FIELDS


@pytest.mark.parametrize(
    ("opened", "budget", "brake"),
    [
        (0, 40, Brake.FREE),
        (29, 40, Brake.FREE),
        (30, 40, Brake.NEAR),
        (39, 40, Brake.NEAR),
        (40, 40, Brake.ON),
        (90, 40, Brake.ON),
        (1, 1, Brake.ON),
        (2, 3, Brake.FREE),
        (3, 4, Brake.NEAR),
    ],
)
def test_the_brake_is_near_at_three_quarters_and_on_at_the_whole(opened: int, budget: int, brake: Brake) -> None:
    assert brake_at(opened, budget) is brake


def said(*brakes: Brake) -> list[BrakeLine]:
    """One line an hour, the newest one now."""
    first = NOW - timedelta(hours=len(brakes) - 1)
    return [BrakeLine("bo", first + timedelta(hours=number), brake) for number, brake in enumerate(brakes)]


def test_the_brake_stays_on_until_it_is_lifted_and_near_for_a_day() -> None:
    assert standing([], NOW) is Brake.FREE
    assert standing(said(Brake.NEAR), NOW) is Brake.NEAR
    assert standing(said(Brake.NEAR), NOW + WINDOW) is Brake.FREE
    assert standing(said(Brake.NEAR, Brake.ON), NOW + 9 * WINDOW) is Brake.ON
    assert standing(said(Brake.ON, Brake.NEAR), NOW) is Brake.ON
    assert standing(said(Brake.NEAR, Brake.ON, Brake.FREE), NOW) is Brake.FREE
    assert standing(said(Brake.ON, Brake.FREE, Brake.NEAR), NOW) is Brake.NEAR


def test_what_was_opened_before_the_brake_was_lifted_weighs_no_more() -> None:
    assert counted_from([], NOW) == NOW - WINDOW
    assert counted_from(said(Brake.ON, Brake.FREE, Brake.NEAR), NOW) == NOW - timedelta(hours=1)
    assert counted_from(said(Brake.FREE), NOW + 2 * WINDOW) == NOW + WINDOW


def test_ways_are_checked() -> None:
    assert check_ways(Ways()) == Ways(40, False, "")
    assert (
        check_ways(Ways(exit_address=" https://weather.example/today ")).exit_address == "https://weather.example/today"
    )
    for wrong in ("weather.example", "http://weather.example", "javascript:alert(1)", "https://", "https://a@b.example",
                  "https://weather.example/\nx", "https://[", "https://w.example/" + "x" * 500):  # fmt: skip
        with pytest.raises(Invalid) as told:
            check_ways(Ways(exit_address=wrong))
        assert list(told.value.fields) == ["exit_address"]
    for number in (0, -1, 1001):
        with pytest.raises(Invalid) as told:
            check_ways(Ways(openings_a_day=number))
        assert list(told.value.fields) == ["openings_a_day"]
