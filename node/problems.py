"""Facts turned into answers: which HTTP status stands for which error, and the heading a reader sees above it."""

from node.domain.errors import (
    Conflict,
    Invalid,
    ManyhandsError,
    NotAllowed,
    NotFound,
    PeerTrouble,
    SignInNeeded,
    TooManyTries,
)
from node.domain.phrases import say

_STATUS: tuple[tuple[type[ManyhandsError], int], ...] = (
    (Invalid, 422),
    (NotFound, 404),
    (NotAllowed, 403),
    (SignInNeeded, 401),
    (Conflict, 409),
    (TooManyTries, 429),
    (PeerTrouble, 502),
)

_TITLES = {
    400: say("That could not be read"),
    401: say("Please sign in"),
    403: say("This is not open to you"),
    404: say("Not found"),
    405: say("This cannot be done here"),
    409: say("Not possible right now"),
    413: say("That is too long"),
    422: say("Please check what you typed"),
    429: say("Please wait a little"),
    502: say("The other community could not be reached"),
}

UNEXPECTED = say("Something went wrong on our side")


def status_of(error: Exception) -> int:
    """The HTTP status that says what `error` says; 500 for anything that is not an error of ours."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def title_of(status: int) -> str:
    """A short heading for a status from 400 up."""
    return _TITLES.get(status, UNEXPECTED if status >= 500 else _TITLES[400])
