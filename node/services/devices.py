"""Members who want to be told on a device of theirs that something waits: their own doing, where stewards allow it."""

from dataclasses import replace

from federation.errors import ForbiddenAddress, UnusableKey
from federation.transport.policy import check_url
from federation.web_push import PushKey, read_subscription
from node.domain.devices import LONGEST_ENDPOINT, MOST_DEVICES, Device
from node.domain.errors import Invalid, NotAllowed
from node.domain.members import Member, must_be_dispatcher, must_be_steward
from node.domain.phrases import say
from node.services.community import Community
from node.storage.audit import AuditEntry


def push_key(community: Community) -> PushKey:
    """What push services know us by. It is made from the master key, so that nothing of it is kept."""
    return PushKey(community.database.vault.fingerprint("what push services know us by"))


async def is_offered(community: Community) -> bool:
    """Whether stewards let members be told on their devices."""
    async with community.database.reading() as work:
        return (await work.ways.get()).push


async def offer(community: Community, is_on: bool, by: Member) -> None:
    """Let members be told on their devices, or nobody any more: then all devices are forgotten. Raises NotAllowed."""
    must_be_steward(by)
    said = "lets members be told on their devices" if is_on else "lets nobody be told on a device any more"
    async with community.database.unit_of_work() as work:
        await work.ways.put(replace(await work.ways.get(), push=is_on))
        if not is_on:
            await work.tellings.devices.forget_all()
        await work.audit.add(AuditEntry(community.now(), by.id, said, "community"))


async def listing(community: Community, member: Member) -> tuple[Device, ...]:
    """A member's own devices."""
    async with community.database.reading() as work:
        return await work.tellings.devices.of(member.id)


async def tell_on(community: Community, subscription: tuple[str, str, str], by: Member) -> None:
    """From now on tell this member on that device: its endpoint, point and secret as its browser gave them.

    Raises Invalid, NotAllowed.
    """
    must_be_dispatcher(by)
    device = Device(community.new_id(), by.id, community.now(), *subscription)
    _check(community, device)
    async with community.database.unit_of_work() as work:
        if not (await work.ways.get()).push:
            raise NotAllowed(say("This community tells nobody on their devices."))
        await work.tellings.devices.put(device)
        if len(await work.tellings.devices.of(by.id)) > MOST_DEVICES:
            raise Invalid(
                {"device": say("You are told on %(most)s devices at most. End one of them first.", most=MOST_DEVICES)}
            )
        await work.audit.add(AuditEntry(community.now(), by.id, "wants to be told on a device", by.id))


async def leave(community: Community, device_id: str, member_id: str) -> None:
    """This member is not told on that device any more. Twice is as good as once."""
    async with community.database.unit_of_work() as work:
        await work.tellings.devices.forget(device_id, member_id)
        await work.audit.add(AuditEntry(community.now(), None, "no longer told on a device", member_id))


def _check(community: Community, device: Device) -> None:
    """Raise Invalid for what no browser of our days gives, and for addresses that we would never write to."""
    try:
        read_subscription(device.endpoint, device.point, device.secret)
        check_url(device.endpoint, community.remote.transport.policy)
    except (UnusableKey, ForbiddenAddress):
        device = replace(device, endpoint="")
    if not 0 < len(device.endpoint) <= LONGEST_ENDPOINT:
        raise Invalid({"device": say("This device cannot be told in this way. Nothing was kept of it.")})
