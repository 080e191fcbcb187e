"""What is open to everyone as Atom feeds (RFC 4287), for feed readers and for a group's own website.

They hold what the public pages hold, and no more.
"""

import re
from functools import partial
from hashlib import sha256
from xml.etree import ElementTree as Xml

from aiohttp import ETag, web

from node.context import community_of
from node.domain.feed import FeedKind
from node.services import notice_board
from node.services.community import Community, profile
from node.services.notice_board import PublicNotice

ATOM = "http://www.w3.org/2005/Atom"
#: Seconds for which whoever fetched a feed may show what it has.
FRESH = 300
MOST_ENTRIES = 50

_KINDS = {"needs": FeedKind.NEED, "offers": FeedKind.OFFER, "announcements": FeedKind.ANNOUNCEMENT}
#: What XML 1.0 has no way to write.
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


async def get_feed(name: str, request: web.Request) -> web.Response:
    """The newest open needs, offers or announcements that are for everyone; 304 for whoever has exactly these."""
    community = community_of(request)
    board = await notice_board.board(community, notice_board.EVERYTHING)
    notices = [one for one in board.notices if one.seen.kind is _KINDS[name]][:MOST_ENTRIES]
    feed = _feed(community, name, (await profile(community)).name, notices)
    body = Xml.tostring(feed, encoding="utf-8", xml_declaration=True)
    tag = ETag(sha256(body).hexdigest()[:32])
    headers = {"Cache-Control": f"public, max-age={FRESH}", "ETag": f'"{tag.value}"'}
    if tag in (request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, content_type="application/atom+xml", charset="utf-8", headers=headers)


def setup(app: web.Application) -> None:
    """Give the application `/feeds/needs.atom`, `/feeds/offers.atom` and `/feeds/announcements.atom`."""
    app.add_routes([web.get(f"/feeds/{name}.atom", partial(get_feed, name)) for name in _KINDS])


def _feed(community: Community, name: str, community_name: str, notices: list[PublicNotice]) -> Xml.Element:
    """A feed of these notices; as old as the newest of them, or as its community where it is empty."""
    address = f"{community.base_url}/feeds/{name}.atom"
    feed = Xml.Element("feed", xmlns=ATOM)
    _add(feed, "id", address)
    _add(feed, "title", f"{community_name}: {name}")
    _add(feed, "updated", max((one.seen.updated_at.isoformat() for one in notices), default="1970-01-01T00:00:00Z"))
    _add(feed, "link", rel="self", type="application/atom+xml", href=address)
    _add(feed, "link", rel="alternate", type="text/html", href=f"{community.base_url}/tags/{notice_board.EVERYTHING}")
    _add(_add(feed, "author"), "name", community_name)
    for one in notices:
        _add_entry(feed, community, one)
    return feed


def _add_entry(feed: Xml.Element, community: Community, notice: PublicNotice) -> None:
    seen = notice.seen
    entry = _add(feed, "entry")
    if seen.language:
        entry.set("xml:lang", seen.language)
    _add(entry, "id", seen.object_id)
    _add(entry, "title", seen.title)
    _add(entry, "published", seen.published_at.isoformat())
    _add(entry, "updated", seen.updated_at.isoformat())
    _add(entry, "link", rel="alternate", type="text/html", href=community.addresses.page(seen.id))
    if not notice.is_told:
        _add(entry, "category", term=seen.category)
    _add(entry, "summary", "\n\n".join(filter(None, (notice.text, seen.area))), type="text")


def _add(parent: Xml.Element, name: str, text: str = "", **attributes: str) -> Xml.Element:
    element = Xml.SubElement(parent, name, attributes)
    element.text = _UNWRITABLE.sub("", text) or None
    return element
