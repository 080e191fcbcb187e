"""Days as people mean them: in the time zone the community lives in."""

from datetime import date, datetime, time, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from node.domain.spelling import fold

UTC_ZONE = ZoneInfo("UTC")
_REGIONS = tuple(
    f"{region}/" for region in "Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific".split()
)
_LAST_MINUTE = time(23, 59)


def zone_named(name: str) -> ZoneInfo | None:
    """The time zone with this IANA name; None where this machine knows none."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


@cache
def zone_names() -> tuple[str, ...]:
    """Every Region/City that this machine knows, in order; what is kept for old programs alone is left out."""
    return tuple(sorted(name for name in available_timezones() if name.startswith(_REGIONS)))


def zone_like(typed: str) -> str:
    """The name that was meant, however it is spelled, or by its city alone; as typed where none is like it."""
    wanted = "_".join(fold(typed).split())
    whole = [name for name in zone_names() if name.casefold() == wanted]
    cities = [name for name in zone_names() if name.rpartition("/")[2].casefold() == wanted]
    return next(iter((*whole, *cities)), typed.strip())


def today(now: datetime, zone: tzinfo) -> date:
    """Which day it is there."""
    return now.astimezone(zone).date()


def first_of_month(now: datetime, zone: tzinfo) -> datetime:
    """The first moment of this month there."""
    return datetime.combine(today(now, zone).replace(day=1), time.min, tzinfo=zone)


def end_of(day: date, zone: tzinfo) -> datetime:
    """The last minute of a day there."""
    return datetime.combine(day, _LAST_MINUTE, tzinfo=zone)
