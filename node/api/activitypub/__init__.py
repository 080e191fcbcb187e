"""ActivityPub's doors: actors, inboxes, what was shared, collections."""

from aiohttp import web

from node.api.activitypub import actors, collections, inbox, objects

__all__ = ["setup"]


def setup(app: web.Application) -> None:
    """Register them all."""
    app.router.add_routes((*actors.ROUTES, *inbox.ROUTES, *objects.ROUTES, *collections.ROUTES))
