"""Where one need went: every copy over all its shares, every offer, each reading; erased or still waited for."""

from datetime import timedelta

import pytest

from node.domain.errors import NotAllowed
from node.domain.members import Role
from node.domain.responses import ResponseState
from node.domain.shares import Level, RecipientState
from node.services import handoffs, members, responses, shares, sharing_record
from tests.engines import ON_EVERY_ENGINE
from tests.village import START, Village, befriend, settle

pytestmark = ON_EVERY_ENGINE


async def test_the_whole_record_of_one_need(north: Village, river: Village, market: Village) -> None:
    """Shared with one, then with all; read by one; taken back, which one of them has not heard of yet."""
    for one in (river, market):
        await befriend(one, north)
    asked = await north.ask()
    chosen = (await north.peer(river)).peer.id
    first = await north.share(asked, Level.NAMED, peers=(chosen,))
    await settle(north, river)
    await river.offer(quantity=4)
    await settle(north, river)
    arrived = await north.response()
    await responses.agree(north.community, arrived.id, ("name",), None, north.dispatcher)
    await settle(north, river)
    task = next(line.response for line in await handoffs.listing(river.community))
    await handoffs.released(river.community, task.id, river.dispatcher)
    north.clock.forward(hours=1)
    await handoffs.set_status(river.community, task.id, ResponseState.RETURNED, None, river.dispatcher)
    await settle(north, river)
    await north.share(asked, Level.PEERS)
    await settle(north, river, market)
    await market.close_doors()
    north.clock.forward(hours=1)
    for share in await shares.shares_of(north.community, asked.notice.id):
        await shares.withdraw(north.community, share.id, north.dispatcher)
    await settle(north, river)

    record = await sharing_record.of_notice(north.community, asked.notice.id, north.dispatcher)
    assert [one.share.level for one in record.sent] == [Level.NAMED, Level.PEERS]
    assert record.sent[0].share.id == first.id
    states = {line.actor.split("/actors")[0]: line.state for line in record.sent[1].copies}
    assert states == {river.url: RecipientState.ERASED, market.url: RecipientState.ERASING}
    (copy,) = record.sent[0].copies
    assert (copy.sent_at, copy.changed_at) == (START, START + timedelta(hours=2))
    assert [line.response.state for line in record.answers] == [ResponseState.RETURNED]
    (reading,) = record.readings
    assert (reading.fields, reading.at) == (("name",), START)
    assert reading.reader_name.startswith("River Street Circle")


async def test_what_was_never_shared_and_who_may_look(north: Village) -> None:
    asked = await north.ask()
    record = await sharing_record.of_notice(north.community, asked.notice.id, north.dispatcher)
    assert (record.sent, record.answers, record.readings) == ((), (), ())
    helper = await members.add(north.community, "Sol", frozenset({Role.HELPER}))
    with pytest.raises(NotAllowed):
        await sharing_record.of_notice(north.community, asked.notice.id, helper)
