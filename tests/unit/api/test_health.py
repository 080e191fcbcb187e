"""What whatever watches the process asks."""

from typing import Any

import pytest

from node.services.community import Community


async def test_alive_and_ready(client: Any) -> None:
    for path in ("/livez", "/readyz"):
        answer = await client.get(path)
        assert (answer.status, await answer.text()) == (200, "ok")
        assert answer.headers["Cache-Control"] == "no-store"


async def test_alive_but_not_ready_without_its_database(
    client: Any, community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def does_not_answer(_: object) -> bool:
        return False

    monkeypatch.setattr(type(community.database), "is_answering", does_not_answer)
    assert (await client.get("/readyz")).status == 503
    assert (await client.get("/livez")).status == 200


async def test_a_database_that_hangs_is_not_ready(
    client: Any, community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hangs(_: object) -> bool:
        raise TimeoutError

    monkeypatch.setattr(type(community.database), "is_answering", hangs)
    assert (await client.get("/readyz")).status == 503
