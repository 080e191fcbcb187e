"""Times and amounts come back exactly as they were put in."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from node.domain.areas import Area
from node.storage.columns import Amount, Moment
from node.storage.community import Profile
from node.storage.unit_of_work import UnitOfWork
from tests.unit.node.make import NOW, make_member

DIALECT = sqlite.dialect()


@given(st.datetimes(timezones=st.timezones()))
def test_every_moment_is_kept_to_the_microsecond_and_comes_back_in_utc(moment: datetime) -> None:
    try:
        in_utc = moment.astimezone(UTC)
    except OverflowError:
        return  # at the very ends of time UTC has no such moment
    stored = Moment().process_bind_param(moment, DIALECT)
    read = Moment().process_result_value(stored, DIALECT)
    assert read == in_utc
    assert read is not None
    assert read.tzinfo is UTC


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        Moment().process_bind_param(datetime(2026, 11, 20), DIALECT)  # noqa: DTZ001


def test_nothing_stays_nothing() -> None:
    for kind in (Moment(), Amount()):
        assert kind.process_bind_param(None, DIALECT) is None
        assert kind.process_result_value(None, DIALECT) is None


@given(st.decimals("-180", 1_000_000, allow_nan=False, places=9))
def test_every_amount_is_kept_to_the_letter(amount: Decimal) -> None:
    stored = Amount().process_bind_param(amount, DIALECT)
    assert stored is not None
    assert "E" not in stored
    read = Amount().process_result_value(stored, DIALECT)
    assert read is not None
    assert read.as_tuple() == amount.as_tuple()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    degrees=st.decimals(-180, 180, places=6),
    moment=st.datetimes(datetime(1970, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
async def test_through_a_real_file_and_back(work: UnitOfWork, degrees: Decimal, moment: datetime) -> None:
    kept = Profile("North", "north", ("en", "ar"), "555-0101", (Area("Mill", degrees, None), Area("Lane")), moment)
    await work.community.put(kept)
    assert await work.community.get() == kept


async def test_moments_are_ordered_as_they_happened(work: UnitOfWork) -> None:
    """A link made with another zone's clock ends at that very moment."""
    far_east = timezone(timedelta(hours=9))
    await work.members.add(make_member())
    await work.sessions.add_link("hash", "member1", NOW.astimezone(far_east))
    assert await work.sessions.link_owner("hash", NOW - timedelta(microseconds=1)) == "member1"
    assert await work.sessions.link_owner("hash", NOW) is None
