"""How it went, month by month."""

from dataclasses import asdict
from typing import Annotated

from pydantic import Field

from node.api.v1.fields import Answer
from node.api.v1.operations import Call, NoBody, NoQuery, Operation
from node.domain.notices import Kind
from node.services import outcomes


class MonthAnswer(Answer):
    """What came in during one month, and what became of it. With `is_small`, the numbers are too small to be told."""

    month: str
    kind: Kind
    asked: int
    met: int
    unmet: int
    waiting: int
    days: Annotated[int | None, Field(description="half of what was met was met within so many days")]
    is_small: bool


class Report(Answer):
    """Newest first; `next` is always null."""

    items: tuple[MonthAnswer, ...]
    next: str | None


async def report(call: Call[NoBody, NoQuery]) -> Report:
    """What was asked, met and not met, and how long we took."""
    months = await outcomes.report(call.community, call.member)
    return Report(items=tuple(MonthAnswer(**asdict(month)) for month in months), next=None)


OPERATIONS = (Operation("GET", "/report", "report", "How it went, month by month", report, Report),)
