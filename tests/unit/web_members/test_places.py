"""Whoever reads a page of the desk sees at which of its places they are."""

from typing import Final

from node.web.places import place_of
from node.web.routes import ROUTES

#: Pages of whoever asks, offers or comes by; of one's own account; and what no person reads.
ELSEWHERE: Final = frozenset(
    "ask away embed feeds join language leave logo no-mail offer p paper r sign-in still tags".split()
    + "account first-steps keeping report seal".split()
    + "calendar.ics code manifest.webmanifest needs.txt offline robots.txt service-worker.js static".split()
)


def test_every_page_of_the_desk_belongs_to_a_place() -> None:
    pages = {route.path for route in ROUTES if route.method == "GET" and route.path != "/"}
    assert {path for path in pages if place_of(path) is None and path.split("/")[1] not in ELSEWHERE} == set()
    assert place_of("/shares/7/stop") == place_of("/dispatch")
    assert place_of("/callers") is None
