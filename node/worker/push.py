"""Web Push to members' devices: the only place that knows how push services are spoken to (RFC 8030).

What is sent is the same for everybody and says nothing; the words stand in the service worker on the device.
"""

import asyncio
from datetime import timedelta
from typing import Final

from federation.errors import FederationError, ForbiddenAddress, UnusableKey
from federation.web_push import encrypted, read_subscription
from node.domain.devices import Device
from node.domain.tellings import Verdict
from node.services import devices
from node.services.community import Community
from node.services.tellings import Going

#: Some push services do not deliver an empty message.
PAYLOAD: Final = b"something waits"
#: After so long a device that was off need not hear of it any more.
HOLDS: Final = timedelta(hours=12)
_GONE: Final = frozenset({404, 410})
_LATER: Final = frozenset({408, 425, 429})
_RANK = (Verdict.TAKEN, Verdict.UNKNOWN, Verdict.NOT_NOW, Verdict.REFUSED)


async def send(community: Community, message: Going) -> Verdict:
    """Hand it to the push service of each of the member's devices; one that took it is enough."""
    verdicts = await asyncio.gather(*(_send(community, device) for device in message.devices))
    return min(verdicts, key=_RANK.index, default=Verdict.REFUSED)


async def _send(community: Community, device: Device) -> Verdict:
    try:
        to = read_subscription(device.endpoint, device.point, device.secret)
        answer = await community.remote.transport.post(
            to.endpoint, _headers(community, to.endpoint), encrypted(PAYLOAD, to)
        )
    except (ForbiddenAddress, UnusableKey):
        return await _forget(community, device)
    except FederationError:
        return Verdict.UNKNOWN
    if 200 <= answer.status < 300:
        return Verdict.TAKEN
    if answer.status in _GONE:
        return await _forget(community, device)
    return Verdict.NOT_NOW if answer.status in _LATER or answer.status >= 500 else Verdict.REFUSED


async def _forget(community: Community, device: Device) -> Verdict:
    """The browser is there no more, or never was."""
    await devices.leave(community, device.id, device.member_id)
    return Verdict.REFUSED


def _headers(community: Community, endpoint: str) -> dict[str, str]:
    """What goes beside it: how long it holds, and that a newer one takes its place (RFC 8030, section 5)."""
    return {
        "Authorization": devices.push_key(community).authorization(endpoint, community.base_url, community.now()),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(HOLDS.total_seconds())),
        "Topic": "waits",
        "Urgency": "normal",
    }
