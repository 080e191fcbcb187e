"""Reading what followed communities show us."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.errors import NotFound
from node.domain.feed import FeedItem, FeedKind
from node.domain.peers import RemoteActor, host_of, name_among
from node.domain.phrases import say
from node.domain.responses import Response
from node.services.community import Community
from node.services.paging import Page, page, page_size, read_cursor
from node.storage.unit_of_work import UnitOfWork

MOST_PLACES = 200
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class FeedEntry:
    """A notice of another community, whose it is, and our newest answer to it if we gave one.

    `resting_until` is until when that community said that it rests; it may be over. `is_post` tells that it is no
    word between communities but something that somebody in the fediverse posted.
    """

    item: FeedItem
    origin_name: str
    origin_host: str
    own_response: Response | None
    resting_until: datetime | None = None
    is_post: bool = False


async def listing(
    community: Community,
    kind: FeedKind | None = None,
    origin: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[FeedEntry]:
    """Notices of followed communities, newest first; `origin` is a host."""
    size = page_size(limit)
    async with community.database.reading() as work:
        items = await work.feed.page(kind, origin, read_cursor(after), size + 1)
        cut = page(items, size, lambda item: (item.received_at, item.id))
        return Page(await _entries(work, cut.items), cut.next)


async def places(community: Community, category: str | None, q: str | None) -> tuple[FeedEntry, ...]:
    """Places and services that followed communities tell us of, those checked last first; at most MOST_PLACES."""
    async with community.database.reading() as work:
        return await _entries(work, await work.feed.places(category, (q or "")[:LONGEST_SEARCH] or None, MOST_PLACES))


async def get(community: Community, item_id: str) -> FeedEntry:
    """One notice. Raises NotFound."""
    async with community.database.reading() as work:
        item = await work.feed.get(item_id)
        if item is None or item.kind is FeedKind.CAPACITY:
            raise NotFound(say("This notice is not here any more. Its community may have taken it back."))
        return (await _entries(work, (item,)))[0]


def _is_post(item: FeedItem, actor: RemoteActor | None) -> bool:
    return item.kind is FeedKind.ANNOUNCEMENT and actor is not None and not actor.is_manyhands


async def _entries(work: UnitOfWork, items: tuple[FeedItem, ...]) -> tuple[FeedEntry, ...]:
    actors = await work.peers.actors(item.actor for item in items)
    answers: dict[str, Response] = {}
    for response in await work.responses.of_items({item.id for item in items}):
        answers.setdefault(response.feed_item_id or "", response)
    return tuple(
        FeedEntry(
            item,
            name_among(actors, item.actor),
            host_of(item.actor),
            answers.get(item.id),
            actors[item.actor].resting_until if item.actor in actors else None,
            _is_post(item, actors.get(item.actor)),
        )
        for item in items
    )
