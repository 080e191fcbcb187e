"""Whose key is this? Answered by the owner's own document and by nothing else (C-76, C-77, T-3 to T-5).

A key is listed as `publicKey`, or as a Multikey in `assertionMethod` whose controller is the actor (FEP-521a).
"""

from datetime import datetime

from federation.errors import BadSignature, FederationError, Gone, KeyUnreachable, NotReached, Refused
from federation.fetch import Fetched, dereference, fetch_actor
from federation.keys import PublicKey, read_multikey
from federation.origin import same_origin
from federation.signing import Signer
from federation.transport import Transport
from schemas.actors import Actor, parse_actor, parse_public_key
from schemas.errors import InvalidDocument


async def find_key(transport: Transport, key_id: str, signer: Signer | None, now: datetime) -> tuple[PublicKey, Actor]:
    """Return the key with the id `key_id` and the actor that owns it.

    The address before the fragment is fetched, signed by `signer` if there is one. If the actor with exactly that id
    is there, the key must be listed in it. If anything else is there, a key document or a stub, only its word on who
    the owner is counts: the owner is fetched by id, and must list the key.
    Raises BadSignature (no such key, or one that cannot be used), KeyUnreachable (not known now) or Gone (410).
    """
    try:
        fetched = await dereference(transport, key_id, signer, now)
        actor = _actor_itself(fetched, key_id)
        if actor is None:
            actor = await fetch_actor(transport, _owner_named(fetched, key_id, transport), signer, now)
    except (Gone, BadSignature):
        raise
    except FederationError as error:
        raise _as_signature_error(error) from error
    return _listed(actor, key_id), actor


def _actor_itself(fetched: Fetched, key_id: str) -> Actor | None:
    if not fetched.id == fetched.url == key_id.partition("#")[0]:
        return None
    try:
        return parse_actor(fetched.document)
    except InvalidDocument:
        return None


def _owner_named(fetched: Fetched, key_id: str, transport: Transport) -> str:
    try:
        key = parse_public_key(fetched.document)
    except InvalidDocument as error:
        raise BadSignature("There is no key where the signature says.") from error
    allow_http = transport.policy.dev_loopback
    if key.id != key_id or not same_origin(key.owner, key_id, allow_http=allow_http):
        raise BadSignature("The key found there is not the one the signature names.")
    return key.owner


def _listed(actor: Actor, key_id: str) -> PublicKey:
    for multikey in actor.assertion_method:
        if multikey.id == key_id and multikey.controller == actor.id:
            return read_multikey(multikey.id, actor.id, multikey.public_key_multibase)
    for key in actor.public_keys:
        if key.id == key_id and key.owner == actor.id:
            return PublicKey(key.id, actor.id, key.public_key_pem)
    raise BadSignature("Its owner does not list the key of this signature.")


def _as_signature_error(error: FederationError) -> BadSignature | KeyUnreachable:
    transient = isinstance(error, NotReached) and error.retryable
    if isinstance(error, Refused):
        transient = error.status >= 500 or error.status == 429
    return KeyUnreachable() if transient else BadSignature("The key of this signature could not be found.")
