"""Messages to people go out, a few at a time; where there is no mail server, nothing is done."""

import structlog

from node.domain.tellings import Verdict, Way
from node.services import tellings
from node.services.community import Community
from node.worker.mail import send

AT_ONCE = 10

log = structlog.get_logger("worker")


async def tell(community: Community) -> bool:
    """Send the messages that are due; whether there were any."""
    if not community.settings.smtp_url:
        return False
    taken = await tellings.take(community, Way.MAIL, AT_ONCE)
    for message in taken:
        verdict = await send(community, message)
        await tellings.settle(community, message.id, verdict)
        if verdict is not Verdict.TAKEN:
            log.warning("a message to somebody did not go out", verdict=verdict.value)
    return bool(taken)
