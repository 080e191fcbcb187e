"""What one shift leaves written for the next: about the work, not about people."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from node.domain.errors import Conflict, Invalid
from node.domain.phrases import say
from node.domain.redaction import check_note

TEXT_LIMIT = 1000
#: What nobody took off the board by then goes by itself.
KEPT = timedelta(days=14)
#: A longer board is not read.
MOST_NOTES = 50


@dataclass(frozen=True)
class HandOverNote:
    """A few words for whoever comes next, and who wrote them."""

    id: str
    text: str
    noted_at: datetime
    by: str | None


def check_text(text: str) -> str:
    """The words without spaces around them. Raises Invalid where there are none, too many, or a number among them."""
    if not text.strip():
        raise Invalid({"text": say("Write a few words first.")})
    return check_note("text", text, TEXT_LIMIT)


def must_have_room(notes: tuple[HandOverNote, ...]) -> None:
    """Raise Conflict where the board is full."""
    if len(notes) >= MOST_NOTES:
        raise Conflict(
            say("There are %(most)s notes already. Take off what is done, then write yours.", most=MOST_NOTES)
        )
