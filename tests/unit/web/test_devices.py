"""Members are told on their devices that something waits: encrypted for each, without anybody in it, and not twice."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from federation.transport import NetworkPolicy, Transport
from node.domain.errors import Invalid, NotAllowed
from node.domain.members import Member, Role
from node.domain.notices import Kind, Wording
from node.domain.tellings import Way
from node.services import clocks, devices, health, members, needs, quiet
from node.services.community import Community
from node.services.needs import Entry
from node.storage.database import Database
from node.storage.master_key import open_vault
from node.storage.vault import MASTER_KEY_FILE
from node.worker.telling import tell
from tests.push_service import PushService, push_service


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    """A real push service on the loopback."""
    async with push_service() as one:
        yield one


@pytest.fixture
async def telling(community: Community) -> AsyncIterator[Community]:
    """The community, reaching servers on this machine alone; stewards let members be told."""
    transport = Transport(NetworkPolicy(dev_loopback=True), "Manyhands test")
    community.remote.transport = transport
    steward = await members.add(community, "Mina", frozenset({Role.STEWARD}))
    await devices.offer(community, True, steward)
    yield community
    await transport.close()


@pytest.fixture
async def dispatcher(telling: Community) -> Member:
    """Who wants to be told."""
    return await members.add(telling, "Amina", frozenset({Role.DISPATCHER}))


async def something_waits(community: Community) -> None:
    """Somebody asks, the clocks look, and what is due goes out."""
    await needs.ask(community, Entry(Kind.NEED, Wording("Insulin from the pharmacy", "health")))
    await pass_on(community)


async def pass_on(community: Community) -> None:
    """What is due goes out."""
    await clocks.run_due(community)
    while await tell(community):
        pass


async def test_each_device_reads_that_something_waits_once_a_day(
    telling: Community, service: PushService, dispatcher: Member, wait: Any
) -> None:
    for name in ("phone", "desk"):
        await devices.tell_on(telling, service.browser(name), dispatcher)
    await pass_on(telling)
    assert service.read == [], "nothing waits"
    await something_waits(telling)
    await something_waits(telling)
    assert sorted(service.read) == [("desk", b"something waits"), ("phone", b"something waits")]
    assert service.bodies[0] != service.bodies[1] and b"waits" not in b"".join(service.bodies)
    assert {heading["Topic"] for heading in service.headings} == {"waits"}
    assert "Insulin" not in str(service.headings) and "Amina" not in str(service.headings)
    data = telling.settings.data_dir
    assert not any(b"/to/phone" in path.read_bytes() for path in data.glob("manyhands.db*")), "endpoints are locked"
    await quiet.set_hours(telling, "0:00", "23:59", dispatcher)
    wait(timedelta(days=1))
    await pass_on(telling)
    assert len(service.read) == 2
    await quiet.set_hours(telling, "", "", dispatcher)
    await devices.leave(telling, (await devices.listing(telling, dispatcher))[0].id, dispatcher.id)
    await pass_on(telling)
    assert service.read[2:] == [("desk", b"something waits")]


async def test_the_doctor_says_whether_it_is_on_and_what_is_wrong_with_it(
    telling: Community, service: PushService, dispatcher: Member, wait: Any
) -> None:
    async def said() -> tuple[bool, str]:
        database = Database(telling.settings.database_url, open_vault(telling.settings.data_dir))
        try:
            found = await health.devices(database, telling.settings)
        finally:
            await database.close()
        return found.is_ok, found.said

    key = telling.settings.data_dir / MASTER_KEY_FILE
    key.write_text((b"k" * 32).hex())
    assert await said() == (True, health.NOBODY_YET)
    await devices.tell_on(telling, service.browser("phone"), dispatcher)
    assert "nothing was sent" in (await said())[1]
    await something_waits(telling)
    assert "something was taken lately" in (await said())[1]
    service.answer = 403
    wait(timedelta(days=1))
    await pass_on(telling)
    assert await said() == (False, health.NOT_TAKEN)
    key.write_text((b"x" * 32).hex())
    assert await said() == (False, health.OTHER_KEY)
    steward = await members.by_name(telling, "Mina")
    await devices.offer(telling, False, steward)
    assert (await said())[0] and "switch it on" in (await said())[1]


async def test_what_may_have_been_taken_is_not_sent_again(
    telling: Community, service: PushService, dispatcher: Member, wait: Any
) -> None:
    await devices.tell_on(telling, service.browser("phone"), dispatcher)
    _, point, secret = service.browser("desk")
    await devices.tell_on(telling, ("http://127.0.0.1:1/to/desk", point, secret), dispatcher)
    await something_waits(telling)
    wait(timedelta(hours=3))
    await pass_on(telling)
    assert len(service.read) == 1


async def test_only_what_a_browser_gives_is_kept_and_only_where_it_is_offered(
    telling: Community, service: PushService, dispatcher: Member
) -> None:
    endpoint, point, secret = service.browser("phone")
    for wrong in (("", point, secret), (endpoint, point[:-4], secret), (endpoint, "A" * 87, secret),
                  (endpoint, point, "abc"), ("http://192.168.1.1/to/x", point, secret),
                  ("https://10.0.0.1/to/x", point, secret), (f"{endpoint}{'x' * 1000}", point, secret)):  # fmt: skip
        with pytest.raises(Invalid):
            await devices.tell_on(telling, wrong, dispatcher)
    helper = await members.add(telling, "Noor", frozenset({Role.HELPER}))
    with pytest.raises(NotAllowed):
        await devices.tell_on(telling, (endpoint, point, secret), helper)
    for name in ("one", "two", "three", "four", "five"):
        await devices.tell_on(telling, service.browser(name), dispatcher)
    with pytest.raises(Invalid) as refused:
        await devices.tell_on(telling, service.browser("six"), dispatcher)
    assert "devices at most" in refused.value.fields["device"]
    assert len(await devices.listing(telling, dispatcher)) == 5
    with pytest.raises(NotAllowed):
        await devices.offer(telling, True, dispatcher)
    await devices.offer(telling, False, await members.by_name(telling, "Mina"))
    assert await devices.listing(telling, dispatcher) == ()
    with pytest.raises(NotAllowed, match="on their devices"):
        await devices.tell_on(telling, (endpoint, point, secret), dispatcher)
    await something_waits(telling)
    async with telling.database.reading() as work:
        assert await work.tellings.due(Way.PUSH, telling.now(), 1) == ()
