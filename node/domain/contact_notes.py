"""One line in the log of reaching somebody. It tells of our trying, never of the person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from node.domain.errors import Conflict, Invalid
from node.domain.notices import Notice, Status, set_status
from node.domain.phrases import say
from node.domain.redaction import check_note

WORDS_LIMIT = 300
#: After a try that did not reach them, somebody tries again so much later, unless it is said otherwise.
USUALLY_AFTER = timedelta(days=1)
#: Later than this is a slip of the pen.
LATEST_CALL_BACK = timedelta(days=90)


class Reached(StrEnum):
    """How one try to reach somebody went."""

    SPOKE = "spoke"
    VOICEMAIL = "voicemail"
    TEXT = "text"
    NO_ANSWER = "no answer"


@dataclass(frozen=True)
class ContactNote:
    """A member tried to reach the person behind a notice; `words` are a few of theirs for the others."""

    id: str
    notice_id: str
    reached: Reached
    words: str
    noted_at: datetime
    by: str | None


def check_words(words: str) -> str:
    """The words without spaces around them. Raises Invalid where they are too long, or a number stands in them."""
    return check_note("words", words, WORDS_LIMIT)


def usual_call_back(reached: Reached, now: datetime) -> datetime | None:
    """When somebody tries again where nobody said when: tomorrow at this time; never, once we spoke."""
    return None if reached == Reached.SPOKE else now + USUALLY_AFTER


def check_call_back(notice: Notice, at: datetime, now: datetime) -> datetime:
    """The time to call back. Raises Invalid where it is over or far away, Conflict where the notice is closed."""
    if notice.is_closed:
        raise Conflict(say("This is closed, so nobody has to call back. Open it first."))
    if at < now:
        raise Invalid({"call_back": say("That time is over. Choose a later one.")})
    if at > now + LATEST_CALL_BACK:
        days = LATEST_CALL_BACK.days
        raise Invalid({"call_back": say("Choose a time within the next %(days)s days.", days=days)})
    return at


def after_contact(notice: Notice, reached: Reached, now: datetime) -> Notice:
    """The notice once this is noted: what was new is open as soon as we spoke with them."""
    is_first_talk = notice.status == Status.NEW and reached == Reached.SPOKE
    return set_status(notice, Status.OPEN, now) if is_first_talk else notice
