"""The whole story between two communities, step by step, seen at both."""

import json
from decimal import Decimal

from sqlalchemy import text

from node.domain.notices import Status
from node.domain.peers import OwnActor
from node.domain.responses import ResponseState
from node.domain.shares import Level, RecipientState
from node.services import handoffs, responses, shares
from tests.engines import ON_EVERY_ENGINE
from tests.village import Village, befriend, get, settle, signed_get

pytestmark = ON_EVERY_ENGINE


async def test_a_need_crosses_and_is_met(north: Village, river: Village) -> None:
    """asked → shared → offered → agreed → released → under way → met → receipt."""
    await befriend(river, north)
    asked = await north.ask()
    share = await north.share(asked, Level.PEERS)
    await settle(north, river)

    shown = await river.only_item()
    assert shown.item.title == "Winter coats for children"
    assert shown.origin_name.startswith("North Side Neighbours")

    offer = await river.offer(quantity=4)
    await settle(north, river)
    arrived = await north.response()
    assert arrived.text == "We can bring them any evening."

    await responses.agree(north.community, arrived.id, ("name", "contact"), None, north.dispatcher)
    await settle(north, river)
    agreed = (await responses.get(river.community, offer.id)).response
    assert agreed.state == ResponseState.AGREED
    assert (await north.notice(asked.notice.id)).status == Status.TAKEN_ON

    released = await handoffs.released(river.community, offer.id, river.dispatcher)
    assert isinstance(released.pop("meeting_phrase"), str)
    assert released == {
        "name": "Amina",
        "contact": [{"method": "phone", "value": "555-0101", "voicemail_ok": True}],
    }

    await handoffs.set_status(river.community, offer.id, ResponseState.UNDER_WAY, None, river.dispatcher)
    await settle(north, river)
    assert (await north.response()).state == ResponseState.UNDER_WAY

    await handoffs.set_status(river.community, offer.id, ResponseState.MET, None, river.dispatcher)
    await settle(north, river)
    assert (await north.notice(asked.notice.id)).status == Status.MET
    assert (await responses.get(river.community, offer.id)).response.receipt_at is not None
    assert (await river.only_item()).item.status == "met"
    record = await shares.get(north.community, share.id)
    assert {line.state for line in record.recipients} == {RecipientState.SENT}


# C-128, C-129
async def test_the_receipt_can_be_read_by_the_helper_alone(north: Village, river: Village) -> None:
    """Its id leads to it for the one community it was told to, and to nothing for everyone else."""
    await befriend(river, north)
    await north.share(await north.ask(quantity=Decimal(1)), Level.PEERS)
    await settle(north, river)
    offer = await river.offer(quantity=1)
    await settle(north, river)
    await responses.agree(north.community, (await north.response()).id, (), None, north.dispatcher)
    await settle(north, river)
    await handoffs.set_status(river.community, offer.id, ResponseState.MET, None, river.dispatcher)
    await settle(north, river)
    async with north.community.database.reading() as work:
        bodies = [bytes(body) for body in await work.connection.scalars(text("SELECT body FROM activities"))]
    (receipt,) = [json.loads(body)["object"]["id"] for body in bodies if b'"name":"Receipt"' in body]
    assert await signed_get(river, receipt, OwnActor.PEERS) == 200
    assert await signed_get(river, receipt, OwnActor.PUBLIC) == 404
    assert (await get(receipt, Accept="application/activity+json"))[0] == 404
