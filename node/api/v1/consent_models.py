"""What was agreed to, and whom to ask first, as the API takes and shows them."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from node.api.v1.fields import Answer, Body, Instant, Language, Text
from node.api.v1.share_models import PeerIds
from node.domain.consent import WORDING_LIMIT, Channel, Use
from node.domain.shares import Level

Wording = Annotated[Text, Field(max_length=WORDING_LIMIT)]


class SaidBody(Body):
    """What the person answered, and how they were asked: the words as they were read, the language, the channel."""

    given: bool
    channel: Channel
    wording: Wording = ""
    language: Language | None = None


class ConsentNote(SaidBody):
    """One answer about one use; `peers` names the communities where `use` is `named`."""

    use: Use
    peers: PeerIds | None = None


class CallBackBody(Body):
    """What the person is to be asked before it is shared; `due` left out means at once."""

    level: Level
    peers: PeerIds | None = None
    due: Instant | None = None


class ConsentLineAnswer(Answer):
    """One answer. `peer` is there where `use` is `named`; `by` is who wrote it down, null for the person.

    `wording` and `language` are empty where nobody wrote them down.
    """

    use: Use
    peer: str | None
    given: bool
    wording: str
    language: str
    channel: Channel
    at: datetime
    by: str | None


class ConsentList(Answer):
    """Every answer, oldest first: the newest to each question counts. `next` is always null."""

    items: tuple[ConsentLineAnswer, ...]
    next: str | None


class CallBackAnswer(Answer):
    """Somebody to ask, or only to call back (`use` is null); `settled_at` is when that was done, null until then."""

    id: str
    notice_id: str
    use: Use | None
    peers: tuple[str, ...]
    due: datetime
    noted_at: datetime
    settled_at: datetime | None


class CallBackList(Answer):
    """Everybody who is still to be called back or asked, soonest first; `next` is always null."""

    items: tuple[CallBackAnswer, ...]
    next: str | None
