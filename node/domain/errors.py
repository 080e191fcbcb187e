"""What can go wrong, as facts. One place (`node.problems`) turns them into answers.

ManyhandsError
├── Invalid          something typed cannot be taken as it is; `fields` says what, beside each field
│   └── NameTaken         somebody here is called that already
├── NotFound         no such thing, or not for this reader: both look the same
├── NotAllowed       this member's roles do not cover it
├── SignInNeeded     nobody is signed in
├── Conflict         it cannot be done in the present state
│   ├── ChangedMeanwhile  somebody else changed the same since it was read
│   ├── ConsentMissing   the person did not agree to this use
│   └── SecondYesNeeded  this yes is noted, and waits for somebody else's
├── TooManyTries     wait a little
└── PeerTrouble      another community's server could not be reached or did not agree
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from node.domain.phrases import say


class ManyhandsError(Exception):
    """Every error of ours carries one plain sentence that may be shown to anyone."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(ManyhandsError):
    """Something typed cannot be taken; `fields` maps a field's name to one sentence about it."""

    def __init__(self, fields: Mapping[str, str], message: str = say("Please check what you typed.")) -> None:
        super().__init__(message)
        self.fields = dict(fields)


class NameTaken(Invalid):
    """Somebody here is called that already. Whoever reads this learns who is a member, so not many may be tried."""


class NotFound(ManyhandsError):
    """No such thing, or not for this reader."""

    def __init__(self, message: str = say("There is nothing here.")) -> None:
        super().__init__(message)


class NotAllowed(ManyhandsError):
    """This member's roles do not cover it."""


class SignInNeeded(ManyhandsError):
    """Nobody is signed in."""

    def __init__(self, message: str = say("Please sign in first.")) -> None:
        super().__init__(message)


class Conflict(ManyhandsError):
    """It cannot be done in the present state."""


class ChangedMeanwhile(Conflict):
    """Somebody else changed the same since it was read: `names` are fields that both changed, `theirs` the others."""

    def __init__(self, names: Iterable[str], theirs: Iterable[str] = ()) -> None:
        super().__init__(say("Somebody else changed this meanwhile. Look at it once more, then save."))
        self.names, self.theirs = tuple(names), tuple(theirs)


class ConsentMissing(Conflict):
    """The person behind a notice did not agree to this use; `kind` and `notice_id` say which notice."""

    def __init__(self, message: str, kind: str, notice_id: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.notice_id = notice_id


class SecondYesNeeded(Conflict):
    """It takes two: this yes is noted, and waits for somebody else's."""


class TooManyTries(ManyhandsError):
    """Wait a little before trying again; `wait` is how long, where that is known."""

    def __init__(self, message: str, wait: timedelta | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class PeerTrouble(ManyhandsError):
    """Another community's server could not be reached or did not agree."""
