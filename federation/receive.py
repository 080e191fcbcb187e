"""An activity arrives: is it whole, who sent it, and may they say it? (section 3, "Receiving")

The cheap checks come first: nothing is fetched for a request that could not be accepted anyway.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from federation.cavage import Signature
from federation.errors import (
    ActorGone,
    AlreadySeen,
    BadDocument,
    BadSignature,
    Gone,
    Ignored,
    NotTheKeysOwner,
    NotWelcome,
    TooLarge,
    UnsupportedMediaType,
    WrongOrigin,
)
from federation.keys import PublicKey
from federation.messages import MAX_DOCUMENT_BYTES, Request, is_activity_streams
from federation.origin import Origin, origin, same_origin
from federation.signatures import FindKey, SeenSignatures, examine, prove
from schemas.activities import Activity, Delete, parse_activity
from schemas.errors import InvalidDocument
from schemas.fields import load


@dataclass(frozen=True)
class ReceiveContext:
    """What receiving needs to know of its node.

    `public_hosts` are our own names as in a Host header; `is_blocked` is asked with a host in that same form;
    `refetch_key` finds a key anew when the known one does not fit; `allow_http` is for trying things out on loopback.
    """

    find_key: FindKey
    now: datetime
    public_hosts: frozenset[str]
    is_blocked: Callable[[str], bool]
    seen: SeenSignatures = field(default_factory=SeenSignatures)
    refetch_key: FindKey | None = None
    allow_http: bool = False


@dataclass(frozen=True)
class Received:
    """An activity whose sender is proven: `actor` owns the key `key_id` that signed exactly `body`."""

    activity: Activity
    actor: str
    body: bytes
    key_id: str


async def receive(request: Request, *, context: ReceiveContext) -> Received:
    """Return the activity in a POST to an inbox, its sender proven and entitled to its id.

    Promised of the result: the key's owner is the activity's actor (C-79), key, actor and activity id are of one
    origin (C-78, C-88), which is neither blocked nor our own (C-58, C-98), and this request was not here before (C-71).
    What it is about is still to be authorised (C-90 to C-99).
    Raises Rejected; its `status` is the answer to give: 202 for Ignored, where there is nothing to do.
    """
    _check_form(request)
    signature = examine(request, context.now, context.public_hosts)
    home = _home(signature, context)
    activity = _parse(request.body)
    _authorise(activity, home, context)
    key = await _proven_key(request, signature, activity, context)
    if key.owner != activity.actor:
        raise NotTheKeysOwner
    if not context.seen.is_new(signature, context.now):
        raise AlreadySeen
    if activity.id is None:
        raise Ignored
    return Received(activity, activity.actor, request.body, key.id)


def _check_form(request: Request) -> None:
    if not is_activity_streams(request.headers.get("content-type", ""), profile_required=False):
        raise UnsupportedMediaType
    if len(request.body) > MAX_DOCUMENT_BYTES:
        raise TooLarge


def _home(signature: Signature, context: ReceiveContext) -> Origin:
    try:
        home = origin(signature.key_id, allow_http=context.allow_http)
    except WrongOrigin as error:
        raise BadSignature(str(error)) from None
    if context.is_blocked(home.netloc):
        raise NotWelcome
    return home


def _parse(body: bytes) -> Activity:
    try:
        return parse_activity(load(body))
    except InvalidDocument as error:
        raise BadDocument(f"The document could not be read: {error}.") from error


def _authorise(activity: Activity, home: Origin, context: ReceiveContext) -> None:
    actor = origin(activity.actor, allow_http=context.allow_http)
    if actor.netloc in context.public_hosts:
        raise WrongOrigin("An actor of this server does not write to it from outside.")
    if actor != home:
        raise NotTheKeysOwner
    if activity.id is not None and not same_origin(activity.id, activity.actor, allow_http=context.allow_http):
        raise WrongOrigin("The id of the activity belongs to another server than its actor.")


async def _proven_key(request: Request, signature: Signature, activity: Activity, context: ReceiveContext) -> PublicKey:
    try:
        return await prove(request, signature, context.find_key, context.refetch_key)
    except Gone:
        if not isinstance(activity, Delete) or activity.object != activity.actor:
            raise BadSignature("The key of this signature is gone.") from None
    # Only the actor's own address speaks for it; on a shared server somebody else's key may be gone too.
    if signature.key_id.partition("#")[0] == activity.actor:
        raise ActorGone(activity.actor)
    raise Ignored
