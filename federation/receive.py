"""An activity arrives: is it whole, who sent it, and may they say it? (section 3, "Receiving")

The cheap checks come first: nothing is fetched for a request that could not be accepted anyway.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from federation.errors import (
    ActorGone,
    AlreadySeen,
    BadDocument,
    BadProof,
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
from federation.messages import MAX_DOCUMENT_BYTES, SYNCHRONIZATION, Request, is_activity_streams
from federation.origin import Origin, is_of, origin, same_origin
from federation.proofs import Proof, check_expiry, is_proven_by, read_proof
from federation.signatures import FindKey, SeenSignatures, Signature, examine, name_of, prove
from schemas.activities import Activity, Heading, Update, parse_heading
from schemas.errors import InvalidDocument
from schemas.fields import Document, load

#: What ends or withdraws something.
FAREWELLS: Final = frozenset({"Delete", "Undo", "Reject"})


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
    """An activity whose sender is proven: the actor of its `heading` owns the key `key_id` that signed exactly `body`.

    `synchronization` is the header of FEP-8fcf, where there is one and it was signed, too. The signature's name is to
    be remembered among those that were seen once the activity is kept, and not before: until then another copy of the
    same request may be the one that is kept.
    """

    heading: Heading
    body: bytes
    key_id: str
    signature_name: bytes
    synchronization: str | None = None


async def receive(request: Request, *, context: ReceiveContext) -> Received:
    """Return the activity in a POST to an inbox, its sender proven and entitled to its id.

    Promised of the result: the key's owner is the activity's actor (C-79), key, actor and activity id are of one
    origin (C-78, C-88), which is not our own (C-98), a proof in it is the actor's own and fits (C-86, C-87), and this
    request was not here before (C-71). A blocked origin only gets through what ends something (C-58, C-99). What it is
    about is still to be authorised (C-90 to C-99).
    Raises Rejected; its `status` is the answer to give: 202 for Ignored, where there is nothing to do.
    """
    _check_form(request)
    signature = examine(request, context.now, context.public_hosts)
    home = _home(signature, context)
    document, heading = _parse(request.body)
    _authorise(heading, home, context)
    if context.is_blocked(home.netloc) and not is_farewell(heading):
        raise NotWelcome
    proof = read_proof(document)
    key = await _proven_key(request, signature, heading, context)
    if key.owner != heading.actor:
        raise NotTheKeysOwner
    if proof is not None:
        await _check_proof(document, proof, heading.actor, context)
    name = name_of(signature)
    if context.seen.has(name, context.now):
        raise AlreadySeen
    if heading.id is None:
        raise Ignored
    synchronization = request.headers.get(SYNCHRONIZATION) if SYNCHRONIZATION in signature.names else None
    return Received(heading, request.body, key.id, name, synchronization)


def _check_form(request: Request) -> None:
    if not is_activity_streams(request.headers.get("content-type", ""), profile_required=False):
        raise UnsupportedMediaType
    if len(request.body) > MAX_DOCUMENT_BYTES:
        raise TooLarge


def is_farewell(activity: Heading | Activity) -> bool:
    """Whether even a blocked actor may say this: what ends or withdraws something, or tells of itself (C-99)."""
    return activity.type in FAREWELLS or is_about_itself(activity)


def is_about_itself(activity: Heading | Activity) -> bool:
    """Whether an actor tells of its own change."""
    if activity.type != "Update":
        return False
    about = activity.object if isinstance(activity, Heading | Update) else None
    return about == activity.actor if isinstance(about, str | None) else about.id == activity.actor


def _home(signature: Signature, context: ReceiveContext) -> Origin:
    try:
        home = origin(signature.key_id, allow_http=context.allow_http)
    except WrongOrigin as error:
        raise BadSignature(str(error)) from None
    return home


def _parse(body: bytes) -> tuple[Document, Heading]:
    try:
        document = load(body)
        return document, parse_heading(document)
    except InvalidDocument as error:
        raise BadDocument(f"The document could not be read: {error}.") from error


def _authorise(heading: Heading, home: Origin, context: ReceiveContext) -> None:
    actor = origin(heading.actor, allow_http=context.allow_http)
    if actor.netloc in context.public_hosts:
        raise WrongOrigin("An actor of this server does not write to it from outside.")
    if actor != home:
        raise NotTheKeysOwner
    if heading.id is not None and not is_of(heading.id, home, allow_http=context.allow_http):
        raise WrongOrigin("The id of the activity belongs to another server than its actor.")


async def _proven_key(request: Request, signature: Signature, heading: Heading, context: ReceiveContext) -> PublicKey:
    try:
        return await prove(request, signature, context.find_key, context.refetch_key)
    except Gone:
        if heading.type != "Delete" or heading.object != heading.actor:
            raise BadSignature("The key of this signature is gone.") from None
    # Only the actor's own address speaks for it; on a shared server somebody else's key may be gone too.
    if signature.key_id.partition("#")[0] == heading.actor:
        raise ActorGone(heading.actor)
    raise Ignored


async def _check_proof(document: Document, proof: Proof, actor: str, context: ReceiveContext) -> None:
    """Raise BadProof when a proof says something else than the HTTP signature, which has the last word (C-87)."""
    check_expiry(proof, context.now)
    if not same_origin(proof.key_id, actor, allow_http=context.allow_http):
        raise BadProof

    def fits(key: PublicKey) -> bool:
        return key.owner == actor and is_proven_by(key, document, proof)

    try:
        is_right = fits(await context.find_key(proof.key_id))
        if not is_right and context.refetch_key is not None:
            is_right = fits(await context.refetch_key(proof.key_id))
    except Gone:
        raise BadProof from None
    if not is_right:
        raise BadProof
