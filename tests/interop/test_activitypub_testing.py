"""A checker written by others, activitypub-testing, looks at the three actors of a real node."""

import asyncio
import json
from pathlib import Path

import pytest

from node.domain.peers import OwnActor
from node.domain.shares import Level
from tests.federation.outsider import outsider
from tests.suites import needs
from tests.village import Clock, befriend, settle, village

pytestmark = pytest.mark.interop

PASSES = {
    "actor-must-serve-as2-object-to-get",
    "actor-objects-must-have-inbox-outbox-properties",
    "followers-collection-must-be-a-collection",
    "following-collection-must-be-a-collection",
    "outbox-must-be-an-orderedcollection",
}
NO_CLIENTS = "There is no client-to-server protocol: a POST to an outbox is answered 405 (C-145)."
NO_SUCH_LISTS = "No actor shows what it likes, and no object who likes or shares it; these collections are optional."
DOES_NOT_APPLY = {
    "create-then-update-modifies-object-checked-by-get": NO_CLIENTS,
    "inbox-must-be-an-orderedcollection": "Nobody reads an inbox over HTTP, so a GET is answered 405 (C-34, C-36).",
    "liked-collection-must-be-a-collection": NO_SUCH_LISTS,
    "likes-collection-must-be-a-collection": NO_SUCH_LISTS,
    "outbox-post-must-accept-non-activity-object": NO_CLIENTS,
    "outbox-post-server-adds-to-outbox-collection-checked-by-outbox-get": NO_CLIENTS,
    "outbox-post-servers-must-return-a-201-created-http-code": NO_CLIENTS,
    "outbox-wraps-object-with-create-checked-using-get-location": NO_CLIENTS,
    "post-outbox-server-overwrites-id-property": NO_CLIENTS,
    "shares-collection-must-be-a-collection": NO_SUCH_LISTS,
}


async def outcomes(actor: str) -> dict[str, str]:
    """What the checker says of one actor, by the names of its tests: passed, failed, inapplicable or cantTell."""
    node, command = needs("fedify"), needs("activitypub-testing")
    process = await asyncio.create_subprocess_exec(
        node, command, "test", "actor", actor, "--output=json-seq", stdout=-1, stderr=-1, env={}
    )
    written, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    found = [json.loads(record) for record in written.decode().split("\x1e") if record.strip()]
    return {one["test"]["slug"]: one["result"]["outcome"] for one in found}


# C-1, C-2, C-17, C-31
async def test_all_that_applies_to_our_actors_passes(tmp_path: Path) -> None:
    """With something in every outbox, and followers: what is empty is easily right."""
    clock = Clock()
    async with (
        village("North Side", tmp_path / "north", clock) as north,
        village("River", tmp_path / "r", clock) as river,
    ):
        await befriend(river, north)
        for level in (Level.PUBLIC, Level.PEERS):
            await north.share(await north.ask(), level)
        await settle(north, river)
        expected = dict.fromkeys(PASSES, "passed") | dict.fromkeys(DOES_NOT_APPLY, "inapplicable")
        for own in OwnActor:
            assert await outcomes(f"{north.url}/actors/{own}") == expected, own


async def test_the_checker_sees_what_is_wrong() -> None:
    async with outsider(Clock()) as elsewhere:
        robin = elsewhere.actor(following=f"{elsewhere.url}/notes/1")
        elsewhere.note(robin)
        del elsewhere.document_of("robin")["outbox"]
        found = await outcomes(robin)
    assert found["actor-objects-must-have-inbox-outbox-properties"] == "failed"
    assert found["following-collection-must-be-a-collection"] == "failed"
