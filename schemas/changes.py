"""What is published, changed and withdrawn: Create, Update, Delete (protocol 2.3 to 2.6, 2.10)."""

from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    Tag,
    WithJsonSchema,
    model_serializer,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from schemas.actors import ACTOR_TYPES, Actor
from schemas.context import AS
from schemas.fields import Id, Json, Wire, embedded, kind, one_type, single
from schemas.marketplace import Agreement, EconomicEvent
from schemas.objects import NOTE_TYPES, Note, OtherObject, Tombstone
from schemas.requests import Addressed

_SHAPES = NOTE_TYPES | ACTOR_TYPES | {"EconomicEvent", "Agreement"}


def _shape(value: Any) -> str | None:
    """Which of our shapes an object has; what we cannot use whole is read as an OtherObject."""
    if isinstance(value, Wire):
        return f"~{type(value).__name__}"
    if not isinstance(value, dict):
        return "~id"
    found = one_type(value.get("type"), _SHAPES)
    if found in NOTE_TYPES:
        return "~Note" if value.get("id") and value.get("attributedTo") else "~OtherObject"
    if found in ACTOR_TYPES:
        return "~Actor"
    whole = (found == "EconomicEvent" and "fulfills" in value) or (found == "Agreement" and "stipulates" in value)
    return f"~{found}" if whole else "~OtherObject"


def _created(value: Any) -> str | None:
    found = _shape(value)
    return "~OtherObject" if found in {"~Actor", "~Agreement"} and isinstance(value, dict) else found


def _updated(value: Any) -> str | None:
    found = _shape(value)
    return "~OtherObject" if found == "~EconomicEvent" and isinstance(value, dict) else found


def _only(value: Any) -> Any:
    """The one object there is (C-60)."""
    if isinstance(value, list | tuple) and len(value) > 1:
        raise ValueError("there must be exactly one")
    return single(value)


class _AnyShape:
    """Says in the JSON Schema that a note is also an object with an id."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core)
        schema["anyOf"] = schema.pop("oneOf")
        return schema


_ANote = Annotated[Note, Tag("~Note")]
_Other = Annotated[OtherObject, Tag("~OtherObject")]
_Address = Annotated[Id, Tag("~id")]
Created = Annotated[
    Annotated[_ANote | Annotated[EconomicEvent, Tag("~EconomicEvent")] | _Other | _Address, Discriminator(_created)],
    BeforeValidator(_only),
    _AnyShape,
]
Updated = Annotated[
    Annotated[
        _ANote | Annotated[Actor, Tag("~Actor")] | Annotated[Agreement, Tag("~Agreement")] | _Other | _Address,
        Discriminator(_updated),
    ],
    BeforeValidator(_only),
    _AnyShape,
]


class Create(Addressed):
    """Word of something new: a note, a receipt, something we do not use, or only an id to fetch."""

    type: Annotated[Literal["Create"], kind("Create")] = "Create"
    object: Created

    def wire_context(self) -> Json:
        """The terms of what was created."""
        return self.object.wire_context() if isinstance(self.object, Wire) else AS


class Update(Addressed):
    """Word of a change: the whole new note, actor or agreement (its lease), or only an id to fetch."""

    type: Annotated[Literal["Update"], kind("Update")] = "Update"
    object: Updated

    def wire_context(self) -> Json:
        """The terms of what was changed."""
        return self.object.wire_context() if isinstance(self.object, Wire) else AS


class Delete(Addressed):
    """Word that the thing with the id `object` is gone (2.6)."""

    type: Annotated[Literal["Delete"], kind("Delete")] = "Delete"
    object: Annotated[Id, WithJsonSchema(Tombstone.model_json_schema())]

    @model_serializer(mode="wrap")
    def _write_tombstone(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {**write(self), "object": embedded(Tombstone(id=self.object))}
