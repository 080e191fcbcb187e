"""How a need or an offer changes: words, status, and how much of it is still open."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.errors import Conflict, Invalid
from node.domain.notices import (
    CLOSED,
    Notice,
    Status,
    change_wording,
    check_wording,
    commit_quantity,
    fulfil,
    return_quantity,
    set_status,
)
from tests.unit.node.make import NOW, make_notice, make_wording

LATER = NOW + timedelta(hours=1)
NONE = Decimal(0)


def stand(notice: Notice) -> tuple[Status, float]:
    return notice.status, float(notice.remaining)


def test_words_are_trimmed() -> None:
    checked = check_wording(make_wording(title="  Winter \n coats ", text="\n for two \n", area=" North   Side "))
    assert (checked.title, checked.text, checked.area) == ("Winter coats", "for two", "North Side")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("title", "x" * 121),
        ("category", "nonsense"),
        ("text", "x" * 2001),
        ("area", "x" * 81),
        ("quantity", Decimal(0)),
        ("quantity", Decimal(-1)),
        ("quantity", Decimal("1000000.1")),
        ("quantity", Decimal("NaN")),
        ("quantity", Decimal("sNaN")),
        ("quantity", Decimal("Infinity")),
        ("quantity", Decimal("0.0000001")),
        ("unit", "litre"),
    ],
)
def test_each_field_that_cannot_stand_is_named(field: str, value: object) -> None:
    with pytest.raises(Invalid) as caught:
        check_wording(make_wording(**{field: value}))
    assert list(caught.value.fields) == [field]
    assert caught.value.fields[field].endswith(".")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "x" * 120),
        ("text", "x" * 2000),
        ("quantity", Decimal(1_000_000)),
        ("quantity", Decimal("0.000001")),
        ("quantity", Decimal("2.5000000000")),
    ],
)
def test_the_limits_themselves_are_allowed(field: str, value: object) -> None:
    assert getattr(check_wording(make_wording(**{field: value})), field) == value


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        check_wording(make_wording(title="", category="", unit=""))
    assert set(caught.value.fields) == {"title", "category", "unit"}


@pytest.mark.parametrize(("quantity", "remaining"), [(6, 5), (3, 2), (1, 0), ("0.5", 0)])
def test_what_is_open_follows_a_changed_quantity(quantity: int | str, remaining: int) -> None:
    """Of four one is taken: of six five are open, of a half nothing is."""
    changed = change_wording(make_notice(remaining=3), make_wording(quantity=Decimal(quantity)), LATER)
    assert (changed.remaining, changed.updated_at) == (Decimal(remaining), LATER)


def test_a_wording_that_cannot_stand_changes_nothing() -> None:
    with pytest.raises(Invalid):
        change_wording(make_notice(), make_wording(quantity=Decimal("NaN")), LATER)


def test_the_same_status_again_is_no_change() -> None:
    notice = make_notice()
    assert set_status(notice, Status.OPEN, LATER) is notice


def test_nothing_becomes_new_again() -> None:
    with pytest.raises(Conflict):
        set_status(make_notice(), Status.NEW, LATER)


def test_met_leaves_nothing_open_and_opening_again_asks_for_all_of_it() -> None:
    met = set_status(make_notice(remaining=3), Status.MET, LATER)
    assert stand(met) == (Status.MET, 0)
    assert met.is_closed
    assert stand(set_status(met, Status.OPEN, LATER)) == (Status.OPEN, 4)


def test_what_was_partly_met_keeps_its_rest_over_closing_and_opening() -> None:
    gone = set_status(make_notice(Status.PARTLY_MET, 1), Status.NO_LONGER_NEEDED, LATER)
    assert stand(set_status(gone, Status.OPEN, LATER)) == (Status.OPEN, 1)


# C-126
@pytest.mark.parametrize("between", [Status.PAUSED, Status.OPEN, Status.PARTLY_MET])
def test_what_is_promised_is_not_offered_a_second_time(between: Status) -> None:
    """Somebody brings all four; pausing and opening it does not ask for four more."""
    taken = commit_quantity(make_notice(), Decimal(4), NOW)
    again = set_status(set_status(taken, between, LATER), Status.TAKEN_ON, LATER)
    assert again.remaining == 0
    with pytest.raises(Conflict):
        commit_quantity(again, Decimal(1), LATER)


def test_an_agreement_takes_its_part() -> None:
    taken = commit_quantity(make_notice(), Decimal(3), LATER)
    assert (*stand(taken), taken.updated_at) == (Status.TAKEN_ON, 1, LATER)
    assert stand(commit_quantity(taken, Decimal(1), LATER)) == (Status.TAKEN_ON, 0)


# C-126
@pytest.mark.parametrize("quantity", ["4.000001", "5", "0", "-1"])
def test_nothing_and_more_than_is_open_cannot_be_agreed(quantity: str) -> None:
    with pytest.raises(Conflict):
        commit_quantity(make_notice(), Decimal(quantity), LATER)


@pytest.mark.parametrize("status", [*sorted(CLOSED), Status.PAUSED])
def test_nothing_is_agreed_about_what_is_not_open(status: Status) -> None:
    with pytest.raises(Conflict):
        commit_quantity(make_notice(status), Decimal(1), LATER)


def test_what_comes_back_is_open_again() -> None:
    taken = commit_quantity(make_notice(), Decimal(4), NOW)
    assert stand(return_quantity(taken, Decimal(4), NONE, LATER)) == (Status.OPEN, 4)
    assert stand(return_quantity(taken, Decimal(3), NONE, LATER)) == (Status.PARTLY_MET, 3)
    assert stand(return_quantity(taken, Decimal(3), Decimal(1), LATER)) == (Status.TAKEN_ON, 3)


def test_never_more_comes_back_than_was_wanted() -> None:
    assert stand(return_quantity(make_notice(Status.TAKEN_ON, 2), Decimal(9), NONE, LATER)) == (Status.OPEN, 4)


@pytest.mark.parametrize(
    ("brought", "expected"),
    [("3", (Status.MET, 0)), ("2", (Status.PARTLY_MET, 1)), ("0", (Status.PARTLY_MET, 3)), ("5", (Status.MET, 0))],
)
def test_an_agreement_about_the_last_three_ends(brought: str, expected: tuple[Status, int]) -> None:
    taken = commit_quantity(make_notice(Status.PARTLY_MET, 3), Decimal(3), NOW)
    assert stand(fulfil(taken, Decimal(3), Decimal(brought), Decimal(0), LATER)) == expected


@pytest.mark.parametrize("status", sorted(CLOSED))
def test_what_is_closed_stays_as_it_is(status: Status) -> None:
    notice = make_notice(status, 0)
    assert return_quantity(notice, Decimal(1), NONE, LATER) is notice
    assert fulfil(notice, Decimal(1), Decimal(1), Decimal(0), LATER) is notice


def test_what_its_owner_paused_is_not_opened_by_an_agreement_that_ends() -> None:
    paused = set_status(commit_quantity(make_notice(), Decimal(4), NOW), Status.PAUSED, NOW)
    assert stand(return_quantity(paused, Decimal(4), NONE, LATER)) == (Status.PAUSED, 4)
    assert stand(fulfil(paused, Decimal(4), Decimal(3), Decimal(0), LATER)) == (Status.PAUSED, 1)
    assert stand(fulfil(paused, Decimal(4), Decimal(4), Decimal(0), LATER)) == (Status.MET, 0)


Step = tuple[str, int]


# C-126
@given(
    st.lists(st.tuples(st.sampled_from(["agree", "return", "bring", "pause", "open"]), st.integers(1, 6)), max_size=20)
)
def test_promises_never_exceed_what_is_wanted(steps: list[Step]) -> None:
    """Whatever happens in whatever order: what is promised and what is open never make more than was wanted."""
    notice, promised = make_notice(), list[Decimal]()
    for deed, number in steps:
        amount = Decimal(number)
        if deed == "agree" and not notice.is_closed and notice.status != Status.PAUSED and amount <= notice.remaining:
            notice = commit_quantity(notice, amount, NOW)
            promised.append(amount)
        elif deed == "return" and promised:
            notice = return_quantity(notice, promised.pop(), sum(promised, NONE), NOW)
        elif deed == "bring" and promised:
            agreed = promised.pop()
            notice = fulfil(notice, agreed, min(amount, agreed), Decimal(0), NOW)
        elif deed in {"pause", "open"} and not notice.is_closed:
            notice = set_status(notice, Status.PAUSED if deed == "pause" else Status.OPEN, NOW)
        if not notice.is_closed:
            assert notice.remaining >= 0
            assert notice.remaining + sum(promised) <= notice.wording.quantity
