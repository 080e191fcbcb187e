"""Types of the fields in bodies, queries and answers. What is written here is also what the document says."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from node.domain.notices import QUANTITY_LIMIT

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"


class Body(BaseModel):
    """What a caller sends: exact types, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Query(BaseModel):
    """What stands behind the question mark: text that is read as what the field says, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    #: Fields that hold several values, written with commas.
    lists: ClassVar[frozenset[str]] = frozenset()


class Answer(BaseModel):
    """What we send back. Every field is always there."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


def _without_control(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("Please leave out control characters.")
    return text


def _to_instant(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("Write a date and time with its zone, such as 2031-05-04T18:00:00Z.")
    try:
        moment = datetime.fromisoformat(value)
        zoned = moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        zoned = None
    if zoned is None:
        raise ValueError("Write a date and time with its zone, such as 2031-05-04T18:00:00Z.")
    return zoned


def _to_day(value: object) -> object:
    fault = "Write a day such as 2031-05-04."
    if not isinstance(value, str):
        raise ValueError(fault)
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        raise ValueError(fault) from None


def _to_amount(value: object) -> object:
    fault = "Write a number above 0, at most a million, with at most four decimals."
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError(fault)
    if not re.fullmatch(r"\d{1,7}(\.\d{1,4})?", str(value)):
        raise ValueError(fault)
    return Decimal(str(value)).normalize() + 0


def to_number(amount: Decimal) -> int | float:
    """The amount as a JSON number: whole where it is whole."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


Text = Annotated[str, AfterValidator(_without_control)]
Language = Annotated[str, Field(pattern=_LANGUAGE, max_length=35)]
#: A point in time; the zone must be given. Answers are in UTC.
Instant = Annotated[
    datetime, BeforeValidator(_to_instant), WithJsonSchema({"type": "string", "format": "date-time"}, mode="validation")
]
#: A day; of a date and time only the day counts, as it was written.
Day = Annotated[
    date,
    BeforeValidator(_to_day),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}, mode="validation"
    ),
]
#: A number, or the same number as text.
Amount = Annotated[
    Decimal,
    BeforeValidator(_to_amount),
    Field(gt=0, le=QUANTITY_LIMIT),
    PlainSerializer(to_number, return_type=int | float),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0, "maximum": int(QUANTITY_LIMIT)},
                {"type": "string", "pattern": r"^\d{1,7}(\.\d{1,4})?$"},
            ]
        },
        mode="validation",
    ),
]
#: An amount in an answer; it may be 0.
Number = Annotated[Decimal, PlainSerializer(to_number, return_type=int | float)]
#: Ids are opaque: letters, digits, `-` and `_`.
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
