"""Proposals, agreements and receipts after FEP-0837 and ValueFlows (protocol 2.3 to 2.10)."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from schemas.context import AGREEMENT_CONTEXT, EVENT_CONTEXT
from schemas.fields import (
    Action,
    Amount,
    AuthorId,
    Flag,
    Id,
    Ids,
    Json,
    MaybeId,
    MaybeText,
    Text,
    Time,
    Wire,
    Word,
    is_empty,
    kind,
    only_object,
)
from schemas.links import Link

__all__ = ["Agreement", "Commitment", "EconomicEvent", "Intent", "Link", "Measure", "Quantity"]


class Measure(Wire):
    """So much of a unit (`one`, `hour`, `kilogram`): a decimal from 0 to 1,000,000, a string on the wire (C-119)."""

    has_unit: Word
    has_numerical_value: Amount


def _measure(value: Any) -> Any:
    """A measure, or None for one that says nothing, as Fedify writes when its sender set no values."""
    value = only_object(value)
    if isinstance(value, dict) and "hasUnit" not in value and "hasNumericalValue" not in value:
        return value if "has_unit" in value else None
    return value


def _above_zero(measure: Measure | None) -> Measure | None:
    if measure is not None and measure.has_numerical_value <= 0:
        raise ValueError("this quantity must be more than 0")
    return measure


Remaining = Annotated[Measure | None, BeforeValidator(_measure)]
Quantity = Annotated[Measure | None, BeforeValidator(_measure), AfterValidator(_above_zero)]


class Intent(Wire):
    """What a notice asks for or offers. `available_quantity` of a need is what is still needed."""

    type: Annotated[Literal["Intent"], kind("Intent")] = "Intent"
    id: Id
    name: MaybeText = None
    action: Action
    resource_conforms_to: MaybeId = None
    resource_quantity: Quantity = None
    available_quantity: Remaining = None
    minimum_quantity: Quantity = None
    finished: Flag = False
    loan: Annotated[bool | None, Field(serialization_alias="aid:loan")] = None


class Commitment(Wire):
    """A part in an agreement: so much towards the intent named by `satisfies`."""

    id: MaybeId = None
    type: Annotated[Literal["Commitment"], kind("Commitment")] = "Commitment"
    satisfies: Id
    resource_quantity: Quantity = None


class Agreement(Wire):
    """What one side offers to do, and, with an id, what the other side agreed to. `end_time` is the lease's end."""

    default_context: ClassVar[Json] = AGREEMENT_CONTEXT

    type: Annotated[Literal["Agreement"], kind("Agreement")] = "Agreement"
    id: MaybeId = None
    attributed_to: MaybeId = None
    stipulates: Annotated[Commitment, BeforeValidator(only_object)]
    url: Annotated[Link | None, BeforeValidator(only_object)] = None
    end_time: Time | None = None


class EconomicEvent(Wire):
    """A receipt, or a word that help is under way (`finished` false), for the commitment it `fulfills`."""

    default_context: ClassVar[Json] = EVENT_CONTEXT

    id: Id
    type: Annotated[Literal["EconomicEvent"], kind("EconomicEvent")] = "EconomicEvent"
    attributed_to: AuthorId
    to: Annotated[Ids, Field(exclude_if=is_empty)] = ()
    cc: Annotated[Ids, Field(exclude_if=is_empty)] = ()
    context: MaybeId = None
    fulfills: Id
    action: Action | None = None
    provider: MaybeId = None
    receiver: MaybeId = None
    resource_quantity: Quantity = None
    finished: Flag = False
    name: MaybeText = None
    content: Text = ""
    published: Time | None = None
