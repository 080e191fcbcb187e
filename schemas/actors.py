"""Actors and their keys (protocol 2.2)."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from schemas.context import ACTOR_CONTEXT, OWN_ACTOR_CONTEXT, SECURITY
from schemas.errors import InvalidDocument
from schemas.fields import (
    Document,
    Flag,
    Id,
    Ids,
    Json,
    MaybeId,
    MaybeText,
    MaybeUrl,
    Text,
    Time,
    Wire,
    as_list,
    is_empty,
    kind,
    one_type,
    only_object,
)
from schemas.links import Link
from schemas.terms import plain
from schemas.wire import require_activitystreams

ACTOR_TYPES = frozenset({"Person", "Group", "Organization", "Service", "Application"})
MAX_KEYS = 10
MAX_PROFILE_FIELDS = 50


class PublicKey(Wire):
    """A key for HTTP signatures: PEM, named by its id, of its owner (C-12)."""

    default_context: ClassVar[Json] = SECURITY

    id: Id
    owner: Id
    public_key_pem: Annotated[str, Field(min_length=1, max_length=10_000)]


class Multikey(Wire):
    """A key for integrity proofs: base58btc, of its controller (C-13)."""

    id: Id
    type: Annotated[Literal["Multikey"], kind("Multikey")] = "Multikey"
    controller: Id
    public_key_multibase: Annotated[str, Field(min_length=1, max_length=10_000)]


class Endpoints(Wire):
    """Where the whole server takes deliveries (C-11)."""

    shared_inbox: MaybeId = None


class Generator(Wire):
    """The software's own actor and what it implements (FEP-844e)."""

    type: Annotated[str, BeforeValidator(lambda value: one_type(value, ACTOR_TYPES) or "Application")] = "Application"
    id: MaybeId = None
    implements: Annotated[
        tuple[Link, ...], BeforeValidator(lambda value: _readable(Link, value, MAX_PROFILE_FIELDS))
    ] = ()


class PropertyValue(Wire):
    """One line of a profile."""

    type: Literal["PropertyValue"] = "PropertyValue"
    name: Text
    value: Text


class Actor(Wire):
    """Somebody who sends and receives activities; for us always a community or its server, never a person."""

    default_context: ClassVar[Json] = ACTOR_CONTEXT
    not_on_the_wire: ClassVar[tuple[str, ...]] = ("otherPublicKeys",)

    id: Id
    type: Annotated[
        Literal["Person", "Group", "Organization", "Service", "Application"],
        BeforeValidator(lambda value: one_type(value, ACTOR_TYPES)),
    ]
    preferred_username: MaybeText = None
    webfinger: MaybeText = None
    name: MaybeText = None
    summary: MaybeText = None
    url: MaybeUrl = None
    published: Time | None = None
    inbox: MaybeId = None
    outbox: MaybeId = None
    followers: MaybeId = None
    following: MaybeId = None
    featured: MaybeId = None
    endpoints: Annotated[Endpoints | None, BeforeValidator(only_object)] = None
    manually_approves_followers: Flag = False
    discoverable: bool | None = None
    indexable: bool | None = None
    also_known_as: Ids = ()
    moved_to: MaybeId = None
    resting_until: Annotated[Time | None, Field(serialization_alias="aid:restingUntil")] = None
    agreement: Annotated[MaybeText, Field(serialization_alias="aid:agreement")] = None
    public_key: PublicKey | None = None
    other_public_keys: Annotated[tuple[PublicKey, ...], Field(exclude_if=is_empty)] = ()
    assertion_method: Annotated[
        tuple[Multikey, ...],
        BeforeValidator(lambda value: _readable(Multikey, value, MAX_KEYS)),
        Field(exclude_if=is_empty),
    ] = ()
    generator: Annotated[Generator | None, BeforeValidator(only_object)] = None
    attachment: Annotated[
        tuple[PropertyValue, ...], BeforeValidator(lambda value: _profile(value)), Field(exclude_if=is_empty)
    ] = ()

    @property
    def shared_inbox(self) -> str | None:
        """The inbox of the whole server, where it has one."""
        return self.endpoints.shared_inbox if self.endpoints else None

    @property
    def public_keys(self) -> tuple[PublicKey, ...]:
        """All keys it signs requests with."""
        return ((self.public_key,) if self.public_key else ()) + self.other_public_keys

    def wire_context(self) -> Json:
        """As for every value; what is ours alone needs one more prefix."""
        is_plain = self.resting_until is None and self.agreement is None
        return ACTOR_CONTEXT if is_plain else OWN_ACTOR_CONTEXT

    @model_validator(mode="before")
    @classmethod
    def _read_keys(cls, data: Any) -> Any:
        """One key or several stand under the one name `publicKey`; those not given as a PEM are passed over."""
        if not isinstance(data, dict):
            return data
        if "publicKey" not in data:
            return {key: value for key, value in data.items() if key != "otherPublicKeys"}
        keys = [key for key in as_list(data["publicKey"]) if isinstance(key, PublicKey) or _is_pem(key)]
        if len(keys) > MAX_KEYS:
            raise ValueError(f"there are more than {MAX_KEYS} keys")
        return {**data, "publicKey": keys[0] if keys else None, "otherPublicKeys": keys[1:]}

    @model_serializer(mode="wrap")
    def _write_keys(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        values: dict[str, Any] = write(self)
        if others := values.pop("otherPublicKeys", None):
            values["publicKey"] = [values["publicKey"], *others]
        return values


def parse_actor(document: Document) -> Actor:
    """Read an actor document. Raises InvalidDocument when it is not an actor of the five types (1.4 #8)."""
    found = plain(document)
    require_activitystreams(found)
    return Actor.parse_plain(found)


def parse_public_key(document: Document) -> PublicKey:
    """Read a key that is a document of its own, or the first key inside an actor document (C-77).

    Its owner is only what it says: believe it after the owner's document lists it. Raises InvalidDocument.
    """
    found = plain(document)
    inner = only_object(found.get("publicKey"))
    return PublicKey.parse_plain(inner if isinstance(inner, dict) else found)


def _is_pem(key: Any) -> bool:
    return isinstance(key, Mapping) and "publicKeyPem" in key


def _readable(model: type[Wire], value: Any, most: int) -> list[Wire]:
    """The entries that are a `model`; whatever else others list in the same place is passed over."""
    items = [found for item in as_list(value) if (found := _read(model, item)) is not None]
    if len(items) > most:
        raise ValueError(f"there are more than {most} entries")
    return items


def _read(model: type[Wire], item: Any) -> Wire | None:
    if not isinstance(item, dict):
        return item if isinstance(item, model) else None
    try:
        return model.parse_plain(item)
    except InvalidDocument:
        return None


def _profile(value: Any) -> list[Any]:
    items = [item for item in as_list(value) if isinstance(item, Wire) or _is_property_value(item)]
    if len(items) > MAX_PROFILE_FIELDS:
        raise ValueError(f"there are more than {MAX_PROFILE_FIELDS} profile fields")
    return items


def _is_property_value(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and item.get("type") == "PropertyValue"
        and isinstance(item.get("name"), str)
        and isinstance(item.get("value"), str)
    )
