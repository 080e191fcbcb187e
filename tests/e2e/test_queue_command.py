"""`manyhands queue`: what waits to be sent, tried again or given up."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from node.domain.peers import OwnActor
from node.settings import load_settings
from node.storage.database import Database
from node.storage.master_key import open_vault
from node.storage.outbox import DeliveryOutcome, OutgoingActivity
from tests.e2e.commands import manyhands, refused

THERE = "https://river.example/inbox"


async def something_waits(home: Path) -> None:
    """A first try to reach somebody failed a moment ago; the next one is tomorrow."""
    now = datetime.now(UTC)
    database = Database(load_settings(home).database_url, open_vault(home))
    try:
        async with database.unit_of_work() as work:
            for number, kind in enumerate(("Create", "Delete")):
                said = OutgoingActivity(
                    f"https://x.example/a/{number}", OwnActor.PUBLIC, kind, f"o{number}", b"{}", now
                )
                await work.outbox.add(said, [THERE], now)
            claimed = await work.outbox.claim(now, 9)
            why = "The other server answered with status 503."
            tomorrow = now + timedelta(days=1)
            await work.outbox.settle(DeliveryOutcome(one.id, False, tomorrow, why) for one in claimed)
    finally:
        await database.close()


def test_what_waits_is_listed_tried_again_and_given_up(home: Path) -> None:
    assert manyhands("queue", "list", data_dir=home).out == "Nothing waits, and every neighbour answers.\n"
    refused(manyhands("queue", "retry", "river.example", data_dir=home), 1, "river.example")
    asyncio.run(something_waits(home))
    listed = manyhands("queue", "list", data_dir=home).out
    assert listed.startswith("river.example; something waits since ") and "fault 503." in listed
    tomorrow = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}"
    assert f"next try {tomorrow}" in listed
    assert manyhands("queue", "retry", "river.example", data_dir=home).status == 0
    assert f"next try {tomorrow}" not in manyhands("queue", "list", data_dir=home).out
    assert "goes on waiting" in manyhands("queue", "drop", "river.example", data_dir=home).out
    assert manyhands("queue", "list", data_dir=home).out.count("\n") == 1, "what asks to erase something waits"
    refused(manyhands("queue", data_dir=home), 2)
