"""The keyring: the master key and every key it wraps, taken out of the database and put back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Column, LargeBinary, Table, delete, insert, select

from node.storage.columns import Moment
from node.storage.database import Database
from node.storage.tables import actor_keys, sealed_keys
from node.storage.vault import CannotOpen, Vault

FORMAT = 1
TABLES: Mapping[str, Table] = {str(table.name): table for table in (sealed_keys, actor_keys)}
Row = Mapping[str, Any]
Keys = Mapping[str, Sequence[Row]]


@dataclass(frozen=True)
class Keyring:
    """Everything that opens what is sealed, as it was at `made_at`; `keys` by table.

    `kept` are the notices that nobody had erased by then: whatever else comes back with older data was erased.
    """

    community: str
    base_url: str
    config: str
    made_at: datetime
    master_key: bytes
    keys: Keys
    kept: frozenset[str]

    @property
    def notice_ids(self) -> frozenset[str]:
        """The notices whose sealed note it opens."""
        return frozenset(row["notice_id"] for row in self.keys[sealed_keys.name])

    def check(self) -> None:
        """Raise CannotOpen unless every key opens under the master key."""
        vault = Vault(self.master_key)
        for row in self.keys[sealed_keys.name]:
            vault.unwrap(row["wrapped_key"], row["notice_id"])
        for row in self.keys[actor_keys.name]:
            vault.unwrap(row["private_pem_wrapped"], row["key_id"])


async def read_keys(database: Database) -> Keys:
    """Every wrapped key, as it lies in the database."""
    async with database.reading() as work:
        return {
            name: [dict(row._mapping) for row in await work.connection.execute(select(table))]
            for name, table in TABLES.items()
        }


async def put_keys(database: Database, keys: Keys) -> None:
    """Put these keys in place of all that are there, all or nothing."""
    async with database.unit_of_work() as work:
        await work.erase_for_good()
        for name, table in TABLES.items():
            await work.connection.execute(delete(table))
            if keys[name]:
                await work.connection.execute(insert(table), [dict(row) for row in keys[name]])
        work.keys.changed = True


def dump(keyring: Keyring) -> bytes:
    """The keyring as JSON."""
    return orjson.dumps(
        {
            "manyhands": "keyring",
            "format": FORMAT,
            "community": keyring.community,
            "base_url": keyring.base_url,
            "config": keyring.config,
            "made_at": keyring.made_at.isoformat(),
            "master_key": keyring.master_key.hex(),
            "kept": sorted(keyring.kept),
            "keys": {name: [_shown(row) for row in rows] for name, rows in keyring.keys.items()},
        }
    )


def parse(text: bytes) -> Keyring:
    """What `dump` wrote. Raises CannotOpen for anything else."""
    try:
        read = orjson.loads(text)
        if (read["manyhands"], read["format"]) != ("keyring", FORMAT):
            raise CannotOpen("This keyring was written by a newer manyhands. Install that one, then try again.")
        return Keyring(
            community=read["community"],
            base_url=read["base_url"],
            config=read["config"],
            made_at=datetime.fromisoformat(read["made_at"]),
            master_key=bytes.fromhex(read["master_key"]),
            keys={name: [_read(table, row) for row in read["keys"][name]] for name, table in TABLES.items()},
            kept=frozenset(read["kept"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CannotOpen("The keyring is damaged.") from error


def _shown(row: Row) -> dict[str, Any]:
    return {str(name): value.hex() if isinstance(value, bytes) else value for name, value in row.items()}


def _read(table: Table, row: Mapping[str, Any]) -> Row:
    return {column.name: _value(column, row[column.name]) for column in table.columns}


def _value(column: Column[Any], value: Any) -> Any:
    if isinstance(column.type, LargeBinary):
        return bytes.fromhex(value)
    return datetime.fromisoformat(value) if isinstance(column.type, Moment) else value
