"""Members' devices that are told by Web Push, each in a box."""

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.devices import Device
from node.storage.tables import push_devices
from node.storage.vault import Vault

_BOXED = ("endpoint", "point", "secret")


class Devices:
    """Only of members who want to be told on them. Where a device takes messages is known to nobody who has no key."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    async def put(self, device: Device) -> None:
        """Keep a device, in place of what was known of the same browser, whoever's it was."""
        mark = self._vault.fingerprint(f"device {device.endpoint}").hex()
        await self._connection.execute(delete(push_devices).where(push_devices.c.mark == mark))
        said = {name: value for name, value in asdict(device).items() if name in _BOXED}
        box = self._vault.wrap(json.dumps(said).encode(), _label(device.id))
        row = {"id": device.id, "member_id": device.member_id, "added_at": device.added_at, "mark": mark, "box": box}
        await self._connection.execute(insert(push_devices).values(row))

    async def of(self, member_id: str) -> tuple[Device, ...]:
        """A member's devices, the oldest first. Raises CannotOpen."""
        query = select(push_devices).where(push_devices.c.member_id == member_id)
        found = await self._connection.execute(query.order_by(push_devices.c.added_at, push_devices.c.id))
        return tuple(self._device(row) for row in found)

    async def members(self) -> tuple[str, ...]:
        """The members who have one; none is opened."""
        return tuple(await self._connection.scalars(select(push_devices.c.member_id).distinct()))

    async def forget(self, device_id: str, member_id: str) -> None:
        """This member is not told on that device any more."""
        mine = (push_devices.c.id == device_id) & (push_devices.c.member_id == member_id)
        await self._connection.execute(delete(push_devices).where(mine))

    async def forget_of(self, member_id: str) -> None:
        """This member is told on no device any more."""
        await self._connection.execute(delete(push_devices).where(push_devices.c.member_id == member_id))

    async def forget_all(self) -> None:
        """Nobody is told on any device any more."""
        await self._connection.execute(delete(push_devices))

    def _device(self, row: Row[Any]) -> Device:
        said = json.loads(self._vault.unwrap(row.box, _label(row.id)))
        return Device(row.id, row.member_id, row.added_at, **said)


def _label(device_id: str) -> str:
    return f"device {device_id}"
