"""How it went: of the community, month by month, and small numbers of what was erased are not told."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from node.domain.notices import Kind, Status
from node.domain.outcomes import Outcome, outcomes, together
from node.domain.retention import Past

MARCH = datetime(2031, 3, 31, 23, 30, tzinfo=UTC)


def came_in(status: Status, days: float = 0, kind: Kind = Kind.NEED, at: datetime = MARCH) -> Outcome:
    return Outcome(kind, status, at, at + timedelta(days=days))


def test_what_was_met_what_was_not_and_how_long_we_took() -> None:
    kept = [came_in(Status.MET, days) for days in (0.2, 3, 10)]
    kept += [came_in(Status.NO_LONGER_NEEDED, 5), came_in(Status.EXPIRED, 60), came_in(Status.PARTLY_MET, 2)]
    (month,) = outcomes(kept, (), UTC)
    assert (month.month, month.kind, month.asked) == ("2031-03", Kind.NEED, 6)
    assert (month.met, month.unmet, month.waiting, month.days) == (3, 2, 1, 3)


def test_what_stands_behind_one_code_is_one_however_many_parts_it_has() -> None:
    met, over, waits = came_in(Status.MET, 2), came_in(Status.NO_LONGER_NEEDED, 5), came_in(Status.OPEN)
    for parts, counted in (
        ([met, came_in(Status.MET, 4)], (1, 1, 0, 0, 4)),
        ([met, over], (1, 0, 1, 0, None)),
        ([over, met, waits], (1, 0, 0, 1, None)),
    ):
        (month,) = outcomes([together(parts)], (), UTC)
        assert (month.asked, month.met, month.unmet, month.waiting, month.days) == counted


def test_a_month_is_the_month_where_people_live() -> None:
    (month,) = outcomes([came_in(Status.NEW)], (), ZoneInfo("Europe/Berlin"))
    assert (month.month, month.days) == ("2031-04", None)


def test_newest_first_and_needs_before_offers() -> None:
    earlier = MARCH - timedelta(days=60)
    kept = [came_in(Status.NEW, kind=Kind.OFFER), came_in(Status.NEW), came_in(Status.NEW, at=earlier)]
    found = [(month.month, month.kind) for month in outcomes(kept, (), UTC)]
    assert found == [("2031-03", Kind.NEED), ("2031-03", Kind.OFFER), ("2031-01", Kind.NEED)]


def test_what_was_erased_goes_on_being_told_unless_it_is_little() -> None:
    past = [Past("2031-03", Kind.NEED, "goods", "North Side", 4, 3), Past("2031-03", Kind.NEED, "care", "", 2)]
    (month,) = outcomes([came_in(Status.OPEN)], past, UTC)
    assert (month.asked, month.met, month.unmet, month.waiting, month.days) == (7, 3, 3, 1, None)
    (little,) = outcomes([came_in(Status.MET, 1)], [Past("2031-03", Kind.NEED, "care", "", 1)], UTC)
    assert little.is_small and (little.asked, little.met, little.days) == (0, 0, None)
