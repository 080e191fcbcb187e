"""What is asked and answered: Follow, Offer, Introduction, Accept, Reject, Undo (protocol 2.7 to 2.9, 2.13)."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    SerializerFunctionWrapHandler,
    WithJsonSchema,
    model_serializer,
    model_validator,
)

from schemas.context import AGREEMENT_CONTEXT, AS
from schemas.fields import (
    Document,
    Id,
    Ids,
    Json,
    MaybeId,
    MaybeText,
    Time,
    Wire,
    embedded,
    is_empty,
    kind,
    maybe_id,
    one_type,
    only_object,
    single,
)
from schemas.marketplace import Agreement
from schemas.objects import check_addressees

_UNDOABLE = frozenset({"Follow", "Offer", "Like", "Announce", "Block"})
_FOLLOW = frozenset({"Follow"})
_AGREEMENT = frozenset({"Agreement"})

_EarlierId = Annotated[
    Id,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1, "maxLength": 2048},
                {
                    "type": "object",
                    "properties": {key: {"type": "string"} for key in ("id", "type", "actor", "object")},
                    "required": ["id", "type"],
                },
            ]
        }
    ),
]


class Addressed(Wire):
    """What all activities have. Without an `id` an activity is passing talk and never has effects (C-61)."""

    id: MaybeId = None
    type: str
    actor: Id
    to: Annotated[Ids, Field(exclude_if=is_empty)] = ()
    cc: Annotated[Ids, Field(exclude_if=is_empty)] = ()
    published: Time | None = None

    @model_validator(mode="after")
    def _check_addressees(self) -> Self:
        check_addressees(self.to, self.cc)
        return self


class Follow(Addressed):
    """A wish to receive what `object` sends."""

    type: Annotated[Literal["Follow"], kind("Follow")] = "Follow"
    object: Id


class Offer(Addressed):
    """An offer to help with a need, until `end_time` (FEP-0837)."""

    type: Annotated[Literal["Offer"], kind("Offer")] = "Offer"
    end_time: Time | None = None
    content: MaybeText = None
    object: Annotated[Agreement, BeforeValidator(only_object)]

    def wire_context(self) -> Json:
        """The terms of an agreement."""
        return AGREEMENT_CONTEXT


class Introduction(Addressed):
    """An Offer of an actor: few words about the community `object`, for the actor `target`, until `end_time` (2.13).

    Without a `target` the sender asks to be introduced itself.
    """

    type: Annotated[Literal["Offer"], kind("Offer")] = "Offer"
    end_time: Time | None = None
    content: MaybeText = None
    object: Annotated[Id, BeforeValidator(single)]
    target: MaybeId = None


def _agreement(value: Any) -> Any:
    """An Agreement; any other result of an answer is passed over."""
    value = only_object(value)
    if isinstance(value, dict) and one_type(value.get("type"), _AGREEMENT) != "Agreement":
        return None
    return value


class _Answer(Addressed):
    """An activity about an earlier one: its id in `object`, and the earlier activity itself when it was sent along."""

    not_on_the_wire: ClassVar[tuple[str, ...]] = ("embeddedObject",)

    object: _EarlierId
    embedded: Annotated[Follow | None, Field(alias="embeddedObject", exclude=True)] = None

    @model_validator(mode="before")
    @classmethod
    def _read_embedded(cls, data: Any) -> Any:
        return {**_without(data, cls.not_on_the_wire), **_embedded_follow(data)} if isinstance(data, dict) else data

    @model_serializer(mode="wrap")
    def _write_embedded(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        values: dict[str, Any] = write(self)
        return values if self.embedded is None else {**values, "object": embedded(self.embedded)}


class Accept(_Answer):
    """A yes to a Follow, to an Offer (then `result` is the agreement), or the receipt for a Delete."""

    type: Annotated[Literal["Accept"], kind("Accept")] = "Accept"
    result: Annotated[Agreement | None, BeforeValidator(_agreement)] = None

    def wire_context(self) -> Json:
        """The terms of an agreement where there is one."""
        return AS if self.result is None else AGREEMENT_CONTEXT


class Reject(_Answer):
    """A no to a Follow or an Offer, now or later; `content` is one plain sentence."""

    type: Annotated[Literal["Reject"], kind("Reject")] = "Reject"
    content: MaybeText = None


class Undo(Addressed):
    """The taking back of an earlier activity: the whole Follow, or an Offer by id, type and actor (2.7, 2.9)."""

    not_on_the_wire: ClassVar[tuple[str, ...]] = ("embeddedObject", "undoneType", "undoneActor")

    type: Annotated[Literal["Undo"], kind("Undo")] = "Undo"
    object: _EarlierId
    undone_type: Annotated[MaybeText, Field(exclude=True)] = None
    undone_actor: Annotated[MaybeId, Field(exclude=True)] = None
    embedded: Annotated[Follow | Offer | None, Field(alias="embeddedObject", exclude=True)] = None

    @model_validator(mode="before")
    @classmethod
    def _read_undone(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        given = data.get("embedded")
        if isinstance(given, Wire):
            return {"undone_type": given.type, "undone_actor": given.actor, **data}  # type: ignore[attr-defined]
        undone = only_object(data.get("object"))
        data = _without(data, cls.not_on_the_wire)
        if not isinstance(undone, dict):
            return data
        found = {"undoneType": one_type(undone.get("type"), _UNDOABLE), "undoneActor": undone.get("actor")}
        return {**data, **found, **(_embedded_follow(data) or _embedded_offer(undone))}

    @model_serializer(mode="wrap")
    def _write_undone(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        values: dict[str, Any] = write(self)
        if isinstance(self.embedded, Follow):
            values["object"] = embedded(self.embedded)
        elif self.undone_type is not None:
            stub = {"id": self.object, "type": self.undone_type, "actor": self.undone_actor}
            values["object"] = {key: value for key, value in stub.items() if value is not None}
        return values


def offers_agreement(offer: Document) -> bool:
    """Whether an Offer holds what FEP-0837 says it holds; any other Offer is not for us (C-120)."""
    return _agreement(offer.get("object")) is not None


def offers_actor(offer: Document) -> bool:
    """Whether an Offer names something by its id alone, as an introduction does."""
    return isinstance(single(offer.get("object")), str)


def _without(data: dict[str, Any], ours: tuple[str, ...]) -> dict[str, Any]:
    """The same without names that only we give; a sender must not fill them."""
    return data if data.keys().isdisjoint(ours) else {key: data[key] for key in data.keys() - set(ours)}


def _embedded_follow(data: dict[str, Any]) -> dict[str, Any]:
    inner = only_object(data.get("object"))
    if not isinstance(inner, dict) or one_type(inner.get("type"), _FOLLOW) != "Follow":
        return {}
    return {"embeddedObject": inner} if maybe_id(inner.get("actor")) and maybe_id(inner.get("object")) else {}


def _embedded_offer(undone: dict[str, Any]) -> dict[str, Any]:
    is_offer = one_type(undone.get("type"), _UNDOABLE) == "Offer"
    return {"embeddedObject": undone} if is_offer and undone.get("actor") and offers_agreement(undone) else {}
