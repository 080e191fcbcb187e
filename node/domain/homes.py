"""The address a community left: for how long it is still answered there, and when a steward told everybody."""

from dataclasses import dataclass
from datetime import datetime, timedelta

#: Longer than any lease and any share together, so that whatever began at the old address can end there.
ANSWERED = timedelta(days=180)


@dataclass(frozen=True)
class FormerHome:
    """Where the community lived until `left_at`. `told_at` None: nobody was told yet."""

    base_url: str
    left_at: datetime
    told_at: datetime | None = None

    @property
    def answered_until(self) -> datetime:
        """When nothing is answered there any more."""
        return self.left_at + ANSWERED

    def is_over(self, now: datetime) -> bool:
        """Whether the old address has served its time."""
        return now >= self.answered_until
