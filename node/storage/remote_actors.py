"""Other servers' actors as rows."""

from typing import Any

from sqlalchemy import Row

from node.domain.peers import RemoteActor


def actor_of(row: Row[Any]) -> RemoteActor:
    """The actor that a row holds."""
    return RemoteActor(
        id=row.id,
        type=row.type,
        username=row.username,
        name=row.name,
        inbox=row.inbox,
        shared_inbox=row.shared_inbox,
        url=row.url,
        summary=row.summary,
        is_manyhands=row.is_manyhands,
        fetched_at=row.fetched_at,
        takes_rfc9421=row.takes_rfc9421,
        resting_until=row.resting_until,
        keys=tuple(row.keys),
        link_text=row.link_text,
    )


def values_of(actor: RemoteActor) -> dict[str, object]:
    """The row that an actor makes."""
    return {
        "id": actor.id,
        "host": actor.host,
        "type": actor.type,
        "username": actor.username,
        "name": actor.name,
        "inbox": actor.inbox,
        "shared_inbox": actor.shared_inbox,
        "url": actor.url,
        "summary": actor.summary,
        "is_manyhands": actor.is_manyhands,
        "takes_rfc9421": actor.takes_rfc9421,
        "fetched_at": actor.fetched_at,
        "resting_until": actor.resting_until,
        "keys": list(actor.keys),
        "link_text": actor.link_text,
    }
