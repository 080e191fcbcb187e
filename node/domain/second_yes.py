"""Two stewards for one deed: the first yes waits for the second, visibly, and not for ever."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

#: For how long a first yes waits; afterwards it is void.
WAITS_FOR = timedelta(days=7)


@dataclass(frozen=True)
class FirstYes:
    """Somebody's yes to a deed that takes two: `subject` says which, `details` exactly what it was said to."""

    subject: str
    member_id: str
    at: datetime
    details: dict[str, object] = field(default_factory=dict)

    def waits(self, now: datetime) -> bool:
        """Whether a second yes may still follow."""
        return now - self.at < WAITS_FOR

    def is_completed_by(self, second: "FirstYes") -> bool:
        """Whether this other yes is the second one: another person's, in time, to the very same."""
        is_other = second.member_id != self.member_id and second.subject == self.subject
        return is_other and self.waits(second.at) and second.details == self.details


def of_link(peer_id: str) -> str:
    """Being linked with this neighbour."""
    return f"link {peer_id}"


def of_share(notice_id: str) -> str:
    """Sharing this notice."""
    return f"share {notice_id}"
