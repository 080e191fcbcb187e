"""Resources as the API takes and shows them."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from node.api.v1.fields import Answer, Body, Instant, Text
from node.api.v1.postings import HowShared, NewPosting, PostingLine, PostingPatch, PostingQuery
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


class NewResource(NewPosting):
    """A public place or service worth knowing, never anybody's home. `audience` is `here` if left out."""

    facts: FactsBody


class ResourcePatch(PostingPatch):
    """What changes; whatever is left out stays. `facts` are changed as a whole."""

    facts: FactsBody | None = None


class ResourceQuery(PostingQuery):
    """Which ones: in a category; with these words in the title, the text, the address or an area around it."""

    category: Annotated[Text, Field(max_length=40)] | None = None
    q: Annotated[Text, Field(max_length=100)] | None = None


class FactsAnswer(Answer):
    """Where it is and what one should know before going."""

    category: str
    where: str
    hours: str
    reach: str
    asks_for: str
    no_id_needed: bool
    checked_at: datetime


class ResourceLine(PostingLine):
    """A place or service worth knowing. Who wrote it down is not in it."""

    facts: FactsAnswer


class ResourceRecord(HowShared, ResourceLine):
    """With how it is shared, for dispatchers: `object` is its ActivityPub id, `recipients` every copy."""


class ResourceList(Answer):
    """`next` goes into `after` for what follows; null at the end."""

    items: tuple[ResourceLine, ...]
    next: str | None


def facts_answer(facts: Facts) -> FactsAnswer:
    """The facts as answers show them."""
    return FactsAnswer(
        category=facts.category_here,
        where=facts.where,
        hours=facts.hours,
        reach=facts.reach,
        asks_for=facts.asks_for,
        no_id_needed=facts.no_id_needed,
        checked_at=facts.checked_at,
    )
