"""The node itself: its doors, its journal, its worker, as `manyhands serve` puts them together.

With `stubbed`, the journal forgets at once what it is given, so that what is left is everything but storing. The worker
runs only when it is asked to: what a post costs and what handling it costs are two figures.
"""

import asyncio
from datetime import UTC, datetime
from typing import Any

import uvloop
from aiohttp import web
from sqlalchemy import text

from node import app, serving
from node.context import JOURNAL
from node.domain.peers import Direction, Follow, FollowState, OwnActor, RemoteActor
from node.services.community import Community
from node.storage.journal import Entry
from node.storage.journal_writer import JournalWriter
from node.worker import Worker
from tests.bench.own_settings import settings_of
from tests.bench.processes import configuration, obey


class Forgetful(JournalWriter):
    """Says at once that everything is stored."""

    async def append(self, entry: Entry) -> None:
        """Store nothing."""

    async def run(self) -> None:
        """Nothing to do, for ever."""
        await asyncio.Event().wait()


async def follow(community: Community, authors: list[str]) -> None:
    """Our public actor follows these, and they have said yes."""
    now = datetime.now(UTC)
    async with community.database.unit_of_work() as work:
        for author in authors:
            inbox = f"{author}/inbox"
            kept = RemoteActor(author, "Organization", "river", "River", inbox, None, None, "", False, now)
            await work.peers.put_actor(kept)
            activity = community.addresses.activity(author.rpartition("/")[2])
            yes = Follow(activity, Direction.OUTGOING, OwnActor.PUBLIC, author, FollowState.ACCEPTED, now, True)
            await work.peers.put_follow(yes)


async def main(given: dict[str, Any]) -> None:
    """Answer posts until stdin ends."""
    settings = settings_of(given)
    await app.initialise(settings, "North Side")
    async with app.open_community(settings) as community:
        await follow(community, given["authors"])
        await _serve(community, bool(given.get("stubbed")))


async def _serve(community: Community, stubbed: bool) -> None:
    application = serving.make_app(community)
    if stubbed:
        application[JOURNAL] = Forgetful(community.database.append_to_journal)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    worker = Worker(community)
    serving.keep_what_is_there()

    async def answer(asked: dict[str, Any]) -> dict[str, Any]:
        if asked["do"] == "handle":
            while await worker.handle_journal():
                pass
            return {}
        async with community.database.reading() as work:
            counted = await work.connection.execute(text(f"SELECT count(*) FROM {asked['table']}"))
            return {"stored": counted.scalar_one()}

    await obey({"port": runner.addresses[0][1]}, answer)
    await runner.cleanup()


if __name__ == "__main__":
    uvloop.run(main(configuration()))
