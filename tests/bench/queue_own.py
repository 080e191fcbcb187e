"""The outbox as a queue: claim a batch, settle it, until nothing is left."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import uvloop
from sqlalchemy import delete

from node.domain.peers import OwnActor
from node.serving import keep_what_is_there
from node.storage.database import Database
from node.storage.migrate import migrate
from node.storage.outbox import DeliveryOutcome, OutgoingActivity
from node.storage.tables import activities, outbox
from node.storage.vault import Vault
from tests.bench.processes import configuration, obey

BATCH = 50
BODY = b"{}"


async def main(given: dict[str, Any]) -> None:
    """Fill and empty the queue as asked until stdin ends."""
    folder = Path(given["folder"])
    database = Database(given["database_url"], Vault(bytes(32)))
    await migrate(database, folder / "backups", datetime.now(UTC))
    keep_what_is_there()

    async def answer(asked: dict[str, Any]) -> dict[str, Any]:
        if asked["do"] == "fill":
            await _fill(database, asked["jobs"])
            return {}
        return {"done": await _empty(database)}

    await obey({}, answer)
    await database.close()


async def _fill(database: Database, jobs: int) -> None:
    now = datetime.now(UTC)
    async with database.unit_of_work() as work:
        await work.connection.execute(delete(outbox))
        await work.connection.execute(delete(activities))
        for _ in range(jobs // BATCH):
            name = uuid4().hex
            activity = OutgoingActivity(
                f"https://aid.north.example/a/{name}", OwnActor.PUBLIC, "Create", name, BODY, now, None, True
            )
            await work.outbox.add(activity, [f"https://peer{n}.example/inbox" for n in range(BATCH)], now)
        await work.connection.exec_driver_sql("ANALYZE")


async def _empty(database: Database) -> int:
    """As the worker does it: what became of one batch is stored with the claim of the next."""
    done, outcomes = 0, list[DeliveryOutcome]()
    while True:
        async with database.queueing() as work:
            await work.outbox.settle(outcomes)
            claimed = await work.outbox.claim(datetime.now(UTC), BATCH)
        done += len(outcomes)
        if not claimed:
            return done
        outcomes = [DeliveryOutcome(one.id, delivered=True) for one in claimed]


if __name__ == "__main__":
    uvloop.run(main(configuration()))
