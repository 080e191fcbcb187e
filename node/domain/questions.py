"""What two communities ask and answer about a shared notice, before anybody offers anything."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from node.domain.errors import Conflict, Invalid
from node.domain.phrases import say
from node.domain.responses import Side

TEXT_LIMIT = 1_000
#: So much is said about one notice between two communities, both together; then the telephone is better.
MOST_SAID = 20


@dataclass(frozen=True)
class Question:
    """One thing said about the notice `object_id`: by us (`is_ours`) or by the community of `remote_actor`.

    ORIGIN: the notice is ours, `notice_id` and `share_id`; HELPER: it is theirs, `feed_item_id`. `note_id` is what was
    said on the wire. `thread` is the id of the first thing that was said.
    """

    id: str
    thread: str
    side: Side
    object_id: str
    own_actor: str
    remote_actor: str
    note_id: str
    is_ours: bool
    text: str
    said_at: datetime
    notice_id: str | None = None
    share_id: str | None = None
    feed_item_id: str | None = None

    @property
    def key(self) -> str:
        """What everything said about this notice with this community is kept in order by, on its way."""
        return key_of(self.object_id)


def key_of(object_id: str) -> str:
    """The key of all questions about one notice."""
    return f"questions {object_id}"


def check_text(text: str) -> str:
    """The words without spaces around them. Raises Invalid."""
    trimmed = text.strip()
    if not trimmed:
        raise Invalid({"text": say("Write a few words first.")})
    if len(trimmed) > TEXT_LIMIT:
        raise Invalid({"text": say("Please use at most %(most)s characters.", most=TEXT_LIMIT)})
    return trimmed


def next_moment(said: tuple[Question, ...], now: datetime) -> datetime:
    """When the next thing is said: after everything that was said before, so that the order stays."""
    return max([now, *(one.said_at + timedelta(microseconds=1) for one in said)])


def must_have_room(said: tuple[Question, ...]) -> None:
    """Raise Conflict where enough was said."""
    if len(said) >= MOST_SAID:
        raise Conflict(
            say("%(count)s things were said about this. Please telephone each other instead.", count=MOST_SAID)
        )
