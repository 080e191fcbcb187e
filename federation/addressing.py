"""From recipients to inboxes: one delivery each (C-41 to C-43)."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Recipient:
    """An actor that something is addressed to, and where its mail goes."""

    actor: str
    inbox: str
    shared_inbox: str | None = None


def deliveries(
    recipients: Iterable[Recipient], use_shared: bool, sender_inboxes: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return every inbox that gets a copy, each once, in the order of `recipients`, never one of the sender's.

    `use_shared` says that this goes to followers or the public: then a server's shared inbox stands for all of its
    actors. What is addressed to somebody by name goes to their own inbox (C-43).
    """
    inboxes = (one.shared_inbox if use_shared and one.shared_inbox else one.inbox for one in recipients)
    own = frozenset(sender_inboxes)
    return tuple(inbox for inbox in dict.fromkeys(inboxes) if inbox not in own)
