"""E-mail to people, by the mail server of SMTP_URL: the only place that knows how that is spoken (RFC 5321)."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib

from node.domain.tellings import Verdict
from node.services.community import Community
from node.services.tellings import Going
from node.settings import Settings
from node.settings.values import is_loopback

PATIENCE_S = 20
_PORTS = {"smtp": 587, "smtps": 465}
#: From here on an answer means that it is not taken at all; below it means later (RFC 5321, 4.2.1).
_FOR_GOOD = 500


class Trouble(Exception):
    """The mail server cannot be spoken to; the message is one plain sentence."""


async def send(community: Community, message: Going) -> Verdict:
    """Hand one message to the mail server, and what became of it. Only what certainly was not taken is NOT_NOW."""
    client = _client(community.settings)
    try:
        await client.connect()
    except (aiosmtplib.SMTPException, OSError):
        return Verdict.NOT_NOW
    try:
        await client.send_message(written(community, message))
    except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPDataError) as error:
        return _refused(error)
    except (aiosmtplib.SMTPException, OSError):
        return Verdict.UNKNOWN
    finally:
        client.close()
    return Verdict.TAKEN


async def check(settings: Settings) -> str:
    """Greet the mail server and go again; answers its name. Raises Trouble."""
    client = _client(settings)
    with _plainly():
        await client.connect()
        await client.quit()
    return f"{client.hostname}:{client.port}"


def written(community: Community, message: Going) -> EmailMessage:
    """The message as it goes out (RFC 5322). Its id is the telling's, so it stays one message for every server."""
    letter, settings = message.letter, community.settings
    host = urlsplit(settings.base_url).hostname or "localhost"
    mail = EmailMessage()
    mail["From"] = Address(_one_line(letter.sender), addr_spec=settings.mail_from or f"noreply@{host}")
    mail["To"] = message.to
    mail["Subject"] = _one_line(letter.subject)
    mail["Date"] = format_datetime(community.now())
    mail["Message-ID"] = f"<{message.id}@{host}>"
    mail["Auto-Submitted"] = "auto-generated"
    if letter.stop:
        mail["List-Unsubscribe"] = f"<{letter.stop}>"
    mail.set_content(letter.text)
    return mail


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _client(settings: Settings) -> aiosmtplib.SMTP:
    parts = urlsplit(settings.smtp_url)
    host, is_tls = parts.hostname or "localhost", parts.scheme == "smtps"
    return aiosmtplib.SMTP(
        hostname=host,
        port=parts.port or _PORTS[parts.scheme],
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=is_tls,
        start_tls=not (is_tls or is_loopback(host)),
        timeout=PATIENCE_S,
        local_hostname=urlsplit(settings.base_url).hostname,
    )


def _refused(error: Any) -> Verdict:
    refusals = error.recipients if isinstance(error, aiosmtplib.SMTPRecipientsRefused) else [error]
    return Verdict.REFUSED if all(one.code >= _FOR_GOOD for one in refusals) else Verdict.NOT_NOW


@contextmanager
def _plainly() -> Iterator[None]:
    """Whatever goes wrong as one plain sentence, without what the server said: that may hold an account's name."""
    try:
        yield
    except aiosmtplib.SMTPAuthenticationError:
        raise Trouble("The mail server does not take the name and password of SMTP_URL.") from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise Trouble(f"The mail server of SMTP_URL cannot be reached ({type(error).__name__}).") from None
