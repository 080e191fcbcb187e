"""New notes of actors we follow: most of what a community receives, kept many at once."""

from collections.abc import Sequence

from node.domain.peers import Direction, OwnActor, host_of
from node.services.community import Community
from node.services.copies import keep_all
from node.services.received.forwarding import may_be_for_followers
from node.services.received.prepare import Prepared, Trouble, is_own_note
from node.services.sending import heard_from
from node.storage.unit_of_work import UnitOfWork
from schemas.activities import Create
from schemas.fields import is_public
from schemas.objects import Note


def is_post(community: Community, prepared: Prepared | Trouble) -> bool:
    """Whether this is a note of an actor known here that says nothing about a notice of ours and is not passed on."""
    if not isinstance(prepared, Prepared) or prepared.actor is None or prepared.is_new or prepared.fetched is not None:
        return False
    activity = prepared.activity
    if not is_own_note(community, activity) or community.remote.boundaries.keeps_out(activity.actor):
        return False
    note = _note(prepared)
    return not _is_answer(community, note) and not may_be_for_followers(community, prepared.body)


async def keep_posts(community: Community, work: UnitOfWork, posts: Sequence[Prepared]) -> tuple[bool, ...]:
    """Keep those whose authors we follow, and tell for each whether that is done; the others are handled one by one.

    For each of `posts`, `is_post` must be true. What `handle` would do with one of them, this does with all.
    """
    accepted = await work.peers.accepted(Direction.OUTGOING, {one.activity.actor for one in posts})
    for_whom = {actor: own for own in (OwnActor.PUBLIC, OwnActor.PEERS) for by, actor in accepted if by is own}
    followed = [one for one in posts if one.activity.actor in for_whom]
    await heard_from(community, work, {host for one in followed for host in _hosts(one)})
    await keep_all(community, work, [(_note(one), for_whom[one.activity.actor]) for one in followed])
    return tuple(one.activity.actor in for_whom for one in posts)


def _is_answer(community: Community, note: Note) -> bool:
    """Whether it may be an answer to something of ours, or go on with a conversation that is private."""
    if note.in_reply_to is None:
        return False
    return host_of(note.in_reply_to) in community.hosts or not is_public(note.to + note.cc)


def _note(prepared: Prepared) -> Note:
    activity = prepared.activity
    assert isinstance(activity, Create) and isinstance(activity.object, Note)
    return activity.object


def _hosts(prepared: Prepared) -> set[str]:
    hosts = {host_of(prepared.activity.actor)}
    return hosts if prepared.actor is None else hosts | {host_of(prepared.actor.inbox)}
