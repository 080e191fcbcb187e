"""Resources as the API takes and shows them."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from node.api.v1.fields import Answer, Body, Instant, Language, Query, Text
from node.api.v1.postings import AreaName, Title, Words
from node.api.v1.share_models import PeerIds, RecipientAnswer
from node.domain.postings import Audience
from node.domain.resources import LINE_LIMIT, Facts

Line = Annotated[Text, Field(max_length=LINE_LIMIT)]


class FactsBody(Body):
    """Where it is and what one should know before going. `checked_at` is now if left out."""

    category: Text
    where: Annotated[Text, Field(min_length=1, max_length=LINE_LIMIT)]
    hours: Line = ""
    reach: Line = ""
    asks_for: Line = ""
    no_id_needed: bool = False
    checked_at: Instant | None = None


class NewResource(Body):
    """A public place or service worth knowing, never anybody's home. `audience` is `here` if left out."""

    title: Title
    text: Words = ""
    area: AreaName = ""
    language: Language | None = None
    facts: FactsBody
    audience: Audience = Audience.HERE
    peers: PeerIds = ()


class ResourcePatch(Body):
    """What changes; whatever is left out stays. `facts` are changed as a whole."""

    title: Title | None = None
    text: Words | None = None
    area: AreaName | None = None
    language: Language | None = None
    facts: FactsBody | None = None
    audience: Audience | None = None
    peers: PeerIds | None = None


class ResourceQuery(Query):
    """Which ones: in a category; with these words in the title, the text, the area or the address."""

    category: Annotated[Text, Field(max_length=40)] | None = None
    q: Annotated[Text, Field(max_length=100)] | None = None
    after: Annotated[Text, Field(max_length=500)] | None = Field(None, description="`next` of the answer before.")
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class FactsAnswer(Answer):
    """Where it is and what one should know before going."""

    category: str
    where: str
    hours: str
    reach: str
    asks_for: str
    no_id_needed: bool
    checked_at: datetime


class ResourceLine(Answer):
    """A place or service worth knowing. Who wrote it down is not in it."""

    id: str
    title: str
    text: str
    area: str
    language: str
    facts: FactsAnswer
    audience: Audience
    peers: tuple[str, ...]
    ended_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ResourceRecord(ResourceLine):
    """With how it is shared, for dispatchers: `object` is its ActivityPub id, `recipients` every copy."""

    object: str | None
    share: str | None
    recipients: tuple[RecipientAnswer, ...]


class ResourceList(Answer):
    """`next` goes into `after` for what follows; null at the end."""

    items: tuple[ResourceLine, ...]
    next: str | None


def facts_answer(facts: Facts) -> FactsAnswer:
    """The facts as answers show them."""
    return FactsAnswer(
        category=facts.category,
        where=facts.where,
        hours=facts.hours,
        reach=facts.reach,
        asks_for=facts.asks_for,
        no_id_needed=facts.no_id_needed,
        checked_at=facts.checked_at,
    )
