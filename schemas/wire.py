"""A value as it stands on the wire: how every document here is read and written."""

from typing import Any, ClassVar, Self

import orjson
from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, ValidationError
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from schemas.context import AS
from schemas.errors import InvalidDocument
from schemas.strict import Document, Json
from schemas.terms import plain

_SENTENCES = {
    "missing": "this is missing",
    "string_type": "this must be text",
    "string_too_long": "this is too long",
    "string_too_short": "this must not be empty",
    "string_unicode": "this is not Unicode text",
    "model_type": "this must be an object",
    "literal_error": "this is not a value we know",
    "bool_type": "this must be true or false",
    "bool_parsing": "this must be true or false",
}


class Wire(BaseModel):
    """A frozen value with the wire's names in snake_case; unknown properties are ignored."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", alias_generator=to_camel, validate_by_alias=True, validate_by_name=True
    )

    default_context: ClassVar[Json] = AS
    not_on_the_wire: ClassVar[tuple[str, ...]] = ()

    def wire_context(self) -> Json:
        """The `@context` this value needs when it is sent as a document of its own; None for plain JSON."""
        return self.default_context

    @classmethod
    def parse(cls, document: Document) -> Self:
        """Read a document of this kind, written with plain, prefixed or full keys.

        Raises InvalidDocument, and nothing else, when it is not one.
        """
        return cls.parse_plain(plain(document))

    @classmethod
    def parse_plain(cls, document: Document) -> Self:
        """The same for a document whose keys are already plain."""
        try:
            return cls.model_validate(document, by_alias=True, by_name=False)
        except ValidationError as error:
            raise _as_invalid(error) from error

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema of what is sent: `type` always, and none of the names that only we use."""
        schema = handler.resolve_ref_schema(handler(core))
        properties = schema.get("properties", {})
        for name in cls.not_on_the_wire:
            properties.pop(name, None)
        if "type" in properties and "type" not in schema.get("required", []):
            schema["required"] = [*schema.get("required", []), "type"]
        return schema


def embedded(model: Wire) -> Document:
    """The document of a value as it stands inside another one: without `@context`."""
    values: dict[str, Any] = model.model_dump(mode="json", by_alias=True, exclude_none=True)
    return values


def document(model: Wire) -> Document:
    """The whole document of a value, `@context` first, nothing that is None."""
    context = model.wire_context()
    return embedded(model) if context is None else {"@context": context, **embedded(model)}


def dump(model: Wire) -> bytes:
    """The bytes to sign and send."""
    return orjson.dumps(document(model))


def require_activitystreams(found: Document) -> None:
    """Raise InvalidDocument unless the document says that it is ActivityStreams (T-13)."""
    context = found.get("@context")
    if context != AS and not (isinstance(context, list) and AS in context):
        raise InvalidDocument("@context", "this is not an ActivityStreams document")


def _as_invalid(error: ValidationError) -> InvalidDocument:
    first = error.errors(include_url=False, include_input=False)[0]
    path = ".".join(str(part) for part in first["loc"] if not str(part).startswith("~"))
    if first["type"] == "value_error":
        return InvalidDocument(path, first["msg"].removeprefix("Value error, "))
    return InvalidDocument(path, _SENTENCES.get(first["type"], "this is not what belongs here"))
