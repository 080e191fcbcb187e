"""Outbox, followers, following and featured (protocol 31 to 35)."""

from functools import partial

import orjson
from aiohttp import web

from node.api.activitypub.requests import HOUR, answer, busy, reader_of
from node.context import community_of
from node.domain.errors import TooManyTries
from node.domain.peers import OwnActor
from node.services import published, synchronising
from node.services.community import Community
from node.services.published import Shown
from schemas.collections import OrderedCollection, OrderedCollectionPage
from schemas.fields import Document

PAGE = 40
OPEN = frozenset({"open", "partly-met"})


async def get_outbox(own: OwnActor, request: web.Request) -> web.Response:
    """What this actor shows this reader; `?page=N` gives 40 Creates, newest first."""
    community, is_private = community_of(request), own is not OwnActor.PUBLIC
    reader = await reader_of(request)
    if is_private and reader.trouble is not None:  # an empty one would be believed
        return reader.finds_nothing()
    shown = await published.visible(community, own, reader.actor)
    outbox = f"{community.addresses.actor(own)}/outbox"
    number = request.query.get("page", "")
    if not number.isascii() or not number.isdigit() or int(number[:6]) < 1:
        first = f"{outbox}?page=1" if shown else None
        return answer(OrderedCollection(id=outbox, total_items=len(shown), first=first), private=is_private)
    start = (int(number[:6]) - 1) * PAGE
    try:
        if is_private and reader.actor is not None:
            read = tuple(one.share for one in shown[start : start + PAGE])
            await published.remember_reader(community, read, reader.actor)
    except TooManyTries as error:
        return busy(error.wait or HOUR)
    return answer(_page(outbox, int(number[:6]), shown), private=is_private)


async def get_featured(own: OwnActor, request: web.Request) -> web.Response:
    """What is open and public now: a new follower's server reads it (protocol 2.2)."""
    community = community_of(request)
    shown = await published.visible(community, own, None)
    items = tuple(note for note in map(_plain, shown) if note.get("status", "open") in OPEN)[:PAGE]
    return answer(_collection(community, own, "featured", items))


async def get_followers(own: OwnActor, request: web.Request) -> web.Response:
    """The number alone."""
    community = community_of(request)
    total = await published.follower_count(community, own)
    return answer(OrderedCollection(id=community.addresses.followers(own), total_items=total))


async def get_partial_followers(request: web.Request) -> web.Response:
    """The followers of the peers feed on the reader's own server, for that server alone (protocol 37, FEP-8fcf)."""
    community = community_of(request)
    reader = await reader_of(request)
    if reader.actor is None:
        return reader.finds_nothing()
    found = await synchronising.partial_followers(community, reader.actor)
    url = community.addresses.followers_synchronization(OwnActor.PEERS)
    return answer(OrderedCollection(id=url, total_items=len(found), ordered_items=found), private=True)


async def get_following(own: OwnActor, request: web.Request) -> web.Response:
    """Whom we follow is nobody's business: an empty collection."""
    community = community_of(request)
    return answer(OrderedCollection(id=f"{community.addresses.actor(own)}/following", total_items=0))


async def refuse_post(_request: web.Request) -> web.Response:
    """There is no client-to-server protocol here (protocol 64, 145)."""
    return web.Response(status=405, headers={"Allow": "GET"}, text="Only GET is taken here.\n")


def _page(outbox: str, number: int, shown: tuple[Shown, ...]) -> OrderedCollectionPage:
    start = (number - 1) * PAGE
    has_more = len(shown) > start + PAGE
    return OrderedCollectionPage(
        id=f"{outbox}?page={number}",
        part_of=outbox,
        next=f"{outbox}?page={number + 1}" if has_more else None,
        prev=f"{outbox}?page={number - 1}" if number > 1 else None,
        ordered_items=tuple(_created(one) for one in shown[start : start + PAGE]),
    )


def _collection(community: Community, own: OwnActor, name: str, items: tuple[Document, ...]) -> OrderedCollection:
    return OrderedCollection(id=f"{community.addresses.actor(own)}/{name}", total_items=len(items), ordered_items=items)


def _created(one: Shown) -> Document:
    note = _plain(one)
    return {
        "id": one.create_id,
        "type": "Create",
        "actor": note["attributedTo"],
        "published": note["published"],
        "to": note["to"],
        "cc": note["cc"],
        "object": note,
    }


def _plain(one: Shown) -> Document:
    note: Document = orjson.loads(one.document)
    note.pop("@context", None)
    return note


ROUTES = (
    *(web.get(f"/actors/{own}/outbox", partial(get_outbox, own)) for own in OwnActor),
    *(web.route("*", f"/actors/{own}/outbox", refuse_post) for own in OwnActor),
    *(web.get(f"/actors/{own}/followers", partial(get_followers, own)) for own in OwnActor),
    *(web.get(f"/actors/{own}/following", partial(get_following, own)) for own in OwnActor),
    web.get("/actors/peers/followers_synchronization", get_partial_followers),
    web.get("/actors/public/featured", partial(get_featured, OwnActor.PUBLIC)),
)
