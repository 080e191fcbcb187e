"""Devices on which members want to be told that something waits, by Web Push."""

from dataclasses import dataclass, field
from datetime import datetime

#: So many devices one member may have; nobody is told on more than they look at.
MOST_DEVICES = 5
LONGEST_ENDPOINT = 1000


@dataclass(frozen=True)
class Device:
    """One browser of a member: where its push service takes messages for it, and with what they are encrypted.

    `point` and `secret` are what RFC 8291 calls p256dh and auth, in base64url.
    """

    id: str
    member_id: str
    added_at: datetime
    endpoint: str = field(repr=False)
    point: str = field(repr=False)
    secret: str = field(repr=False)
