"""Links that ended: which community it was, and for how long the receipts can be looked up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

#: For so long a steward can read which copies were asked back and which receipts came.
KEPT_FOR = timedelta(days=90)


@dataclass(frozen=True)
class EndedLink:
    """A community that was dropped. `id` was its id as a neighbour."""

    id: str
    name: str
    host: str
    ended_at: datetime
