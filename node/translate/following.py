"""Follow, and what answers or ends it."""

from node.domain.peers import Direction
from node.domain.peers import Follow as FollowRelation
from schemas.activities import Accept, Delete, Follow, Move, Reject, Undo


def follow(relation: FollowRelation, own_id: str) -> Follow:
    """The Follow activity of a relation, in whichever direction it goes (protocol 2.7)."""
    actor, followed = (own_id, relation.remote_actor)
    if relation.direction is Direction.INCOMING:
        actor, followed = followed, actor
    return Follow(id=relation.activity_id, actor=actor, object=followed, to=(followed,))


def accept(activity_id: str, relation: FollowRelation, own_id: str) -> Accept:
    """Our yes to a Follow, which is embedded whole: other servers need it (protocol 1.4 #6)."""
    embedded = follow(relation, own_id)
    return Accept(
        id=activity_id, actor=own_id, to=(relation.remote_actor,), object=relation.activity_id, embedded=embedded
    )


def reject(activity_id: str, relation: FollowRelation, own_id: str) -> Reject:
    """Our no to a Follow; sent later it removes the follower."""
    embedded = follow(relation, own_id)
    return Reject(
        id=activity_id, actor=own_id, to=(relation.remote_actor,), object=relation.activity_id, embedded=embedded
    )


def undo(activity_id: str, relation: FollowRelation, own_id: str) -> Undo:
    """We follow no longer."""
    embedded = follow(relation, own_id)
    return Undo(
        id=activity_id, actor=own_id, to=(relation.remote_actor,), object=relation.activity_id, embedded=embedded
    )


def move(activity_id: str, old_id: str, new_id: str, to: str) -> Move:
    """Our actor goes on as another of ours (FEP-7628)."""
    return Move(id=activity_id, actor=old_id, to=(to,), object=old_id, target=new_id)


def gone(activity_id: str, own_id: str, to: tuple[str, ...]) -> Delete:
    """One of our actors is no more (ActivityPub 7.4; protocol 84)."""
    return Delete(id=activity_id, actor=own_id, to=to, object=own_id)


def receipt(activity_id: str, own_id: str, delete_id: str, owner: str) -> Accept:
    """Our copy is erased (protocol 2.13)."""
    return Accept(id=activity_id, actor=own_id, to=(owner,), object=delete_id)
