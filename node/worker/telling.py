"""Messages to people go out, a few at a time; where there is no mail server and no device, nothing is done."""

from collections.abc import Awaitable, Callable

import structlog

from node.domain.tellings import Verdict, Way
from node.services import tellings
from node.services.community import Community
from node.services.tellings import Going
from node.worker import mail, push

AT_ONCE = 10

log = structlog.get_logger("worker")


async def tell(community: Community) -> bool:
    """Send the messages that are due; whether there were any."""
    on_devices = await _tell_by(community, Way.PUSH, push.send)
    return (bool(community.settings.smtp_url) and await _tell_by(community, Way.MAIL, mail.send)) or on_devices


async def _tell_by(community: Community, way: Way, send: Callable[[Community, Going], Awaitable[Verdict]]) -> bool:
    taken = await tellings.take(community, way, AT_ONCE)
    for message in taken:
        verdict = await send(community, message)
        await tellings.settle(community, message.id, verdict)
        if verdict is not Verdict.TAKEN:
            log.warning("a message to somebody did not go out", way=way.value, verdict=verdict.value)
    return bool(taken)
