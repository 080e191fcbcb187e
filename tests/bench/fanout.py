"""One activity for 2,000 inboxes, put into the outbox by the node and by the plain driver."""

import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import uvloop
from sqlalchemy import delete

from node.domain.peers import OwnActor
from node.serving import keep_what_is_there
from node.storage.database import Database
from node.storage.outbox import OutgoingActivity
from node.storage.tables import activities, outbox
from tests.bench.posts import note_body
from tests.bench.processes import configuration, obey
from tests.bench.store import make_file, open_file, open_plainly

AUTHOR = "https://aid.north.example/actors/public"
INTO_ACTIVITIES = (
    "INSERT INTO activities (id, own_actor, type, object_key, share_id, public, sent_to, body, published_at)"
    " VALUES (?, 'public', 'Create', ?, NULL, 1, '[]', ?, ?)"
)
#: The least a queue could be: no index but its key.
DELIVERIES = (
    "CREATE TABLE deliveries (id INTEGER PRIMARY KEY, activity_id TEXT NOT NULL, inbox TEXT NOT NULL,"
    " due_at TEXT NOT NULL, state TEXT NOT NULL)"
)
INTO_DELIVERIES = "INSERT INTO deliveries (activity_id, inbox, due_at, state) VALUES (?, ?, ?, 'waiting')"


async def main(given: dict[str, Any]) -> None:
    """Measure what is asked for until stdin ends."""
    folders = [Path(given["folder"]) / name for name in ("own", "plain")]
    for folder in folders:
        folder.mkdir()
    own, plain = [await make_file(folder) for folder in folders]
    database, connection = open_file(own), open_plainly(plain)
    connection.execute(DELIVERIES)
    inboxes = [f"https://peer{n}.example/inbox" for n in range(given["inboxes"])]
    keep_what_is_there()

    async def answer(asked: dict[str, Any]) -> dict[str, Any]:
        if asked["do"] == "clear":
            await _clear(database)
            _clear_plainly(connection)
            return {}
        start = time.process_time()
        for _ in range(asked["times"]):
            if asked["do"] == "own":
                await _add(database, inboxes)
            else:
                _add_plainly(connection, inboxes)
        return {"seconds": time.process_time() - start}

    await obey({}, answer)
    await database.close()


async def _add(database: Database, inboxes: list[str]) -> None:
    now, name = datetime.now(UTC), uuid4().hex
    activity = OutgoingActivity(
        f"https://aid.north.example/a/{name}", OwnActor.PUBLIC, "Create", name, note_body(AUTHOR, now), now, None, True
    )
    async with database.unit_of_work() as work:
        await work.outbox.add(activity, inboxes, now)


async def _clear(database: Database) -> None:
    async with database.unit_of_work() as work:
        await work.connection.execute(delete(outbox))
        await work.connection.execute(delete(activities))


def _add_plainly(connection: sqlite3.Connection, inboxes: list[str]) -> None:
    now, name = datetime.now(UTC), uuid4().hex
    activity, moment = f"https://aid.north.example/a/{name}", f"{now:%Y-%m-%d %H:%M:%S.%f}"
    rows = [(activity, inbox, moment) for inbox in inboxes]
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(INTO_ACTIVITIES, (activity, name, note_body(AUTHOR, now), moment))
    connection.executemany(INTO_DELIVERIES, rows)
    connection.execute("COMMIT")


def _clear_plainly(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM deliveries")
    connection.execute("DELETE FROM activities")


if __name__ == "__main__":
    uvloop.run(main(configuration()))
