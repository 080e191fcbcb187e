"""Days as people mean them: in the time zone the community lives in."""

from datetime import date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

UTC_ZONE = ZoneInfo("UTC")
_LAST_MINUTE = time(23, 59)


def zone_named(name: str) -> ZoneInfo | None:
    """The time zone with this IANA name; None where this machine knows none."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def today(now: datetime, zone: tzinfo) -> date:
    """Which day it is there."""
    return now.astimezone(zone).date()


def first_of_month(now: datetime, zone: tzinfo) -> datetime:
    """The first moment of this month there."""
    return datetime.combine(today(now, zone).replace(day=1), time.min, tzinfo=zone)


def end_of(day: date, zone: tzinfo) -> datetime:
    """The last minute of a day there."""
    return datetime.combine(day, _LAST_MINUTE, tzinfo=zone)
