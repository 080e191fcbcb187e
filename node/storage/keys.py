"""The private keys of our three actors, wrapped by the vault."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.peers import OwnActor
from node.storage.tables import actor_keys
from node.storage.vault import Vault


@dataclass(frozen=True)
class StoredKey:
    """One private key as PEM; `kind` is `rsa` or `ed25519`."""

    key_id: str
    own_actor: OwnActor
    kind: str
    private_pem: bytes
    created_at: datetime


@dataclass(frozen=True)
class ListedKey:
    """What may be known of a key without opening it."""

    key_id: str
    own_actor: OwnActor
    kind: str
    created_at: datetime


class ActorKeys:
    """Private keys rest wrapped and are unwrapped once, when the server starts.

    `changed` tells that there are others now.
    """

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault
        self.changed = False

    async def add(self, key: StoredKey) -> None:
        """Store a new key."""
        self.changed = True
        await self._connection.execute(
            insert(actor_keys).values(
                key_id=key.key_id,
                own_actor=key.own_actor,
                kind=key.kind,
                private_pem_wrapped=self._vault.wrap(key.private_pem, key.key_id),
                created_at=key.created_at,
            )
        )

    async def remove(self, key_ids: Iterable[str]) -> None:
        """Erase these keys."""
        self.changed = True
        await self._connection.execute(delete(actor_keys).where(actor_keys.c.key_id.in_(set(key_ids))))

    async def listing(self) -> tuple[ListedKey, ...]:
        """Every key, without its secret."""
        columns = (actor_keys.c.key_id, actor_keys.c.own_actor, actor_keys.c.kind, actor_keys.c.created_at)
        rows = await self._connection.execute(select(*columns))
        return tuple(ListedKey(row.key_id, OwnActor(row.own_actor), row.kind, row.created_at) for row in rows)

    async def all(self) -> tuple[StoredKey, ...]:
        """Every key. Raises CannotOpen under a wrong master key."""
        rows = await self._connection.execute(select(actor_keys))
        return tuple(
            StoredKey(
                row.key_id,
                OwnActor(row.own_actor),
                row.kind,
                self._vault.unwrap(row.private_pem_wrapped, row.key_id),
                row.created_at,
            )
            for row in rows
        )
