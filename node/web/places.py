"""The places of the desk: where members go from page to page, and which pages belong to each."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from node.domain.members import Member
from node.web.words import _


def _everybody(_member: Member) -> bool:
    return True


@dataclass(frozen=True)
class Place:
    """A page that stands in the row of places for those whom `is_for` names, with others that are reached from it."""

    path: str
    label: str
    is_for: Callable[[Member], bool] = _everybody
    others: tuple[str, ...] = ()

    def holds(self, page: str) -> bool:
        """Whether the page at this path belongs here: it is one of them or lies behind one."""
        return any(page == path or page.startswith(f"{path}/") for path in (self.path, *self.others))


_DISPATCHERS, _STEWARDS = attrgetter("is_dispatcher"), attrgetter("is_steward")

PLACES = (
    Place(
        "/dispatch",
        _("Needs and offers"),
        _DISPATCHERS,
        ("/call", "/plain-list", "/questions", "/shares", "/shift"),
    ),
    Place("/enquiries", _("Messages"), _DISPATCHERS),
    Place("/responses", _("Offers of help"), _DISPATCHERS),
    Place("/tasks", _("Shared tasks"), _DISPATCHERS),
    Place("/board", _("Board"), attrgetter("is_helper")),
    Place("/announcements", _("Announcements")),
    Place("/resources", _("Places")),
    Place("/feed", _("From others"), others=("/capacity",)),
    Place(
        "/peers",
        _("Neighbours"),
        _STEWARDS,
        (
            "/blocks",
            "/following",
            "/heir",
            "/introductions",
            "/lists",
            "/moving",
            "/network",
            "/reports",
            "/rest",
        ),
    ),
    Place("/settings", _("Our ways"), _STEWARDS, ("/health", "/people", "/practice", "/spreadsheet")),
)


def place_of(page: str) -> Place | None:
    """The place that the page at this path belongs to; None where it is none of the desk's."""
    return next((place for place in PLACES if place.holds(page)), None)


def places_for(member: Member) -> tuple[Place, ...]:
    """The places that this member sees, in their order."""
    return tuple(place for place in PLACES if place.is_for(member))
