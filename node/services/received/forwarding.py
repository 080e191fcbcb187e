"""Inbox forwarding (ActivityPub 7.1.2): what was sent to our followers about a notice of ours reaches all of them.

Exactly when it is here for the first time, is addressed to the followers of our public actor, and leads to a public
notice of ours. The bytes go on as they came; who reads them verifies them with their author (protocol 112, 113).
The peers feed is never a way for others: nobody but ourselves speaks there.
"""

from collections.abc import Iterator

from federation.addressing import deliveries
from node.domain.peers import OwnActor, host_of
from node.domain.shares import Level
from node.services.community import Community
from node.services.outgoing import known_actors, recipients
from node.services.received.prepare import Prepared
from node.storage.outbox import OutgoingActivity
from node.storage.unit_of_work import UnitOfWork
from schemas.fields import Document, Json, as_list, is_public, load, many_ids

DEPTH = 3
LONGEST_ID = 500
_LEADS = ("object", "inReplyTo", "target", "tag")


async def forward(community: Community, work: UnitOfWork, prepared: Prepared) -> None:
    """Pass an activity on to the addressed followers of ours, if all three conditions hold and all of it is public."""
    followers = community.addresses.followers(OwnActor.PUBLIC)
    if not may_be_for_followers(community, prepared.body):
        return
    document = load(prepared.body)
    addressed = [one for key in ("to", "cc", "audience") for one in many_ids(document.get(key))]
    activity = prepared.activity
    if followers not in addressed or not is_public(tuple(str(one) for one in addressed)) or activity.id is None:
        return
    if len(activity.id) > LONGEST_ID or await work.outbox.activity(activity.id) is not None:
        return
    if not await _is_about_ours(community, work, document):
        return
    readers = await known_actors(work, await work.peers.followers(OwnActor.PUBLIC))
    others = tuple(actor for actor in readers if actor.host != host_of(activity.actor))
    passed_on = OutgoingActivity(
        id=activity.id,
        own_actor=OwnActor.PUBLIC,
        type=activity.type,
        object_key=activity.id,
        body=prepared.body,
        published_at=community.now(),
    )
    await work.outbox.add(passed_on, deliveries(recipients(others), use_shared=True), community.now())


def may_be_for_followers(community: Community, body: bytes) -> bool:
    """False where a body cannot name the followers of our public actor, however it is read."""
    return community.addresses.followers(OwnActor.PUBLIC).encode() in body.replace(b"\\/", b"/")


async def _is_about_ours(community: Community, work: UnitOfWork, document: Document) -> bool:
    """Whether it leads, within itself, to a public notice of ours that is shown. Nothing is fetched for this."""
    for found in {one for one in leads(document) if host_of(one) == community.host}:
        published = await work.shares.by_object(found)
        if published is not None and published.share.is_shown and published.share.level == Level.PUBLIC:
            return True
    return False


def leads(document: Document, depth: int = DEPTH) -> Iterator[str]:
    """Every id that `object`, `inReplyTo`, `target` or `tag` lead to, no deeper than `depth`."""
    for key in _LEADS:
        for value in as_list(document.get(key)):
            yield from _led_to(value, depth)


def _led_to(value: Json, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (name for name in (value.get("id"), value.get("href")) if isinstance(name, str))
        if depth > 1:
            yield from leads(value, depth - 1)
