"""Doors for machines."""

from aiohttp import web

from node.api import activitypub, calendar, coordination, feeds, health, heirs, wellknown
from node.api.v1.calls import setup as setup_v1

__all__ = ["setup"]


def setup(app: web.Application) -> None:
    """Register every machine's door."""
    health.setup(app)
    wellknown.setup(app)
    feeds.setup(app)
    calendar.setup(app)
    activitypub.setup(app)
    coordination.setup(app)
    heirs.setup(app)
    setup_v1(app)
