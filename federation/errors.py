"""Everything that can go wrong between two servers, as facts.

    FederationError
    ├── Rejected               a request that came to us; `status` is the answer it gets
    │   ├── BadSignature            401  who sent this cannot be shown now
    │   │   ├── UnusableKey         401  the key is broken, too weak or of an unknown kind
    │   │   └── BadProof            401  the proof inside an activity does not fit it
    │   ├── WrongOrigin             403  a document speaks for a server it does not come from
    │   │   └── NotTheKeysOwner     401  the activity names another actor than its signature
    │   ├── NotWelcome              403  its community is blocked here
    │   ├── KeyUnreachable          503  its server could not be asked for the key; worth another try
    │   ├── UnsupportedMediaType    415
    │   ├── TooLarge                413  also an answer to us that is too large
    │   ├── BadDocument             400
    │   └── Ignored                 202  taken note of, and nothing is done
    │       ├── AlreadySeen         202  this very request was here before
    │       └── ActorGone           202  an actor says goodbye and its server confirms it with 410
    └── NotReached             a request of ours; `retryable` says whether a later try can help
        ├── Unreachable             no connection, no answer, or one too slow
        ├── Refused                 an answer of 300 and above; `status` is theirs
        │   └── Gone                410
        ├── ForbiddenAddress        an address this node never asks
        │   └── PrivateAddress      a name that leads into a private network
        └── NotActivityStreams      an answer that is not the document asked for

Every message is one plain sentence that may be shown to anybody: it never holds a body, a key or a private address.
"""

from datetime import timedelta
from typing import ClassVar


class FederationError(Exception):
    """Any failure between two servers; `str()` is one sentence that is safe to show."""

    sentence: ClassVar[str] = "The other server and this one did not understand each other."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.sentence)


class Rejected(FederationError):
    """A request from outside that is not taken; `status` is the HTTP status of the answer."""

    status: ClassVar[int] = 400


class BadSignature(Rejected):
    """The sender is not proven (C-58); a later try, with another key or clock, may succeed."""

    status = 401
    sentence = "The signature of this request could not be verified."


class UnusableKey(BadSignature):
    """A key that cannot be read, is too weak, or is of a kind this node does not know (C-12)."""

    sentence = "The key behind this signature cannot be used."


class BadProof(BadSignature):
    """An integrity proof that contradicts the activity it stands in, or who sent it (C-86, C-87)."""

    sentence = "The proof in this activity does not fit it."


class WrongOrigin(Rejected):
    """A document, id or actor that does not belong to the server it is said to come from (C-78, C-88, C-101)."""

    status = 403
    sentence = "This does not come from the server it names."


class NotTheKeysOwner(WrongOrigin):
    """The activity's actor is not the owner of the key that signed it (C-79, T-1)."""

    status = 401
    sentence = "The signature belongs to another actor than the activity."


class NotWelcome(Rejected):
    """The sender's host is blocked here (C-58)."""

    status = 403
    sentence = "This server does not exchange messages with yours."


class KeyUnreachable(Rejected):
    """The sender's key could not be fetched just now (C-58)."""

    status = 503
    sentence = "Your server could not be asked for its key just now; please try again later."


class UnsupportedMediaType(Rejected):
    """The request's Content-Type is not ActivityStreams (C-57)."""

    status = 415
    sentence = "Send application/activity+json or application/ld+json."


class TooLarge(Rejected):
    """More bytes than are read (C-56, T-19)."""

    status = 413
    sentence = "The document is larger than this server reads."


class BadDocument(Rejected):
    """The body is not a document this node can read (C-59)."""

    status = 400
    sentence = "The document could not be read."


class Ignored(Rejected):
    """The request is answered 202 and nothing more is done with it (C-61)."""

    status = 202
    sentence = "Received."


class AlreadySeen(Ignored):
    """The same signed request was received before (C-71)."""

    sentence = "This request was received before."


class ActorGone(Ignored):
    """`actor` announced its own deletion and its server answers 410 for it (C-84)."""

    sentence = "The actor is gone."

    def __init__(self, actor: str) -> None:
        super().__init__()
        self.actor = actor


class NotReached(FederationError):
    """A request of ours that brought nothing; `retryable` says whether trying later can help."""

    retryable: bool = False


class Unreachable(NotReached):
    """No connection, no complete answer, or one that took too long."""

    retryable = True
    sentence = "The other server could not be reached."


class Refused(NotReached):
    """The other server answered `status`; `retry_after` is how long it asks to be left alone, if it said so."""

    def __init__(self, status: int, retry_after: timedelta | None = None) -> None:
        super().__init__(f"The other server answered with status {status}.")
        self.status = status
        self.retry_after = retry_after


class Gone(Refused):
    """The other server says this is gone for good (410)."""

    def __init__(self) -> None:
        super().__init__(410)


class ForbiddenAddress(NotReached):
    """An address this node never asks: see protocol.md 5.1 (T-14 to T-18)."""

    sentence = "This address cannot be used between servers."


class PrivateAddress(ForbiddenAddress):
    """A name that leads into a private network; names change, so a later try may differ (T-16, T-17)."""

    retryable = True
    sentence = "This name leads to an address that is not on the public Internet."


class NotActivityStreams(NotReached):
    """The answer is not the kind of document that was asked for (C-19, T-9)."""

    sentence = "This address does not lead to a document this server understands."
