"""What a request needs to find: the community it is made to, and the journal it may be written into."""

from aiohttp import web

from node.services.community import Community
from node.storage.journal import JournalWriter

COMMUNITY = web.AppKey("community", Community)
JOURNAL = web.AppKey("journal", JournalWriter)


def community_of(request: web.Request) -> Community:
    """The community this request is made to."""
    return request.app[COMMUNITY]
