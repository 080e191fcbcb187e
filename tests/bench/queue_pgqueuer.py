"""Baseline of goal 7: pgqueuer's own queries, the same jobs, the same batches."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import uvloop
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.ports.repository import EntrypointExecutionParameter

from tests.bench.processes import configuration, obey

BATCH = 50
NAME = "deliver"
BODY = b"{}"


async def main(given: dict[str, Any]) -> None:
    """Fill and empty the queue as asked until stdin ends."""
    connection = await asyncpg.connect(host=given["socket"], user="postgres", database="postgres")
    queries = Queries(AsyncpgDriver(connection))
    await queries.install()

    async def answer(asked: dict[str, Any]) -> dict[str, Any]:
        if asked["do"] == "fill":
            jobs = asked["jobs"]
            await queries.clear_queue()
            await queries.enqueue([NAME] * jobs, [BODY] * jobs, [0] * jobs)
            await connection.execute("ANALYZE")
            return {}
        return {"done": await _empty(queries)}

    await obey({}, answer)
    await connection.close()


async def _empty(queries: Queries) -> int:
    done, manager, patience = 0, uuid4(), timedelta(minutes=5)
    unlimited = {NAME: EntrypointExecutionParameter(concurrency_limit=0)}
    while jobs := await queries.dequeue(BATCH, unlimited, manager, None, patience):
        await queries.log_jobs([(job, "successful", None) for job in jobs])
        done += len(jobs)
    return done


if __name__ == "__main__":
    uvloop.run(main(configuration()))
